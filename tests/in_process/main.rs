//! Runs through the library, in the process of the test, against small stacks on loopback.

#[path = "../binary/mod.rs"]
#[expect(dead_code, reason = "nothing is started here")]
mod binary;
mod guard_rails;
#[path = "../behind_a_proxy/proxy.rs"]
#[expect(dead_code, reason = "not all of it is needed here")]
mod proxy;
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod surfaces;
#[path = "../behind_a_proxy/trying.rs"]
mod trying;
