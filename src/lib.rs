//! Bystander shows, before a release, that no one can list or fetch another patient's consultation recordings.

pub mod cast;
pub mod ledger;
pub mod profile;
pub mod toggle;
pub mod wire;
