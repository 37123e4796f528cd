//! Bystander shows, before a release, that no one can list or fetch another patient's consultation recordings.

pub mod cast;
pub mod check;
pub mod clear;
pub mod cli;
pub mod deploy;
pub mod http;
pub mod init;
pub mod judge;
pub mod ledger;
pub mod plant;
pub mod probe;
pub mod profile;
pub mod prove;
pub mod report;
pub mod run;
pub mod spelling;
pub mod steps;
pub mod technique;
pub mod toggle;
pub mod undo;
