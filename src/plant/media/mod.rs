//! Synthetic recordings: real files, small and quick to make, whose every part says whose they are.
//!
//! Nothing in them is of a person. The audio form is a WAV of 8-bit samples at 8 kHz; the video form an AVI of JPEG
//! frames with such a sound track. The canary stands in them in three ways: as bytes (in the samples, in each
//! frame), so that any excerpt of [`EXCERPT`] identifies its owner; as a QR code in the picture and as tones in the
//! sound, so that it is found after a change of format.

mod avi;
mod picture;
mod transcript;
mod wav;

use super::canary::Canary;

pub use transcript::transcript;

/// Any excerpt of this many bytes of a synthetic recording carries the canary whole.
pub const EXCERPT: usize = 8 * 1024;
/// The usual size of an audio recording.
pub const AUDIO_BYTES: usize = 96 * 1024;
/// The usual size of a video recording.
pub const VIDEO_BYTES: usize = 256 * 1024;
/// The smallest audio recording: one period of the tone code and a header.
pub const MIN_AUDIO_BYTES: usize = 16 * 1024;
/// The smallest video recording: one period of the tone code in its sound track.
pub const MIN_VIDEO_BYTES: usize = 128 * 1024;

/// Which kind of recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaForm {
    /// Sound only.
    Audio,
    /// Picture and sound.
    Video,
}

/// A file.
#[derive(Clone, PartialEq, Eq)]
pub struct Media {
    /// What stands in it.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub mime: &'static str,
    /// What its name ends in, without the dot.
    pub extension: &'static str,
}

impl std::fmt::Debug for Media {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Media({}, {} bytes)", self.mime, self.bytes.len())
    }
}

/// What the name of a file of this form ends in, without the dot.
#[must_use]
pub fn extension(form: MediaForm) -> &'static str {
    match form {
        MediaForm::Audio => "wav",
        MediaForm::Video => "avi",
    }
}

/// Makes a recording of exactly `bytes` bytes (rounded down to an even number, and never below
/// [`MIN_AUDIO_BYTES`] or [`MIN_VIDEO_BYTES`]) that carries `canary`. The same arguments make the same file.
#[must_use]
pub fn synthesise(form: MediaForm, bytes: usize, canary: &Canary, seed: u64) -> Media {
    let bytes = bytes & !1;
    match form {
        MediaForm::Audio => Media {
            bytes: wav::file(bytes.max(MIN_AUDIO_BYTES), canary, seed),
            mime: "audio/wav",
            extension: "wav",
        },
        MediaForm::Video => Media {
            bytes: avi::file(bytes.max(MIN_VIDEO_BYTES), canary, seed),
            mime: "video/x-msvideo",
            extension: "avi",
        },
    }
}

/// The picture that stands for a recording: a PNG with the canary as a QR code and as a text chunk.
#[must_use]
pub fn thumbnail(canary: &Canary) -> Media {
    Media {
        bytes: picture::png(canary),
        mime: "image/png",
        extension: "png",
    }
}
