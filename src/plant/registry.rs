//! The registry: whose each canary is. One run's canaries and the stack's own ids, found in constant time.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use super::{
    canary::{Canary, Fingerprint},
    facet::Facet,
    ids::Ids,
    pieces::MediaPieces,
    token::TokenBits,
};

/// What a canary stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Planted {
    /// The recording that carries it.
    pub recording: u32,
    /// The facet that it was planted in.
    pub facet: Facet,
}

/// One run's canaries. It keeps 16 bytes of each twice and what they stand for: about 60 bytes a canary.
#[derive(Default)]
pub struct Registry {
    inner: RwLock<RegistryState>,
}

#[derive(Default)]
struct RegistryState {
    planted: HashMap<TokenBits, Planted>,
    of_recording: HashMap<u32, Vec<TokenBits>>,
    ids: Ids,
    pieces: MediaPieces,
}

impl Registry {
    /// A registry without canaries.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Enters a canary that is about to be planted in `facet` of `recording`.
    pub fn plant(&self, canary: &Canary, recording: u32, facet: Facet) {
        let mut inner = self.write();
        if inner
            .planted
            .insert(canary.bits(), Planted { recording, facet })
            .is_none()
        {
            inner
                .of_recording
                .entry(recording)
                .or_default()
                .push(canary.bits());
        }
    }

    /// Enters the id that the stack itself gave to a recording: it is looked for as [`Facet::Id`], in text only, as
    /// a whole word, in either case. An id with fewer than [`super::registry::MIN_ID_CHARS`] letters and digits
    /// stands in any text by chance and is not looked for: then the answer is `false`.
    pub fn plant_id(&self, stack_id: &str, recording: u32) -> bool {
        self.write().ids.plant(stack_id, recording)
    }

    /// Remembers the media of a recording as a stack has stored them: pieces of them are recognised from now on.
    pub fn remember(&self, recording: u32, media: &[u8]) {
        self.write().pieces.remember(recording, media);
    }

    /// What the canary with these bits stands for; `None` when this run did not plant it, or has retired it.
    #[must_use]
    pub fn find(&self, bits: TokenBits) -> Option<Planted> {
        self.read().planted.get(&bits).copied()
    }

    /// Forgets a recording: its canaries are strangers from now on, and its ids are words.
    pub fn retire(&self, recording: u32) {
        let mut inner = self.write();
        for bits in inner.of_recording.remove(&recording).unwrap_or_default() {
            inner.planted.remove(&bits);
        }
        inner.ids.retire(recording);
        inner.pieces.forget(recording);
    }

    /// How many canaries are planted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.read().planted.len()
    }

    /// Whether nothing is planted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Calls `seen` with each planted id that stands in `text`: recording, fingerprint and where.
    pub(super) fn find_ids(&self, text: &[u8], seen: impl FnMut(u32, Fingerprint, std::ops::Range<usize>)) {
        self.read().ids.find_in(text, seen);
    }

    /// The recordings of whose stored media there is a piece in these bytes, each with the canary of its media.
    pub(super) fn find_pieces(&self, bytes: &[u8]) -> Vec<(u32, TokenBits)> {
        let inner = self.read();
        if inner.pieces.is_empty() {
            return Vec::new();
        }
        let of_media = |recording: u32| {
            let canaries = inner.of_recording.get(&recording)?;
            let is_media = |bits: &&TokenBits| {
                let planted = inner.planted.get(*bits);
                planted.is_some_and(|planted| planted.facet == Facet::Media)
            };
            Some((recording, *canaries.iter().find(is_media)?))
        };
        inner
            .pieces
            .find_in(bytes)
            .into_iter()
            .filter_map(of_media)
            .collect()
    }

    pub(super) fn has_ids(&self) -> bool {
        !self.read().ids.is_empty()
    }

    fn read(&self) -> RwLockReadGuard<'_, RegistryState> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, RegistryState> {
        self.inner.write().unwrap_or_else(PoisonError::into_inner)
    }
}

pub use super::ids::MIN_ID_CHARS;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canary_is_found_until_its_recording_is_retired() {
        let registry = Registry::new();
        let (title, media, other) = (Canary::mint(), Canary::mint(), Canary::mint());
        registry.plant(&title, 1, Facet::Title);
        registry.plant(&media, 1, Facet::Media);
        registry.plant(&other, 2, Facet::Media);
        assert_eq!(
            registry.find(title.bits()),
            Some(Planted {
                recording: 1,
                facet: Facet::Title
            })
        );
        assert_eq!(registry.find(Canary::mint().bits()), None);
        registry.retire(1);
        assert_eq!(registry.find(media.bits()), None);
        assert_eq!(
            registry.find(other.bits()),
            Some(Planted {
                recording: 2,
                facet: Facet::Media
            })
        );
        assert_eq!(registry.len(), 1);
    }
}
