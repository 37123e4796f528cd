//! Surfaces of every sort, against small stacks on loopback: a sound one holds, and one with the mistake that the sort is known
//! for is found out.
#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test stops at the first surprise")
)]

#[path = "surfaces/acting.rs"]
mod acting;
#[path = "surfaces/behind.rs"]
mod behind;
#[path = "surfaces/credentials.rs"]
mod credentials;
#[path = "surfaces/differences.rs"]
mod differences;
#[path = "surfaces/discovery.rs"]
mod discovery;
#[path = "surfaces/links.rs"]
mod links;
#[path = "surfaces/lists_anew.rs"]
mod lists_anew;
#[path = "surfaces/pages.rs"]
mod pages;
#[path = "surfaces/running.rs"]
mod running;
#[path = "surfaces/sorts.rs"]
mod sorts;
#[path = "surfaces/stack.rs"]
mod stack;
#[path = "surfaces/streams.rs"]
mod streams;
#[path = "surfaces/techniques.rs"]
mod techniques;
