//! How fast bytes without a canary are scanned, whatever the number of canaries.
//!
//! `cargo bench --bench canary_scan`. Beside each corpus, `memchr::memmem` looks for one needle in the same bytes: the
//! limit for anything that reads them once.

use std::sync::{Arc, LazyLock};

use base64::{Engine, engine::general_purpose::STANDARD};
use bystander::plant::{
    canary::Canary,
    facet::Facet,
    media::{self, MediaForm},
    registry::Registry,
    scan::{Hint, Scanner},
    token::TokenBits,
};
use divan::{Bencher, black_box, counter::BytesCount};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const MIB: usize = 1 << 20;
const SIZE: usize = 64 * MIB;

fn main() {
    divan::main();
}

#[derive(Debug, Clone, Copy)]
enum Corpus {
    Random,
    Json,
    Base64,
    Base64Lines,
    Base64OfJson,
    Hex,
    Percent,
}

const CORPORA: [Corpus; 7] = [
    Corpus::Random,
    Corpus::Json,
    Corpus::Base64,
    Corpus::Base64Lines,
    Corpus::Base64OfJson,
    Corpus::Hex,
    Corpus::Percent,
];

impl Corpus {
    fn bytes(self) -> &'static [u8] {
        static RANDOM: LazyLock<Vec<u8>> = LazyLock::new(|| random(SIZE));
        static JSON: LazyLock<Vec<u8>> = LazyLock::new(json);
        static BASE64: LazyLock<Vec<u8>> =
            LazyLock::new(|| STANDARD.encode(random(SIZE / 4 * 3)).into_bytes());
        static LINES: LazyLock<Vec<u8>> =
            LazyLock::new(|| BASE64.chunks(76).collect::<Vec<_>>().join(&b"\r\n"[..]));
        static OF_JSON: LazyLock<Vec<u8>> =
            LazyLock::new(|| STANDARD.encode(&JSON[..SIZE / 4 * 3]).into_bytes());
        static HEX: LazyLock<Vec<u8>> = LazyLock::new(|| hex::encode(random(SIZE / 2)).into_bytes());
        static PERCENT: LazyLock<Vec<u8>> = LazyLock::new(|| {
            let encoded = percent_encoding::percent_encode(&JSON, percent_encoding::NON_ALPHANUMERIC);
            encoded.to_string().into_bytes()
        });
        match self {
            Self::Random => &RANDOM,
            Self::Json => &JSON,
            Self::Base64 => &BASE64,
            Self::Base64Lines => &LINES,
            Self::Base64OfJson => &OF_JSON,
            Self::Hex => &HEX,
            Self::Percent => &PERCENT,
        }
    }
}

fn random(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    ChaCha8Rng::seed_from_u64(1).fill_bytes(&mut bytes);
    bytes
}

/// A list of replays as a stack might answer it: ids, links, escapes, numbers.
fn json() -> Vec<u8> {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let mut json = String::with_capacity(SIZE + 1024);
    json.push_str("{\"items\":[");
    while json.len() < SIZE {
        let (id, person): (u128, u64) = (random.random(), random.random());
        let id = uuid::Uuid::from_u128(id);
        json.push_str(&format!(
            "{{\"id\":\"{id}\",\"title\":\"Follow-up \\u2013 Dr Ren\\u00e9e O\\u0027Brien, 50%\",\
             \"notes\":\"Cough & cold for {} days.\\nTablets \\\"helped\\\" at first.\",\
             \"media\":{{\"url\":\"https:\\/\\/files.example.test\\/replays\\/{id}\\/media?person={person}&expires={}\",\
             \"bytes\":{}}},\"recorded_at\":\"2026-03-0{}T09:{}:00Z\"}},",
            random.random_range(1..30),
            random.random_range(1_700_000_000u32..1_800_000_000),
            random.random_range(1_000..900_000),
            random.random_range(1..9),
            random.random_range(10..60),
        ));
    }
    json.into_bytes()
}

fn scanner(canaries: u32) -> Scanner {
    let registry = Registry::new();
    let mut random = ChaCha8Rng::seed_from_u64(3);
    for recording in 0..canaries {
        registry.plant(
            &Canary::from_bits(TokenBits::new(random.random())),
            recording,
            Facet::Media,
        );
    }
    Scanner::new(Arc::new(registry))
}

#[divan::bench(args = CORPORA, sample_count = 8, sample_size = 1)]
fn ten_canaries(bencher: Bencher<'_, '_>, corpus: Corpus) {
    let (scanner, bytes) = (scanner(10), corpus.bytes());
    bencher
        .counter(BytesCount::new(bytes.len()))
        .bench(|| scanner.scan(black_box(bytes), Hint::default()));
}

#[divan::bench(args = CORPORA, sample_count = 8, sample_size = 1)]
fn million_canaries(bencher: Bencher<'_, '_>, corpus: Corpus) {
    static SCANNER: LazyLock<Scanner> = LazyLock::new(|| scanner(1_000_000));
    let bytes = corpus.bytes();
    LazyLock::force(&SCANNER);
    bencher
        .counter(BytesCount::new(bytes.len()))
        .bench(|| SCANNER.scan(black_box(bytes), Hint::default()));
}

/// The limit: one needle, one pass.
#[divan::bench(args = CORPORA, sample_count = 8, sample_size = 1)]
fn memmem_one_needle(bencher: Bencher<'_, '_>, corpus: Corpus) {
    let (canary, bytes) = (Canary::mint(), corpus.bytes());
    let finder = memchr::memmem::Finder::new(canary.token());
    bencher
        .counter(BytesCount::new(bytes.len()))
        .bench(|| finder.find(black_box(bytes)));
}

/// Making a recording of the usual size.
#[divan::bench(args = [MediaForm::Audio, MediaForm::Video])]
fn synthesise(bencher: Bencher<'_, '_>, form: MediaForm) {
    let canary = Canary::mint();
    let bytes = if form == MediaForm::Audio {
        media::AUDIO_BYTES
    } else {
        media::VIDEO_BYTES
    };
    bencher.bench(|| media::synthesise(form, bytes, &canary, 1));
}
