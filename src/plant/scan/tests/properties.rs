//! Whatever the canary, the surroundings and the forms: found; and where there is none: not found.

use proptest::{collection::vec, prelude::*};

use super::{wrap::Wrap, *};
use crate::plant::token::TokenBits;

/// Up to three layers that make sense around each other.
fn wraps() -> impl Strategy<Value = Vec<Wrap>> {
    vec(Wrap::any(), 0..=3).prop_filter("makes sense", |wraps| {
        wraps
            .windows(2)
            .all(|pair| !pair[0].is_unmarked() || pair[1].begins())
    })
}

fn wrapped(bytes: Vec<u8>, wraps: &[Wrap]) -> Option<Vec<u8>> {
    wraps.iter().try_fold(bytes, |bytes, wrap| {
        (bytes.is_ascii() && !bytes.contains(&0) || !wrap.wants_text()).then(|| wrap.apply(&bytes))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(768))]

    #[test]
    fn found_in_any_form(
        random: u128, capitals: bool, wraps in wraps(), lead in "[ -~]{0,40}", tail in "[ -~]{0,40}",
        before in vec(any::<u8>(), 0..600), after in vec(any::<u8>(), 0..600),
    ) {
        let canary = Canary::from_bits(TokenBits::new(random));
        let token = if capitals { canary.token().to_uppercase() } else { canary.token().to_owned() };
        let Some(inside) = wrapped(format!("{lead}{token}{tail}").into_bytes(), &wraps) else {
            return Err(TestCaseError::reject("binary inside text"));
        };
        let bytes = if wraps.last().is_some_and(Wrap::is_unmarked) {
            inside
        } else if wraps.iter().any(Wrap::is_unmarked) {
            // Groups of base64 and hex must begin where it begins: a word may not run into it.
            [&before[..], b"\"", &inside, b"\"", &after].concat()
        } else {
            [&before[..], &inside, &after].concat()
        };
        let scan = scanner_for(&canary).scan(&bytes, Hint::default());
        prop_assert!(scan.sightings.iter().any(|seen| seen.recording == Some(7)), "{:?}", scan);
    }

    #[test]
    fn nothing_in_random_bytes(bytes in vec(any::<u8>(), 0..4_000)) {
        prop_assert_eq!(scanner_for(&Canary::mint()).scan(&bytes, Hint::default()).sightings, []);
    }
}
