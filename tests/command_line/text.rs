//! Text as a snapshot can hold it: without what differs from run to run, each paragraph on one line.

use regex::Regex;

use crate::binary::Trouble;

/// Names of the details under a finding; what is indented as deep, and is none, goes on with the sentence.
const DETAILS: [&str; 11] = [
    "request", "response", "found", "head", "twin", "control", "state", "extent", "rule", "scenario", "also",
];

/// What differs, and what is put in its place.
const DIFFERS: [(&str, &str); 10] = [
    (r" · run [0-9a-f]{8} · ", " · run [run] · "),
    (r"(?m) probes · [0-9.]+ (s|min)$", " probes · [elapsed]"),
    (r"(?m)^Started     [0-9TZ:.-]+$", "Started     [when]"),
    (r"up in [0-9.]+ s", "up in [elapsed]"),
    (r"([0-9.]+ s|right) after ", "[soon] after "),
    (r"\(exchange [0-9,]+\)", "(exchange [n])"),
    (r"[0-9,]+ bytes", "[n] bytes"),
    (r"from byte [0-9,]+", "from byte [n]"),
    (r"sha256 [0-9a-f]+", "sha256 [hash]"),
    (r"(?m)^In all      [0-9,]+ exchanges", "In all      [n] exchanges"),
];

/// Ready for a snapshot.
pub(crate) fn steady(text: &str) -> Result<String, Trouble> {
    let mut text = unwrapped(text);
    for (differs, instead) in DIFFERS {
        text = Regex::new(differs)?.replace_all(&text, instead).into_owned();
    }
    Ok(text)
}

/// Lines are broken where they are full, and how full they are depends on times.
fn unwrapped(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let depth = line.len() - line.trim_start().len();
        let word = line.split_whitespace().next().unwrap_or_default();
        let goes_on = (13..40).contains(&depth)
            || depth == 5 && !DETAILS.contains(&word) && !["And", "`--verbose`"].contains(&word);
        match lines.last_mut() {
            Some(last) if goes_on && !last.is_empty() => {
                last.push(' ');
                last.push_str(line.trim_start());
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines.join("\n") + "\n"
}

/// What a report says, without where its files are.
pub(crate) fn without_files(text: &str) -> String {
    let names_files = |line: &&str| line.contains("/: ") && line.contains("summary.json");
    let kept = text.lines().take_while(|line| !names_files(line));
    kept.map(|line| format!("{line}\n")).collect()
}

/// Without the colours.
pub(crate) fn without_colours(text: &str) -> Result<String, Trouble> {
    Ok(Regex::new("\u{1b}\\[[0-9;]*m")?
        .replace_all(text, "")
        .into_owned())
}
