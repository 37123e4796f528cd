//! Synthetic recordings are found again, whole and in pieces.

use proptest::prelude::*;

use super::*;
use crate::plant::{
    media::{self, AUDIO_BYTES, EXCERPT, MediaForm, VIDEO_BYTES},
    token::TokenBits,
};

#[test]
fn sizes_are_as_asked() {
    let canary = Canary::mint();
    for (form, sizes) in [
        (MediaForm::Audio, [media::MIN_AUDIO_BYTES, AUDIO_BYTES, 1_000_000]),
        (MediaForm::Video, [media::MIN_VIDEO_BYTES, VIDEO_BYTES, 1_000_000]),
    ] {
        for bytes in sizes {
            assert_eq!(
                media::synthesise(form, bytes, &canary, 1).bytes.len(),
                bytes,
                "{form:?}"
            );
        }
        assert_eq!(
            media::synthesise(form, 0, &canary, 1).bytes.len(),
            sizes[0],
            "{form:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_excerpt_identifies_its_owner(random: u128, seed: u64, place: prop::sample::Index, video: bool) {
        let canary = Canary::from_bits(TokenBits::new(random));
        let (form, bytes) =
            if video { (MediaForm::Video, VIDEO_BYTES) } else { (MediaForm::Audio, AUDIO_BYTES) };
        let file = media::synthesise(form, bytes, &canary, seed).bytes;
        let start = place.index(file.len() - EXCERPT);
        let scan = scanner_for(&canary).scan(&file[start..start + EXCERPT], Hint::default());
        prop_assert!(forms(&scan).iter().any(|(form, _)| form == "plain"), "{:?}", scan);
    }
}

#[test]
fn large_recordings_have_no_gap() {
    let canary = Canary::mint();
    for form in [MediaForm::Audio, MediaForm::Video] {
        let file = media::synthesise(form, 3_000_000, &canary, 5).bytes;
        let places: Vec<_> = memchr::memmem::find_iter(&file, canary.token()).collect();
        let ends = places.iter().skip(1).copied().chain([file.len()]);
        let gap = places.iter().zip(ends).map(|(at, next)| next - at).max();
        assert!(gap < Some(EXCERPT - canary.token().len()), "{form:?} {gap:?}");
    }
}

#[test]
fn thumbnails_and_transcripts_are_found() {
    let canary = Canary::mint();
    let scanner = scanner_for(&canary);
    let picture = media::thumbnail(&canary);
    assert_eq!(
        forms(&scanner.scan(&picture.bytes, Hint::default())),
        [("plain".to_owned(), 1)]
    );
    let text = media::transcript(&canary, "Follow-up");
    assert_eq!(
        forms(&scanner.scan(text.as_bytes(), Hint::default())),
        [("plain".to_owned(), 2)]
    );
}

#[test]
fn the_tones_alone_are_enough() {
    let canary = Canary::mint();
    let scanner = scanner_for(&canary);
    let audio = media::synthesise(MediaForm::Audio, AUDIO_BYTES, &canary, 3).bytes;
    let video = media::synthesise(MediaForm::Video, VIDEO_BYTES, &canary, 3).bytes;
    for mut file in [audio, video] {
        while let Some(at) = memchr::memmem::find(&file, canary.token().as_bytes()) {
            file[at..at + canary.token().len()].fill(128);
        }
        let scan = scanner.scan(&file, Hint::default());
        assert!(
            forms(&scan).iter().any(|(form, _)| form == "audio > tones"),
            "{scan:?}"
        );
    }
}
