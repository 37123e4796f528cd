//! The audio form: tones in 8-bit samples at 8 kHz, with the token's own bytes among the samples.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::plant::{canary::Canary, tones};

/// Bytes before the first sample.
const HEADER: usize = 44;
/// The token's bytes stand among the samples once in so many: a click of 4 ms four times a second.
const TOKEN_EVERY: usize = 2_000;
/// How loud the tones are, of 127.
const LOUDNESS: f32 = 88.0;

/// A WAV file of `bytes` bytes.
pub(super) fn file(bytes: usize, canary: &Canary, seed: u64) -> Vec<u8> {
    let samples = bytes - HEADER;
    let mut file = Vec::with_capacity(bytes);
    let long = |n: usize| (n as u32).to_le_bytes();
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&long(bytes - 8));
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&long(16));
    file.extend_from_slice(&format());
    file.extend_from_slice(b"data");
    file.extend_from_slice(&long(samples));
    file.extend(Samples::new(canary, seed).take(samples));
    file
}

/// The 16 bytes that describe the samples, in WAV and AVI alike: PCM, one channel, 8 bits, 8 kHz.
pub(super) fn format() -> [u8; 16] {
    let rate = (tones::RATE as u32).to_le_bytes();
    let mut format = [1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 8, 0];
    format[4..8].copy_from_slice(&rate);
    format[8..12].copy_from_slice(&rate);
    format
}

/// Samples without end.
pub(super) struct Samples {
    period: Vec<u8>,
    token: Vec<u8>,
    at: usize,
}

impl Samples {
    /// The tones of `canary` over a faint noise; `seed` says at which symbol they begin, and is the noise.
    pub(super) fn new(canary: &Canary, seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut symbols = tones::symbols(canary.bits());
        symbols.rotate_left(random.random_range(0..tones::SYMBOLS));
        let period = symbols
            .iter()
            .flat_map(|&symbol| tones::waves()[usize::from(symbol)])
            .map(|level| (128.0 + level * LOUDNESS + random.random_range(-2.0..2.0f32)) as u8)
            .collect();
        Self {
            period,
            token: canary.token().as_bytes().to_vec(),
            at: 0,
        }
    }
}

impl Iterator for Samples {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let tone = self.period[self.at % self.period.len()];
        let sample = self.token.get(self.at % TOKEN_EVERY).copied().unwrap_or(tone);
        self.at += 1;
        Some(sample)
    }
}
