//! `bystander report`: the reports of a run made again from its ledger.

use super::arguments::{Color, ReportArguments};
use super::{Failure, say};
use crate::judge::{Judge, Judgement, exit};
use crate::ledger::{Entry, read_file};
use crate::report::terminal::{self, Style, Verbosity};
use crate::report::write_all;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Makes the reports.
pub(super) fn report(arguments: &ReportArguments) -> Result<u8, Failure> {
    let judgement = read_and_judge(&arguments.ledger, None)?;
    let style = style(arguments.color, arguments.quiet, arguments.verbose);
    say(&terminal::render(&judgement, style));
    if let Some(dir) = &arguments.out {
        let paths = write_all(dir, &judgement).map_err(|error| Failure::with(exit::REPORT, &error))?;
        say_where(&paths, style);
    }
    Ok(exit::code(&judgement, false))
}

/// Judges the ledger of a file; `ended_ms` when its run is known to have ended by itself, though the last line is not there
/// yet.
pub(super) fn read_and_judge(path: &Path, ended_ms: Option<u64>) -> Result<Judgement, Failure> {
    let entries = read_file(path).map_err(|error| Failure::with(exit::USAGE, &error))?;
    let mut judge = Judge::default();
    for entry in entries {
        let entry = entry.map_err(|error| Failure::with(exit::USAGE, &error))?;
        if let Entry::Check(_) = entry {
            let error = format!(
                "`{}` is the ledger of `bystander check`, which judges nothing\nhint: name the ledger of a run",
                path.display()
            );
            return Err(Failure::with(exit::USAGE, &error));
        }
        judge.observe(&entry);
    }
    if let Some(at_ms) = ended_ms {
        judge.complete(at_ms);
    }
    Ok(judge.finish())
}

/// How text is to look on stdout.
pub(super) fn style(color: Color, quiet: bool, verbose: bool) -> Style {
    let terminal = std::io::stdout().is_terminal();
    let columns =
        terminal_size::terminal_size_of(std::io::stdout()).map(|(columns, _)| usize::from(columns.0));
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Style {
        color: match color {
            Color::Auto => terminal && !plain,
            Color::Always => true,
            Color::Never => false,
        },
        verbosity: match (quiet, verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        },
        width: columns.unwrap_or(Style::default().width),
    }
}

/// Says where the files are.
pub(super) fn say_where(paths: &[PathBuf], style: Style) {
    if style.verbosity != Verbosity::Quiet {
        say(&terminal::written(paths, style));
    }
}
