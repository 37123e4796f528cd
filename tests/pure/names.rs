//! Names and texts that were dropped stay dropped: in types and functions of the sources, in file names, and in what users read.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Type names that say nothing to a newcomer. Each was replaced by the field's term.
const TYPES: &str = "Stage Backdrop Behind Bench Scene Witness Station Stations Carrier Carried Courier Direct Traveller Caller Party \
    Parties Errand Manner Turn Standing Question Asked Asker Asking Entitled Needed Taken Looking Anew Wanted TwinBook TwinForm Spread \
    Plainness Deed Attempts Try Trying Tried Kept Together Ticket Walk Walked Trail Sought Hold StackHold Lent Loan Spares Raise Raised \
    Another Leaving Begun Introduced Belonging Foreseen Imagined Doing Site View Keys Jar Lanes Lane Patience Exhausted Within By Way \
    With At Per Whom Who What Likes Likeness Book Act Setting Story Upshot Half Case Meant Found WayOut Fared Fate Sight Watch Order \
    Leftovers Paper Family Hunt Suspects Taking Undecided Door Sent Knock Openly Acting Among Told Known Seen";

/// Function names with many meanings, or with none that a newcomer would guess.
const FUNCTIONS: &str = "told ailing look walk ask carry keep said beside arrive pulse furnish stands is_theirs_too has_come \
    give_what_stands be_done_with renewing_is_futile tells_from landed while_uneven anew amiss";

/// Words that no text for users has. A word in back quotes is a name.
const WORDS: [&str; 5] = ["anew", "whoever", "amiss", "told of", "of those who"];

/// The table of old spellings is the one place that may name them.
const SPELLINGS: &str = "src/spelling.rs";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(below: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|is| is == ending) {
            found.push(path);
        }
    }
}

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for below in ["src", "fixtures/clinic/src"] {
        files(&root().join(below), "rs", &mut found);
    }
    assert!(found.len() > 500, "only {} sources were found", found.len());
    found
}

/// The name that a line defines with one of these keywords.
fn defined<'a>(line: &'a str, keywords: &[&str]) -> Option<&'a str> {
    let mut words = line.split_whitespace().skip_while(|word| {
        word.starts_with("pub") || word.starts_with("crate") || ["const", "async", "in"].contains(word)
    });
    let keyword = words.next()?;
    let name = words.next().filter(|_| keywords.contains(&keyword))?;
    name.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .next()
}

#[test]
fn no_type_and_no_function_has_a_dropped_name() {
    let types: BTreeSet<&str> = TYPES.split_whitespace().collect();
    let functions: BTreeSet<&str> = FUNCTIONS.split_whitespace().collect();
    let mut dropped = Vec::new();
    let mut definitions = 0;
    for path in sources() {
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            let a_type = defined(line, &["struct", "enum", "trait", "type"]);
            let a_function = defined(line, &["fn"]);
            definitions += usize::from(a_type.is_some() || a_function.is_some());
            let is_dropped = a_type.is_some_and(|name| types.contains(name))
                || a_function.is_some_and(|name| functions.contains(name));
            if is_dropped {
                dropped.push(format!("{}:{}: {line}", path.display(), number + 1));
            }
        }
    }
    assert!(definitions > 3_000, "only {definitions} definitions were read");
    assert!(dropped.is_empty(), "{dropped:#?}");
}

#[test]
fn old_spellings_stand_in_their_table_only() {
    let table = fs::read_to_string(root().join(SPELLINGS)).unwrap();
    let techniques: Vec<&str> = table
        .lines()
        .filter_map(|line| line.trim().strip_prefix("(Technique, \"")?.split('"').next())
        .filter(|old| old.contains('-'))
        .collect();
    assert!(techniques.len() > 40, "{techniques:?}");
    let mut texts = sources();
    for (below, ending) in [
        ("tests", "rs"),
        ("tests", "snap"),
        ("fixtures", "toml"),
        ("features", "feature"),
    ] {
        files(&root().join(below), ending, &mut texts);
    }
    for path in texts.iter().filter(|path| !path.ends_with(SPELLINGS)) {
        let text = fs::read_to_string(path).unwrap();
        for old in &techniques {
            let quoted = [format!("\"{old}\""), format!("`{old}`")];
            let found = quoted.iter().any(|name| text.contains(name));
            assert!(!found, "{} still has the technique `{old}`", path.display());
        }
    }
}

#[test]
fn pages_and_help_have_no_dropped_words() {
    let mut pages: Vec<PathBuf> = ["README.md", "GUIDE.md", "ARCHITECTURE.md"]
        .iter()
        .map(|name| root().join(name))
        .collect();
    let mut snapshots = Vec::new();
    files(
        &root().join("tests/command_line/snapshots"),
        "snap",
        &mut snapshots,
    );
    pages.extend(
        snapshots
            .into_iter()
            .filter(|path| path.to_string_lossy().contains("help")),
    );
    assert!(pages.len() > 6, "{pages:?}");
    for page in pages {
        let text = fs::read_to_string(&page).unwrap().to_lowercase();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for word in WORDS {
            let has = text.split(&format!(" {word} ")).count() > 1;
            assert!(!has, "{} says `{word}`", page.display());
        }
    }
}

#[test]
fn the_glossary_keeps_its_terms() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let glossary = page
        .split("## Glossary")
        .nth(1)
        .unwrap()
        .split("## ")
        .next()
        .unwrap();
    let terms = glossary
        .lines()
        .filter_map(|line| line.strip_prefix("| **")?.split("**").next());
    let terms: Vec<&str> = terms.collect();
    assert_eq!(
        terms,
        [
            "stack",
            "target profile",
            "clinic",
            "fault",
            "persona",
            "owner",
            "bystander",
            "grant",
            "recording",
            "facet",
            "canary",
            "surface",
            "temperament",
            "technique",
            "transition",
            "state",
            "probe",
            "twin",
            "control",
            "claim",
            "list and fetch",
            "verdict",
            "extent",
            "finding",
            "ledger",
        ]
    );
}
