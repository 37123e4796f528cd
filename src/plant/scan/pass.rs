//! One scan: unwraps, looks, and keeps what it sees.

use std::{
    collections::HashMap,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
};

use super::{
    Hint, Scan, Scanner, Sighting, Unfinished,
    budget::Budget,
    containers,
    escapes::{EscapeCandidates, unescape},
    marks::{self, FormatMark},
    runs, wide,
};
use crate::plant::{
    canary::{Canary, Fingerprint},
    facet::Facet,
    form::{Form, Layer},
    token::TokenBits,
};

/// Less than this cannot hold a canary.
const LEAST: usize = 30;
/// A canary is no longer than this, whatever its escapes.
const NEIGHBOURHOOD: usize = 512;
/// Runs of base64 at least so long are left out when other things are looked for.
const LONG: usize = 4_096;

pub(super) struct ScanPass<'s> {
    pub(super) scanner: &'s Scanner,
    pub(super) budget: Budget,
    path: Vec<Layer>,
    /// Where in the body the outermost layer begins.
    origin: Option<usize>,
    seen: HashMap<(Fingerprint, Form), SightingCount>,
    unfinished: Option<Unfinished>,
}

/// How often a canary was seen in one form.
struct SightingCount {
    recording: Option<u32>,
    facet: Option<Facet>,
    offset: usize,
    /// By its mark, and after decoding what it stood in: the same ones, so that the larger number counts.
    by_mark: usize,
    decoded: usize,
}

/// Bytes at some depth.
#[derive(Clone, Copy)]
pub(super) struct NestedBytes<'b> {
    pub(super) bytes: &'b [u8],
    /// Where escapes were undone, if this is text whose escapes were: only what they touch is new.
    places: Option<&'b [usize]>,
    /// Whether a form without any mark may begin here.
    guess: bool,
}

impl NestedBytes<'_> {
    /// Whether something that stands here has not been seen a level further out already.
    fn is_fresh(&self, range: Range<usize>) -> bool {
        self.places.is_none_or(|places| {
            places
                .get(places.partition_point(|&place| place < range.start))
                .is_some_and(|&place| place < range.end)
        })
    }

    /// Whether it is in the neighbourhood of something that has not been seen: one canary may be escaped in two ways.
    fn is_near_fresh(&self, range: Range<usize>) -> bool {
        self.is_fresh(range.start.saturating_sub(NEIGHBOURHOOD)..range.end + NEIGHBOURHOOD)
    }
}

impl<'s> ScanPass<'s> {
    pub(super) fn new(scanner: &'s Scanner, body: usize) -> Self {
        Self {
            scanner,
            budget: Budget::new(&scanner.limits, body),
            path: Vec::new(),
            origin: None,
            seen: HashMap::new(),
            unfinished: None,
        }
    }

    pub(super) fn run(mut self, bytes: &[u8], hint: Hint<'_>) -> Scan {
        if !containers::undo_encodings(&mut self, bytes, hint) {
            self.scan(
                NestedBytes {
                    bytes,
                    places: None,
                    guess: true,
                },
                hint,
            );
        }
        let mut sightings: Vec<Sighting> = self
            .seen
            .into_iter()
            .map(|((fingerprint, form), tally)| Sighting {
                recording: tally.recording,
                fingerprint,
                facet: tally.facet,
                form,
                offset: tally.offset,
                count: tally.by_mark.max(tally.decoded),
            })
            .collect();
        sightings.sort_by(|a, b| (a.offset, &a.form, a.fingerprint).cmp(&(b.offset, &b.form, b.fingerprint)));
        Scan {
            sightings,
            unfinished: self.unfinished,
        }
    }

    /// Looks at bytes that were unwrapped from `layers`, which began at `at`.
    pub(super) fn unwrapped(&mut self, layers: &[Layer], at: usize, bytes: &[u8], hint: Hint<'_>) {
        self.inside(
            layers,
            at,
            NestedBytes {
                bytes,
                places: None,
                guess: true,
            },
            hint,
        );
    }

    /// Looks at what a guess came to; `guess` says whether it may hold another.
    pub(super) fn guessed(&mut self, layer: Layer, bytes: &[u8], guess: bool) {
        self.inside(
            &[layer],
            0,
            NestedBytes {
                bytes,
                places: None,
                guess,
            },
            Hint::default(),
        );
    }

    fn inside(&mut self, layers: &[Layer], at: usize, level: NestedBytes<'_>, hint: Hint<'_>) {
        if level.bytes.len() < LEAST {
            return;
        }
        self.within(layers, at, |hunt| {
            let limits = &hunt.scanner.limits;
            if hunt.path.len() > limits.depth {
                hunt.limit(format!("{} layers", limits.depth));
                return;
            }
            let Some(work) = hunt.budget.work.checked_sub(level.bytes.len()) else {
                hunt.limit("work".to_owned());
                return;
            };
            hunt.budget.work = work;
            hunt.scan(level, hint);
        });
    }

    /// Does something with `layers` added to the path.
    pub(super) fn within(&mut self, layers: &[Layer], at: usize, act: impl FnOnce(&mut Self)) {
        let (origin, depth) = (self.origin, self.path.len());
        self.origin.get_or_insert(at);
        self.path.extend_from_slice(layers);
        act(self);
        self.path.truncate(depth);
        self.origin = origin;
    }

    fn scan(&mut self, level: NestedBytes<'_>, hint: Hint<'_>) {
        let bytes = level.bytes;
        let scanner = self.scanner;
        let mut suspects = EscapeCandidates::default();
        let mut containers = Vec::new();
        // Canaries of the media themselves: what carries one in its bytes need not be decoded for another look.
        let mut media = Vec::new();
        let mut plainly = false;
        scanner.marks.find(bytes, |mark, at| match mark {
            FormatMark::Plain | FormatMark::Hex | FormatMark::Utf16 | FormatMark::Base64(_) => {
                if let Some(reading) = marks::read(bytes, mark, at)
                    && level.is_fresh(reading.range.clone())
                {
                    plainly |= mark == FormatMark::Plain;
                    let facet = self.saw(reading.bits, &reading.layers, reading.range.start);
                    if matches!(facet, Some(Facet::Media | Facet::Excerpt | Facet::Thumbnail)) {
                        media.push(reading.range.start);
                    }
                }
            }
            FormatMark::Escape => suspects.scan(bytes, at, |range| level.is_near_fresh(range)),
            container => containers.push((container, at)),
        });
        let gaps = self.look_at_runs(level);
        for gap in &gaps {
            suspects.look_all(bytes, gap.clone(), |range| level.is_near_fresh(range));
        }
        self.look_for_ids(level);
        for (kind, stretch) in suspects.stretches(bytes.len()) {
            let undone = unescape(&bytes[stretch.clone()], kind);
            let text = NestedBytes {
                bytes: &undone.text,
                places: Some(&undone.places),
                guess: false,
            };
            self.inside(&[kind], stretch.start, text, Hint::default());
        }
        for gap in gaps {
            for (range, narrow) in wide::stretches(&bytes[gap.clone()]) {
                let range = gap.start + range.start..gap.start + range.end;
                if level.is_fresh(range.clone()) {
                    self.unwrapped(&[Layer::Utf16], range.start, &narrow, Hint::default());
                }
            }
        }
        // Part of a file that was cut somewhere is not what it looks like at its beginning.
        let is_piece = self.look_for_pieces(level);
        let found = containers::ContainerContent {
            marks: containers,
            media,
            certain: level.places.is_none() && !is_piece,
        };
        containers::open_all(self, bytes, &found, hint, |range| level.is_fresh(range));
        // Some compressors leave short pieces as they are: what shows its canary needs no guess.
        if level.guess && !plainly {
            containers::guess(self, bytes);
        }
    }

    /// Looks into runs of base64 and hex, and says what is left between the long ones: there is neither an escape nor
    /// UTF-16 inside.
    fn look_at_runs(&mut self, level: NestedBytes<'_>) -> Vec<Range<usize>> {
        let (mut gaps, mut gap) = (Vec::new(), 0);
        let bytes = level.bytes;
        let (mut joined, mut buffer) = (self.scanner.buffers.buffer(), self.scanner.buffers.buffer());
        let mut from = 0;
        while let Some(run) = runs::next_base64(bytes, from, &mut joined) {
            from = run.range.end;
            if run.range.len() >= LONG {
                gaps.push(gap..run.range.start);
                gap = run.range.end;
            }
            if level.is_fresh(run.range.clone()) {
                let guess = run.is_varied();
                run.decode(&mut buffer, |decoded| {
                    let level = NestedBytes {
                        bytes: decoded,
                        places: None,
                        guess,
                    };
                    self.inside(&[Layer::Base64], run.range.start, level, Hint::default());
                });
                // Hex digits are characters of base64: there are none elsewhere.
                runs::decode_hex(bytes, run.range.clone(), &mut buffer, |at, decoded| {
                    self.unwrapped(&[Layer::Hex], at, decoded, Hint::default());
                });
            }
        }
        // Last taken, first put back: each finds its own size again.
        self.scanner.buffers.put_back(buffer);
        self.scanner.buffers.put_back(joined);
        gaps.push(gap..bytes.len());
        gaps
    }

    fn look_for_ids(&mut self, level: NestedBytes<'_>) {
        let bytes = level.bytes;
        if !self.scanner.registry.has_ids() || !is_text(bytes) {
            return;
        }
        let most = self.scanner.limits.text_bytes;
        if bytes.len() > most {
            self.limit(format!("{most} bytes of text with ids"));
        }
        let form = Form::new(self.path.clone());
        self.scanner.registry.find_ids(
            &bytes[..bytes.len().min(most)],
            |recording, fingerprint, range| {
                if level.is_fresh(range.clone()) {
                    let offset = self.origin.unwrap_or(range.start);
                    let tally = self
                        .seen
                        .entry((fingerprint, form.clone()))
                        .or_insert(SightingCount {
                            recording: Some(recording),
                            facet: Some(Facet::Id),
                            offset,
                            by_mark: 0,
                            decoded: 0,
                        });
                    tally.decoded += 1;
                }
            },
        );
    }

    /// Looks for pieces of media that a stack has encoded anew; whether there is one.
    fn look_for_pieces(&mut self, level: NestedBytes<'_>) -> bool {
        if level.places.is_some() || is_text(level.bytes) {
            return false;
        }
        let found = self.scanner.registry.find_pieces(level.bytes);
        for (recording, bits) in &found {
            let form = Form::new([&self.path[..], &[Layer::Piece]].concat());
            let fingerprint = Canary::from_bits(*bits).fingerprint();
            let offset = self.origin.unwrap_or(0);
            let tally = self.seen.entry((fingerprint, form)).or_insert(SightingCount {
                recording: Some(*recording),
                facet: Some(Facet::Excerpt),
                offset,
                by_mark: 0,
                decoded: 0,
            });
            tally.decoded += 1;
        }
        !found.is_empty()
    }

    /// Keeps a canary that was seen, and says what it was planted in.
    pub(super) fn saw(&mut self, bits: TokenBits, layers: &[Layer], at: usize) -> Option<Facet> {
        let planted = self.scanner.registry.find(bits);
        let form = Form::new([&self.path[..], layers].concat());
        let fingerprint = Canary::from_bits(bits).fingerprint();
        let facet = planted.map(|planted| planted.facet);
        let tally = self.seen.entry((fingerprint, form)).or_insert(SightingCount {
            recording: planted.map(|planted| planted.recording),
            facet,
            offset: self.origin.unwrap_or(at),
            by_mark: 0,
            decoded: 0,
        });
        if layers.iter().any(|&layer| layer != Layer::UpperCase) {
            tally.by_mark += 1;
        } else {
            tally.decoded += 1;
        }
        facet
    }

    /// Notes that a limit was reached.
    pub(super) fn limit(&mut self, limit: String) {
        let form = Form::new(self.path.clone());
        self.unfinished.get_or_insert(Unfinished::Limit { limit, form });
    }

    /// Notes that something was not what it looked like.
    pub(super) fn corrupt(&mut self, reason: impl Into<String>) {
        let form = Form::new(self.path.clone());
        self.unfinished.get_or_insert(Unfinished::Corrupt {
            form,
            reason: reason.into(),
        });
    }

    /// Takes one of the members that may be opened.
    pub(super) fn take_member(&mut self) -> bool {
        match self.budget.members.checked_sub(1) {
            Some(left) => {
                self.budget.members = left;
                true
            }
            None => {
                self.limit(format!("{} members", self.scanner.limits.members));
                false
            }
        }
    }

    /// Runs a decoder over hostile bytes: one that breaks down makes the scan unfinished, and nothing worse.
    pub(super) fn guarded<T>(&mut self, decode: impl FnOnce() -> T) -> Option<T> {
        let decoded = catch_unwind(AssertUnwindSafe(decode)).ok();
        if decoded.is_none() {
            let form = Form::new(self.path.clone());
            self.unfinished.get_or_insert(Unfinished::Crash { form });
        }
        decoded
    }
}

/// Whether the bytes look like anything but text.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(512)];
    head.iter()
        .filter(|&&c| c < 32 && !matches!(c, b'\t' | b'\n' | b'\r') || c >= 127)
        .count()
        > head.len() / 8
}

/// Whether the bytes look like text, judged by a few samples.
fn is_text(bytes: &[u8]) -> bool {
    const SAMPLE: usize = 512;
    let step = (bytes.len() / 4).max(1);
    bytes.chunks(step).all(|part| {
        let sample = &part[..part.len().min(SAMPLE)];
        let binary = sample
            .iter()
            .filter(|&&c| c < 32 && !matches!(c, b'\t' | b'\n' | b'\r' | 27))
            .count();
        binary <= sample.len() / 64
    })
}
