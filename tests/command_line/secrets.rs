//! Whatever a run leaves behind can be shown to anybody: no canary, no password, no session.

use std::fs;
use std::sync::Arc;

use bystander::cast::People;
use bystander::ledger::Entry;
use bystander::plant::canary::Canary;
use bystander::plant::registry::Registry;
use bystander::plant::scan::{Hint, Scanner};

use crate::binary::{Ended, Trouble, ensure};
use crate::embedded;

/// How credentials begin, or are called.
const WORDS: [&str; 9] = [
    "bearer ",
    "authorization",
    "clinic_session=",
    "set-cookie",
    "x-clinic-",
    "argon2",
    "signature=",
    "\"password\"",
    "@example.test",
];

/// Everything that a run says or leaves, by name.
fn left(ended: &Ended) -> Result<Vec<(String, Vec<u8>)>, Trouble> {
    let mut left = vec![
        ("stdout".to_owned(), ended.stdout.clone().into_bytes()),
        ("stderr".to_owned(), ended.stderr.clone().into_bytes()),
    ];
    for entry in fs::read_dir(ended.file(""))? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        left.push((name, fs::read(&path)?));
    }
    let files: Vec<&str> = left.iter().map(|(name, _)| name.as_str()).collect();
    ensure(
        ["ledger.ndjson", "summary.json", "junit.xml"]
            .iter()
            .all(|file| files.contains(file)),
        || format!("only {files:?}"),
    )?;
    Ok(left)
}

/// The passwords of everybody in the run: they can be worked out from the seed.
fn passwords(ended: &Ended) -> Result<Vec<String>, Trouble> {
    let (mut people, mut passwords) = (None, Vec::new());
    for entry in ended.ledger()? {
        match entry {
            Entry::Run(run) => people = Some(People::new(run.seed, &run.run)),
            Entry::Persona(persona) => {
                let people = people.as_ref().ok_or("somebody came before the run began")?;
                let identity = people.person(persona.scenario, &persona.name);
                ensure(identity.full_name == persona.full_name, || {
                    format!("{} is {identity:?}", persona.full_name)
                })?;
                passwords.push(identity.password);
            }
            _ => {}
        }
    }
    ensure(passwords.len() > 20, || {
        format!("only {} people", passwords.len())
    })?;
    Ok(passwords)
}

#[test]
fn nothing_that_a_run_leaves_is_secret() -> Result<(), Trouble> {
    let scanner = Scanner::new(Arc::new(Registry::new()));
    // links, cookies, refusals and leaks of every kind, told as fully as possible
    let leaks = [
        "--verbose",
        "--fault",
        "replays-by-null-video-session",
        "--tags",
        "@switching or @links or @sessions",
    ];
    let stops = [
        "--verbose",
        "--fault",
        "finalised-without-owner",
        "--tags",
        "@finalising or @kill-switch or @clinicians",
    ];
    for arguments in [leaks, stops] {
        let ended = embedded(&arguments)?;
        ended.expect_code(1)?;
        let passwords = passwords(&ended)?;
        for (name, bytes) in left(&ended)? {
            let scan = scanner.scan(&bytes, Hint::default());
            ensure(scan.sightings.is_empty() && scan.unfinished.is_none(), || {
                format!("{name} has canaries in it: {scan:?}")
            })?;
            let text = String::from_utf8(bytes)?;
            let lower = text.to_lowercase();
            for word in WORDS {
                ensure(!lower.contains(word), || format!("{name} has `{word}` in it"))?;
            }
            ensure(!passwords.iter().any(|password| text.contains(password)), || {
                format!("{name} has a password in it")
            })?;
        }
    }
    Ok(())
}

/// The test above would see a canary that this process has never heard of.
#[test]
fn a_canary_in_a_ledger_would_be_seen() {
    let scanner = Scanner::new(Arc::new(Registry::new()));
    let line = format!(
        "{{\"entry\":\"trouble\",\"what\":\"could not read {}\"}}\n",
        Canary::mint().token()
    );
    assert_eq!(scanner.scan(line.as_bytes(), Hint::default()).sightings.len(), 1);
}
