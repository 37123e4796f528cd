//! Lines, columns and colours.

use crate::ledger::Verdict;

/// How the text should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Colours, as an addition: everything can be read without them.
    pub color: bool,
    /// Columns to keep to.
    pub width: usize,
    /// How much to say.
    pub verbosity: Verbosity,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            color: false,
            width: 100,
            verbosity: Verbosity::Normal,
        }
    }
}

/// How much to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// The verdict and what is wrong.
    Quiet,
    /// One line for each surface, and the totals too.
    Normal,
    /// Every surface in every state, every scenario, and hashes and heads in full.
    Verbose,
}

/// Longer lines are hard to read.
const MOST_COLUMNS: usize = 120;

const BOLD: &str = "1";
const RED: &str = "1;31";
const YELLOW: &str = "1;33";
const GREEN: &str = "1;32";

/// A page that is being written.
#[derive(Debug)]
pub(crate) struct Page {
    style: Style,
    text: String,
}

impl Page {
    pub(crate) fn new(style: Style) -> Self {
        let style = Style {
            width: style.width.clamp(40, MOST_COLUMNS),
            ..style
        };
        Self {
            style,
            text: String::new(),
        }
    }

    pub(crate) fn style(&self) -> Style {
        self.style
    }

    pub(crate) fn headline(&mut self, verdict: Option<Verdict>, sentence: &str) {
        let code = match verdict {
            Some(Verdict::Held) => GREEN,
            Some(Verdict::Leaked) => RED,
            Some(Verdict::Inconclusive) | None => YELLOW,
        };
        for line in wrap(sentence, self.style.width) {
            self.line(&self.paint(code, &line));
        }
    }

    /// A heading with an empty line above.
    pub(crate) fn title(&mut self, title: &str) {
        self.blank();
        for line in wrap(title, self.style.width) {
            self.line(&self.paint(BOLD, &line));
        }
    }

    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    pub(crate) fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// Text behind an indent, wrapped under itself.
    pub(crate) fn hanging(&mut self, indent: &str, text: &str) {
        let under = " ".repeat(width(indent));
        let mut before = indent;
        for line in wrap(text, self.style.width.saturating_sub(width(indent))) {
            self.line(&format!("{before}{line}"));
            before = &under;
        }
    }

    /// A name in a column of its own, and what is to be said of it.
    pub(crate) fn field(&mut self, name: &str, text: &str) {
        self.hanging(&format!("{name:<12}"), text);
    }

    /// A name and what is to be said of it, under a finding.
    pub(crate) fn detail(&mut self, name: &str, text: &str) {
        self.hanging(&format!("     {name:<10}"), text);
    }

    pub(crate) fn bad(&self, text: &str) -> String {
        self.paint(RED, text)
    }

    pub(crate) fn unclear(&self, text: &str) -> String {
        self.paint(YELLOW, text)
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.style.color {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// How many lines there are so far.
    pub(crate) fn lines(&self) -> usize {
        self.text.lines().count()
    }

    /// Adds lines that were written for another page of this style.
    pub(crate) fn append(&mut self, lines: &str) {
        self.text.push_str(lines);
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
}

/// Columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.chars().count()
}

/// Breaks a text at spaces, and a word that is wider than a line where the line ends.
fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && width(&line) + 1 + width(word) > columns {
            lines.push(std::mem::take(&mut line));
        } else if !line.is_empty() {
            line.push(' ');
        }
        for letter in word.chars() {
            if width(&line) >= columns.max(1) {
                lines.push(std::mem::take(&mut line));
            }
            line.push(letter);
        }
    }
    lines.push(line);
    lines
}

/// "1 scenario", "2 scenarios".
pub(crate) fn count(n: u64, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", number(n))
}

/// With commas between the thousands.
pub(crate) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
