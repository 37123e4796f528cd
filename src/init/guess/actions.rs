//! What people do: book a consultation, join it, switch, end it.

use super::super::contract::{ApiContract, ApiOperation};
use super::super::profile_writer::{Note, quoted};
use super::ProfileGuess;
use super::collection::RecordingCollection;
use super::fill::StepPurpose;
use super::people::{SignInGuess, best, id_in, leaf_in};
use super::words::{self, is, says};

/// What people do.
#[derive(Debug, Default)]
pub(crate) struct Actions {
    /// Booking.
    pub(crate) book: Option<usize>,
    join: Option<usize>,
    switch: Option<usize>,
    end: Option<usize>,
    show: Option<usize>,
}

impl Actions {
    /// Finds out.
    pub(crate) fn find(
        contract: &ApiContract,
        people: &SignInGuess,
        collection: Option<&RecordingCollection>,
    ) -> Self {
        let operations = &contract.operations;
        let recordings = collection.map(|collection| collection.path.as_str());
        let taken = [people.login, people.web_login, people.sign_up];
        let taken: Vec<&str> = taken
            .into_iter()
            .flatten()
            .map(|index| operations[index].path.as_str())
            .collect();
        let Some(book) = best(operations, |operation| {
            let here =
                Some(operation.path.as_str()) == recordings || taken.contains(&operation.path.as_str());
            if here
                || operation.method != "POST"
                || operation.ends_with_parameter()
                || operation.takes_a_file()
            {
                return 0;
            }
            let last = operation.segments().last().copied().unwrap_or_default();
            let held = operation.fields().is_some_and(|fields| {
                fields
                    .keys()
                    .any(|name| is(name, words::MODALITY) || says(name, words::CLINICIAN))
            });
            let gives = id_in(operation).is_some();
            i32::from(says(last, words::BOOKING) && gives) * (4 + i32::from(held) * 3)
        }) else {
            return Self::default();
        };
        let at = format!("{}/{{", operations[book].path);
        let of_one = |list: &'static [&'static str]| {
            best(operations, |operation| {
                let here =
                    operation.path.starts_with(&at) && operation.holes() == operations[book].holes() + 1;
                let changes = matches!(operation.method.as_str(), "POST" | "PUT" | "PATCH");
                let last = operation.segments().last().copied().unwrap_or_default();
                i32::from(here && changes && !operation.takes_a_file() && says(last, list))
            })
        };
        Self {
            book: Some(book),
            join: of_one(words::JOIN),
            switch: of_one(words::SWITCH),
            end: of_one(words::END),
            show: operations.iter().position(|operation| {
                operation.method == "GET"
                    && operation.path.starts_with(&at)
                    && operation.ends_with_parameter()
            }),
        }
    }
}

impl Actions {
    /// Every one that there is.
    pub(crate) fn all(&self) -> impl Iterator<Item = usize> {
        [self.book, self.join, self.switch, self.end]
            .into_iter()
            .flatten()
    }
}

impl ProfileGuess<'_> {
    /// The actions.
    pub(crate) fn write_actions(&mut self) {
        let Some(book) = self.actions.book else { return };
        self.paper.heading("what people do");
        let id = id_in(self.operation(book)).map(|(path, _)| path);
        let captures: Vec<(&str, String)> = id.iter().map(|path| ("consultation", path.clone())).collect();
        if let Some(path) = &id {
            self.learn(book, path, "consultation");
        }
        let why = format!(
            "`{}` makes something with an id that people meet in",
            self.operation(book).line()
        );
        self.write_action("book", book, &captures, Note::guess(why));
        let others = [
            ("join", self.actions.join),
            ("switch", self.actions.switch),
            ("end", self.actions.end),
        ];
        for (name, index) in others {
            let Some(index) = index else { continue };
            let why = format!("`{}` is called so", self.operation(index).last_word());
            self.write_action(name, index, &[], Note::guess(why));
            if name == "switch" {
                self.write_settled();
            }
        }
    }

    fn write_action(&mut self, name: &str, index: usize, captures: &[(&str, String)], note: Note) {
        let step = self.step(index, StepPurpose::Consulting);
        self.paper.section(&format!("action.{name}"), &note);
        self.record_step(&step, &format!("action.{name}"));
        self.paper
            .steps("steps", &[step.capturing(captures).text()], &Note::None);
    }

    fn write_settled(&mut self) {
        let Some(index) = self.actions.show else { return };
        let Some(place) = leaf_in(self.operation(index), words::MODALITY) else {
            return;
        };
        let mut step = self.step(index, StepPurpose::Consulting);
        step.entries.retain(|(name, _)| *name != "expect");
        let until = format!("json('{place}') == modality");
        step.entries.push(("until", quoted(&until)));
        step.entries.push(("within", quoted("5s")));
        let note = Note::guess("what it is held as can be read back");
        self.paper.line("settled", &step.text(), &note);
    }
}

/// Whether two operations are about the same thing: the same path up to the first hole.
pub(crate) fn shares_prefix(one: &ApiOperation, prefix: &str) -> bool {
    one.path
        .strip_prefix(prefix)
        .is_some_and(|rest| rest.starts_with("/{"))
}
