//! The pure parts: from a ledger built by hand to verdicts and reports, and from the text of a profile to its diagnostics.
//! Nothing here starts a stack or uses the network.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod histories;
mod names;
mod profile_errors;
mod profile_language;
mod reports;
mod rules;
mod schema;
