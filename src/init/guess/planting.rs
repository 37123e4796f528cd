//! How a recording is made, with a canary in everything that its requests carry.

use super::super::contract::{ApiOperation, Shape, ValueOrigin, ValueType, is_parameter};
use super::super::profile_writer::{Note, quoted, table};
use super::ProfileGuess;
use super::actions::shares_prefix;
use super::fill::{StepPurpose, StepText, braces, payload, prefix};
use super::people::{best, id_in};
use super::words::{self, says};

/// How many requests may have to come before one that needs what they answer.
const DEEPEST: u8 = 4;

impl ProfileGuess<'_> {
    /// The recording.
    pub(crate) fn write_recording(&mut self) {
        self.paper.heading("what a consultation leaves behind");
        let (requests, why) = self.making();
        if requests.is_empty() {
            self.paper.note(&Note::fill_in(
                "`[recording]`: no request was found that makes one; without it nothing can be planted, and nothing is tested",
            ));
            self.paper.asleep(&[
                "[recording]".to_owned(),
                "plant = [{ request = \"POST /recordings\", multipart = [{ name = \"file\", payload = \"media\" }, { name = \"title\", text = \"{{ canary.title }}\" }], capture = { id = \"$.id\" } }]".to_owned(),
                "missing = \"{{ uuid() }}\"".to_owned(),
            ]);
            return;
        }
        let mut steps = Vec::new();
        let mut told = StepText::default();
        let mut has_id = false;
        for index in requests {
            let id = id_in(self.operation(index)).map(|(path, _)| path);
            let gives = !has_id && id.is_some() && self.gives_the_id(index);
            for step in self.plant_steps(index) {
                told.blanks.extend(step.blanks.clone());
                told.taken.extend(step.taken.clone());
                let captures: Vec<(&str, String)> = id
                    .iter()
                    .filter(|_| gives && !step.captures())
                    .map(|path| ("id", path.clone()))
                    .collect();
                steps.push((step, captures));
            }
            if let Some(path) = id.filter(|_| gives) {
                has_id = true;
                self.learn(index, &path, "id");
            }
        }
        self.paper.section("recording", &Note::None);
        self.record_step(&told, "recording.plant");
        if !has_id {
            let note = Note::fill_in(
                "none of these answers names the recording: capture its `id` in `recording.plant`",
            );
            self.paper.note(&note);
        }
        let mut texts = Vec::new();
        for (step, captures) in steps {
            texts.push(step.capturing(&captures).text());
        }
        self.paper.steps("plant", &texts, &Note::guess(why));
        self.write_delete();
        self.write_missing();
        if self.people.has_clinician() && self.actions.book.is_some() {
            let grants = "[{ to = \"clinician\", why = \"treating clinician\" }]";
            let note = Note::guess(
                "the clinician of a consultation may see what was recorded of it; leave it out if not",
            );
            self.paper.line("grants", grants, &note);
        }
    }

    /// The requests that make a recording, in their order, and why.
    fn making(&self) -> (Vec<usize>, String) {
        let operations = &self.contract.operations;
        let uploads: Vec<usize> = (0..operations.len())
            .filter(|index| operations[*index].takes_a_file() && operations[*index].method != "GET")
            .collect();
        let here = |index: &usize| {
            self.collection
                .as_ref()
                .is_some_and(|collection| operations[*index].path.starts_with(&collection.path))
        };
        // a consultation is recorded: parts are uploaded to it, and then it is finished
        let to_consultation = uploads
            .iter()
            .copied()
            .filter(|index| !here(index) && self.is_of_consultation(*index));
        let to_consultation: Vec<usize> = to_consultation.collect();
        if let Some(first) = to_consultation.first() {
            let at = consultation_prefix(&operations[*first]).to_owned();
            let finish = best(operations, |one| {
                let changes = matches!(one.method.as_str(), "POST" | "PUT" | "PATCH") && !one.takes_a_file();
                i32::from(
                    changes
                        && shares_prefix(one, &at)
                        && says(one.last_word(), words::FINALISE)
                        && !self.is_action(&one.line()),
                ) * (1 + i32::from(id_in(one).is_some()))
            });
            let mut requests = to_consultation;
            requests.extend(finish);
            return (
                requests,
                "files are uploaded to a consultation, and then it is finished".to_owned(),
            );
        }
        let create = self.collection.as_ref().and_then(|collection| collection.create);
        let into_it = uploads
            .iter()
            .copied()
            .filter(|index| here(index) && Some(*index) != create);
        match create {
            Some(create) if operations[create].takes_a_file() => {
                (vec![create], "takes a file into the collection".to_owned())
            }
            Some(create) => {
                let mut requests = vec![create];
                requests.extend(into_it);
                (requests, "makes one, and then its files".to_owned())
            }
            None => {
                let mut requests: Vec<usize> = into_it.collect();
                if requests.is_empty() {
                    requests = uploads.into_iter().take(1).collect();
                }
                (requests, "takes a file".to_owned())
            }
        }
    }

    fn is_action(&self, line: &str) -> bool {
        self.actions
            .all()
            .any(|index| self.operation(index).line() == line)
    }

    fn is_of_consultation(&self, index: usize) -> bool {
        let operation = self.operation(index);
        let at = consultation_prefix(operation);
        let booked = self.actions.book.map(|book| self.operation(book).path.as_str());
        booked == Some(at)
            || (self.actions.book.is_some()
                && says(at.rsplit('/').next().unwrap_or_default(), words::BOOKING))
    }

    /// Whether what is in its answer is the recording's id.
    fn gives_the_id(&self, index: usize) -> bool {
        let operation = self.operation(index);
        let Some((path, _)) = id_in(operation) else {
            return false;
        };
        let name = path.rsplit('.').next().unwrap_or_default();
        let plain = words::is(name, words::ID);
        let noun = self
            .collection
            .as_ref()
            .map(|collection| collection.noun.as_str());
        plain || noun.is_some_and(|noun| says(name, &[noun])) || says(name, words::RECORDING)
    }

    /// The steps for one request: what must come before it, and it itself, once for each file that it can be told to take.
    fn plant_steps(&mut self, index: usize) -> Vec<StepText> {
        let mut steps = Vec::new();
        self.before(index, 0, &mut steps);
        let operation = self.operation(index).clone();
        let choice = operation
            .segments()
            .into_iter()
            .filter(|segment| is_parameter(segment))
            .find_map(|segment| {
                let name = segment.trim_matches(['{', '}']);
                let choices = &operation.parameter(name)?.leaf.choices;
                (operation.takes_a_file() && choices.len() > 1).then(|| (name.to_owned(), choices.clone()))
            });
        match choice {
            None => steps.push(self.step(index, StepPurpose::Planting)),
            Some((name, choices)) => {
                for choice in choices {
                    let mut step = self.step_with(index, StepPurpose::Planting, &[(&name, &choice)]);
                    for (entry, value) in &mut step.entries {
                        if *entry == "payload" {
                            *value = quoted(payload(&choice, &[]));
                        }
                    }
                    steps.push(step);
                }
            }
        }
        steps
    }

    /// Requests whose answers this one needs and that nothing else has asked for, with a capture each.
    fn before(&mut self, index: usize, depth: u8, steps: &mut Vec<StepText>) {
        let operation = self.operation(index).clone();
        let mut origins: Vec<(String, ValueOrigin)> = Vec::new();
        for parameter in &operation.parameters {
            let filled = self
                .collection
                .as_ref()
                .is_some_and(|one| one.path == prefix(&operation.path, &parameter.name));
            if !filled && let Some(origin) = &parameter.leaf.from {
                origins.push((parameter.name.clone(), origin.clone()));
            }
        }
        if let Some(body) = &operation.body {
            for (path, leaf) in body.shape.leaves() {
                if let Some(origin) = &leaf.from {
                    let name = path.rsplit('.').next().unwrap_or_default().to_owned();
                    origins.push((name, origin.clone()));
                }
            }
        }
        for (name, origin) in origins {
            let own =
                Some(origin.operation) == self.people.sign_up || Some(origin.operation) == self.people.login;
            if depth >= DEEPEST || own || origin.operation == index || self.known.contains_key(&origin) {
                continue;
            }
            self.before(origin.operation, depth + 1, steps);
            let called = super::fill::variable(&name);
            let step = self.step(origin.operation, StepPurpose::Planting);
            steps.push(step.capturing(&[(called.as_str(), origin.place.clone())]));
            self.known.insert(origin, called);
        }
    }

    fn write_delete(&mut self) {
        let Some(index) = self.collection.as_ref().and_then(|collection| collection.delete) else {
            return;
        };
        let mut step = self.step(index, StepPurpose::Asking);
        let mut why = "deletes one; it may be gone already".to_owned();
        let mut expect = "status < 300 or status == 404".to_owned();
        if self.people.remove.is_some() {
            why.push_str(", or its owner may have signed out, and goes with everything after that");
            expect.push_str(" or status == 401");
        }
        step.entries.retain(|(name, _)| *name != "expect");
        step.entries.push(("expect", quoted(&expect)));
        self.paper.steps("delete", &[step.text()], &Note::guess(why));
    }

    /// An id of the same form that does not exist.
    fn write_missing(&mut self) {
        let sample = self.collection.as_ref().and_then(|collection| {
            let item = collection.item.or(collection.parts.first().copied())?;
            let operation = self.operation(item);
            let name = operation
                .segments()
                .into_iter()
                .find(|segment| is_parameter(segment))?;
            operation
                .parameter(name.trim_matches(['{', '}']))
                .map(|parameter| parameter.leaf.clone())
        });
        let known = sample.as_ref().and_then(|leaf| leaf.known.as_ref());
        let text = known
            .map(|known| known.as_str().map_or_else(|| known.to_string(), str::to_owned))
            .unwrap_or_default();
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let numeric = sample.as_ref().is_some_and(|leaf| leaf.kind == ValueType::Number) || digits;
        let uuid =
            sample.as_ref().is_some_and(|leaf| leaf.format == "uuid") || uuid::Uuid::try_parse(&text).is_ok();
        let (missing, note) = if numeric {
            let nines = "9".repeat(text.len().clamp(9, 18));
            (nines, Note::guess("ids are numbers"))
        } else if uuid {
            ("{{ uuid() }}".to_owned(), Note::None)
        } else if text.is_empty() {
            (
                "{{ uuid() }}".to_owned(),
                Note::guess("ids may be of another form: write one that does not exist"),
            )
        } else {
            (
                format!("{{{{ random({}) }}}}", text.len()),
                Note::guess("as long as an id that was seen"),
            )
        };
        self.paper.line("missing", &quoted(&missing), &note);
    }
}

/// The path up to the first hole.
fn consultation_prefix(operation: &ApiOperation) -> &str {
    operation
        .path
        .split_once("/{")
        .map_or(operation.path.as_str(), |(before, _)| before)
}

/// What the owner writes to leave a field as it is: the canary that stands in it.
pub(crate) fn canary_of(name: &str) -> &'static str {
    if words::is(name, words::FILE_NAME) {
        "canary.file_name"
    } else if words::is(name, words::NOTES) {
        "canary.metadata"
    } else {
        "canary.title"
    }
}

/// A body with one field that can be changed.
pub(crate) fn changing(operation: &ApiOperation, read: Option<&ApiOperation>) -> Option<(String, String)> {
    let fields = operation.fields()?;
    let in_item = |name: &str| {
        read.is_none_or(|read| {
            read.json().is_none_or(|shape| {
                shape
                    .leaves()
                    .iter()
                    .any(|(path, _)| path.rsplit('.').next() == Some(name))
            })
        })
    };
    let text = |shape: &Shape| matches!(shape, Shape::Leaf(leaf) if leaf.kind == ValueType::Text && leaf.choices.is_empty());
    let lists = [words::TITLE, &["name"][..], words::NOTES, words::FILE_NAME];
    lists.iter().find_map(|list| {
        let (name, _) = fields
            .iter()
            .find(|(name, field)| words::is(name, list) && text(&field.shape) && in_item(name))?;
        Some((name.clone(), table([(name.as_str(), quoted(&braces("change")))])))
    })
}
