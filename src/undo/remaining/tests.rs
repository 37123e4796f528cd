//! Lines, and what is left after them.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::*;
use crate::undo::Membership;
use std::collections::BTreeMap;

fn run() -> UndoLine {
    UndoLine::Run(NotedRun {
        run: "abcd".to_owned(),
        version: "0.0.0".to_owned(),
        seed: 1,
        pid: 2,
        profile: "/p.toml".into(),
        parts: BTreeMap::new(),
        addresses: Vec::new(),
    })
}

fn person(name: &str) -> UndoLine {
    UndoLine::Deed {
        record: UndoRecord::Person {
            scenario: 1,
            name: name.to_owned(),
            role: "patient".to_owned(),
            turn: 0,
            lent: false,
            belonging: Membership::default(),
        },
    }
}

fn recording(recording: u32, owner: &str) -> UndoLine {
    UndoLine::Deed {
        record: UndoRecord::Recording {
            scenario: 1,
            recording,
            owner: owner.to_owned(),
            people: BTreeMap::from([("clinician".to_owned(), "Dr Grey".to_owned())]),
        },
    }
}

fn change(change: &str) -> UndoLine {
    UndoLine::Deed {
        record: UndoRecord::Change {
            scenario: 1,
            change: change.to_owned(),
        },
    }
}

fn answered(recording: u32, name: &str) -> UndoLine {
    UndoLine::Answered {
        of: UndoKey::Recording { recording },
        values: UndoValues(BTreeMap::from([(name.to_owned(), "v4lue".into())])),
    }
}

fn text(lines: &[UndoLine]) -> Vec<u8> {
    let lines = lines
        .iter()
        .map(|line| serde_json::to_string(line).unwrap() + "\n");
    lines.collect::<String>().into_bytes()
}

fn names(left: &RemainingUndo) -> Vec<String> {
    let name = |deed: &UndoRecord| match deed {
        UndoRecord::Person { name, .. } => name.clone(),
        UndoRecord::Recording { recording, .. } => recording.to_string(),
        UndoRecord::Flag { flag: name, .. } | UndoRecord::Change { change: name, .. } => name.clone(),
    };
    left.records
        .values()
        .map(|pending| name(&pending.record))
        .collect()
}

#[test]
fn what_was_taken_back_is_crossed_out_and_the_rest_keeps_its_order() {
    let lines = [
        run(),
        person("Ada"),
        recording(1, "Ada"),
        answered(1, "id"),
        change("a"),
        change("b"),
        UndoLine::Done {
            of: UndoKey::Recording { recording: 1 },
        },
        UndoLine::Done {
            of: UndoKey::Change {
                scenario: 1,
                change: "a".to_owned(),
            },
        },
        change("a"),
    ];
    let left = RemainingUndo::read(&text(&lines)).unwrap();
    assert_eq!(
        names(&left),
        ["Ada", "b", "a"],
        "what is made again is the latest"
    );
    assert_eq!(left.in_words(), "2 changes and 1 person");
    assert!(!left.cut && !left.is_nothing());
}

#[test]
fn every_place_at_which_the_file_can_be_cut_off_is_tolerated() {
    let whole = text(&[run(), person("Ada"), recording(1, "Ada"), answered(1, "id")]);
    for end in 0..=whole.len() {
        let left = RemainingUndo::read(&whole[..end]).unwrap();
        assert_eq!(left.cut, end > 0 && whole[end - 1] != b'\n', "{end}");
        let lines = whole[..end].iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(left.records.len(), lines.saturating_sub(1).min(2), "{end}");
        assert_eq!(left.run.is_some(), lines > 0, "{end}");
    }
}

#[test]
fn a_line_that_is_none_of_ours_is_told_with_its_number() {
    let mut broken = text(&[run(), person("Ada")]);
    broken.extend_from_slice(b"{\"undo\":\"sing\"}\n");
    assert_eq!(RemainingUndo::read(&broken).unwrap_err().0, 3);
    assert_eq!(
        RemainingUndo::read(&text(&[person("Ada")])).unwrap_err().0,
        1,
        "no run"
    );
    assert_eq!(
        RemainingUndo::read(&text(&[run(), run()])).unwrap_err().0,
        2,
        "two runs"
    );
}

#[test]
fn whoever_has_a_part_in_a_known_recording_is_needed() {
    let mut left = RemainingUndo::read(&text(&[run(), person("Ada"), recording(1, "Ada")])).unwrap();
    assert!(!left.still_needs(1, "Ada"), "nobody knows its id");
    assert_eq!(
        left.unknown_recordings_of(1, "Ada"),
        [UndoKey::Recording { recording: 1 }]
    );
    assert!(left.unknown_recordings_of(1, "Dr Grey").is_empty(), "not theirs");
    left.apply(answered(1, "etag"));
    assert!(!left.still_needs(1, "Ada"));
    left.apply(answered(1, "id"));
    for who in ["Ada", "Dr Grey"] {
        assert!(left.still_needs(1, who), "{who}");
        assert!(!left.still_needs(2, who), "{who} of another scenario");
    }
    assert!(!left.still_needs(1, "Ben") && left.unknown_recordings_of(1, "Ada").is_empty());
    let known = &left.records[&UndoKey::Recording { recording: 1 }];
    assert_eq!(known.values.0.keys().collect::<Vec<_>>(), ["etag", "id"]);
}

#[test]
fn those_who_are_lent_are_nothing_that_is_left() {
    let mut left = RemainingUndo::read(&text(&[run()])).unwrap();
    left.apply(UndoLine::Deed {
        record: UndoRecord::Person {
            scenario: 1,
            name: "Ada".to_owned(),
            role: "patient".to_owned(),
            turn: 0,
            lent: true,
            belonging: Membership::default(),
        },
    });
    assert!(left.is_nothing());
    assert_eq!(left.in_words(), "nothing");
    left.apply(recording(1, "Ada"));
    assert!(!left.is_nothing());
}

#[test]
fn what_the_stack_answered_never_prints() {
    let left = RemainingUndo::read(&text(&[run(), recording(1, "Ada"), answered(1, "id")])).unwrap();
    let shown = format!("{left:?} {:?}", answered(1, "id"));
    assert!(shown.contains("\"id\"") && !shown.contains("v4lue"), "{shown}");
}
