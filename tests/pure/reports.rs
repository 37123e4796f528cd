//! From a ledger built by hand to verdicts, and from verdicts to what people and pipelines read.

use crate::histories::{History, Sent, acted, june_2020, kill_switch, sound, unclear};
use crate::schema;
use bystander::judge::exit;
use bystander::report::terminal::{Style, Verbosity, render, written};
use bystander::report::{Destination, ReportError, junit, summary, write_all};

fn terminal(history: &History) -> String {
    render(&history.judge(), Style::default())
}

fn cut_off() -> History {
    let mut history = june_2020();
    history.entries.truncate(history.entries.len() - 8);
    history
}

fn nothing() -> History {
    History::begin().selected(0, 31).finished().clone()
}

#[test]
fn a_held_run_reads_well() {
    insta::assert_snapshot!("terminal_held", terminal(&sound()));
}

#[test]
fn a_leaked_run_reads_well() {
    insta::assert_snapshot!("terminal_leaked", terminal(&june_2020()));
}

#[test]
fn an_inconclusive_run_reads_well() {
    insta::assert_snapshot!("terminal_inconclusive", terminal(&unclear()));
}

#[test]
fn a_run_of_nothing_reads_well() {
    insta::assert_snapshot!("terminal_nothing_ran", terminal(&nothing()));
}

#[test]
fn a_run_that_was_cut_off_reads_well() {
    insta::assert_snapshot!("terminal_cut_off", terminal(&cut_off()));
}

#[test]
fn what_was_done_for_another_reads_well() {
    insta::assert_snapshot!("terminal_acted", terminal(&acted()));
}

#[test]
fn a_quiet_report_is_short() {
    let style = Style {
        verbosity: Verbosity::Quiet,
        ..Style::default()
    };
    insta::assert_snapshot!("terminal_quiet", render(&june_2020().judge(), style));
}

#[test]
fn colour_adds_nothing_that_cannot_be_read_without_it() {
    let codes = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    for history in [
        sound(),
        june_2020(),
        unclear(),
        cut_off(),
        kill_switch(),
        nothing(),
    ] {
        let plain = terminal(&history);
        let style = Style {
            color: true,
            ..Style::default()
        };
        let coloured = render(&history.judge(), style);
        assert_ne!(plain, coloured);
        assert_eq!(plain, codes.replace_all(&coloured, ""));
    }
}

#[test]
fn lines_keep_to_the_width() {
    for width in [60, 80, 100] {
        let style = Style {
            width,
            ..Style::default()
        };
        for history in [sound(), june_2020(), unclear(), cut_off()] {
            let text = render(&history.judge(), style);
            let long: Vec<&str> = text.lines().filter(|line| line.chars().count() > width).collect();
            assert!(long.is_empty(), "longer than {width}: {long:#?}");
        }
    }
}

#[test]
fn the_summary_tells_the_leak_to_programs() {
    insta::assert_snapshot!("summary_leaked", summary::render(&june_2020().judge()).unwrap());
}

#[test]
fn every_summary_conforms_to_its_schema() {
    let schema: serde_json::Value = serde_json::from_str(summary::SCHEMA).unwrap();
    for history in [
        sound(),
        june_2020(),
        unclear(),
        cut_off(),
        kill_switch(),
        acted(),
        nothing(),
        History::default(),
    ] {
        let text = summary::render(&history.judge()).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let faults = schema::faults(&schema, &schema, &value, "");
        assert!(faults.is_empty(), "{faults:#?}");
    }
    // The check itself can fail.
    let mut broken: serde_json::Value =
        serde_json::from_str(&summary::render(&june_2020().judge()).unwrap()).unwrap();
    broken["findings"][0]["extent"] = "everything".into();
    broken["stack"]["secret"] = "in clear".into();
    broken["counts"].as_object_mut().unwrap().remove("probes");
    assert_eq!(schema::faults(&schema, &schema, &broken, "").len(), 3);
}

#[test]
fn junit_tells_the_leak_to_pipelines() {
    insta::assert_snapshot!("junit_leaked", junit::render(&june_2020().judge()).unwrap());
}

#[test]
fn junit_is_never_green_unless_the_run_is() {
    let green = |history: &History| {
        let xml = junit::render(&history.judge()).unwrap();
        !xml.contains("<failure") && !xml.contains("<error")
    };
    assert!(green(&sound()));
    for history in [
        june_2020(),
        unclear(),
        acted(),
        cut_off(),
        nothing(),
        History::default(),
    ] {
        assert!(!green(&history));
        assert_ne!(exit::code(&history.judge(), false), exit::HELD);
    }
    let mut cut = sound();
    cut.entries.pop();
    assert!(!green(&cut), "a run without its end is not green");
}

#[test]
fn junit_strips_what_xml_does_not_allow() {
    let mut history = History::begin();
    history.scenario(
        "features/odd.feature",
        1,
        "a bell \u{7}, a null \u{0} and \u{ffff} & <angles>",
    );
    history.trouble(
        "an escape \u{1b}[31m and a form feed \u{c}",
        Some(1),
        false,
        false,
    );
    history.ran().finished();
    let xml = junit::render(&history.judge()).unwrap();
    let forbidden =
        |c: char| (c < ' ' && !matches!(c, '\n' | '\t' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    assert!(!xml.contains(forbidden), "{xml:?}");
    assert!(xml.contains("&amp; &lt;angles"));
    assert!(quick_junit::Report::deserialize(xml.as_bytes()).is_ok());
}

#[test]
fn reports_are_written_where_they_were_prepared() {
    let dir = tempfile::tempdir().unwrap();
    let judgement = june_2020().judge();
    let paths = write_all(&dir.path().join("a/b"), &judgement).unwrap();
    assert_eq!(paths.len(), 2);
    assert_eq!(
        std::fs::read_to_string(&paths[0]).unwrap(),
        summary::render(&judgement).unwrap()
    );
    assert_eq!(
        std::fs::read_to_string(&paths[1]).unwrap(),
        junit::render(&judgement).unwrap()
    );
    let extra = dir.path().join("ci/results.xml");
    let paths = Destination::prepare(dir.path())
        .unwrap()
        .and_junit(&extra)
        .unwrap()
        .write(&judgement)
        .unwrap();
    assert_eq!(paths.last(), Some(&extra));
    let directories = format!(
        "{0}/: summary.json, junit.xml\n{0}/ci/: results.xml\n",
        dir.path().display()
    );
    let unwrapped = Style {
        width: 120,
        ..Style::default()
    };
    assert_eq!(written(&paths, unwrapped), directories);
}

#[test]
fn a_bad_place_fails_before_the_run() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "in the way").unwrap();
    let error = Destination::prepare(&file).unwrap_err();
    assert!(matches!(error, ReportError::Create { .. }));
    assert!(error.to_string().contains("hint:"));
}

#[test]
fn one_leak_to_many_owners_is_one_paragraph() {
    let mut history = History::begin();
    history
        .scenario("features/fifty.feature", 1, "Sixty recordings across pages")
        .patients(&["Zoe"]);
    let owners: Vec<String> = (1..=9).map(|n| format!("Owner{n}")).collect();
    let mut recordings = Vec::new();
    for owner in &owners {
        history.person(owner, "patient");
        recordings.push(history.plant(owner, bystander::ledger::Modality::Audio));
    }
    history.ask(bystander::ledger::Claim::NoOneElse, "Then …");
    history.send(
        Sent::probe("Zoe", "replays", &[])
            .looking()
            .listing(&recordings, 0, None),
    );
    history.concluded(0).ran().finished();
    let text = terminal(&history);
    let sentence = "the audio recordings of Owner1, Owner2, Owner3, Owner4, Owner5, Owner6 and 3 others";
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains(sentence), "{text}");
    assert_eq!(history.judge().findings.len(), 9);
}
