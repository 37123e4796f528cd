//! A contract read from recordings of a browser or an app: HAR 1.2, one (the owner's) or two (another person's beside it).
//!
//! Nobody says in a recording what is an id and what is a word. It shows: a value that stood in an answer before it stood in a
//! request came from there, and what two people's requests differ in is theirs.

mod entry;
mod merge;
mod names;
mod secrets;
mod shape;

use self::entry::HarEntry;
use super::InitError;
use super::contract::ApiContract;
use serde_json::Value as Json;

/// Reads recordings, each with its name; the first is the owner's.
///
/// # Errors
/// When one is no HAR, or there is nothing in them to write a profile from.
pub(crate) fn read(recordings: &[(String, String)]) -> Result<ApiContract, InitError> {
    let mut entries = Vec::new();
    for (who, (name, text)) in recordings.iter().enumerate() {
        let form = |why: String| InitError::Form {
            name: name.clone(),
            wanted: "a HAR 1.2 recording",
            why,
            hint: "in a browser: the network tab, “save all as HAR with content”",
        };
        let json: Json = serde_json::from_str(text).map_err(|error| form(error.to_string()))?;
        let recorded = json
            .pointer("/log/entries")
            .and_then(Json::as_array)
            .ok_or_else(|| form("it has no `log.entries`".to_owned()))?;
        entries.extend(recorded.iter().filter_map(|entry| HarEntry::read(who, entry)));
    }
    let names: Vec<String> = recordings.iter().map(|(name, _)| format!("`{name}`")).collect();
    let contract = merge::contract(entries, &names.join(" and "));
    if contract.operations.is_empty() {
        return Err(InitError::Empty {
            name: names.join(", "),
        });
    }
    Ok(contract)
}
