//! Surfaces of every sort, against small stacks on loopback: a sound one holds, and one with the mistake that the sort is known
//! for is found out.

mod acting;
mod behind;
mod credentials;
mod differences;
mod discovery;
mod links;
mod lists_anew;
mod pages;
mod running;
mod sorts;
mod stack;
mod streams;
mod techniques;
