//! Surfaces against classes of world state.

use super::text::{Page, width};
use crate::judge::{Judgement, Tally};
use crate::ledger::Verdict;
use std::collections::{BTreeMap, BTreeSet};

/// Writes the matrix, in as many blocks as the width needs; the states are lettered, since their names are long.
pub(super) fn write(page: &mut Page, judgement: &Judgement) {
    let tallies = &judgement.tallies;
    let surfaces: BTreeSet<&str> = tallies.iter().map(|tally| tally.surface.as_str()).collect();
    let mut classes: Vec<&str> = tallies
        .iter()
        .map(|tally| tally.state_class.as_str())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    if surfaces.is_empty() {
        return;
    }
    // At rest comes first, then the states with the fewest changes.
    classes.sort_by_key(|class| (*class != "at rest", class.matches('·').count(), *class));
    let cells: BTreeMap<(&str, &str), &Tally> = tallies
        .iter()
        .map(|tally| ((tally.surface.as_str(), tally.state_class.as_str()), tally))
        .collect();
    let meant = if tallies.iter().any(|tally| tally.excepted > 0) {
        ", are meant to get it (~)"
    } else {
        ""
    };
    page.title(&format!(
        "Surfaces by state of the world: probes that held, were inconclusive (?), leaked (!){meant}"
    ));
    let first = surfaces.iter().map(|surface| width(surface)).max().unwrap_or(0);
    let wide = tallies
        .iter()
        .map(|tally| width(&cell(tally)))
        .max()
        .unwrap_or(0)
        .max(4);
    let columns = (page.style().width.saturating_sub(first + 2) / (wide + 2)).max(1);
    for (block, some) in classes.chunks(columns).enumerate() {
        page.blank();
        let mut line = format!("  {:first$}", "");
        for index in 0..some.len() {
            line.push_str(&format!("  {:<wide$}", letter(block * columns + index)));
        }
        page.line(&line);
        for surface in &surfaces {
            let mut line = format!("  {surface:first$}");
            for class in some {
                line.push_str("  ");
                line.push_str(&padded(page, cells.get(&(*surface, *class)).copied(), wide));
            }
            page.line(&line);
        }
        page.blank();
        for (index, class) in some.iter().enumerate() {
            page.hanging(&format!("  {}  ", letter(block * columns + index)), class);
        }
    }
}

fn cell(tally: &Tally) -> String {
    let counts = [
        (tally.held, ""),
        (tally.inconclusive, "?"),
        (tally.leaked, "!"),
        (tally.excepted, "~"),
    ];
    let told: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, mark)| format!("{count}{mark}"))
        .collect();
    if told.is_empty() {
        "-".to_owned()
    } else {
        told.join(" ")
    }
}

/// A cell, coloured by its worst.
fn padded(page: &Page, tally: Option<&Tally>, wide: usize) -> String {
    let Some(tally) = tally else {
        return format!("{:<wide$}", "-");
    };
    let text = cell(tally);
    let rest = " ".repeat(wide.saturating_sub(width(&text)));
    match tally.verdict() {
        Some(Verdict::Leaked) => format!("{}{rest}", page.bad(&text)),
        Some(Verdict::Inconclusive) => format!("{}{rest}", page.unclear(&text)),
        Some(Verdict::Held) | None => format!("{text}{rest}"),
    }
}

/// A to Z, then A2 to Z2, and so on.
fn letter(index: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(index % 26).unwrap_or(0));
    match index / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{}", round + 1),
    }
}
