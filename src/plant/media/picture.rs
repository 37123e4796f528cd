//! Pictures: the canary as a QR code whose modules are the 8×8 blocks that JPEG thinks in, so that a frame is small,
//! and as text beside the pixels.

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

/// A picture of `width`×`height` with the QR code in its middle, encoded: the first of [`DRAWN`] that our own reader reads, for what
/// it cannot read it would not find again either.
fn drawn(canary: &Canary, size: (u32, u32), encode: impl Fn(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    // In capital letters the token fits the alphanumeric mode: 29 modules at the strongest error correction.
    let text = canary.token().to_ascii_uppercase();
    let drawings = DRAWN
        .iter()
        .filter_map(|&(version, level)| draw(&text, version, level, size));
    let readable = drawings
        .map(&encode)
        .find(|picture| scan::codes_in(picture).texts.contains(&text));
    // A picture without a code would be seen by the tests.
    readable.unwrap_or_else(|| encode(vec![255; (size.0 * size.1) as usize]))
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
    drawn(canary, FRAME, |pixels| frame(canary, pixels))
}

fn frame(canary: &Canary, mut pixels: Vec<u8>) -> Vec<u8> {
    for (at, pixel) in pixels.iter_mut().enumerate() {
        // Light and grain: FFmpeg takes a frame of hardly any bits a block for a damaged one.
        let (x, y) = (at % FRAME.0 as usize, at / FRAME.0 as usize);
        *pixel = (*pixel).min(255 - (x % 64 / 4 + y % 64 / 4 + (7 * x + 13 * y) % 11) as u8);
    }
    let mut plain = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut plain, QUALITY);
    // Writing to memory does not fail.
    let _written = encoder.encode(
        &pixels,
        FRAME.0 as u16,
        FRAME.1 as u16,
        jpeg_encoder::ColorType::Luma,
    );
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

/// Size of a thumbnail.
const THUMBNAIL: (u32, u32) = (320, 320);

/// A thumbnail as PNG, with the token in a text chunk.
pub(super) fn png(canary: &Canary) -> Vec<u8> {
    drawn(canary, THUMBNAIL, |pixels| thumbnail(canary, &pixels))
}

fn thumbnail(canary: &Canary, pixels: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut encoder = png::Encoder::new(&mut plain, THUMBNAIL.0, THUMBNAIL.1);
    encoder.set_compression(png::Compression::Fast);
    let _written = encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(pixels));
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

    fn canary(number: u128) -> Canary {
        Canary::from_bits(TokenBits::new(
            number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835),
        ))
    }

    fn seen(picture: &[u8]) -> Vec<String> {
        scan::codes_in(picture).texts.to_vec()
    }

    #[test]
    fn every_picture_is_read_again() {
        for number in 0..100 {
            let canary = canary(number);
            let text = canary.token().to_ascii_uppercase();
            assert_eq!(seen(&png(&canary)), std::slice::from_ref(&text), "{number}");
            assert_eq!(seen(&jpeg(&canary)), [text], "{number}");
        }
    }

    #[test]
    fn what_does_not_fit_a_version_is_drawn_in_a_larger_one() {
        let text = canary(1).token().to_ascii_uppercase();
        let drawn: Vec<bool> = DRAWN
            .iter()
            .map(|&(version, level)| draw(&text, version, level, THUMBNAIL).is_some())
            .collect();
        assert_eq!(drawn.last(), Some(&true), "{drawn:?}");
        assert_eq!(draw(&text, 1, EcLevel::H, THUMBNAIL), None);
    }
}
