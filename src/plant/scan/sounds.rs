//! Sound: the tone code in whatever symphonia decodes, in AVI sound tracks and in bare µ-law.

use std::io::Cursor;

use symphonia::core::{
    audio::SampleBuffer,
    codecs::{CODEC_TYPE_NULL, Decoder, DecoderOptions},
    errors::Error,
    formats::{FormatOptions, FormatReader},
    io::{MediaSourceStream, MediaSourceStreamOptions},
    meta::MetadataOptions,
    probe::Hint as FormatHint,
};

use super::{marks::FormatMark, pass::ScanPass};
use crate::plant::{form::Layer, token::TokenBits, tones};

/// No more than this is copied for the decoder.
const LARGEST: usize = 256 << 20;
/// Bare µ-law is at the rate of the telephone.
const TELEPHONE: u32 = 8_000;

/// What was heard.
#[derive(Default)]
struct DecodedTones {
    words: Vec<TokenBits>,
    seconds: u64,
    /// Why not all of it.
    stopped: Option<DecodeStopped>,
}

enum DecodeStopped {
    Limit,
    Unreadable(String),
}

/// Opens the sound that begins at `at`; how many bytes need no other look at their marks.
pub(super) fn open(
    hunt: &mut ScanPass<'_>,
    mark: FormatMark,
    at: usize,
    bytes: &[u8],
    begins: bool,
) -> usize {
    let most = hunt.budget.audio_seconds;
    let heard = match mark {
        FormatMark::Riff if bytes.get(8..12) == Some(b"AVI ") => {
            let track = sound_track(bytes);
            hunt.guarded(|| track.map_or_else(DecodedTones::default, |wav| decode(&wav, "wav", most)))
        }
        FormatMark::Riff if bytes.get(8..12) != Some(b"WAVE") => None,
        FormatMark::Au => au(bytes).map(|samples| decode_tones([samples], TELEPHONE, most)),
        FormatMark::Id3 if bytes.get(3).is_none_or(|version| !(2..=4).contains(version)) => None,
        FormatMark::Mp4 if bytes.first().is_none_or(|&high| high != 0) => None,
        _ => hunt.guarded(|| decode(bytes, extension(mark), most)),
    };
    if let Some(heard) = heard {
        record_tones(hunt, heard, at, begins);
    }
    0
}

/// Tries what was announced as sound or video and has no known beginning.
pub(super) fn open_unmarked(hunt: &mut ScanPass<'_>, bytes: &[u8], kind: &str) {
    let most = hunt.budget.audio_seconds;
    let heard = if kind.starts_with("audio/basic") || kind.starts_with("audio/pcmu") {
        Some(decode_tones(
            [bytes.iter().map(|&c| mu_law(c)).collect()],
            TELEPHONE,
            most,
        ))
    } else {
        hunt.guarded(|| decode(bytes, "mp3", most))
    };
    if let Some(heard) = heard {
        record_tones(hunt, heard, 0, true);
    }
}

/// Tries what might be sound by its first two bytes.
pub(super) fn taste(hunt: &mut ScanPass<'_>, bytes: &[u8]) {
    let most = hunt.budget.audio_seconds;
    let head = &bytes[..bytes.len().min(LARGEST / 16)];
    if let Some(heard) = hunt.guarded(|| decode(head, "mp3", most)) {
        record_tones(hunt, heard, 0, false);
    }
}

fn record_tones(hunt: &mut ScanPass<'_>, heard: DecodedTones, at: usize, certain: bool) {
    hunt.budget.audio_seconds = hunt.budget.audio_seconds.saturating_sub(heard.seconds);
    hunt.within(&[Layer::Audio], at, |hunt| {
        for bits in heard.words {
            hunt.saw(bits, &[Layer::Tones], at);
        }
        match heard.stopped {
            Some(DecodeStopped::Limit) => {
                hunt.limit(format!("{} seconds of sound", hunt.scanner.limits.audio_seconds))
            }
            Some(DecodeStopped::Unreadable(reason)) if certain => hunt.corrupt(reason),
            _ => {}
        }
    });
}

fn extension(mark: FormatMark) -> &'static str {
    match mark {
        FormatMark::Riff => "wav",
        FormatMark::Ogg => "ogg",
        FormatMark::Matroska => "mkv",
        FormatMark::Mp4 => "mp4",
        _ => "mp3",
    }
}

/// Decodes every track that symphonia knows, and listens to it.
fn decode(bytes: &[u8], extension: &str, most: u64) -> DecodedTones {
    let source = Cursor::new(bytes[..bytes.len().min(LARGEST)].to_vec());
    let stream = MediaSourceStream::new(Box::new(source), MediaSourceStreamOptions::default());
    let mut hint = FormatHint::new();
    hint.with_extension(extension);
    let options = (FormatOptions::default(), MetadataOptions::default());
    let mut format = match symphonia::default::get_probe().format(&hint, stream, &options.0, &options.1) {
        Ok(probed) => probed.format,
        Err(error) => {
            return DecodedTones {
                stopped: Some(DecodeStopped::Unreadable(error.to_string())),
                ..DecodedTones::default()
            };
        }
    };
    let mut tracks: Vec<Track> = format.tracks().iter().filter_map(Track::new).collect();
    let stopped = read_packets(format.as_mut(), &mut tracks, most);
    let silent = tracks
        .iter()
        .all(|track| track.channels.iter().all(Vec::is_empty));
    let mut heard = DecodedTones {
        stopped,
        ..DecodedTones::default()
    };
    if silent && heard.stopped.is_none() {
        heard.stopped = Some(DecodeStopped::Unreadable(
            "there is no sound that can be decoded".to_owned(),
        ));
    }
    for track in tracks {
        let more = decode_tones(track.channels, track.rate, most);
        heard.seconds += more.seconds;
        heard.words.extend(more.words);
    }
    heard
}

struct Track {
    id: u32,
    rate: u32,
    decoder: Box<dyn Decoder>,
    /// The first two channels: two people may be recorded side by side.
    channels: [Vec<f32>; 2],
}

impl Track {
    fn new(track: &symphonia::core::formats::Track) -> Option<Self> {
        let parameters = &track.codec_params;
        if parameters.codec == CODEC_TYPE_NULL {
            return None;
        }
        let decoder = symphonia::default::get_codecs()
            .make(parameters, &DecoderOptions::default())
            .ok()?;
        let rate = parameters
            .sample_rate
            .filter(|rate| (4_000..=384_000).contains(rate))?;
        Some(Self {
            id: track.id,
            rate,
            decoder,
            channels: Default::default(),
        })
    }

    fn seconds(&self) -> u64 {
        self.channels[0].len() as u64 / u64::from(self.rate)
    }
}

fn read_packets(format: &mut dyn FormatReader, tracks: &mut [Track], most: u64) -> Option<DecodeStopped> {
    loop {
        let packet = match format.next_packet() {
            Ok(packet) => packet,
            // The end of a stream is an error here; so is a file that is cut short, which was played so far.
            Err(Error::IoError(_) | Error::ResetRequired) => return None,
            Err(error) => return Some(DecodeStopped::Unreadable(error.to_string())),
        };
        let Some(track) = tracks.iter_mut().find(|track| track.id == packet.track_id()) else {
            continue;
        };
        match track.decoder.decode(&packet) {
            Ok(decoded) => {
                let spec = *decoded.spec();
                let count = spec.channels.count().max(1);
                let mut samples = SampleBuffer::<f32>::new(decoded.capacity() as u64, spec);
                samples.copy_interleaved_ref(decoded);
                for (number, channel) in track.channels.iter_mut().enumerate().take(count) {
                    channel.extend(samples.samples().iter().skip(number).step_by(count));
                }
            }
            // One bad packet is a gap.
            Err(Error::DecodeError(_)) => {}
            Err(error) => return Some(DecodeStopped::Unreadable(error.to_string())),
        }
        if track.seconds() > most {
            return Some(DecodeStopped::Limit);
        }
    }
}

fn decode_tones(channels: impl IntoIterator<Item = Vec<f32>>, rate: u32, most: u64) -> DecodedTones {
    let mut heard = DecodedTones::default();
    for mut samples in channels {
        let limit = usize::try_from(most.saturating_mul(u64::from(rate))).unwrap_or(usize::MAX);
        if samples.len() > limit {
            samples.truncate(limit);
            heard.stopped = Some(DecodeStopped::Limit);
        }
        heard.seconds = heard.seconds.max(samples.len() as u64 / u64::from(rate));
        for bits in tones::read(&samples, rate) {
            if !heard.words.contains(&bits) {
                heard.words.push(bits);
            }
        }
    }
    heard
}

/// The sound track of an AVI file as a WAV file: the same description of samples, the same samples.
fn sound_track(avi: &[u8]) -> Option<Vec<u8>> {
    let (mut format, mut samples) = (None, Vec::new());
    let mut at = 12;
    let mut is_sound = false;
    while let Some(&[a, b, c, d, e, f, g, h]) = avi.get(at..at + 8).and_then(|head| head.first_chunk()) {
        let length = u32::from_le_bytes([e, f, g, h]) as usize;
        let body = &avi[at + 8..(at + 8).saturating_add(length).min(avi.len())];
        match &[a, b, c, d] {
            // Lists are entered: what follows the name of a list is a chunk again.
            b"LIST" | b"RIFF" => {
                at += 12;
                continue;
            }
            b"strh" => is_sound = body.starts_with(b"auds"),
            b"strf" if is_sound && format.is_none() => format = Some(body),
            [_, _, b'w', b'b'] => samples.extend_from_slice(body),
            _ => {}
        }
        at = (at + 8).saturating_add(length).saturating_add(length % 2);
    }
    let format = format?;
    let long = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes();
    Some(
        [
            &b"RIFF"[..],
            &long(20 + format.len() + samples.len()),
            b"WAVEfmt ",
            &long(format.len()),
            format,
            b"data",
            &long(samples.len()),
            &samples,
        ]
        .concat(),
    )
}

/// The samples of a `.snd` file in µ-law.
fn au(bytes: &[u8]) -> Option<Vec<f32>> {
    let long = |at: usize| {
        bytes
            .get(at..at + 4)
            .map(|four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]))
    };
    let (offset, encoding, rate) = (long(4)?, long(12)?, long(16)?);
    let samples = bytes.get(offset as usize..)?;
    (encoding == 1 && rate == TELEPHONE).then(|| samples.iter().map(|&c| mu_law(c)).collect())
}

/// A sample of ITU-T G.711 µ-law.
fn mu_law(code: u8) -> f32 {
    let code = !code;
    let magnitude = (((i32::from(code & 15) << 3) + 0x84) << (code >> 4 & 7)) - 0x84;
    let sample = if code & 0x80 == 0 { magnitude } else { -magnitude };
    sample as f32 / 32_768.0
}
