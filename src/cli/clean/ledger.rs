//! `bystander clean --ledger`: takes back what a run that was cut off has done to a stack that stays.

use crate::clear::{Cleanup, CleanupResult};
use crate::cli::Failure;
use crate::cli::arguments::CleanArguments;
use crate::cli::run::guarded;
use crate::cli::say_line;
use crate::http::{Sender, StackClient};
use crate::judge::exit;
use crate::ledger::{Entry, is_alive, read_file};
use crate::profile::{Profile, Vars};
use crate::undo::{NotedRun, UNDO, UndoFile};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a ledger says of its run.
#[derive(Debug, Default)]
struct LedgerRun {
    run: Option<String>,
    kind: Option<String>,
    finished: bool,
}

/// Puts the stack back, and says what it took.
pub(super) async fn clean(ledger: &Path, arguments: &CleanArguments) -> Result<u8, Failure> {
    let Some((path, told)) = undo_file(ledger)? else {
        return Ok(exit::HELD);
    };
    let file = UndoFile::open(&path).map_err(|error| Failure::with(exit::USAGE, &error))?;
    let left = file.remaining();
    if left.cut {
        say_line!(
            "the last line of `{}` was cut off: what it was to announce was never sent",
            path.display()
        );
    }
    let Some(run) = left.run.clone().filter(|_| !left.is_nothing()) else {
        file.close()
            .map_err(|error| Failure::with(exit::REPORT, &error))?;
        say_line!("nothing is left to put back");
        return Ok(exit::HELD);
    };
    if let Some(other) = told.run.filter(|other| *other != run.run) {
        return Err(usage(format!(
            "`{}` is of the run {}, and the ledger of {other}\nhint: `bystander clean --ledger {}` puts back what the first has left",
            path.display(),
            run.run,
            path.display()
        )));
    }
    let profile = Arc::new(profile(&run, arguments.profile.as_deref())?);
    let site = StackClient::new(
        Arc::clone(&profile),
        &Vars::default().with("run", run.run.as_str()),
    )
    .map_err(|error| Failure::with(exit::USAGE, &error))?;
    same_stack(&run, &site)?;
    for announced in guarded(&site).await? {
        say_line!("{announced}");
    }
    let sender = Sender::for_profile(&profile, arguments.timeout)
        .map_err(|error| Failure::with(exit::USAGE, &error))?;
    say_line!(
        "putting back what the run {} has left in {}: {}",
        run.run,
        profile.target.name,
        left.in_words()
    );
    let file = Arc::new(file);
    let cleared = Cleanup::new(&site, &sender, &file).through().await;
    cleared.lines().iter().for_each(|line| say_line!("{line}"));
    file.check()
        .map_err(|error| Failure::with(exit::REPORT, &error))?;
    let left = file
        .close()
        .map_err(|error| Failure::with(exit::REPORT, &error))?;
    if left.is_nothing() && cleared.failed.is_empty() {
        say_line!("nothing is left of the run {}", run.run);
        return Ok(exit::HELD);
    }
    Err(still_there(&cleared, &path, ledger, &left.in_words()))
}

/// The undo file of a ledger, with what the ledger says; none when there is nothing to do, which has been said then.
fn undo_file(ledger: &Path) -> Result<Option<(PathBuf, LedgerRun)>, Failure> {
    let unread = |error: &dyn std::fmt::Display| Failure::with(exit::USAGE, &error.to_string());
    if is_undo_file(ledger) {
        return Ok(Some((ledger.to_owned(), LedgerRun::default())));
    }
    let alive = is_alive(ledger).map_err(|error| unread(&error))?;
    let mut told = LedgerRun::default();
    for entry in read_file(ledger).map_err(|error| unread(&error))? {
        match entry.map_err(|error| unread(&error))? {
            Entry::Run(run) => told.run = Some(run.run),
            Entry::Check(check) => told.run = Some(check.run),
            Entry::Stack(stack) => told.kind = Some(stack.kind),
            Entry::Finished(_) => told.finished = true,
            _ => {}
        }
    }
    let name = told.run.clone().unwrap_or_else(|| "of this ledger".to_owned());
    if alive {
        return Err(usage(format!(
            "the run {name} is still alive: nothing was sent\nhint: wait until it has ended, or end it"
        )));
    }
    let path = ledger.with_file_name(UNDO);
    if path.exists() {
        return Ok(Some((path, told)));
    }
    let given = told.kind.as_deref() == Some("given");
    if told.finished {
        say_line!("nothing is left of the run {name}: it has ended by itself, and put everything back");
    } else if given {
        say_line!(
            "nothing is left of the run {name}: there is no `{}`, which goes when everything has been put back",
            path.display()
        );
    } else if told.kind.is_some() {
        say_line!(
            "nothing is left of the run {name} in a stack that stays: it brought its own up\nhint: `bystander clean` removes containers of runs that were killed"
        );
    } else {
        say_line!("nothing is left of the run {name}: it was over before its stack was up");
    }
    Ok(None)
}

/// Whether a file is an undo file itself, such as one that a later run has set aside.
fn is_undo_file(path: &Path) -> bool {
    use std::io::{BufRead as _, BufReader};
    let mut line = String::new();
    std::fs::File::open(path)
        .and_then(|file| BufReader::new(file).read_line(&mut line))
        .is_ok()
        && line.starts_with(r#"{"undo":"#)
}

/// The profile by which the stack is put back: this one, or else the run's own if that still says the same.
fn profile(run: &NotedRun, named: Option<&Path>) -> Result<Profile, Failure> {
    if let Some(path) = named {
        return Profile::read(path).map_err(Failure::usage);
    }
    let shown = run.profile.display();
    if !run.profile.exists() {
        return Err(usage(format!(
            "the profile `{shown}` of the run {} is not there any more\nhint: name it with `--profile FILE`",
            run.run
        )));
    }
    let profile = Profile::read(&run.profile).map_err(Failure::usage)?;
    let mut changed: Vec<String> = run
        .parts
        .iter()
        .filter(|(name, hash)| profile.fingerprints.get(*name) != Some(hash))
        .map(|(name, _)| format!("`[{name}]`"))
        .collect();
    let Some(last) = changed.pop() else {
        return Ok(profile);
    };
    let which = if changed.is_empty() {
        last
    } else {
        format!("{} and {last}", changed.join(", "))
    };
    Err(usage(format!(
        "{which} of the profile `{shown}` no longer says what it said when the run {} began\nhint: if it is to be put back by what it says now, name it: `--profile {shown}`",
        run.run
    )))
}

/// What was planted in one stack is not looked for in another.
fn same_stack(run: &NotedRun, site: &StackClient) -> Result<(), Failure> {
    let now = site.bases();
    for (name, address) in &run.addresses {
        let other = now
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, address)| address);
        if other != Some(address) {
            let found = other.map_or_else(|| "is not there".to_owned(), |other| format!("is `{other}`"));
            return Err(usage(format!(
                "the run {} was on another stack: `[base] {name}` was `{address}`, and {found} now; nothing was sent\nhint: set what the profile takes from the environment as it was then",
                run.run
            )));
        }
    }
    Ok(())
}

fn still_there(cleared: &CleanupResult, path: &Path, ledger: &Path, left: &str) -> Failure {
    let mut text = format!("still in the stack: {left}");
    for failed in &cleared.failed {
        text.push_str(&format!(
            "\n  {}: {}",
            failed.what,
            failed.why.replace('\n', "\n    ")
        ));
    }
    text.push_str(&format!(
        "\nhint: mend the stack or the profile, then say `bystander clean --ledger {}` again; what you remove by hand until it answers 404 or 410 counts as deleted; if the whole stack is gone, delete `{}`",
        ledger.display(),
        path.display()
    ));
    Failure::with(exit::INCONCLUSIVE, &text)
}

fn usage(text: String) -> Failure {
    Failure::with(exit::USAGE, &text)
}
