//! The file: whose it is, who may read it, and that two never work on it at once.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::*;
use crate::profile::Vars;
use crate::undo::{Membership, UndoLog};
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

fn run() -> NotedRun {
    NotedRun {
        run: "abcd".to_owned(),
        version: "0.0.0".to_owned(),
        seed: 1,
        pid: 2,
        profile: "/p.toml".into(),
        parts: BTreeMap::new(),
        addresses: Vec::new(),
    }
}

fn begun(directory: &Path) -> (Arc<UndoFile>, UndoLog) {
    let file = UndoFile::create(directory, run(), &Profile::clinic().unwrap()).unwrap();
    let file = Arc::new(file);
    (Arc::clone(&file), UndoLog::into_file(file).of(3))
}

#[test]
fn only_its_owner_can_read_it_and_it_holds_what_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let (file, undo) = begun(folder.path());
    let mode = std::fs::metadata(file.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    undo.person("Ada", "patient", 0, false, &Membership::default());
    let values = Vars::default().with("id", "p1").with("spare", "s3cret");
    undo.person_answered("Ada", ["id", "spare", "none"].into_iter(), &values);
    let text = std::fs::read_to_string(file.path()).unwrap();
    assert!(text.contains("p1") && !text.contains("s3cret"), "{text}");
    assert_eq!(text.lines().count(), 3);
}

#[test]
fn it_goes_when_nothing_is_left_and_stays_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let (file, undo) = begun(folder.path());
    undo.flag("replays", false, &Vars::default());
    undo.change("group-visits");
    undo.flag_done("replays");
    assert_eq!(file.close().unwrap().in_words(), "1 change");
    assert!(file.path().exists());
    undo.change_done("group-visits");
    assert!(file.close().unwrap().is_nothing() && !file.path().exists());
}

#[test]
fn what_nobody_knows_of_goes_with_its_owner() {
    let folder = tempfile::tempdir().unwrap();
    let (file, undo) = begun(folder.path());
    undo.person("Ada", "patient", 0, false, &Membership::default());
    undo.recording(1, "Ada", std::iter::empty());
    undo.recording(2, "Ada", std::iter::empty());
    let id = Vars::default().with("id", 7);
    undo.recording_answered(2, ["id"].into_iter(), &id);
    assert!(undo.still_needs("Ada"), "the second is known");
    undo.person_done("Ada");
    assert_eq!(file.remaining().in_words(), "1 recording");
    undo.recording_done(2);
    assert!(file.remaining().is_nothing());
}

#[test]
fn it_is_worked_off_by_one_at_a_time_and_a_line_that_was_cut_off_is_cut_away() {
    let folder = tempfile::tempdir().unwrap();
    let (file, undo) = begun(folder.path());
    undo.person("Ada", "patient", 0, false, &Membership::default());
    let path = file.path().to_owned();
    let in_use = UndoFile::open(&path).unwrap_err().to_string();
    assert!(in_use.contains("the run abcd (process 2)"), "{in_use}");
    drop((file, undo));
    let mut text = std::fs::read(&path).unwrap();
    text.extend_from_slice(b"{\"undo\":\"deed\",\"de");
    std::fs::write(&path, text).unwrap();
    let again = Arc::new(UndoFile::open(&path).unwrap());
    assert!(again.remaining().cut && again.remaining().in_words() == "1 person");
    UndoLog::into_file(Arc::clone(&again)).of(3).person_done("Ada");
    again.check().unwrap();
    drop(again);
    let again = UndoFile::open(&path).unwrap();
    assert!(!again.remaining().cut && again.remaining().is_nothing());
}

#[test]
fn a_later_run_sets_aside_what_an_earlier_one_has_left() {
    let folder = tempfile::tempdir().unwrap();
    assert!(set_aside(folder.path()).unwrap().is_none());
    let (file, undo) = begun(folder.path());
    assert!(set_aside(folder.path()).is_err(), "it is alive");
    drop((file, undo));
    assert!(
        set_aside(folder.path()).unwrap().is_none(),
        "there is nothing in it"
    );
    let (file, undo) = begun(folder.path());
    undo.flag("replays", true, &Vars::default());
    drop((file, undo));
    let (aside, left) = set_aside(folder.path()).unwrap().unwrap();
    assert_eq!(
        (aside.file_name().unwrap().to_str(), left.in_words().as_str()),
        (Some("undo-abcd.ndjson"), "1 feature")
    );
    assert!(aside.exists() && !folder.path().join(UNDO).exists());
}
