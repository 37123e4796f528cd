//! Facets: the parts of a recording that can leave the stack, each with a canary of its own.

pub use crate::ledger::Facet;
