//! Bystander shows, before a release, that no one can list or fetch another patient's consultation recordings.

pub mod judge;
pub mod ledger;
pub mod report;
