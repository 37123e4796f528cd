//! The profile as text: sections, lines, and a comment at every guess.

/// Why a line is as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Note {
    /// It needs no words.
    #[default]
    None,
    /// It is a guess, for this reason.
    Guess(String),
    /// It has to be filled in.
    FillIn(String),
}

impl Note {
    /// A guess, for this reason.
    pub(crate) fn guess(why: impl Into<String>) -> Self {
        Self::Guess(why.into())
    }

    /// Something to fill in.
    pub(crate) fn fill_in(what: impl Into<String>) -> Self {
        Self::FillIn(what.into())
    }
}

/// A profile that is being written.
#[derive(Debug, Clone, Default)]
pub(crate) struct ProfileWriter {
    text: String,
    /// What is left to fill in.
    pub(crate) blanks: Vec<String>,
    /// How many guesses there are.
    pub(crate) guesses: usize,
}

impl ProfileWriter {
    /// The text.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// A line of words.
    pub(crate) fn comment(&mut self, words: &str) {
        for line in words.lines() {
            self.push(&format!("# {}", printable(line)));
        }
    }

    /// An empty line.
    pub(crate) fn space(&mut self) {
        self.push("");
    }

    /// A heading between parts of the file.
    pub(crate) fn heading(&mut self, words: &str) {
        self.space();
        let rule = "-".repeat(95usize.saturating_sub(words.len()));
        self.push(&format!("# --- {words} {rule}"));
    }

    /// `[name]`, with a word about it.
    pub(crate) fn section(&mut self, name: &str, note: &Note) {
        if !self.text.trim_end().ends_with("---") {
            self.space();
        }
        self.note(note);
        self.push(&format!("[{name}]"));
    }

    /// `key = value`, with a word about it.
    pub(crate) fn line(&mut self, key: &str, value: &str, note: &Note) {
        self.note(note);
        self.push(&format!("{key} = {value}"));
    }

    /// `key = [step, …]`, a step a line when there are several or they are long.
    pub(crate) fn steps(&mut self, key: &str, steps: &[String], note: &Note) {
        self.note(note);
        match steps {
            [one] if one.len() < 90 => self.push(&format!("{key} = [{one}]")),
            many => {
                self.push(&format!("{key} = ["));
                for step in many {
                    self.push(&format!("  {step},"));
                }
                self.push("]");
            }
        }
    }

    /// Lines that are there to be uncommented.
    pub(crate) fn asleep(&mut self, lines: &[String]) {
        for line in lines {
            self.push(&format!("# {line}"));
        }
    }

    /// A word about what follows.
    pub(crate) fn note(&mut self, note: &Note) {
        match note {
            Note::None => {}
            Note::Guess(why) => {
                self.guesses += 1;
                self.comment(&format!("guess: {why}"));
            }
            Note::FillIn(what) => {
                self.blanks.push(printable(what));
                self.comment(&format!("fill in: {what}"));
            }
        }
    }

    fn push(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}

/// A comment may not hold control characters (TOML).
fn printable(words: &str) -> String {
    words
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// A TOML string.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::String(text.replace(['\n', '\r'], " ")).to_string()
}

/// A TOML key.
pub(crate) fn key(name: &str) -> String {
    let bare = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if bare { name.to_owned() } else { quoted(name) }
}

/// `{ a = 1, b = 2 }` of keys and values that are TOML already.
pub(crate) fn table<'a>(entries: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let entries: Vec<String> = entries
        .into_iter()
        .map(|(name, value)| format!("{} = {value}", key(name)))
        .collect();
    if entries.is_empty() {
        "{}".to_owned()
    } else {
        format!("{{ {} }}", entries.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_cannot_break_out() {
        assert_eq!(key("a.b"), "\"a.b\"");
        let mut paper = ProfileWriter::default();
        paper.note(&Note::guess("one\u{7}\nevil = 1"));
        paper.line(&key("x\"]"), &quoted("a\"b\\\nc"), &Note::None);
        let text = paper.into_text();
        let read: Result<toml::Table, _> = toml::from_str(&text);
        let read = read.map(|table| table.into_iter().collect::<Vec<_>>());
        let value = toml::Value::String("a\"b\\ c".to_owned());
        assert_eq!(read.ok(), Some(vec![("x\"]".to_owned(), value)]), "{text}");
    }
}
