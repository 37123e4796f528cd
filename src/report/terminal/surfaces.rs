//! One line for each surface: how its probes ended, and in how many states everything held.

use super::text::{Page, number, width};
use crate::judge::{Judgement, Tally};
use crate::ledger::Verdict;
use std::collections::BTreeMap;

/// The counts of one surface over all states.
#[derive(Debug, Default)]
struct SurfaceCounts {
    held: u64,
    inconclusive: u64,
    leaked: u64,
    excepted: u64,
    states: usize,
    states_held: usize,
}

impl SurfaceCounts {
    fn add(&mut self, tally: &Tally) {
        self.held += tally.held;
        self.inconclusive += tally.inconclusive;
        self.leaked += tally.leaked;
        self.excepted += tally.excepted;
        self.states += 1;
        self.states_held += usize::from(tally.leaked == 0 && tally.inconclusive == 0);
    }

    fn worst(&self) -> Verdict {
        match (self.leaked, self.inconclusive) {
            (0, 0) => Verdict::Held,
            (0, _) => Verdict::Inconclusive,
            _ => Verdict::Leaked,
        }
    }
}

/// Writes the table in at most `most` lines: leaked surfaces first, then inconclusive ones, then those that held. A longer table
/// loses lines in its middle.
pub(super) fn write(page: &mut Page, judgement: &Judgement, most: usize) {
    let mut counts: BTreeMap<&str, SurfaceCounts> = BTreeMap::new();
    for tally in &judgement.tallies {
        counts.entry(&tally.surface).or_default().add(tally);
    }
    if counts.is_empty() {
        return;
    }
    let mut rows: Vec<(&str, SurfaceCounts)> = counts.into_iter().collect();
    // stable: within one verdict the surfaces stay in the order of their names
    rows.sort_by_key(|(_, counts)| match counts.worst() {
        Verdict::Leaked => 0,
        Verdict::Inconclusive => 1,
        Verdict::Held => 2,
    });
    let has_excepted = rows.iter().any(|(_, counts)| counts.excepted > 0);
    let wide = rows
        .iter()
        .map(|(name, _)| width(name))
        .max()
        .unwrap_or(0)
        .clamp(7, 40);
    let excepted = if has_excepted { "  excepted" } else { "" };
    page.title(&format!(
        "{:<wide$}     held  inconclusive   leaked{excepted}  states",
        "Surfaces",
        wide = wide + 2
    ));
    let kept = kept(rows.len(), most.saturating_sub(2));
    let left_out = rows.len() - kept.0 - kept.1;
    for (index, (name, counts)) in rows.iter().enumerate() {
        if index < kept.0 || index >= rows.len() - kept.1 {
            write_row(page, (name, wide), counts, has_excepted);
        } else if index == kept.0 {
            page.hanging(
                "  ",
                &format!("… {left_out} more surfaces (`--verbose` shows all)"),
            );
        }
    }
}

/// How many rows stand before and after the gap in the middle.
fn kept(rows: usize, most: usize) -> (usize, usize) {
    if rows <= most {
        return (rows, 0);
    }
    let after = most.saturating_sub(1) / 4;
    (most.saturating_sub(1 + after), after)
}

fn write_row(page: &mut Page, (name, wide): (&str, usize), counts: &SurfaceCounts, has_excepted: bool) {
    let excepted = if has_excepted {
        format!("  {:>8}", number(counts.excepted))
    } else {
        String::new()
    };
    let row = format!(
        "  {:<wide$}{:>9}  {:>12}  {:>7}{excepted}",
        shortened(name, wide),
        number(counts.held),
        number(counts.inconclusive),
        number(counts.leaked),
    );
    let states = match (counts.states_held, counts.states) {
        (held, all) if held == all => format!("{all}"),
        (held, all) => format!("{held} of {all} held"),
    };
    let row = format!("{row}  {states}");
    let row = match counts.worst() {
        Verdict::Leaked => page.bad(&row),
        Verdict::Inconclusive => page.unclear(&row),
        Verdict::Held => row,
    };
    page.line(&row);
}

/// A name that fits its column: the end of a longer one says more than its beginning.
fn shortened(name: &str, wide: usize) -> String {
    let letters = width(name);
    if letters <= wide {
        return name.to_owned();
    }
    let tail: String = name.chars().skip(letters - wide + 1).collect();
    format!("…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_is_too_long_keeps_its_beginning_and_its_end() {
        assert_eq!(kept(10, 10), (10, 0));
        assert_eq!(kept(38, 21), (15, 5));
        let (before, after) = kept(500, 30);
        assert_eq!(before + after + 1, 30);
    }

    #[test]
    fn a_name_that_is_too_long_keeps_its_end() {
        assert_eq!(shortened("media", 7), "media");
        assert_eq!(shortened("GET /v1/replays/{id}", 10), "…lays/{id}");
    }
}
