//! What is left to be taken back: the sum of the lines of an undo file.

use super::record::{NotedRun, UndoKey, UndoLine, UndoRecord, UndoValues};
use indexmap::IndexMap;

/// What is left of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RemainingUndo {
    /// Whose file it is; none, when it was killed before it could write that.
    pub run: Option<NotedRun>,
    /// What has been done and not been taken back, in the order in which it was begun.
    pub records: IndexMap<UndoKey, PendingUndo>,
    /// Whether the file ends in the middle of a line: its run was killed while it wrote.
    pub cut: bool,
}

/// Something that has not been taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct PendingUndo {
    /// What was begun.
    pub record: UndoRecord,
    /// How many of its steps the stack has answered.
    pub answered: usize,
    /// What is kept of the answers.
    pub values: UndoValues,
}

impl PendingUndo {
    /// Whether the stack has said by which id it knows it.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.values.0.contains_key("id")
    }
}

impl RemainingUndo {
    /// Reads lines; the last one, if it has no line feed, is left out, for what it was to announce has not been sent.
    ///
    /// # Errors
    /// With the number of a line that is none of ours, and why.
    pub fn read(text: &[u8]) -> Result<Self, (usize, String)> {
        let mut left = Self::default();
        for (number, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
            if !line.ends_with(b"\n") {
                left.cut = true;
                break;
            }
            let wrong = |why: String| (number + 1, why);
            let line: UndoLine = serde_json::from_slice(line).map_err(|error| wrong(error.to_string()))?;
            if matches!(line, UndoLine::Run(_)) != (number == 0) {
                return Err(wrong("the first line, and no other, names the run".to_owned()));
            }
            left.apply(line);
        }
        Ok(left)
    }

    /// The sum after one line more.
    pub fn apply(&mut self, line: UndoLine) {
        match line {
            UndoLine::Run(run) => self.run = Some(run),
            UndoLine::Deed { record: deed } => {
                // what is done once more is taken back before what was done in between
                self.records.shift_remove(&deed.key());
                let pending = PendingUndo {
                    record: deed,
                    answered: 0,
                    values: UndoValues::default(),
                };
                self.records.insert(pending.record.key(), pending);
            }
            UndoLine::Answered { of, values: kept } => {
                if let Some(pending) = self.records.get_mut(&of) {
                    pending.answered += 1;
                    pending.values.0.extend(kept.0);
                }
            }
            UndoLine::Done { of } => {
                self.records.shift_remove(&of);
            }
        }
    }

    /// Whether somebody is still needed: a recording in which they have a part is not deleted, though it is known.
    #[must_use]
    pub fn still_needs(&self, scenario: u32, who: &str) -> bool {
        self.records.values().any(|pending| {
            let part = matches!(&pending.record, UndoRecord::Recording { scenario: of, owner, people, .. }
                if *of == scenario && (owner == who || people.values().any(|name| name == who)));
            part && pending.is_known()
        })
    }

    /// The recordings of somebody that were begun, and of which nothing is known.
    #[must_use]
    pub fn unknown_recordings_of(&self, scenario: u32, who: &str) -> Vec<UndoKey> {
        let unknown = self.records.iter().filter(|(_, pending)| {
            let theirs = matches!(&pending.record, UndoRecord::Recording { scenario: of, owner, .. }
                if *of == scenario && owner == who);
            theirs && !pending.is_known()
        });
        unknown.map(|(key, _)| key.clone()).collect()
    }

    /// In words, by kind: "2 recordings, 1 person and 1 feature".
    #[must_use]
    pub fn in_words(&self) -> String {
        let count = |is: fn(&UndoRecord) -> bool| {
            let all = self.records.values();
            all.filter(|pending| is(&pending.record)).count()
        };
        let kinds = [
            (
                "feature",
                "features",
                count(|deed| matches!(deed, UndoRecord::Flag { .. })),
            ),
            (
                "change",
                "changes",
                count(|deed| matches!(deed, UndoRecord::Change { .. })),
            ),
            (
                "recording",
                "recordings",
                count(|deed| matches!(deed, UndoRecord::Recording { .. })),
            ),
            (
                "person",
                "people",
                count(|deed| matches!(deed, UndoRecord::Person { lent: false, .. })),
            ),
        ];
        let told: Vec<String> = kinds
            .into_iter()
            .filter(|(_, _, count)| *count > 0)
            .map(|(one, many, count)| format!("{count} {}", if count == 1 { one } else { many }))
            .collect();
        match told.split_last() {
            None => "nothing".to_owned(),
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
        }
    }

    /// Whether nothing has to be taken back: those whom the profile lends stay anyway.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.records
            .values()
            .all(|pending| matches!(pending.record, UndoRecord::Person { lent: true, .. }))
    }
}

#[cfg(test)]
mod tests;
