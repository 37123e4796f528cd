//! Each form by itself: found, named, placed and counted.

use super::{wrap::Wrap, *};

#[track_caller]
fn seen_as(wraps: &[Wrap], expected: &str) {
    let canary = Canary::mint();
    // Compressors leave short texts as they are: what is repeated is not.
    let filler = "a consultation of today, of which all is well, and of which all was said; ".repeat(8);
    let text = format!("{{\"title\":\"{filler}\",\"ref\":\"{}\"}}", canary.token());
    let bytes = wraps
        .iter()
        .fold(text.into_bytes(), |bytes, wrap| wrap.apply(&bytes));
    let scan = scanner_for(&canary).scan(&bytes, Hint::default());
    let forms = forms(&scan);
    assert!(forms.contains(&(expected.to_owned(), 1)), "{wraps:?} {forms:?}");
    // ruzstd copies what it cannot make shorter.
    assert!(
        forms.len() == 1 || matches!(wraps, [Wrap::Zstd]),
        "{wraps:?} {forms:?}"
    );
    assert_eq!(scan.unfinished, None);
}

const BASE64: Wrap = Wrap::Base64 {
    url: false,
    padded: true,
    line: None,
};

#[test]
fn forms_of_text() {
    seen_as(&[], "plain");
    seen_as(&[Wrap::Json(u64::MAX)], "json escape");
    seen_as(&[Wrap::Json(0x0f0f_1234_5678_9abc)], "json escape");
    seen_as(&[Wrap::Percent(u64::MAX)], "percent");
    seen_as(&[Wrap::Percent(1 << 40)], "percent");
    seen_as(&[Wrap::Percent(u64::MAX), Wrap::Percent(0)], "percent > percent");
    seen_as(&[Wrap::Html(0xffff_0000_ffff_0000)], "html entity");
    seen_as(&[Wrap::Html(0xffff_0000_ffff_0001)], "html entity");
    seen_as(&[Wrap::Hex { upper: false }], "hex");
    seen_as(&[Wrap::Hex { upper: true }], "hex");
    seen_as(&[Wrap::Utf16 { big: false }], "utf-16");
    seen_as(&[Wrap::Utf16 { big: true }], "utf-16");
    seen_as(&[BASE64], "base64");
    seen_as(
        &[Wrap::Base64 {
            url: true,
            padded: false,
            line: None,
        }],
        "base64",
    );
    for line in [60, 64, 76] {
        seen_as(
            &[Wrap::Base64 {
                url: false,
                padded: true,
                line: Some(line),
            }],
            "base64",
        );
    }
}

#[test]
fn forms_of_compression() {
    seen_as(&[Wrap::Gzip], "gzip");
    seen_as(&[Wrap::Zlib], "zlib");
    seen_as(&[Wrap::Deflate], "deflate");
    seen_as(&[Wrap::Brotli], "brotli");
    seen_as(&[Wrap::Zstd], "zstd");
    seen_as(&[Wrap::Zip], "zip");
}

#[test]
fn forms_inside_forms() {
    seen_as(
        &[BASE64, Wrap::Json(u64::MAX), Wrap::Gzip],
        "gzip > json escape > base64",
    );
    seen_as(&[Wrap::Gzip, BASE64], "base64 > gzip");
    seen_as(&[Wrap::Brotli, BASE64], "base64 > brotli");
    seen_as(&[BASE64, BASE64], "base64 > base64");
    seen_as(&[BASE64, Wrap::Percent(0)], "base64");
    seen_as(
        &[
            Wrap::Base64 {
                url: false,
                padded: true,
                line: Some(76),
            },
            Wrap::Json(0),
        ],
        "base64",
    );
    seen_as(&[Wrap::Utf16 { big: true }, Wrap::Zip], "zip > utf-16");
    seen_as(
        &[Wrap::Json(u64::MAX), Wrap::Json(0)],
        "json escape > json escape",
    );
}

#[test]
fn every_alignment_of_base64() {
    let canary = Canary::mint();
    let scanner = scanner_for(&canary);
    for lead in 0..9 {
        for token in [canary.token().to_owned(), canary.token().to_uppercase()] {
            let text = "é".repeat(lead) + &"~".repeat(lead / 2) + &token;
            for url in [false, true] {
                let encoded = Wrap::Base64 {
                    url,
                    padded: false,
                    line: None,
                }
                .apply(text.as_bytes());
                for cut in 0..4.min(lead) {
                    let scan = scanner.scan(&encoded[cut..], Hint::default());
                    assert_eq!(scan.sightings.len(), 1, "{lead} {cut} {scan:?}");
                    assert_eq!(scan.sightings[0].recording, Some(7));
                }
            }
        }
    }
}

#[test]
fn capitals_are_said_and_places_counted() {
    let canary = Canary::mint();
    let (lower, upper) = (canary.token(), canary.token().to_uppercase());
    let title = format!("{}{}", &upper[..1], &lower[1..]);
    let text = format!("a {lower} b {upper} c {lower} d {title}");
    let scan = scanner_for(&canary).scan(text.as_bytes(), Hint::default());
    assert_eq!(
        forms(&scan),
        [("plain".to_owned(), 2), ("upper case".to_owned(), 2)]
    );
    assert_eq!(scan.sightings[0].offset, 2);
    assert_eq!(scan.sightings[0].facet, Some(Facet::Media));
    assert_eq!(scan.sightings[0].fingerprint, canary.fingerprint());
}

#[test]
fn a_canary_of_another_run_is_a_stranger() {
    let scan = scanner_for(&Canary::mint()).scan(Canary::mint().token().as_bytes(), Hint::default());
    assert_eq!(scan.sightings.len(), 1);
    assert_eq!(
        (scan.sightings[0].recording, scan.sightings[0].facet),
        (None, None)
    );
}

#[test]
fn a_mangled_canary_is_none() {
    let canary = Canary::mint();
    let mut token = canary.token().to_owned().into_bytes();
    token[20] = if token[20] == b'0' { b'1' } else { b'0' };
    assert_eq!(
        scanner_for(&canary).scan(&token, Hint::default()),
        Scan::default()
    );
    assert_eq!(
        scanner_for(&canary).scan(&canary.token().as_bytes()[..33], Hint::default()),
        Scan::default()
    );
}

#[test]
fn what_stood_in_the_request_is_no_evidence() {
    let (asked, other) = (Canary::mint(), Canary::mint());
    let registry = Registry::new();
    registry.plant(&asked, 1, Facet::Title);
    registry.plant(&other, 2, Facet::Title);
    registry.plant_id("5f0c3a52-77aa-4f43-9d0e-3f0a1c9d2b11", 1);
    registry.plant_id("5f0c3a52-77aa-4f43-9d0e-3f0a1c9d2b12", 2);
    let scanner = Scanner::new(Arc::new(registry));
    let url = format!(
        "/search?q=%71{}&id=5f0c3a52-77aa-4f43-9d0e-3f0a1c9d2b11",
        &asked.token()[1..]
    );
    let body = format!(
        "{{\"q\":\"{}\",\"id\":\"5F0C3A52-77AA-4F43-9D0E-3F0A1C9D2B11\",\"hit\":\"{}\",\"of\":\"5f0c3a52-77aa-4f43-9d0e-3f0a1c9d2b12\"}}",
        asked.token(),
        other.token()
    );
    let echo = scanner.echo(&[url.as_bytes()]);
    assert!(echo.contains(&asked.fingerprint()));
    let mut scan = scanner.scan(body.as_bytes(), Hint::default());
    assert_eq!(scan.sightings.len(), 4);
    assert_eq!(scan.without_echo(&echo), 2);
    let left: Vec<_> = scan
        .sightings
        .iter()
        .map(|sighting| (sighting.recording, sighting.facet))
        .collect();
    assert_eq!(left, [(Some(2), Some(Facet::Title)), (Some(2), Some(Facet::Id))]);
}

#[test]
fn ids_are_found_inside_compressed_text() {
    let registry = Registry::new();
    registry.plant_id("rec_01JQ8Z5T3W", 3);
    let scanner = Scanner::new(Arc::new(registry));
    let bytes = Wrap::Gzip.apply(b"{\"items\":[{\"id\":\"rec_01jq8z5t3w\"},{\"id\":\"rec_01JQ8Z5T3W\"}]}");
    let scan = scanner.scan(&bytes, Hint::default());
    assert_eq!(scan.sightings.len(), 1);
    assert_eq!(
        (scan.sightings[0].facet, scan.sightings[0].count),
        (Some(Facet::Id), 2)
    );
}

#[test]
fn announced_encodings_are_undone() {
    let canary = Canary::mint();
    let scanner = scanner_for(&canary);
    let text = canary.token().as_bytes();
    let hint = |encoding| Hint {
        content_type: None,
        content_encoding: Some(encoding),
    };
    let cases = [
        ("br", Wrap::Brotli.apply(text), "brotli"),
        ("deflate", Wrap::Deflate.apply(text), "deflate"),
        ("deflate", Wrap::Zlib.apply(text), "zlib"),
        (
            "br, gzip",
            Wrap::Gzip.apply(&Wrap::Brotli.apply(text)),
            "gzip > brotli",
        ),
        ("identity", text.to_vec(), "plain"),
    ];
    for (encoding, bytes, form) in cases {
        let scan = scanner.scan(&bytes, hint(encoding));
        assert_eq!(forms(&scan), [(form.to_owned(), 1)], "{encoding}");
        assert_eq!(scan.unfinished, None, "{encoding}");
    }
}
