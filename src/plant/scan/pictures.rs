//! Pictures: QR codes in PNG, JPEG, WebP and GIF. What stands beside the pixels is found as plain bytes.

mod decode;
mod gif;
mod grey;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use grey::{Filter, GreyPicture};
use memchr::memmem;
use sha2::{Digest, Sha256};

use super::{Hint, containers::ContainerContent, marks::FormatMark, pass::ScanPass};
use crate::plant::form::Layer;

/// Larger pictures are made smaller before a code is looked for.
const LARGEST: usize = 1_600;
/// Smaller ones are made larger when nothing was found: modules of two pixels are hard to tell apart.
const SMALL: usize = 400;

/// Opens the picture at `at`; how many bytes it has.
pub(super) fn open(
    hunt: &mut ScanPass<'_>,
    mark: FormatMark,
    at: usize,
    bytes: &[u8],
    found: &ContainerContent,
) -> usize {
    let media = &found.media;
    let end = match mark {
        FormatMark::Jpeg => jpeg_end(bytes),
        FormatMark::Png => png_end(bytes),
        FormatMark::Gif => gif::Layout::of(bytes).end,
        _ => riff_end(bytes),
    };
    let mut consumed = 0;
    hunt.within(&[Layer::Image], at, |hunt| match end {
        End::At(end) => {
            consumed = end;
            if !media.iter().any(|place| (at..at + end).contains(place)) {
                scan(hunt, at, &bytes[..end]);
            }
        }
        End::Missing if found.certain && !media.iter().any(|&place| place >= at) => {
            hunt.corrupt("the picture is cut short")
        }
        // The rest of an excerpt from a video that has shown whose it is.
        End::Missing if found.certain => consumed = bytes.len(),
        End::Missing => {}
        End::OutOfSight if at == 0 && found.certain => hunt.corrupt("the picture is cut short"),
        // Three bytes and a few lengths: in the middle of other bytes that is chance.
        End::OutOfSight => {}
        End::NoPicture if at == 0 && found.certain => hunt.corrupt("it has no picture's structure"),
        End::NoPicture => {}
    });
    consumed
}

enum End {
    At(usize),
    /// It is a picture, and its end is not there.
    Missing,
    /// Before anything proves that it is a picture, the bytes end.
    OutOfSight,
    NoPicture,
}

fn scan(hunt: &mut ScanPass<'_>, at: usize, bytes: &[u8]) {
    let Some(pixels) = hunt.guarded(|| decode::pixels(bytes)).flatten() else {
        return hunt.corrupt("its size cannot be read");
    };
    let Some(left) = hunt.budget.pixels.checked_sub(pixels) else {
        return hunt.limit(format!("{} pixels", hunt.scanner.limits.pixels));
    };
    hunt.budget.pixels = left;
    let Some(codes) = hunt.guarded(|| codes_in(bytes)) else {
        return;
    };
    for code in codes.texts.iter() {
        hunt.unwrapped(&[Layer::QrCode], at, code.as_bytes(), Hint::default());
    }
    if let Some(reason) = codes.unread {
        hunt.corrupt(reason);
    }
}

/// The QR codes in a picture.
pub(in crate::plant) struct Codes {
    /// Their texts.
    pub(in crate::plant) texts: Arc<Vec<String>>,
    /// Why not all of the picture could be decoded.
    unread: Option<String>,
}

/// The QR codes in a picture that is encoded in one of the ways above. The same thumbnail comes again and again, and
/// the bytes alone decide what it says: what was read once is known.
pub(in crate::plant) fn codes_in(bytes: &[u8]) -> Codes {
    static KNOWN: LazyLock<Mutex<KnownPictures>> = LazyLock::new(Mutex::default);
    let key: [u8; 32] = Sha256::digest(bytes).into();
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(texts) = known().get(&key) {
        return Codes {
            texts: Arc::clone(texts),
            unread: None,
        };
    }
    let mut texts = Vec::new();
    let decoded = decode::each_frame(bytes, |frame| {
        let of_frame = codes(frame);
        let new = of_frame.into_iter().filter(|text| !texts.contains(text));
        texts.extend(new.collect::<Vec<_>>());
    });
    let texts = Arc::new(texts);
    if let Err(reason) = decoded {
        return Codes {
            texts,
            unread: Some(reason),
        };
    }
    let mut known = known();
    if known.len() >= MOST_KNOWN {
        known.clear();
    }
    known.insert(key, Arc::clone(&texts));
    Codes { texts, unread: None }
}

/// By the SHA-256 of a picture.
type KnownPictures = HashMap<[u8; 32], Arc<Vec<String>>>;
/// So many pictures are known at most; then all are forgotten.
const MOST_KNOWN: usize = 4_096;

/// The texts of the QR codes in a picture.
fn codes(picture: &GreyPicture) -> Vec<String> {
    let (width, height) = (picture.width(), picture.height());
    if width.max(height) > LARGEST {
        let scale = LARGEST as f64 / width.max(height) as f64;
        let size = |side: usize| ((side as f64 * scale) as usize).max(1);
        return read(&picture.resized(size(width), size(height), Filter::Triangle));
    }
    let mut found = read(picture);
    for times in [3, 2] {
        if found.is_empty() && width.min(height) < SMALL {
            found = read(&picture.resized(width * times, height * times, Filter::CatmullRom));
        }
    }
    found
}

fn read(picture: &GreyPicture) -> Vec<String> {
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(picture.width(), picture.height(), |x, y| {
            picture.pixel(x, y)
        });
    prepared
        .detect_grids()
        .iter()
        .filter_map(|grid| grid.decode().ok())
        .map(|(_, text)| text)
        .collect()
}

fn jpeg_end(bytes: &[u8]) -> End {
    const START_OF_SCAN: u8 = 0xda;
    let mut at = 2;
    loop {
        let Some(&[ff, marker, high, low]) = bytes.get(at..at + 4).and_then(|head| head.first_chunk()) else {
            return End::OutOfSight;
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if ff != 0xff || length < 2 || !(0xc0..=0xfe).contains(&marker) {
            return End::NoPicture;
        }
        at += 2 + length;
        if marker == START_OF_SCAN {
            break;
        }
    }
    match bytes.get(at..).and_then(|scan| memmem::find(scan, b"\xff\xd9")) {
        Some(end) => End::At(at + end + 2),
        None => End::Missing,
    }
}

fn png_end(bytes: &[u8]) -> End {
    let mut at = 8;
    loop {
        let Some(&[a, b, c, d, ref name @ ..]) =
            bytes.get(at..at + 8).and_then(|head| head.first_chunk::<8>())
        else {
            return End::Missing;
        };
        if !name.iter().all(u8::is_ascii_alphabetic) {
            return End::NoPicture;
        }
        at = at
            .saturating_add(12)
            .saturating_add(u32::from_be_bytes([a, b, c, d]) as usize);
        if name == b"IEND" {
            return if at <= bytes.len() {
                End::At(at)
            } else {
                End::Missing
            };
        }
    }
}

fn riff_end(bytes: &[u8]) -> End {
    match bytes.get(4..8) {
        Some(&[a, b, c, d]) => match 8 + u32::from_le_bytes([a, b, c, d]) as usize {
            end if end <= bytes.len() => End::At(end),
            _ => End::Missing,
        },
        _ => End::Missing,
    }
}
