//! Views of a judged ledger: for people, for pipelines, for other programs.

mod destination;
pub mod junit;
pub mod summary;
pub mod terminal;

pub use crate::judge::exit;
pub use destination::{Destination, JUNIT, ReportError, SUMMARY, write_all};
