//! Pictures: the canary as a QR code whose modules are the 8×8 blocks that JPEG thinks in, so that a frame is small,
//! and as text beside the pixels.

use image::{ExtendedColorType, GrayImage, ImageEncoder, codecs::jpeg::JpegEncoder, codecs::png::PngEncoder};
use qrcode::{Color, EcLevel, QrCode, Version};

use crate::plant::canary::Canary;
use crate::plant::scan;

/// Size of a video frame.
pub(super) const FRAME: (u32, u32) = (400, 304);

const MODULE: u32 = 8;
const QUALITY: u8 = 75;
const SOI: usize = 2;

/// How the code may be drawn, the most robust first. One code in a few hundred has a pattern in which readers see no code
/// at all; drawn in another version it has another pattern.
const DRAWN: [(i16, EcLevel); 4] = [(3, EcLevel::H), (4, EcLevel::H), (3, EcLevel::Q), (4, EcLevel::Q)];

/// Grey pixels of a picture of `width`×`height` with the QR code in its middle: the first of [`DRAWN`] that our own reader
/// reads, for what it cannot read it would not find again either.
fn pixels(canary: &Canary, size: (u32, u32)) -> Vec<u8> {
    // In capital letters the token fits the alphanumeric mode: 29 modules at the strongest error correction.
    let text = canary.token().to_ascii_uppercase();
    let mut drawings = DRAWN
        .iter()
        .filter_map(|&(version, level)| draw(&text, version, level, size));
    let readable = drawings.find(|pixels| {
        GrayImage::from_raw(size.0, size.1, pixels.clone())
            .is_some_and(|picture| scan::codes(picture).contains(&text))
    });
    // A picture without a code would be seen by the tests.
    readable.unwrap_or_else(|| vec![255; (size.0 * size.1) as usize])
}

/// The code in the middle of white pixels; none when the text is too long for that version.
fn draw(text: &str, version: i16, level: EcLevel, (width, height): (u32, u32)) -> Option<Vec<u8>> {
    let mut pixels = vec![255; (width * height) as usize];
    let code = QrCode::with_version(text, Version::Normal(version), level).ok()?;
    let modules = code.width() as u32;
    let left = (width / MODULE - modules) / 2 * MODULE;
    let top = (height / MODULE - modules) / 2 * MODULE;
    for (index, colour) in code.into_colors().into_iter().enumerate() {
        if colour == Color::Dark {
            let (x, y) = (
                left + index as u32 % modules * MODULE,
                top + index as u32 / modules * MODULE,
            );
            for row in y..y + MODULE {
                let start = (row * width + x) as usize;
                pixels[start..start + MODULE as usize].fill(0);
            }
        }
    }
    Some(pixels)
}

/// A video frame as JPEG, with the token in a comment, of an even number of bytes.
pub(super) fn jpeg(canary: &Canary) -> Vec<u8> {
    let mut pixels = pixels(canary, FRAME);
    for (at, pixel) in pixels.iter_mut().enumerate() {
        // Light and grain: FFmpeg takes a frame of hardly any bits a block for a damaged one.
        let (x, y) = (at % FRAME.0 as usize, at / FRAME.0 as usize);
        *pixel = (*pixel).min(255 - (x % 64 / 4 + y % 64 / 4 + (7 * x + 13 * y) % 11) as u8);
    }
    let mut plain = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut plain, QUALITY);
    // Writing to memory does not fail.
    let _written = encoder.write_image(&pixels, FRAME.0, FRAME.1, ExtendedColorType::L8);
    // JFIF wants its own segment first: the comment comes after it.
    let after = match plain.get(SOI..SOI + 4) {
        Some([0xff, 0xe0, high, low]) => SOI + 2 + usize::from(u16::from_be_bytes([*high, *low])),
        _ => SOI,
    };
    let mut text = canary.token().to_owned();
    if (plain.len() + text.len()) % 2 == 1 {
        // Chunks of an AVI file are of even length.
        text.push(' ');
    }
    let length = (text.len() as u16 + 2).to_be_bytes();
    let comment = [&[0xff, 0xfe], &length[..], text.as_bytes()].concat();
    insert(&plain, after, &comment)
}

/// A thumbnail as PNG, with the token in a text chunk.
pub(super) fn png(canary: &Canary) -> Vec<u8> {
    const SIZE: (u32, u32) = (320, 320);
    let mut plain = Vec::new();
    let _written =
        PngEncoder::new(&mut plain).write_image(&pixels(canary, SIZE), SIZE.0, SIZE.1, ExtendedColorType::L8);
    let body = [b"tEXtComment\0", canary.token().as_bytes()].concat();
    let mut sum = flate2::Crc::new();
    sum.update(&body);
    let length = (body.len() as u32 - 4).to_be_bytes();
    let chunk = [&length[..], &body, &sum.sum().to_be_bytes()].concat();
    // After the signature (8) and the header chunk (25).
    insert(&plain, 33, &chunk)
}

fn insert(bytes: &[u8], at: usize, what: &[u8]) -> Vec<u8> {
    let (before, after) = bytes.split_at(at.min(bytes.len()));
    [before, what, after].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plant::token::TokenBits;

    const SIZE: (u32, u32) = (320, 320);

    /// Canaries whose code, drawn in the first way, readers do not see: found among some thousand.
    const UNSEEN: [u128; 4] = [196, 777, 1038, 1240];

    fn canary(number: u128) -> Canary {
        Canary::from_bits(TokenBits::new(
            number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835),
        ))
    }

    fn seen(pixels: Vec<u8>) -> Vec<String> {
        GrayImage::from_raw(SIZE.0, SIZE.1, pixels)
            .map(scan::codes)
            .unwrap_or_default()
    }

    #[test]
    fn a_code_that_readers_do_not_see_is_drawn_in_another_way() {
        for number in UNSEEN {
            let canary = canary(number);
            let text = canary.token().to_ascii_uppercase();
            let (version, level) = DRAWN[0];
            let first = draw(&text, version, level, SIZE).unwrap_or_default();
            assert_eq!(seen(first), Vec::<String>::new(), "{number}");
            assert_eq!(seen(pixels(&canary, SIZE)), [text], "{number}");
        }
    }
}
