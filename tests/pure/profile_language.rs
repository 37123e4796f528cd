//! The language of target profiles: its published schema, and the examples of its reference.

use crate::schema;
use bystander::profile::{CLINIC, Profile};
use serde_json::Value;
use std::fmt::Write as _;

const PUBLISHED: &str = include_str!("../../fixtures/targets/profile.schema.json");
const FLAG_SERVICES: &str = include_str!("../../fixtures/targets/flags/README.md");
const REFERENCE: &str = include_str!("../../fixtures/targets/README.md");

/// Everything in which a profile does not conform to the schema.
fn faults(text: &str) -> Vec<String> {
    let schema = Profile::schema();
    let profile: toml::Value = toml::from_str(text).unwrap();
    let profile = serde_json::to_value(profile).unwrap();
    schema::faults(&schema, &schema, &profile, "")
}

#[test]
fn the_published_schema_is_the_one_that_the_types_make() {
    let published: Value = serde_json::from_str(PUBLISHED).unwrap();
    assert!(
        published == Profile::schema(),
        "fixtures/targets/profile.schema.json is not current: cargo run -- schema profile > fixtures/targets/profile.schema.json"
    );
    assert_eq!(
        published["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
}

#[test]
fn every_field_of_the_schema_says_what_it_is_for() {
    let schema = Profile::schema();
    let mut silent = Vec::new();
    let parts = schema["$defs"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, part)| (name.as_str(), part));
    for (name, part) in parts.chain([("Profile", &schema)]) {
        for (field, rule) in part["properties"].as_object().into_iter().flatten() {
            if rule["description"].as_str().is_none_or(str::is_empty) {
                silent.push(format!("{name}.{field}"));
            }
        }
    }
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn the_schema_takes_the_clinics_profile_and_refuses_what_the_reader_refuses() {
    assert_eq!(faults(CLINIC), Vec::<String>::new());
    for (from, to, wanted) in [
        (
            "credentials.header.X-Clinic-Admin",
            "credential.header.X-Clinic-Admin",
            "`credential` is not in the schema",
        ),
        ("opens = [\"item\", \"media\"]", "opens = \"item\"", "opens"),
        ("within = \"5s\"", "within = \"5 parsecs\"", "within"),
        ("expect = 201", "expect = true", "expect"),
        ("missing = \"{{ uuid() }}\"", "", "/recording: "),
        ("ranges = true", "ranges = \"yes\"", "ranges"),
    ] {
        assert!(CLINIC.contains(from), "`{from}` is not in the profile any more");
        let changed = CLINIC.replacen(from, to, 1);
        assert!(Profile::parse("clinic.toml", &changed).is_err(), "{to}");
        let faults = faults(&changed);
        assert!(
            faults.iter().any(|fault| fault.contains(wanted)),
            "{to}: {faults:?}"
        );
    }
}

/// The examples of a page, with the line that each begins at.
fn examples(page: &str) -> Vec<(usize, String)> {
    let mut examples = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (number, line) in page.lines().enumerate() {
        match &mut open {
            None if line.trim() == "```toml" => open = Some((number + 2, String::new())),
            None => {}
            Some(_) if line.trim() == "```" => examples.extend(open.take()),
            Some((_, text)) => writeln!(text, "{line}").unwrap(),
        }
    }
    assert!(open.is_none(), "an example is not closed");
    examples
}

/// An example with the least that a profile needs beside it.
fn completed(example: &str) -> String {
    let table: toml::Table = toml::from_str(example).unwrap();
    let mut text = example.to_owned();
    let mut need = |path: &[&str], part: &str| {
        let mut found = Some(&toml::Value::Table(table.clone())).cloned();
        for name in path {
            found = found.and_then(|value| value.get(*name).cloned());
        }
        if found.is_none() {
            text.push_str(part);
        }
    };
    need(&["target"], "\n[target]\nname = \"example\"\n");
    need(&["base"], "\n[base]\napi = \"http://127.0.0.1:1\"\n");
    for role in ["admin", "patient", "clinician"] {
        need(&["role", role], &format!("\n[role.{role}]\n"));
    }
    text
}

#[test]
fn every_example_of_the_reference_can_be_used_as_it_is() {
    let examples = examples(REFERENCE);
    assert!(
        examples.len() >= 15,
        "only {} examples were found",
        examples.len()
    );
    for (line, example) in examples {
        let text = completed(&example);
        let name = format!("fixtures/targets/README.md:{line}");
        let read = Profile::parse_with(&name, &text, &|_| Some("a value".to_owned()));
        assert!(
            read.is_ok(),
            "{name}: {:?}\n{text}",
            read.err().map(miette::Report::new)
        );
        assert_eq!(faults(&text), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn the_example_for_flag_services_can_be_used_as_it_is_with_each_of_them() {
    let examples = examples(FLAG_SERVICES);
    assert_eq!(examples.len(), 1);
    let example = &examples[0].1;
    let (without, settled) = example.split_once("[flag.settled]").unwrap();
    assert!(settled.contains("GET /internal/flags/{{ flag }}"), "{example}");
    let named = r#"["flags/unleash.toml"]"#;
    assert!(example.contains(named), "{example}");
    let own = "GET /internal/flags/{{ flag }}";
    for (files, example, request) in [
        (named, example.as_str(), own),
        (r#""flags/launchdarkly.toml""#, example, own),
        (r#""flags/flagd-file.toml""#, example, own),
        (
            r#"["flags/flagd-file.toml", "flags/ofrep.toml"]"#,
            without,
            "POST /ofrep/v1/evaluate/flags/{{ flag | path }}",
        ),
    ] {
        let text = completed(&example.replace(named, files));
        let profile = Profile::parse_with("fixtures/targets/example.toml", &text, &|_| {
            Some("http://127.0.0.1:1".to_owned())
        });
        let flag = profile.map_err(miette::Report::new).unwrap().flag.unwrap();
        assert!(
            flag.read.is_some() && (!flag.set.is_empty() || !flag.on.is_empty()),
            "{files}"
        );
        assert_eq!(flag.settled.unwrap().request_text(), request);
        assert_eq!(
            flag.names.unwrap()["audio-video-switch"].as_str(),
            "visits.audio-video-switch"
        );
    }
}

#[test]
fn the_reference_speaks_of_every_part_and_every_field() {
    let schema = Profile::schema();
    let parts = schema["$defs"].as_object().unwrap().values();
    let fields = parts
        .chain([&schema])
        .flat_map(|part| part["properties"].as_object().into_iter().flatten());
    let mut missing: Vec<&String> = fields
        .map(|(field, _)| field)
        .filter(|field| {
            let word = regex::Regex::new(&format!(r"(^|[^\w-]){}($|[^\w-])", regex::escape(field))).unwrap();
            !word.is_match(REFERENCE)
        })
        .collect();
    missing.sort();
    missing.dedup();
    assert_eq!(
        missing,
        Vec::<&String>::new(),
        "not in fixtures/targets/README.md"
    );
}
