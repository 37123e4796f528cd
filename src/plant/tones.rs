//! The tone code: a canary as sound that survives codecs.
//!
//! Sixteen tones from 600 Hz, 120 Hz apart, 50 ms and 4 bits a symbol: a preamble of 4 symbols, then the 130 bits of
//! the code word in 33 (two are spare), repeated without a gap. Every tone makes whole cycles in a symbol and in a
//! period, so the word is cyclic: any window of one period (37 symbols, 1.85 s) holds all of it, wherever it begins,
//! and the symbol that the window cuts in two is put together again from its halves.

use std::{f32::consts::TAU, sync::LazyLock};

use super::token::TokenBits;

/// Samples a second at which the code is written and read.
pub(super) const RATE: usize = 8_000;
/// Samples in a symbol.
pub(super) const SYMBOL: usize = RATE / 20;
/// Symbols in a period.
pub(super) const SYMBOLS: usize = PREAMBLE.len() + WORD;

const PREAMBLE: [u8; 4] = [0, 15, 5, 10];
const WORD: usize = 33;
const TONES: usize = 16;
const FIRST_HZ: f32 = 600.0;
const STEP_HZ: f32 = 120.0;
/// A symbol is read in quarters, so that its beginning is met within an eighth of its length.
const QUARTERS: usize = 4;
const HOP: usize = SYMBOL / QUARTERS;

/// One period of symbols for these bits.
pub(super) fn symbols(bits: TokenBits) -> [u8; SYMBOLS] {
    let (top, low) = bits.code();
    let mut symbols = [0; SYMBOLS];
    symbols[..PREAMBLE.len()].copy_from_slice(&PREAMBLE);
    symbols[PREAMBLE.len()] = top & 3;
    for (place, symbol) in symbols[PREAMBLE.len() + 1..].iter_mut().enumerate() {
        *symbol = (low >> (124 - 4 * place)) as u8 & 15;
    }
    symbols
}

/// One symbol of each tone, between -1 and 1.
pub(super) fn waves() -> &'static [[f32; SYMBOL]; TONES] {
    static WAVES: LazyLock<Box<[[f32; SYMBOL]; TONES]>> = LazyLock::new(|| {
        let mut waves = Box::new([[0.0; SYMBOL]; TONES]);
        for (tone, wave) in waves.iter_mut().enumerate() {
            for (at, sample) in wave.iter_mut().enumerate() {
                *sample = (TAU * hertz(tone) * at as f32 / RATE as f32).sin();
            }
        }
        waves
    });
    &WAVES
}

fn hertz(tone: usize) -> f32 {
    FIRST_HZ + STEP_HZ * tone as f32
}

/// The canaries that are audible in `samples`, each once.
pub(super) fn read(samples: &[f32], rate: u32) -> Vec<TokenBits> {
    let quarters = analyse(&to_rate(samples, rate));
    let period = SYMBOLS * QUARTERS;
    let mut found = Vec::new();
    let mut keep = |energies: &[[f32; TONES]; SYMBOLS]| {
        for bits in words(energies) {
            if !found.contains(&bits) {
                found.push(bits);
            }
        }
    };
    if quarters.len() < period {
        return found;
    }
    // Every window of one period, a few symbols apart: two recordings that follow each other are both heard.
    for start in (0..=quarters.len() - period)
        .step_by(5 * QUARTERS)
        .chain([quarters.len() - period])
    {
        let window = &quarters[start..start + period];
        for phase in 0..QUARTERS {
            keep(&fold(window, phase));
        }
    }
    // All periods together: what no single one gives away for noise.
    for phase in 0..QUARTERS {
        let mut sum = [[0.0; TONES]; SYMBOLS];
        for window in quarters.chunks_exact(period) {
            for (total, part) in sum.iter_mut().zip(fold(window, phase)) {
                total
                    .iter_mut()
                    .zip(part)
                    .for_each(|(total, part)| *total += part);
            }
        }
        keep(&sum);
    }
    found
}

/// Energy of each tone in each symbol of one period, symbols beginning `phase` quarters after the window does.
fn fold(window: &[[(f32, f32); TONES]], phase: usize) -> [[f32; TONES]; SYMBOLS] {
    let mut energies = [[0.0; TONES]; SYMBOLS];
    for (symbol, energy) in energies.iter_mut().enumerate() {
        let mut sums = [(0.0, 0.0); TONES];
        for quarter in 0..QUARTERS {
            let part = &window[(phase + symbol * QUARTERS + quarter) % window.len()];
            for (sum, part) in sums.iter_mut().zip(part) {
                sum.0 += part.0;
                sum.1 += part.1;
            }
        }
        for (energy, (re, im)) in energy.iter_mut().zip(sums) {
            *energy = re * re + im * im;
        }
    }
    energies
}

/// The code words that stand in one period, at whichever symbol it begins.
fn words(energies: &[[f32; TONES]; SYMBOLS]) -> Vec<TokenBits> {
    let heard = energies.map(|energy| {
        let mut best = 0;
        for tone in 1..TONES {
            if energy[tone] > energy[best] {
                best = tone;
            }
        }
        best as u8
    });
    let at = |symbol: usize| heard[symbol % SYMBOLS];
    (0..SYMBOLS)
        .filter(|start| {
            PREAMBLE
                .iter()
                .enumerate()
                .filter(|(i, p)| at(start + i) == **p)
                .count()
                >= 3
        })
        .filter_map(|start| {
            let word = start + PREAMBLE.len();
            let low = (1..WORD).fold(0u128, |low, symbol| (low << 4) | u128::from(at(word + symbol)));
            TokenBits::from_code(at(word), low)
        })
        .collect()
}

/// The amplitude and phase of every tone in each quarter of a symbol.
fn analyse(samples: &[f32]) -> Vec<[(f32, f32); TONES]> {
    // All tones repeat after a symbol, so one symbol of oscillators serves for all time.
    static OSCILLATORS: LazyLock<Vec<[(f32, f32); TONES]>> = LazyLock::new(|| {
        let at = |sample: usize, tone| (TAU * hertz(tone) * sample as f32 / RATE as f32).sin_cos();
        (0..SYMBOL)
            .map(|sample| std::array::from_fn(|tone| at(sample, tone)))
            .collect()
    });
    let quarter = |(index, samples): (usize, &[f32])| {
        let mut sums = [(0.0f32, 0.0f32); TONES];
        let oscillators = &OSCILLATORS[index % QUARTERS * HOP..];
        for (sample, oscillator) in samples.iter().zip(oscillators) {
            for (sum, (sin, cos)) in sums.iter_mut().zip(oscillator) {
                sum.0 += sample * sin;
                sum.1 += sample * cos;
            }
        }
        sums
    };
    samples.chunks_exact(HOP).enumerate().map(quarter).collect()
}

/// The samples at [`RATE`]: averaged when there are more, interpolated when there are fewer.
fn to_rate(samples: &[f32], rate: u32) -> Vec<f32> {
    let step = f64::from(rate) / RATE as f64;
    if rate as usize == RATE || samples.is_empty() || rate == 0 {
        return samples.to_vec();
    }
    let length = (samples.len() as f64 / step) as usize;
    let sample = |at: usize| samples[at.min(samples.len() - 1)];
    (0..length)
        .map(|at| {
            let (from, to) = (at as f64 * step, (at + 1) as f64 * step);
            let (first, last) = (from as usize, to as usize);
            if last > first + 1 {
                samples[first..last.min(samples.len())].iter().sum::<f32>() / (last - first) as f32
            } else {
                let part = (from - first as f64) as f32;
                sample(first) * (1.0 - part) + sample(first + 1) * part
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sound(bits: TokenBits, periods: usize) -> Vec<f32> {
        let period: Vec<f32> = symbols(bits)
            .iter()
            .flat_map(|&symbol| waves()[usize::from(symbol)])
            .collect();
        period.repeat(periods)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn any_window_of_one_period_is_enough(random: u128, start in 0..SYMBOL * SYMBOLS) {
            let bits = TokenBits::new(random);
            let sound = sound(bits, 2);
            let window = &sound[start..start + SYMBOL * SYMBOLS];
            prop_assert!(read(window, 8_000) == [bits]);
        }

        #[test]
        fn noise_says_nothing(noise in proptest::collection::vec(-1.0f32..1.0, 16_000..20_000)) {
            prop_assert!(read(&noise, 8_000).is_empty());
        }
    }

    #[test]
    fn two_recordings_that_follow_each_other_are_both_heard() {
        let (one, other) = (TokenBits::new(1), TokenBits::new(2));
        let joined = [sound(one, 2), sound(other, 2)].concat();
        assert!(read(&joined, 8_000) == [one, other]);
    }
}
