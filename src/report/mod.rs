//! Views of a judged ledger: for people, for pipelines, for other programs.

pub mod terminal;
