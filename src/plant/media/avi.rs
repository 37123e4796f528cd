//! The video form: an AVI of JPEG frames, each followed by its tenth of a second of sound.

use super::{
    picture::{self, FRAME},
    wav::{self, Samples},
};
use crate::plant::{canary::Canary, tones};

const FRAMES_A_SECOND: u32 = 10;
const SOUND: usize = tones::RATE / FRAMES_A_SECOND as usize;
/// An index longer than this would be an excerpt without a canary; players make their own.
const LONGEST_INDEX: usize = 4 * 1024;
const KEY_FRAME: u32 = 0x10;
const HAS_INDEX: u32 = 0x10;
const INTERLEAVED: u32 = 0x100;

/// An AVI file of `bytes` bytes.
pub(super) fn file(bytes: usize, canary: &Canary, seed: u64) -> Vec<u8> {
    let jpeg = picture::jpeg(canary);
    let each = 8 + jpeg.len() + 8 + SOUND;
    let fixed = headers(0, jpeg.len(), 0).len() + 12;
    let room = bytes.saturating_sub(fixed);
    let indexed = room / (each + 32);
    let (frames, index) = if 8 + indexed * 32 <= LONGEST_INDEX {
        (room.saturating_sub(8) / (each + 32), true)
    } else {
        (room / each, false)
    };

    let mut file = Vec::with_capacity(bytes + each);
    file.extend(headers(
        frames,
        jpeg.len(),
        if index { HAS_INDEX } else { 0 } | INTERLEAVED,
    ));
    let mut samples = Samples::new(canary, seed);
    let mut movie = b"movi".to_vec();
    let mut entries = Vec::new();
    for _ in 0..frames {
        entries.extend(entry(b"00dc", movie.len(), jpeg.len()));
        movie.extend(chunk(b"00dc", &jpeg));
        entries.extend(entry(b"01wb", movie.len(), SOUND));
        movie.extend(chunk(b"01wb", &samples.by_ref().take(SOUND).collect::<Vec<u8>>()));
    }
    file.extend(chunk(b"LIST", &movie));
    if index {
        file.extend(chunk(b"idx1", &entries));
    }
    pad(&mut file, bytes, canary);
    let length = (file.len() - 8) as u32;
    file[4..8].copy_from_slice(&length.to_le_bytes());
    file
}

/// Fills the file up to `bytes` with a chunk that is to be ignored.
fn pad(file: &mut Vec<u8>, bytes: usize, canary: &Canary) {
    if let Some(room) = bytes.checked_sub(file.len() + 8) {
        let mut junk = canary.token().as_bytes().to_vec();
        junk.resize(room, 0);
        file.extend(chunk(b"JUNK", &junk));
    }
}

fn headers(frames: usize, largest: usize, flags: u32) -> Vec<u8> {
    let (width, height) = FRAME;
    let frames = frames as u32;
    let second = (largest + 16) as u32 * FRAMES_A_SECOND + tones::RATE as u32;
    let main = [
        1_000_000 / FRAMES_A_SECOND,
        second,
        0,
        flags,
        frames,
        0,
        2,
        largest as u32,
        width,
        height,
        0,
        0,
        0,
        0,
    ];
    let video = [
        0,
        0,
        0,
        1,
        FRAMES_A_SECOND,
        0,
        frames,
        largest as u32,
        u32::MAX,
        0,
        0,
        (height << 16) | width,
    ];
    let picture = [
        40,
        width,
        height,
        1 | (24 << 16),
        u32::from_le_bytes(*b"MJPG"),
        width * height * 3,
        0,
        0,
        0,
        0,
    ];
    let audio = [
        0,
        0,
        0,
        1,
        tones::RATE as u32,
        0,
        frames * SOUND as u32,
        SOUND as u32,
        u32::MAX,
        1,
        0,
        0,
    ];
    let stream = |kind: &[u8; 8], header: &[u32], format: &[u8]| {
        let header = [&kind[..], &longs(header)].concat();
        let body = [&b"strl"[..], &chunk(b"strh", &header), &chunk(b"strf", format)].concat();
        chunk(b"LIST", &body)
    };
    let list = [
        b"hdrl".to_vec(),
        chunk(b"avih", &longs(&main)),
        stream(b"vidsMJPG", &video, &longs(&picture)),
        stream(b"auds\0\0\0\0", &audio, &wav::format()),
    ]
    .concat();
    [&b"RIFF\0\0\0\0AVI "[..], &chunk(b"LIST", &list)].concat()
}

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [name, &(body.len() as u32).to_le_bytes()[..], body].concat()
}

/// An entry of the index: offsets count from the word `movi`.
fn entry(name: &[u8; 4], offset: usize, length: usize) -> Vec<u8> {
    [&name[..], &longs(&[KEY_FRAME, offset as u32, length as u32])].concat()
}

fn longs(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}
