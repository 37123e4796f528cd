//! Which of the values that a stack answers with are needed to take something back: those that the steps for it mention.

use crate::profile::{Profile, Role, Step};

/// What the steps that clean up are written with.
#[derive(Debug)]
pub(super) struct UndoVariables(Vec<String>);

impl UndoVariables {
    /// By a profile.
    pub(super) fn of(profile: &Profile) -> Self {
        let mut texts = Vec::new();
        for role in profile.role.values() {
            credentials(role, &mut texts);
            steps([&role.login, &role.remove], &mut texts);
        }
        if let Some(flag) = &profile.flag {
            steps([&flag.set, &flag.on, &flag.off], &mut texts);
            add_step(flag.settled.as_ref(), &mut texts);
        }
        for change in profile.change.values() {
            steps([&change.back], &mut texts);
            add_step(change.settled.as_ref(), &mut texts);
        }
        if let Some(recording) = &profile.recording {
            steps([&recording.delete], &mut texts);
        }
        Self(texts)
    }

    /// Whether a value of this name is needed.
    pub(super) fn wants(&self, name: &str) -> bool {
        self.0.iter().any(|text| mentions(text, name))
    }
}

/// Whether a name stands in a text as a word of its own.
fn mentions(text: &str, name: &str) -> bool {
    let is_part =
        |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        !is_part(before.chars().next_back()) && !is_part(after.chars().next())
    })
}

fn credentials(role: &Role, texts: &mut Vec<String>) {
    let carried = &role.credentials;
    for values in [&carried.header, &carried.cookie, &carried.query] {
        texts.extend(values.values().map(ToString::to_string));
    }
}

fn steps<const N: usize>(lists: [&Vec<Step>; N], texts: &mut Vec<String>) {
    for step in lists.into_iter().flatten() {
        add_step(Some(step), texts);
    }
}

fn add_step(step: Option<&Step>, texts: &mut Vec<String>) {
    if let Some(step) = step {
        step.strings(&mut |text| texts.push(text.to_owned()));
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn only_what_cleaning_up_mentions_is_kept() {
        let text = r#"
            [target]
            name = "t"
            [base]
            api = "http://127.0.0.1:9"
            [role.admin]
            [role.patient]
            provision = [{ request = "POST /people", capture = { id = "$.id", secret = "$.secret", key = "$.key", user_name = "$.name" } }]
            login = [{ request = "POST /login", form = { user = "{{ me.user_name }}" }, capture = { token = "$.token" } }]
            credentials.header.Authorization = "Bearer {{ me.token }}"
            remove = [{ as = "admin", request = "DELETE /people/{{ me.id }}" }]
            [recording]
            plant = [{ request = "POST /r", json = { t = "{{ canary.title }}" }, capture = { id = "$.id", upload = "$.upload", etag = "header ETag" } }]
            delete = [{ request = "DELETE /r", headers = { If-Match = "{{ recording.etag }}" }, json = { "{{ recording.id }}" = true } }]
            missing = "{{ uuid() }}"
        "#;
        let needed = UndoVariables::of(&Profile::parse("t.toml", text).unwrap());
        for name in ["id", "etag", "token", "user_name"] {
            assert!(needed.wants(name), "{name}");
        }
        for name in ["secret", "key", "upload", "user", "tag"] {
            assert!(!needed.wants(name), "{name}");
        }
    }
}
