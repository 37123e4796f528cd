//! GIF: how its blocks follow each other, and its frames as a viewer shows them, one after the other.

use std::num::NonZeroU64;

use gif::{ColorOutput, DecodeOptions, DisposalMethod, Frame, MemoryLimit};

use super::{
    End,
    grey::{GreyPicture, luma},
};

/// What the blocks say before anything is decoded.
pub(super) struct Layout {
    pub(super) end: End,
    /// The screen and all frames fit into it.
    width: usize,
    height: usize,
    frames: u64,
}

impl Layout {
    /// Reads the lengths of the blocks, and skips what is in them.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut layout = Self {
            end: End::OutOfSight,
            width: 0,
            height: 0,
            frames: 0,
        };
        layout.end = layout.read(bytes).unwrap_or(if layout.frames > 0 {
            End::Missing
        } else {
            End::OutOfSight
        });
        layout
    }

    /// Pixels of all frames together, each as large as the screen.
    pub(super) fn pixels(&self) -> u64 {
        let screen = self.width as u64 * self.height as u64;
        screen.saturating_mul(self.frames.max(1))
    }

    /// `None` when the bytes end before the picture does.
    fn read(&mut self, bytes: &[u8]) -> Option<End> {
        const SIGNATURE: usize = 6;
        const SCREEN: usize = 7;
        const EXTENSION: u8 = b'!';
        const IMAGE: u8 = b',';
        const TRAILER: u8 = b';';
        let screen = bytes.get(SIGNATURE..SIGNATURE + SCREEN)?;
        self.widen([0, 0], screen);
        let mut at = SIGNATURE + SCREEN + palette_bytes(screen[4]);
        loop {
            match *bytes.get(at)? {
                TRAILER => return Some(End::At(at + 1)),
                EXTENSION => at = end_of_data(bytes, at + 2)?,
                IMAGE => {
                    let image = bytes.get(at + 1..at + 10)?;
                    at += 10 + palette_bytes(image[8]);
                    let bits_per_code = *bytes.get(at)?;
                    if !(1..=8).contains(&bits_per_code) {
                        return Some(End::NoPicture);
                    }
                    self.frames += 1;
                    self.widen([short(image), short(&image[2..])], &image[4..]);
                    at = end_of_data(bytes, at + 1)?;
                }
                _ => return Some(End::NoPicture),
            }
        }
    }

    /// Makes room for something of this size at this place.
    fn widen(&mut self, [left, top]: [usize; 2], size: &[u8]) {
        self.width = self.width.max(left + short(size));
        self.height = self.height.max(top + short(&size[2..]));
    }
}

fn short(bytes: &[u8]) -> usize {
    match bytes {
        [low, high, ..] => usize::from(u16::from_le_bytes([*low, *high])),
        _ => 0,
    }
}

/// How long the palette is that these flags announce.
fn palette_bytes(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        0
    } else {
        3 << ((flags & 7) + 1)
    }
}

/// Where the pieces of data that begin at `at` end: the last is empty.
fn end_of_data(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}

/// Calls `see` with each frame, drawn over what the frames before it have left.
///
/// # Errors
/// Why not all frames could be decoded.
pub(super) fn each_frame(
    bytes: &[u8],
    most_bytes: usize,
    mut see: impl FnMut(&GreyPicture),
) -> Result<(), String> {
    let layout = Layout::of(bytes);
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    let most_bytes = NonZeroU64::new(most_bytes as u64).unwrap_or(NonZeroU64::MIN);
    options.set_memory_limit(MemoryLimit::Bytes(most_bytes));
    let mut decoder = options.read_info(bytes).map_err(|error| error.to_string())?;
    let shared = shades(decoder.global_palette().unwrap_or_default());
    let mut screen = GreyPicture::blank(layout.width, layout.height);
    while let Some(frame) = decoder.read_next_frame().map_err(|error| error.to_string())? {
        let before = (frame.dispose == DisposalMethod::Previous).then(|| screen.clone());
        match &frame.palette {
            Some(palette) => draw(&mut screen, frame, &shades(palette)),
            None => draw(&mut screen, frame, &shared),
        }
        see(&screen);
        if let Some(before) = before {
            screen = before;
        } else if frame.dispose == DisposalMethod::Background {
            for y in 0..usize::from(frame.height) {
                row(&mut screen, frame, y).fill(255);
            }
        }
    }
    Ok(())
}

fn shades(palette: &[u8]) -> Vec<u8> {
    let (colours, _) = palette.as_chunks::<3>();
    colours.iter().map(|colour| luma(*colour)).collect()
}

fn draw(screen: &mut GreyPicture, frame: &Frame<'_>, shades: &[u8]) {
    let rows = frame.buffer.chunks(usize::from(frame.width).max(1));
    for (y, indices) in rows.enumerate() {
        for (pixel, index) in row(screen, frame, y).iter_mut().zip(indices) {
            if let Some(&shade) = shades.get(usize::from(*index))
                && frame.transparent != Some(*index)
            {
                *pixel = shade;
            }
        }
    }
}

/// The part of the screen that row `y` of the frame covers.
fn row<'s>(screen: &'s mut GreyPicture, frame: &Frame<'_>, y: usize) -> &'s mut [u8] {
    let top = usize::from(frame.top);
    screen.row_mut(top + y, usize::from(frame.left), usize::from(frame.width))
}
