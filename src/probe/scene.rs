//! What a probe can reach for: the people, their recordings, and what earlier states left in their hands.

use super::ask::Variant;
use super::witness::Witness;
use crate::cast::Cast;
use crate::plant::planting::Recording;
use crate::wire::Site;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// The scenario as the prober sees it.
pub struct Scene<'a> {
    /// Carries its requests.
    pub witness: &'a Witness,
    /// Its people.
    pub cast: &'a Cast,
    /// Its recordings.
    pub recordings: &'a [Recording],
    /// Twins of this state and of earlier ones.
    pub twins: &'a Mutex<TwinBook>,
    /// Links that were handed out, by recording.
    pub links: &'a Mutex<Links>,
    /// Held while somebody changes something and its owner reads it back, so that the one reads what the other wrote.
    pub writing: &'a tokio::sync::Mutex<()>,
}

impl Scene<'_> {
    /// The stack.
    #[must_use]
    pub fn site(&self) -> &Site {
        self.witness.site()
    }

    /// A recording by its number.
    #[must_use]
    pub fn recording(&self, number: u32) -> Option<&Recording> {
        self.recordings
            .iter()
            .find(|recording| recording.number == number)
    }
}

/// Addresses that a stack handed out, by recording, the oldest first.
pub type Links = BTreeMap<u32, Vec<String>>;

/// Which exchange is the twin of what, by surface, variant, recording and state.
#[derive(Debug, Default)]
pub struct TwinBook {
    all: BTreeMap<(String, Variant, u32, u32), u64>,
    /// Those that showed the recording.
    good: BTreeMap<(String, Variant, u32, u32), u64>,
}

impl TwinBook {
    /// Enters a twin.
    pub fn enter(
        &mut self,
        surface: &str,
        variant: Variant,
        recording: u32,
        state: u32,
        (exchange, good): (u64, bool),
    ) {
        let key = (surface.to_owned(), variant, recording, state);
        if good {
            self.good.insert(key.clone(), exchange);
        }
        self.all.insert(key, exchange);
    }

    /// The twin in this very state.
    #[must_use]
    pub fn now(&self, surface: &str, variant: Variant, recording: u32, state: u32) -> Option<u64> {
        self.all
            .get(&(surface.to_owned(), variant, recording, state))
            .copied()
    }

    /// The latest twin of an earlier state that showed the recording; if none ever did, the latest.
    #[must_use]
    pub fn earlier(&self, surface: &str, variant: Variant, recording: u32, state: u32) -> Option<u64> {
        let key = |state| (surface.to_owned(), variant, recording, state);
        let latest = |book: &BTreeMap<(String, Variant, u32, u32), u64>| {
            book.range(key(0)..key(state))
                .next_back()
                .map(|(_, exchange)| *exchange)
        };
        latest(&self.good).or_else(|| latest(&self.all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_twin_belongs_to_its_state_and_an_earlier_one_is_asked_for_by_name() {
        let mut book = TwinBook::default();
        book.enter("media", Variant::Whole, 1, 0, (10, true));
        book.enter("media", Variant::Whole, 1, 1, (11, false));
        book.enter("media", Variant::Range, 1, 1, (12, true));
        assert_eq!(book.now("media", Variant::Whole, 1, 1), Some(11));
        assert_eq!(book.now("media", Variant::Whole, 1, 2), None);
        assert_eq!(
            book.earlier("media", Variant::Whole, 1, 2),
            Some(10),
            "the latest that showed it"
        );
        assert_eq!(book.earlier("media", Variant::Whole, 1, 1), Some(10));
        assert_eq!(book.earlier("media", Variant::Whole, 2, 2), None);
        assert_eq!(book.earlier("media", Variant::Range, 1, 1), None);
    }
}
