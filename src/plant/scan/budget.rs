//! Limits, so that no body can keep a scan busy for ever or fill the memory.

use std::sync::{Mutex, PoisonError};

/// How much one scan may unwrap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that come out of compressed data, in all.
    pub unpacked_bytes: usize,
    /// Bytes out for each byte in of one piece of compressed data; the first 16 MiB are free.
    pub ratio: usize,
    /// Layers around a canary.
    pub depth: usize,
    /// Containers, archive members and pictures, in all.
    pub members: usize,
    /// Pixels, in all.
    pub pixels: u64,
    /// Seconds of sound, in all.
    pub audio_seconds: u64,
    /// Bytes up to which a text is searched for the stack's own ids.
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked_bytes: 256 << 20,
            ratio: 1_100,
            depth: 8,
            members: 4_096,
            pixels: 64_000_000,
            audio_seconds: 1_200,
            text_bytes: 4 << 20,
        }
    }
}

/// Output that is never counted against the ratio.
const FREE: usize = 16 << 20;

/// What is left of the limits in one scan.
pub(super) struct Budget {
    pub(super) unpacked: usize,
    pub(super) members: usize,
    pub(super) pixels: u64,
    pub(super) audio_seconds: u64,
    /// Bytes that may be looked at, at whatever depth.
    pub(super) work: usize,
    /// How often a form without any mark (brotli, raw deflate) may be tried on a guess.
    pub(super) guesses: usize,
}

impl Budget {
    pub(super) fn new(limits: &Limits, body: usize) -> Self {
        Self {
            unpacked: limits.unpacked_bytes,
            members: limits.members,
            pixels: limits.pixels,
            audio_seconds: limits.audio_seconds,
            work: body
                .saturating_mul(8)
                .saturating_add(limits.unpacked_bytes.saturating_mul(2)),
            guesses: 256,
        }
    }

    /// How many bytes may come out of `packed` bytes.
    pub(super) fn may_unpack(&self, limits: &Limits, packed: usize) -> usize {
        self.unpacked
            .min(FREE.saturating_add(packed.saturating_mul(limits.ratio)))
    }
}

/// Memory for decoded text that is used again: asking the system for it anew costs more than the decoding.
#[derive(Default)]
pub(super) struct Buffers(Mutex<Vec<Vec<u8>>>);

impl Buffers {
    /// Bytes that are kept in all, until the scanner is dropped; what is above goes back to the system.
    const KEPT: usize = 192 << 20;

    pub(super) fn buffer(&self) -> Vec<u8> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
            .unwrap_or_default()
    }

    pub(super) fn put_back(&self, buffer: Vec<u8>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.iter().map(Vec::capacity).sum::<usize>() + buffer.capacity() <= Self::KEPT && kept.len() < 64
        {
            kept.push(buffer);
        }
    }
}
