//! The pixels of PNG, JPEG, WebP and GIF files. A size is read before memory is taken for it.

use std::io::Cursor;

use zune_jpeg::zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};

use super::{gif, grey::GreyPicture};

/// What the decoder of one picture may take.
const MOST_BYTES: usize = 512 << 20;

#[derive(Clone, Copy)]
enum Format {
    Png,
    Jpeg,
    WebP,
    Gif,
}

impl Format {
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            [b'G', b'I', b'F', b'8', ..] => Some(Self::Gif),
            _ => None,
        }
    }
}

/// How many pixels a picture says that it has, in all its frames.
pub(super) fn pixels(bytes: &[u8]) -> Option<u64> {
    let (width, height) = match Format::of(bytes)? {
        Format::Png => {
            let mut decoder = png_decoder(bytes);
            let header = decoder.read_header_info().ok()?;
            (u64::from(header.width), u64::from(header.height))
        }
        Format::Jpeg => {
            let (width, height) = jpeg_decoder(bytes).ok()?.dimensions()?;
            (width as u64, height as u64)
        }
        Format::WebP => {
            let (width, height) = webp_decoder(bytes).ok()?.dimensions();
            (u64::from(width), u64::from(height))
        }
        Format::Gif => return Some(gif::Layout::of(bytes).pixels()),
    };
    Some(width.saturating_mul(height))
}

/// Calls `see` with each frame of a picture: with several of a GIF, with the first of any other.
///
/// # Errors
/// Why not all frames could be decoded.
pub(super) fn each_frame(bytes: &[u8], mut see: impl FnMut(&GreyPicture)) -> Result<(), String> {
    match Format::of(bytes) {
        Some(Format::Gif) => return gif::each_frame(bytes, MOST_BYTES, see),
        Some(Format::Png) => png(bytes),
        Some(Format::Jpeg) => jpeg(bytes),
        Some(Format::WebP) => webp(bytes),
        None => Err("its format is unknown".to_owned()),
    }
    .map(|picture| see(&picture))
}

/// Memory for so many bytes of samples, if a picture may have them.
fn samples(bytes: Option<usize>) -> Result<Vec<u8>, String> {
    match bytes {
        Some(bytes) if bytes <= MOST_BYTES => Ok(vec![0; bytes]),
        _ => Err("it is too large".to_owned()),
    }
}

fn png_decoder(bytes: &[u8]) -> png::Decoder<Cursor<&[u8]>> {
    let limits = png::Limits { bytes: MOST_BYTES };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    // palettes, and samples of fewer or more bits, become samples of 8 bits
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    decoder
}

fn png(bytes: &[u8]) -> Result<GreyPicture, String> {
    let mut reader = png_decoder(bytes)
        .read_info()
        .map_err(|error| error.to_string())?;
    let mut samples = samples(reader.output_buffer_size())?;
    let frame = reader
        .next_frame(&mut samples)
        .map_err(|error| error.to_string())?;
    let size = (frame.width as usize, frame.height as usize);
    GreyPicture::from_samples(size, frame.color_type.samples(), samples)
}

type JpegDecoder<'b> = zune_jpeg::JpegDecoder<ZCursor<&'b [u8]>>;

/// A decoder that has read the headers.
fn jpeg_decoder(bytes: &[u8]) -> Result<JpegDecoder<'_>, String> {
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|error| error.to_string())?;
    Ok(decoder)
}

fn jpeg(bytes: &[u8]) -> Result<GreyPicture, String> {
    let mut decoder = jpeg_decoder(bytes)?;
    let (colours, samples_per_pixel) = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => (ColorSpace::Luma, 1),
        _ => (ColorSpace::RGB, 3),
    };
    decoder.set_options(decoder.options().jpeg_set_out_colorspace(colours));
    let samples = decoder.decode().map_err(|error| error.to_string())?;
    let size = decoder.dimensions().ok_or("its size is not known")?;
    GreyPicture::from_samples(size, samples_per_pixel, samples)
}

fn webp_decoder(bytes: &[u8]) -> Result<image_webp::WebPDecoder<Cursor<&[u8]>>, String> {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    decoder.set_memory_limit(MOST_BYTES);
    Ok(decoder)
}

fn webp(bytes: &[u8]) -> Result<GreyPicture, String> {
    let mut decoder = webp_decoder(bytes)?;
    let mut samples = samples(decoder.output_buffer_size())?;
    decoder
        .read_image(&mut samples)
        .map_err(|error| error.to_string())?;
    let (width, height) = decoder.dimensions();
    let samples_per_pixel = if decoder.has_alpha() { 4 } else { 3 };
    GreyPicture::from_samples((width as usize, height as usize), samples_per_pixel, samples)
}
