//! A run or a check on somebody else's stack is killed, or cannot clean up: `bystander clean --ledger` puts the stack back.

#[path = "binary/mod.rs"]
#[expect(dead_code, reason = "not all of it is needed here")]
mod binary;
#[path = "clean_after_a_crash/checked.rs"]
mod checked;
#[path = "clean_after_a_crash/killed.rs"]
mod killed;
#[path = "clean_after_a_crash/refused.rs"]
mod refused;
#[path = "serving/mod.rs"]
mod serving;
#[path = "clean_after_a_crash/stack.rs"]
mod stack;
