//! Tests of the scan: forms one by one, forms inside forms, and bytes that nobody made on purpose.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod forms;
mod hostile;
mod pictures;
mod properties;
mod recordings;
mod wrap;

use std::sync::Arc;

use super::*;
use crate::plant::canary::Canary;

/// A scanner that knows `canary` as the media of recording 7.
fn scanner_for(canary: &Canary) -> Scanner {
    let registry = Registry::new();
    registry.plant(canary, 7, Facet::Media);
    Scanner::new(Arc::new(registry))
}

/// The forms in which recording 7 was seen, each with its count.
fn forms(scan: &Scan) -> Vec<(String, usize)> {
    let of_seven = scan
        .sightings
        .iter()
        .filter(|sighting| sighting.recording == Some(7));
    of_seven
        .map(|sighting| (sighting.form.to_string(), sighting.count))
        .collect()
}
