//! Hashes of those parts of a profile by which a run is cleaned up after, so that a later clean-up knows whether it reads the same.
//!
//! Places, comments and the order of keys make no difference, and neither does what is said elsewhere.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use toml::de::{DeTable, DeValue};

/// What counts of each tenant, of each role, of `[flag]`, of each change and of `[recording]`.
const TENANT: [&str; 1] = ["base"];
const ROLE: [&str; 5] = ["given", "vary", "login", "credentials", "remove"];
const FLAG: [&str; 5] = ["set", "on", "off", "settled", "names"];
const CHANGE: [&str; 3] = ["back", "settled", "per"];
const RECORDING: [&str; 1] = ["delete"];

/// The hashes by the name of the table.
pub(super) fn fingerprints(profile: &DeTable<'_>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (name, fields) in [("flag", &FLAG[..]), ("recording", &RECORDING[..])] {
        if let Some(table) = table(profile, name) {
            found.insert(name.to_owned(), hash(table, fields));
        }
    }
    for (name, fields) in [
        ("role", &ROLE[..]),
        ("tenant", &TENANT[..]),
        ("change", &CHANGE[..]),
    ] {
        for (own, value) in table(profile, name).into_iter().flatten() {
            if let Some(table) = value.get_ref().as_table() {
                found.insert(format!("{name}.{}", own.get_ref()), hash(table, fields));
            }
        }
    }
    found
}

fn table<'a, 'b>(profile: &'a DeTable<'b>, name: &str) -> Option<&'a DeTable<'b>> {
    profile.get(name)?.get_ref().as_table()
}

fn hash(table: &DeTable<'_>, fields: &[&str]) -> String {
    let mut text = String::new();
    for field in fields {
        if let Some(value) = table.get(*field) {
            text.push_str(field);
            write(value.get_ref(), &mut text);
        }
    }
    hex::encode(Sha256::digest(text))
}

/// Each value in one way only; strings with their length, so that no two texts run together to the same.
fn write(value: &DeValue<'_>, text: &mut String) {
    match value {
        DeValue::String(string) => text.push_str(&format!("s{}:{string}", string.len())),
        DeValue::Integer(number) => text.push_str(&format!("i{number};")),
        DeValue::Float(number) => text.push_str(&format!("f{number};")),
        DeValue::Boolean(truth) => text.push_str(&format!("b{truth};")),
        DeValue::Datetime(time) => text.push_str(&format!("d{time};")),
        DeValue::Array(items) => {
            text.push_str(&format!("a{}:", items.len()));
            items.iter().for_each(|item| write(item.get_ref(), text));
        }
        DeValue::Table(fields) => {
            let sorted: BTreeMap<&str, &DeValue<'_>> = fields
                .iter()
                .map(|(name, value)| (name.get_ref().as_ref(), value.get_ref()))
                .collect();
            text.push_str(&format!("t{}:", sorted.len()));
            for (name, value) in sorted {
                text.push_str(&format!("{}:{name}", name.len()));
                write(value, text);
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use crate::profile::Profile;
    use std::collections::BTreeMap;

    const PROFILE: &str = r#"
[target]
name = "t"
[base]
api = "http://127.0.0.1:9"
[role.patient]
provision = [{ request = "POST /people" }]
remove = [{ request = "DELETE /people/{{ me.id }}", expect = 204 }]
[recording]
plant = [{ request = "POST /r", json = { t = "{{ canary.title }}" }, capture = { id = "$.id" } }]
delete = [{ request = "DELETE /r/{{ recording.id }}", headers = { A = "1", B = "2" } }]
missing = "{{ uuid() }}"
"#;

    fn of(text: &str) -> BTreeMap<String, String> {
        Profile::parse("t.toml", text).unwrap().fingerprints
    }

    #[test]
    fn only_what_cleaning_up_needs_makes_a_difference() {
        let before = of(PROFILE);
        assert_eq!(before.keys().collect::<Vec<_>>(), ["recording", "role.patient"]);
        for (old, new) in [
            ("[target]", "# a comment\n[target]"),
            (r#"A = "1", B = "2""#, r#"B = "2", A = "1""#),
            ("POST /people", "POST /v2/people"),
            ("POST /r", "PUT /r"),
        ] {
            assert_eq!(of(&PROFILE.replace(old, new)), before, "{new}");
        }
        for (old, new, part) in [
            ("DELETE /r/", "DELETE /q/", "recording"),
            (r#"A = "1""#, r#"A = "3""#, "recording"),
            ("expect = 204", "expect = 205", "role.patient"),
        ] {
            let after = of(&PROFILE.replace(old, new));
            let changed: Vec<_> = before
                .keys()
                .filter(|name| before.get(*name) != after.get(*name))
                .collect();
            assert_eq!(changed, [part], "{new}");
        }
    }
}
