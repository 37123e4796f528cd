//! A run or a check on somebody else's stack is killed, or cannot clean up: `bystander clean --ledger` puts the stack back.

mod checked;
mod killed;
mod refused;
mod stack;
