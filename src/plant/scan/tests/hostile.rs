//! Bytes that nobody made on purpose, and bytes that somebody made for the worst.

use flate2::{Compression, write::GzEncoder};
use proptest::{collection::vec, prelude::*};
use sha2::Digest as _;
use std::io::Write;

use super::{pictures, wrap::Wrap, *};
use crate::plant::media::{self, MediaForm};

fn small() -> Limits {
    Limits {
        unpacked_bytes: 1 << 20,
        depth: 4,
        members: 20,
        pixels: 200_000,
        audio_seconds: 5,
        ..Limits::default()
    }
}

fn limited() -> Scanner {
    Scanner::with_limits(Arc::new(Registry::new()), small())
}

#[track_caller]
fn stops(bytes: &[u8], limit: &str) {
    let unfinished = limited().scan(bytes, Hint::default()).unfinished;
    assert!(
        matches!(&unfinished, Some(Unfinished::Limit { limit: found, .. }) if found == limit),
        "expected a limit of {limit}, found {unfinished:?}"
    );
}

#[test]
fn a_bomb_is_unfinished() {
    let zeros = vec![0; 4 << 20];
    for wrap in [Wrap::Gzip, Wrap::Zlib, Wrap::Brotli, Wrap::Zip, Wrap::Zstd] {
        stops(&wrap.apply(&zeros), "1048576 bytes out of compressed data");
    }
    let hidden = Wrap::Base64 {
        url: false,
        padded: true,
        line: Some(76),
    }
    .apply(&Wrap::Gzip.apply(&zeros));
    stops(&hidden, "1048576 bytes out of compressed data");
}

/// A few random bytes decode to a lot by chance, and then to no more: a signature in hex is no broken file.
#[test]
fn what_only_looks_packed_and_breaks_off_is_no_unfinished_scan() {
    for wrap in [Wrap::Brotli, Wrap::Deflate] {
        let mut packed = wrap.apply(&vec![0xa5; 200_000]);
        packed.truncate(packed.len() - 3);
        let scanner = Scanner::new(Arc::new(Registry::new()));
        for bytes in [Wrap::Hex { upper: false }.apply(&packed), packed.clone()] {
            let unfinished = scanner.scan(&bytes, Hint::default()).unfinished;
            assert!(unfinished.is_none(), "{wrap:?}: {unfinished:?}");
        }
        // what is announced is what it is
        let hint = Hint {
            content_encoding: Some("gzip"),
            ..Hint::default()
        };
        let mut announced = Wrap::Gzip.apply(&vec![0xa5; 200_000]);
        announced.truncate(announced.len() - 3);
        assert!(scanner.scan(&announced, hint).unfinished.is_some());
    }
}

/// Read as if escapes were undone, an archive with an escape in a file's name is broken: that says nothing of the archive.
#[test]
fn what_looks_like_an_escape_in_an_archive_breaks_nothing() {
    let noise: Vec<u8> = (0..2_000u32)
        .flat_map(|n| <[u8; 32]>::from(sha2::Sha256::digest(n.to_be_bytes())))
        .collect();
    let scanner = Scanner::new(Arc::new(Registry::new()));
    for name in ["%71%7B%62%79.wav", "Ada%27s%20call%20%71.wav", "plain.wav"] {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options =
            zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        zip.start_file(name, options).unwrap();
        zip.write_all(&noise).unwrap();
        let archive = zip.finish().unwrap().into_inner();
        let scan = |bytes: &[u8]| scanner.scan(bytes, Hint::default()).unfinished;
        assert_eq!(scan(&archive), None, "{name}");
        assert!(scan(&archive[..archive.len() / 2]).is_some(), "{name}");
    }
}

#[test]
fn the_ratio_is_a_limit_too() {
    let scanner = Scanner::with_limits(
        Arc::new(Registry::new()),
        Limits {
            ratio: 100,
            ..Limits::default()
        },
    );
    let scan = scanner.scan(&Wrap::Gzip.apply(&vec![0; 64 << 20]), Hint::default());
    assert!(
        matches!(scan.unfinished, Some(Unfinished::Limit { .. })),
        "{scan:?}"
    );
}

#[test]
fn depth_and_members_are_limits() {
    let deep = (0..6).fold(vec![b'a'; 500], |bytes, _| Wrap::Gzip.apply(&bytes));
    stops(&deep, "4 layers");
    let many: Vec<u8> = (0..30u8).flat_map(|n| Wrap::Gzip.apply(&[n; 50])).collect();
    stops(&many, "20 members");
}

#[test]
fn pixels_and_seconds_are_limits() {
    for picture in pictures::blank(500, 500) {
        stops(&picture, "200000 pixels");
    }
    stops(
        &media::synthesise(MediaForm::Audio, 96_000, &Canary::mint(), 1).bytes,
        "5 seconds of sound",
    );
}

#[test]
fn what_is_said_to_be_compressed_and_is_not_is_unfinished() {
    let canary = Canary::mint();
    let scanner = scanner_for(&canary);
    for encoding in ["gzip", "deflate", "br", "zstd", "gzip, br", "sdch"] {
        let hint = Hint {
            content_encoding: Some(encoding),
            ..Hint::default()
        };
        let scan = scanner.scan(canary.token().as_bytes(), hint);
        assert!(
            matches!(scan.unfinished, Some(Unfinished::Corrupt { .. })),
            "{encoding} {scan:?}"
        );
        assert!(
            forms(&scan).contains(&("plain".to_owned(), 1)),
            "{encoding} {scan:?}"
        );
    }
}

#[test]
fn half_of_a_compressed_body_is_scanned_and_unfinished() {
    let canary = Canary::mint();
    let text: String = (0..90_000u32)
        .map(|n| format!("{:x} ", n.wrapping_mul(2_654_435_761)))
        .collect();
    let text = format!("{} {text}", canary.token());
    for wrap in [Wrap::Gzip, Wrap::Zlib, Wrap::Zstd, Wrap::Zip] {
        let bytes = wrap.apply(text.as_bytes());
        let scan = scanner_for(&canary).scan(&bytes[..bytes.len() / 2], Hint::default());
        assert!(scan.unfinished.is_some(), "{wrap:?}");
        assert_eq!(scan.sightings.len(), 1, "{wrap:?} {scan:?}");
    }
}

#[test]
fn a_picture_or_sound_that_cannot_be_read_is_unfinished() {
    let canary = Canary::mint();
    let stranger = Scanner::new(Arc::new(Registry::new()));
    let picture = media::thumbnail(&canary).bytes;
    let scan = stranger.scan(&picture[..picture.len() / 2], Hint::default());
    assert!(scan.unfinished.is_some(), "{scan:?}");
    let noise: Vec<u8> = (0..8_000u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    for kind in ["audio/mp4", "video/webm", "image/jpeg"] {
        let hint = Hint {
            content_type: Some(kind),
            ..Hint::default()
        };
        assert!(stranger.scan(&noise, hint).unfinished.is_some(), "{kind}");
    }
    assert_eq!(stranger.scan(&noise, Hint::default()).unfinished, None);
}

#[test]
fn a_body_of_nothing_but_anchors_and_marks_comes_to_an_end() {
    for piece in [
        "qqxqxxqx",
        "%71",
        "\\u0071",
        "PK\u{3}\u{4}",
        "RIFF",
        "ftyp",
        "&#x71;",
        "q\0x\0",
        "MXhxeHF4",
    ] {
        let bytes = piece.repeat(200_000 / piece.len());
        let scan = limited().scan(bytes.as_bytes(), Hint::default());
        assert_eq!(scan.sightings, [], "{piece}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Real files with bytes changed, and cut: nothing panics, and nothing takes for ever.
    #[test]
    fn spoilt_files_do_no_harm(
        kind in 0usize..14, spoil in vec((any::<prop::sample::Index>(), any::<u8>()), 0..24), cut: prop::sample::Index,
    ) {
        let canary = Canary::mint();
        let text = "some text that is long enough to be packed, and packed again; ".repeat(20).into_bytes();
        let mut bytes = match kind {
            0 => Wrap::Gzip.apply(&text),
            1 => Wrap::Zlib.apply(&text),
            2 => Wrap::Brotli.apply(&text),
            3 => Wrap::Zstd.apply(&text),
            4 => Wrap::Zip.apply(&text),
            5 => media::thumbnail(&canary).bytes,
            6 => media::synthesise(MediaForm::Audio, 0, &canary, 0).bytes,
            7 => media::synthesise(MediaForm::Video, 0, &canary, 0).bytes,
            8 => Wrap::Json(u64::MAX).apply(&text),
            9..13 => pictures::blank(40, 30).swap_remove(kind - 9),
            _ => Wrap::Percent(u64::MAX).apply(&text),
        };
        // Near the beginning, where the structure is.
        let head = bytes.len().min(400);
        for (place, value) in spoil {
            bytes[place.index(head)] = value;
        }
        bytes.truncate(cut.index(bytes.len() + 1));
        let _scan = limited().scan(&bytes, Hint::default());
    }

    #[test]
    fn random_bytes_after_any_mark_do_no_harm(mark in 0usize..13, tail in vec(any::<u8>(), 0..2_000)) {
        let marks: [&[u8]; 13] = [
            b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff\xe0",
            b"RIFF\xff\0\0\0WAVEfmt ", b"RIFF\xff\0\0\0AVI LIST", b"OggS\0\x02", b"\x1a\x45\xdf\xa3", b"\0\0\0\x18ftypisom",
            b"ID3\x04\0\0\0\0\0\0", b"\xff\xfb\x90\x00", b"GIF89a\x09\0\x09\0\0\0\0,",
        ];
        let bytes = [marks[mark], &tail].concat();
        prop_assert_eq!(limited().scan(&bytes, Hint::default()).sightings, []);
    }
}

#[test]
fn a_decoder_that_breaks_down_makes_the_scan_unfinished() {
    let scanner = limited();
    let mut hunt = ScanPass::new(&scanner, 0);
    assert_eq!(hunt.guarded(|| 5), Some(5));
    let index = std::hint::black_box(7);
    assert_eq!(hunt.guarded(|| [1, 2, 3][index]), None);
    let scan = hunt.run(b"", Hint::default());
    assert!(
        matches!(scan.unfinished, Some(Unfinished::Crash { .. })),
        "{scan:?}"
    );
}

#[test]
fn members_of_one_stream_are_all_opened() {
    let canary = Canary::mint();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(format!("{0} {0}", canary.token().to_uppercase()).as_bytes())
        .unwrap();
    let bytes = [Wrap::Gzip.apply(&[b'x'; 300]), encoder.finish().unwrap()].concat();
    let scan = scanner_for(&canary).scan(&bytes, Hint::default());
    assert!(
        forms(&scan).contains(&("gzip > upper case".to_owned(), 2)),
        "{scan:?}"
    );
}
