//! Pictures in all the ways in which they are encoded, with nothing but their pixels to go by.

use std::io::Write as _;
use std::time::{Duration, Instant};

use flate2::{Compression, write::ZlibEncoder};
use gif::DisposalMethod;
use png::{BitDepth, ColorType};

use super::*;
use crate::plant::media;

/// The side of the pictures below.
const SIDE: usize = 320;

/// The pixels of a thumbnail: from black to white.
fn pixels(canary: &Canary) -> Vec<u8> {
    let thumbnail = media::thumbnail(canary).bytes;
    let mut reader = png::Decoder::new(std::io::Cursor::new(thumbnail))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(
        (frame.width, frame.height, frame.color_type),
        (320, 320, ColorType::Grayscale)
    );
    pixels
}

/// Each pixel becomes these bytes.
fn expand<const N: usize>(pixels: &[u8], bytes: impl Fn(u8) -> [u8; N]) -> Vec<u8> {
    pixels.iter().flat_map(|&pixel| bytes(pixel)).collect()
}

/// Samples of less than a byte, the first in the highest bits.
fn pack(indices: &[u8], bits: usize) -> Vec<u8> {
    let of_byte = indices.chunks(8 / bits);
    of_byte
        .map(|indices| {
            let mut shift = 8;
            indices.iter().fold(0, |byte, index| {
                shift -= bits;
                byte | index << shift
            })
        })
        .collect()
}

fn write_png(colour: ColorType, depth: BitDepth, palette: Option<&[u8]>, samples: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, SIDE as u32, SIDE as u32);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    if let Some(palette) = palette {
        encoder.set_palette(palette);
    }
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(samples).unwrap();
    writer.finish().unwrap();
    file
}

/// A PNG of 8 bits a pixel whose rows come in the seven passes of Adam7.
fn write_interlaced_png(pixels: &[u8]) -> Vec<u8> {
    let passes = [
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ];
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    for (left, top, right, down) in passes {
        for row in pixels.chunks(SIDE).skip(top).step_by(down) {
            let pass: Vec<u8> = row.iter().skip(left).step_by(right).copied().collect();
            packed.write_all(&[&[0], &pass[..]].concat()).unwrap();
        }
    }
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let side = (SIDE as u32).to_be_bytes();
    let header = [&side[..], &side, &[8, 0, 0, 0, 1]].concat();
    for (name, body) in [
        (b"IHDR", header),
        (b"IDAT", packed.finish().unwrap()),
        (b"IEND", Vec::new()),
    ] {
        let mut sum = flate2::Crc::new();
        sum.update(&[name, &body[..]].concat());
        file.extend((body.len() as u32).to_be_bytes());
        file.extend([name, &body[..], &sum.sum().to_be_bytes()].concat());
    }
    file
}

fn write_jpeg(colour: jpeg_encoder::ColorType, progressive: bool, samples: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut file, 80);
    encoder.set_progressive(progressive);
    encoder.encode(samples, SIDE as u16, SIDE as u16, colour).unwrap();
    file
}

fn write_webp(colour: image_webp::ColorType, samples: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    image_webp::WebPEncoder::new(&mut file)
        .encode(samples, SIDE as u32, SIDE as u32, colour)
        .unwrap();
    file
}

/// White is 0, black is 1, and 2 is transparent.
const COLOURS: &[u8] = &[255, 255, 255, 0, 0, 0, 255, 0, 0];

fn write_gif(screen: (u16, u16), frames: Vec<gif::Frame<'_>>) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = gif::Encoder::new(&mut file, screen.0, screen.1, COLOURS).unwrap();
    for frame in frames {
        encoder.write_frame(&frame).unwrap();
    }
    drop(encoder);
    file
}

/// A frame as large as the picture.
fn frame(pixels: &[u8]) -> gif::Frame<'static> {
    let indices: Vec<u8> = pixels.iter().map(|&pixel| u8::from(pixel < 128)).collect();
    gif::Frame::from_indexed_pixels(SIDE as u16, SIDE as u16, indices, Some(2))
}

/// One white picture in each format.
pub(super) fn blank(width: u16, height: u16) -> Vec<Vec<u8>> {
    let size = (u32::from(width), u32::from(height));
    let white = vec![255; usize::from(width) * usize::from(height)];
    let (mut png, mut jpeg, mut webp) = (Vec::new(), Vec::new(), Vec::new());
    let mut writer = png::Encoder::new(&mut png, size.0, size.1)
        .write_header()
        .unwrap();
    writer.write_image_data(&white).unwrap();
    writer.finish().unwrap();
    jpeg_encoder::Encoder::new(&mut jpeg, 80)
        .encode(&white, width, height, jpeg_encoder::ColorType::Luma)
        .unwrap();
    image_webp::WebPEncoder::new(&mut webp)
        .encode(&white, size.0, size.1, image_webp::ColorType::L8)
        .unwrap();
    let frame = gif::Frame::from_indexed_pixels(width, height, vec![0; white.len()], None);
    vec![png, jpeg, webp, write_gif((width, height), vec![frame])]
}

fn scan(canary: &Canary, bytes: &[u8]) -> Scan {
    scanner_for(canary).scan(bytes, Hint::default())
}

#[track_caller]
fn shows(canary: &Canary, name: &str, bytes: &[u8]) {
    let scan = scan(canary, bytes);
    assert_eq!(
        forms(&scan),
        [("image > qr code > upper case".to_owned(), 1)],
        "{name}"
    );
    assert_eq!(scan.unfinished, None, "{name}");
}

#[test]
fn the_pixels_alone_are_enough_in_every_kind_of_png() {
    let canary = Canary::mint();
    let grey = pixels(&canary);
    let indices: Vec<u8> = grey.iter().map(|&pixel| u8::from(pixel < 128)).collect();
    let inverted: Vec<u8> = indices.iter().map(|index| 1 - index).collect();
    let write = |colour, depth, samples: &[u8]| write_png(colour, depth, None, samples);
    for (name, file) in [
        ("grey", write(ColorType::Grayscale, BitDepth::Eight, &grey)),
        (
            "grey of 1 bit",
            write(ColorType::Grayscale, BitDepth::One, &pack(&inverted, 1)),
        ),
        (
            "grey of 16 bits",
            write(
                ColorType::Grayscale,
                BitDepth::Sixteen,
                &expand(&grey, |g| [g, 99]),
            ),
        ),
        (
            "grey and alpha",
            write(
                ColorType::GrayscaleAlpha,
                BitDepth::Eight,
                &expand(&grey, |g| [g, 200]),
            ),
        ),
        (
            "colour",
            write(
                ColorType::Rgb,
                BitDepth::Eight,
                &expand(&grey, |g| [g / 2, g, 255 - g / 2]),
            ),
        ),
        (
            "colour of 16 bits",
            write(
                ColorType::Rgb,
                BitDepth::Sixteen,
                &expand(&grey, |g| [g, 1, g, 2, g, 3]),
            ),
        ),
        (
            "colour and alpha of 16 bits",
            write(
                ColorType::Rgba,
                BitDepth::Sixteen,
                &expand(&grey, |g| [g, 1, g, 2, g, 3, 0, 0]),
            ),
        ),
        ("interlaced", write_interlaced_png(&grey)),
    ] {
        shows(&canary, name, &file);
    }
    for (bits, depth) in [(1, BitDepth::One), (2, BitDepth::Two), (4, BitDepth::Four)] {
        let samples = pack(&indices, bits);
        let file = write_png(ColorType::Indexed, depth, Some(&COLOURS[..6]), &samples);
        shows(&canary, &format!("a palette and {bits} bits"), &file);
    }
    let file = write_png(ColorType::Indexed, BitDepth::Eight, Some(COLOURS), &indices);
    shows(&canary, "a palette", &file);
}

#[test]
fn the_pixels_alone_are_enough_in_jpeg_and_webp() {
    let canary = Canary::mint();
    let grey = pixels(&canary);
    let colour = expand(&grey, |g| [g, g, g / 2 + 100]);
    let alpha = expand(&grey, |g| [g, g, g, 255]);
    for (name, file) in [
        (
            "grey jpeg",
            write_jpeg(jpeg_encoder::ColorType::Luma, false, &grey),
        ),
        ("jpeg", write_jpeg(jpeg_encoder::ColorType::Rgb, false, &colour)),
        (
            "progressive jpeg",
            write_jpeg(jpeg_encoder::ColorType::Rgb, true, &colour),
        ),
        ("webp", write_webp(image_webp::ColorType::Rgb8, &colour)),
        (
            "webp with alpha",
            write_webp(image_webp::ColorType::Rgba8, &alpha),
        ),
    ] {
        shows(&canary, name, &file);
    }
}

#[test]
fn every_frame_of_a_gif_is_looked_at() {
    let canaries = [Canary::mint(), Canary::mint(), Canary::mint()];
    let mut frames: Vec<_> = canaries.iter().map(|canary| frame(&pixels(canary))).collect();
    frames.insert(0, frame(&[255; SIDE * SIDE]));
    let file = write_gif((SIDE as u16, SIDE as u16), frames);
    for canary in &canaries {
        shows(canary, "one frame among four", &file);
    }
    let mut interlaced = frame(&pixels(&canaries[0]));
    interlaced.interlaced = true;
    let rows: Vec<&[u8]> = interlaced.buffer.chunks(SIDE).collect();
    let order = [(0, 8), (4, 8), (2, 4), (1, 2)];
    let passes = order.map(|(first, step)| rows.iter().copied().skip(first).step_by(step));
    interlaced.buffer = passes.into_iter().flatten().flatten().copied().collect();
    let file = write_gif((SIDE as u16, SIDE as u16), vec![interlaced]);
    shows(&canaries[0], "interlaced", &file);
}

/// As most animations are stored: a frame is only the part of the screen that changes.
#[test]
fn a_frame_of_a_gif_is_drawn_over_what_the_one_before_has_left() {
    let canary = Canary::mint();
    let whole = frame(&pixels(&canary)).buffer.into_owned();
    let (upper, lower) = whole.split_at(SIDE * SIDE / 2);
    let half = |indices: &[u8], top: u16, dispose: DisposalMethod| {
        let mut frame =
            gif::Frame::from_indexed_pixels(SIDE as u16, SIDE as u16 / 2, indices.to_vec(), Some(2));
        (frame.top, frame.dispose) = (top, dispose);
        frame
    };
    let black = vec![1; SIDE * SIDE / 2];
    let clear = vec![2; SIDE * SIDE / 2];
    let middle = SIDE as u16 / 2;
    let screen = (SIDE as u16, SIDE as u16);
    let build = |way: DisposalMethod| {
        let frames = vec![
            half(upper, 0, DisposalMethod::Keep),
            half(&black, 0, way),
            half(&clear, 0, DisposalMethod::Keep),
            half(lower, middle, DisposalMethod::Keep),
        ];
        write_gif(screen, frames)
    };
    shows(&canary, "put back", &build(DisposalMethod::Previous));
    for way in [DisposalMethod::Background, DisposalMethod::Keep] {
        let scan = scan(&canary, &build(way));
        assert_eq!((forms(&scan), scan.unfinished), (vec![], None), "{way:?}");
    }
    // outside of the screen that it announces
    let file = write_gif((SIDE as u16, 10), vec![frame(&pixels(&canary))]);
    shows(&canary, "larger than the screen", &file);
}

#[test]
fn a_gif_that_breaks_off_shows_its_first_frames_and_is_unfinished() {
    let canary = Canary::mint();
    let shown = frame(&pixels(&canary));
    let mut broken = frame(&[255; SIDE * SIDE]);
    broken.make_lzw_pre_encoded();
    let stream = broken.buffer.to_mut();
    let end = stream.len();
    stream[end / 2..].fill(0xff);
    let mut file = Vec::new();
    let mut encoder = gif::Encoder::new(&mut file, SIDE as u16, SIDE as u16, COLOURS).unwrap();
    encoder.write_frame(&shown).unwrap();
    encoder.write_lzw_pre_encoded_frame(&broken).unwrap();
    drop(encoder);
    let seen = scan(&canary, &file);
    assert_eq!(forms(&seen), [("image > qr code > upper case".to_owned(), 1)]);
    assert!(
        matches!(seen.unfinished, Some(Unfinished::Corrupt { .. })),
        "{seen:?}"
    );
    let cut = scan(&canary, &file[..file.len() - 1]);
    assert!(
        matches!(cut.unfinished, Some(Unfinished::Corrupt { .. })),
        "{cut:?}"
    );
}

#[test]
fn a_size_that_would_fill_the_memory_is_a_limit() {
    let started = Instant::now();
    let mut claims = blank(16, 16);
    let huge = 60_000u16;
    // PNG: the header, whose checksum is right
    claims[0][16..24].copy_from_slice(&[&u32::from(huge).to_be_bytes()[..]; 2].concat());
    let mut sum = flate2::Crc::new();
    sum.update(&claims[0][12..29]);
    claims[0][29..33].copy_from_slice(&sum.sum().to_be_bytes());
    // JPEG: the start of frame
    let frame = memchr::memmem::find(&claims[1], b"\xff\xc0").unwrap();
    claims[1][frame + 5..frame + 9].copy_from_slice(&[huge.to_be_bytes(); 2].concat());
    // WebP: the 14 bits of each side of the lossless stream, less 1
    claims[2][21..25].copy_from_slice(&(15_999u32 | 15_999 << 14).to_le_bytes());
    // GIF: the screen
    claims[3][6..10].copy_from_slice(&[huge.to_le_bytes(); 2].concat());
    for (index, claim) in claims.iter().enumerate() {
        let scan = scan(&Canary::mint(), claim);
        assert!(
            matches!(&scan.unfinished, Some(Unfinished::Limit { limit, .. }) if limit == "64000000 pixels"),
            "{index} {scan:?}"
        );
    }
    // no frame at all, and many on a large screen
    let mut empty = write_gif((huge, huge), Vec::new());
    let tiny = || gif::Frame::from_indexed_pixels(1, 1, vec![0], None);
    let many = write_gif((2_000, 2_000), (0..17).map(|_| tiny()).collect());
    for claim in [&mut empty, &mut many.clone()] {
        let scan = scan(&Canary::mint(), claim);
        assert!(
            matches!(scan.unfinished, Some(Unfinished::Limit { .. })),
            "{scan:?}"
        );
    }
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn a_text_that_speaks_of_gif_is_no_broken_picture() {
    let scanner = Scanner::new(Arc::new(Registry::new()));
    for text in [
        r#"{"types": ["GIF87a", "GIF89a", "image/png"], "of": "pictures"}"#,
        "signatures: GIF89a,,,,,,,,,,,,,,,,,,, and so on",
        "signatures: GIF89a!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!",
        "GIF8 is how they begin",
    ] {
        let scan = scanner.scan(text.as_bytes(), Hint::default());
        assert_eq!(scan.unfinished, None, "{text}");
    }
    let hint = Hint {
        content_type: Some("image/gif"),
        ..Hint::default()
    };
    let scan = scanner.scan(b"GIF89a is no picture", hint);
    assert!(scan.unfinished.is_some());
}
