//! A picture in shades of grey, and the same picture smaller or larger.

/// Rows of pixels from the top, each from 0 (black) to 255 (white).
#[derive(Clone, PartialEq, Eq)]
pub(super) struct GreyPicture {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// How the pixels of another size are made from those around them.
#[derive(Clone, Copy)]
pub(super) enum Filter {
    /// Linear, without overshoot: for smaller pictures.
    Triangle,
    /// Cubic, with sharp edges: for larger pictures.
    CatmullRom,
}

impl GreyPicture {
    /// From interleaved samples of 8 bits: grey, grey and alpha, RGB, or RGB and alpha. The alpha is left out.
    ///
    /// # Errors
    /// When there are fewer samples than the size needs.
    pub(super) fn from_samples(
        (width, height): (usize, usize),
        samples_per_pixel: usize,
        mut samples: Vec<u8>,
    ) -> Result<Self, String> {
        let needed = width
            .checked_mul(height)
            .and_then(|pixels| pixels.checked_mul(samples_per_pixel));
        if needed.is_none_or(|needed| samples.len() < needed) {
            return Err("it has fewer pixels than its size says".to_owned());
        }
        let pixels = width * height;
        match samples_per_pixel {
            0 | 1 => {}
            2 => (0..pixels).for_each(|pixel| samples[pixel] = samples[pixel * 2]),
            _ => (0..pixels).for_each(|pixel| {
                let at = pixel * samples_per_pixel;
                samples[pixel] = luma([samples[at], samples[at + 1], samples[at + 2]]);
            }),
        }
        samples.truncate(pixels);
        samples.shrink_to_fit();
        Ok(Self {
            width,
            height,
            pixels: samples,
        })
    }

    /// White.
    pub(super) fn blank(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            pixels: vec![255; width * height],
        }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn height(&self) -> usize {
        self.height
    }

    pub(super) fn pixel(&self, x: usize, y: usize) -> u8 {
        self.pixels[y * self.width + x]
    }

    /// The pixels of a row from `left` on, at most `width` of them.
    pub(super) fn row_mut(&mut self, y: usize, left: usize, width: usize) -> &mut [u8] {
        if y >= self.height {
            return &mut [];
        }
        let row = y * self.width;
        let left = left.min(self.width);
        let right = left.saturating_add(width).min(self.width);
        &mut self.pixels[row + left..row + right]
    }

    /// In another size. Neither may be 0.
    pub(super) fn resized(&self, width: usize, height: usize, filter: Filter) -> Self {
        let mut columns = vec![0.0; width * self.height];
        for (x, taps) in filter.taps(self.width, width).enumerate() {
            for y in 0..self.height {
                let row = &self.pixels[y * self.width + taps.first..];
                let sum = taps.weights.iter().zip(row);
                columns[y * width + x] = sum.map(|(weight, &pixel)| weight * f32::from(pixel)).sum();
            }
        }
        let mut pixels = Vec::with_capacity(width * height);
        let mut row = vec![0.0; width];
        for taps in filter.taps(self.height, height) {
            row.fill(0.0);
            for (weight, y) in taps.weights.iter().zip(taps.first..) {
                let column = &columns[y * width..(y + 1) * width];
                row.iter_mut()
                    .zip(column)
                    .for_each(|(sum, value)| *sum += weight * value);
            }
            // the conversion saturates
            pixels.extend(row.iter().map(|value: &f32| value.round() as u8));
        }
        Self {
            width,
            height,
            pixels,
        }
    }
}

/// The brightness of a colour (ITU-R BT.709).
pub(super) fn luma([red, green, blue]: [u8; 3]) -> u8 {
    ((2_126 * u32::from(red) + 7_152 * u32::from(green) + 722 * u32::from(blue)) / 10_000) as u8
}

/// What one pixel of another size is made of: so much of each pixel from `first` on.
struct Taps {
    first: usize,
    weights: Vec<f32>,
}

impl Filter {
    /// How many pixels on either side count, in pixels of the smaller size.
    fn reach(self) -> f64 {
        match self {
            Self::Triangle => 1.0,
            Self::CatmullRom => 2.0,
        }
    }

    fn weight(self, distance: f64) -> f64 {
        let x = distance.abs();
        match self {
            Self::Triangle => (1.0 - x).max(0.0),
            Self::CatmullRom if x < 1.0 => (1.5 * x - 2.5) * x * x + 1.0,
            Self::CatmullRom if x < 2.0 => ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0,
            Self::CatmullRom => 0.0,
        }
    }

    /// For each pixel along a side of `to` pixels, made from `from` pixels.
    fn taps(self, from: usize, to: usize) -> impl Iterator<Item = Taps> {
        let ratio = from as f64 / to as f64;
        let scale = ratio.max(1.0);
        let reach = self.reach() * scale;
        (0..to).map(move |pixel| {
            let centre = (pixel as f64 + 0.5) * ratio;
            let first = ((centre - reach).floor().max(0.0) as usize).min(from.saturating_sub(1));
            let end = ((centre + reach).ceil() as usize).clamp(first + 1, from.max(first + 1));
            let weights: Vec<f64> = (first..end)
                .map(|source| self.weight((source as f64 + 0.5 - centre) / scale))
                .collect();
            let sum: f64 = weights.iter().sum();
            Taps {
                first,
                weights: weights.iter().map(|weight| (weight / sum) as f32).collect(),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: usize, pixels: &[u8]) -> GreyPicture {
        GreyPicture {
            width,
            height: pixels.len() / width,
            pixels: pixels.to_vec(),
        }
    }

    #[test]
    fn colours_become_their_brightness_and_alpha_is_left_out() {
        let from = |samples: usize, bytes: &[u8]| {
            GreyPicture::from_samples((2, 1), samples, bytes.to_vec()).map(|picture| picture.pixels)
        };
        assert_eq!(from(1, &[3, 200]), Ok(vec![3, 200]));
        assert_eq!(from(2, &[3, 0, 200, 255]), Ok(vec![3, 200]));
        assert_eq!(from(3, &[255, 0, 0, 255, 255, 255]), Ok(vec![54, 255]));
        assert_eq!(from(4, &[0, 255, 0, 0, 0, 0, 255, 9]), Ok(vec![182, 18]));
        assert!(from(4, &[0; 7]).is_err());
        assert!(GreyPicture::from_samples((usize::MAX, 2), 4, vec![0; 8]).is_err());
    }

    #[test]
    fn a_smaller_picture_is_the_average_and_keeps_edges_in_place() {
        let stripes = picture(8, &[0, 0, 0, 0, 255, 255, 255, 255].repeat(4));
        let smaller = stripes.resized(4, 2, Filter::Triangle);
        assert_eq!((smaller.width(), smaller.height()), (4, 2));
        assert_eq!(smaller.pixels[..4], smaller.pixels[4..]);
        let [a, b, c, d] = [0, 1, 2, 3].map(|x| smaller.pixel(x, 0));
        assert!(a == 0 && b < 64 && c > 191 && d == 255, "{a} {b} {c} {d}");
        let flat = picture(3, &[77; 27]).resized(1, 2, Filter::Triangle);
        assert_eq!(flat.pixels, [77, 77]);
    }

    #[test]
    fn a_larger_picture_has_sharp_edges_and_the_same_shades() {
        let edge = picture(2, &[0, 255, 0, 255]);
        let larger = edge.resized(6, 6, Filter::CatmullRom);
        assert_eq!((larger.pixel(0, 0), larger.pixel(5, 5)), (0, 255));
        assert!(larger.pixel(1, 2) < 32 && larger.pixel(4, 2) > 223);
        let flat = picture(2, &[200; 4]).resized(6, 4, Filter::CatmullRom);
        assert_eq!(flat.pixels, [200; 24]);
    }

    #[test]
    fn one_pixel_and_the_same_size_are_sizes_too() {
        let dot = picture(1, &[9]);
        assert_eq!(dot.resized(3, 3, Filter::CatmullRom).pixels, [9; 9]);
        let noise: Vec<u8> = (0..35u8).map(|n| n.wrapping_mul(97)).collect();
        for filter in [Filter::Triangle, Filter::CatmullRom] {
            assert_eq!(picture(7, &noise).resized(7, 5, filter).pixels, noise);
        }
    }

    #[test]
    fn a_row_ends_where_the_picture_ends() {
        let mut picture = GreyPicture::blank(3, 2);
        picture.row_mut(1, 1, 9).fill(0);
        assert!(picture.row_mut(2, 0, 1).is_empty() && picture.row_mut(0, 7, 1).is_empty());
        assert_eq!(picture.pixels, [255, 255, 255, 255, 0, 0]);
    }
}
