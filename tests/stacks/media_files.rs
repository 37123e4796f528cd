//! Synthetic recordings are files that other programs accept, and canaries survive what those programs do to them.
//!
//! `ffprobe` and `ffmpeg` are asked. Where they are not installed these tests are shown as ignored.

use std::{path::Path, process::Command, sync::Arc};

use bystander::plant::{
    canary::Canary,
    facet::Facet,
    media::{self, AUDIO_BYTES, Media, MediaForm, VIDEO_BYTES},
    registry::Registry,
    scan::{Hint, Scan, Scanner},
};
use libtest_mimic::Trial;

use crate::binary::Trouble;
use crate::trials::{ignored, trial};

type Outcome = Result<(), Trouble>;
type Probe = (&'static str, fn() -> Outcome);

/// How a recording is changed, and in which form its canary is then seen.
struct Change {
    name: &'static str,
    form: MediaForm,
    arguments: &'static [&'static str],
    extension: &'static str,
    seen_as: &'static str,
}

const TONES: &str = "audio > tones";
const QR_CODE: &str = "image > qr code > upper case";

const CHANGES: &[Change] = &[
    Change::sound("mp3", MediaForm::Audio, &["-b:a", "32k"], "mp3"),
    Change::sound(
        "aac_in_mp4",
        MediaForm::Audio,
        &["-c:a", "aac", "-b:a", "32k"],
        "mp4",
    ),
    Change::sound(
        "aac_in_adts",
        MediaForm::Audio,
        &["-c:a", "aac", "-b:a", "32k"],
        "aac",
    ),
    Change::sound(
        "vorbis_in_ogg",
        MediaForm::Audio,
        &["-c:a", "libvorbis", "-q:a", "0"],
        "ogg",
    ),
    Change::sound(
        "vorbis_in_matroska",
        MediaForm::Audio,
        &["-c:a", "libvorbis", "-q:a", "0"],
        "mkv",
    ),
    Change::sound("mu_law", MediaForm::Audio, &["-c:a", "pcm_mulaw"], "wav"),
    Change::sound(
        "stereo_at_44100_hertz",
        MediaForm::Audio,
        &["-ar", "44100", "-ac", "2", "-c:a", "pcm_s16le"],
        "wav",
    ),
    Change::sound(
        "three_seconds_of_mp3",
        MediaForm::Audio,
        &["-ss", "3.3", "-t", "3", "-b:a", "32k"],
        "mp3",
    ),
    Change::sound(
        "sound_of_a_video_in_mp4",
        MediaForm::Video,
        &["-vn", "-c:a", "aac", "-b:a", "32k"],
        "mp4",
    ),
    Change::sound(
        "mpeg4_video_with_aac",
        MediaForm::Video,
        &["-c:v", "mpeg4", "-c:a", "aac"],
        "mp4",
    ),
    Change::sound(
        "sound_track_of_an_avi",
        MediaForm::Video,
        &["-c:v", "mpeg4", "-c:a", "pcm_mulaw"],
        "avi",
    ),
    Change::frame("frame_as_png", &["-ss", "1", "-frames:v", "1"], "png"),
    Change::frame(
        "frame_as_jpeg",
        &["-ss", "1", "-frames:v", "1", "-q:v", "8"],
        "jpg",
    ),
    Change::frame(
        "frame_at_240_by_180",
        &["-vf", "scale=240:180", "-frames:v", "1"],
        "png",
    ),
    Change::frame(
        "frame_at_160_by_120",
        &["-vf", "scale=160:120", "-frames:v", "1"],
        "png",
    ),
    Change::frame(
        "frame_in_colour_turned_and_padded",
        &["-vf", "pad=900:700:200:100:green,rotate=0.1", "-frames:v", "1"],
        "jpg",
    ),
];

impl Change {
    const fn sound(
        name: &'static str,
        form: MediaForm,
        arguments: &'static [&'static str],
        extension: &'static str,
    ) -> Self {
        Self {
            name,
            form,
            arguments,
            extension,
            seen_as: TONES,
        }
    }

    const fn frame(name: &'static str, arguments: &'static [&'static str], extension: &'static str) -> Self {
        Self {
            name,
            form: MediaForm::Video,
            arguments,
            extension,
            seen_as: QR_CODE,
        }
    }
}

pub(crate) fn trials() -> Vec<Trial> {
    let missing = |program: &str| {
        let ended = Command::new(program).arg("-version").output();
        ended.is_err().then(|| format!("{program} is not installed"))
    };
    let (no_ffprobe, no_ffmpeg) = (missing("ffprobe"), missing("ffmpeg"));
    let probes: [Probe; 6] = [
        ("ffprobe_accepts_audio", || {
            accepted(MediaForm::Audio, AUDIO_BYTES, 12.28)
        }),
        ("ffprobe_accepts_video", || {
            accepted(MediaForm::Video, VIDEO_BYTES, 4.2)
        }),
        ("ffprobe_accepts_large_video", || {
            accepted(MediaForm::Video, 3_000_000, 50.0)
        }),
        ("ffprobe_accepts_the_smallest_audio", || {
            accepted(MediaForm::Audio, 0, 2.0)
        }),
        ("ffprobe_accepts_the_smallest_video", || {
            accepted(MediaForm::Video, 0, 2.0)
        }),
        ("ffprobe_accepts_a_thumbnail", thumbnail),
    ];
    let mut trials: Vec<Trial> = probes
        .into_iter()
        .map(|(name, run)| ignored(trial(module_path!(), name, run), no_ffprobe.clone()))
        .collect();
    trials.extend([MediaForm::Audio, MediaForm::Video].map(|form| {
        let name = format!("pieces_of_{form:?}_encoded_anew_are_recognised");
        let pieces = trial(module_path!(), &name, move || pieces(form));
        ignored(pieces, no_ffmpeg.clone())
    }));
    trials.extend(CHANGES.iter().map(|change| {
        let name = format!("survives_{}", change.name);
        let survives = trial(module_path!(), &name, || survives(change));
        ignored(survives, no_ffmpeg.clone())
    }));
    trials
}

fn sized(form: MediaForm, bytes: usize, canary: &Canary) -> Media {
    media::synthesise(form, bytes, canary, 11)
}

/// Writes the recording and asks ffprobe for `what`.
fn probe(media: &Media, what: &str) -> Result<String, Trouble> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("recording").with_extension(media.extension);
    std::fs::write(&file, &media.bytes)?;
    let arguments = [
        "-v",
        "warning",
        "-show_entries",
        what,
        "-of",
        "default=noprint_wrappers=1",
    ];
    let output = Command::new("ffprobe").args(arguments).arg(&file).output()?;
    let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() || !complaints.is_empty() {
        return Err(format!("ffprobe complains: {complaints}").into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn accepted(form: MediaForm, bytes: usize, least_seconds: f64) -> Outcome {
    let media = sized(form, bytes, &Canary::mint());
    let said = probe(
        &media,
        "stream=codec_name,width,height,sample_rate:format=duration,format_name",
    )?;
    let expected: &[&str] = match form {
        MediaForm::Audio => &["codec_name=pcm_u8", "sample_rate=8000", "format_name=wav"],
        MediaForm::Video => &[
            "codec_name=mjpeg",
            "width=400",
            "height=304",
            "codec_name=pcm_u8",
            "sample_rate=8000",
            "format_name=avi",
        ],
    };
    for line in expected {
        if !said.lines().any(|found| found == *line) {
            return Err(format!("expected {line} in\n{said}").into());
        }
    }
    let duration = said
        .lines()
        .find_map(|line| line.strip_prefix("duration="))
        .unwrap_or_default();
    let seconds: f64 = duration.parse()?;
    if seconds < least_seconds || seconds > least_seconds * 1.6 {
        return Err(format!("expected at least {least_seconds} s, found {seconds} s").into());
    }
    decoded_whole(&media, seconds)
}

/// Every frame can be decoded, not only the headers.
fn decoded_whole(media: &Media, seconds: f64) -> Outcome {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("recording").with_extension(media.extension);
    std::fs::write(&file, &media.bytes)?;
    let output = Command::new("ffprobe")
        .args([
            "-v",
            "warning",
            "-count_frames",
            "-show_entries",
            "stream=codec_type,nb_read_frames",
            "-of",
            "csv=p=0",
        ])
        .arg(&file)
        .output()?;
    if !output.stderr.is_empty() {
        return Err(format!("ffprobe complains: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let said = String::from_utf8(output.stdout)?;
    let frames = said
        .lines()
        .find_map(|line| line.strip_prefix("video,"))
        .map(str::parse::<f64>)
        .transpose()?;
    match frames {
        Some(frames) if (frames - seconds * 10.0).abs() > 1.0 => {
            Err(format!("expected ten frames a second, found {frames} in {seconds} s").into())
        }
        _ => Ok(()),
    }
}

fn thumbnail() -> Outcome {
    let said = probe(
        &media::thumbnail(&Canary::mint()),
        "stream=codec_name,width,height",
    )?;
    if said.lines().collect::<Vec<_>>() == ["codec_name=png", "width=320", "height=320"] {
        return Ok(());
    }
    Err(said.into())
}

fn survives(change: &Change) -> Outcome {
    let canary = Canary::mint();
    let bytes = if change.form == MediaForm::Audio {
        AUDIO_BYTES
    } else {
        VIDEO_BYTES
    };
    let media = sized(change.form, bytes, &canary);
    let folder = tempfile::tempdir()?;
    let before = folder.path().join("before").with_extension(media.extension);
    let after = folder.path().join("after").with_extension(change.extension);
    std::fs::write(&before, &media.bytes)?;
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-i"])
        .arg(&before)
        .args(["-map_metadata", "-1"])
        .args(change.arguments)
        .arg(&after)
        .output()?;
    if !output.status.success() {
        return Err(format!("ffmpeg complains: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let scan = scan(&canary, &after)?;
    let seen = scan
        .sightings
        .iter()
        .find(|sighting| sighting.form.to_string() == change.seen_as);
    match seen {
        Some(sighting) if sighting.recording == Some(7) && sighting.facet == Some(Facet::Media) => {}
        _ => return Err(format!("expected {}, found {scan:?}", change.seen_as).into()),
    }
    match scan.unfinished {
        Some(unfinished) => Err(format!("the scan is unfinished: {unfinished}").into()),
        None => Ok(()),
    }
}

/// What the clinic's recorder asks for: H.264 and AAC, in fragments of one file.
fn encoded_anew(form: MediaForm, canary: &Canary) -> Result<Vec<u8>, Trouble> {
    let (bytes, video): (_, &[&str]) = match form {
        MediaForm::Audio => (AUDIO_BYTES, &[]),
        MediaForm::Video => (
            VIDEO_BYTES,
            &[
                "-c:v", "libx264", "-preset", "veryfast", "-crf", "28", "-pix_fmt", "yuv420p",
            ],
        ),
    };
    let media = sized(form, bytes, canary);
    let folder = tempfile::tempdir()?;
    let before = folder.path().join("before").with_extension(media.extension);
    std::fs::write(&before, &media.bytes)?;
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-i"])
        .arg(&before)
        .args(["-map_metadata", "-1"])
        .args(video)
        .args([
            "-c:a", "aac", "-b:a", "32k", "-ar", "16000", "-ac", "1", "-f", "hls",
        ])
        .args([
            "-hls_segment_type",
            "fmp4",
            "-hls_flags",
            "single_file",
            "-hls_time",
            "2",
        ])
        .arg(folder.path().join("media.m3u8"))
        .output()?;
    if !output.status.success() {
        return Err(format!("ffmpeg complains: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(std::fs::read(folder.path().join("media.m4s"))?)
}

/// The whole shows its canary as tones; what is cut out of it shows nothing that can be decoded, and is recognised all the same,
/// for its own owner's and for nobody else's.
fn pieces(form: MediaForm) -> Outcome {
    let registry = Arc::new(Registry::new());
    let scanner = Scanner::new(Arc::clone(&registry));
    let mut stored = Vec::new();
    for recording in [7, 8, 9] {
        let canary = Canary::mint();
        registry.plant(&canary, recording, Facet::Media);
        let media = encoded_anew(form, &canary)?;
        let whole = scanner.scan(&media, Hint::default());
        let heard = whole.sightings.iter().any(|one| {
            one.recording == Some(recording)
                && one.facet == Some(Facet::Media)
                && one.form.to_string() == TONES
        });
        if !heard || whole.unfinished.is_some() {
            return Err(format!("{recording}: {whole:?}").into());
        }
        registry.remember(recording, &media);
        stored.push((recording, media));
    }
    for (recording, media) in &stored {
        let (middle, length) = (media.len() / 3, media.len());
        for cut in [0..8192, middle..middle + 8192, length - 8192..length, 1..length] {
            let scan = scanner.scan(
                &media[cut.clone()],
                Hint {
                    content_type: Some("video/mp4"),
                    ..Hint::default()
                },
            );
            let of: Vec<_> = scan.sightings.iter().map(|one| one.recording).collect();
            let is_piece = scan.sightings.iter().any(|one| one.form.to_string() == "piece");
            let ours = is_piece && of.iter().all(|one| *one == Some(*recording));
            if !ours || scan.unfinished.is_some() {
                return Err(format!("{recording} of {length} bytes, {cut:?}: {scan:?}").into());
            }
        }
    }
    Ok(())
}

fn scan(canary: &Canary, file: &Path) -> Result<Scan, Trouble> {
    let registry = Registry::new();
    registry.plant(canary, 7, Facet::Media);
    Ok(Scanner::new(Arc::new(registry)).scan(&std::fs::read(file)?, Hint::default()))
}
