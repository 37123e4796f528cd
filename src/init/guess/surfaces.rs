//! Ways out: lists, single ones, files, links, changes.

use super::super::contract::ApiOperation;
use super::super::profile_writer::{Note, key, quoted, table};
use super::ProfileGuess;
use super::collection::{RecordingList, address_in};
use super::fill::{StepPurpose, StepText, query_named};
use super::paging::{next, next_leaf, total};
use super::planting::{canary_of, changing};
use super::words::{self, is};
use std::collections::BTreeSet;

/// How many items a page holds, where that can be said and nothing else is.
const PAGE: &str = "20";

impl ProfileGuess<'_> {
    /// The surfaces.
    pub(crate) fn write_surfaces(&mut self) {
        self.paper.heading("ways out");
        let Some(collection) = self.collection.take() else {
            let note = Note::fill_in("surfaces: no request was found that lists or fetches recordings");
            self.paper.note(&note);
            self.paper.asleep(&[
                "[surface.list]".to_owned(),
                "request = \"GET /recordings\"".to_owned(),
                "list = { items = \"$.items[*]\", id = \"$.id\" }".to_owned(),
            ]);
            return;
        };
        let mut names = BTreeSet::new();
        let item = collection.item.map(|index| {
            let file = self.operation(index).gives_a_file();
            (index, name(&mut names, if file { "media" } else { "item" }))
        });
        let parts: Vec<(usize, String)> = collection
            .parts
            .iter()
            .map(|index| (*index, name(&mut names, self.operation(*index).last_word())))
            .collect();
        let opened = item.iter().chain(&parts).map(|(_, name)| name.as_str());
        let opens: Vec<String> = opened
            .filter(|name| ["item", "media"].contains(name))
            .map(quoted)
            .collect();
        self.collection = Some(collection);
        let (lists, links, writes) = self
            .collection
            .as_ref()
            .map(|one| (one.lists.clone(), one.links.clone(), one.writes.clone()))
            .unwrap_or_default();
        for (number, list) in lists.iter().enumerate() {
            let called = name(&mut names, self.operation(list.operation).last_word());
            let opens = if number == 0 { opens.as_slice() } else { &[] };
            self.write_list(&called, list, opens, None);
            if number == 0 && self.people.web_login.is_some() {
                let web = name(&mut names, &format!("{called}-web"));
                self.write_list(&web, list, &[], Some("web"));
            }
        }
        for (index, called) in item.iter().chain(&parts) {
            self.write_fetch(called, *index);
        }
        for index in links {
            let called = name(
                &mut names,
                &format!("signed-{}", self.operation(index).last_word()),
            );
            self.write_link(&called, index, "hands out an address");
        }
        if let Some((index, _)) = &item
            && parts.is_empty()
            && address_in(self.operation(*index)).is_some()
        {
            let called = name(&mut names, "media");
            self.write_link(&called, *index, "an address stands in the metadata");
        }
        for index in writes {
            self.write_write(&mut names, index, item.as_ref());
        }
    }

    fn write_list(&mut self, called: &str, list: &RecordingList, opens: &[String], session: Option<&str>) {
        let operation = self.operation(list.operation).clone();
        let note = if session.is_some() {
            Note::None
        } else {
            Note::guess(format!("`{}` are objects with an id", list.items))
        };
        self.paper.section(&format!("surface.{}", key(called)), &note);
        if let Some(session) = session {
            self.paper.line("session", &quoted(session), &Note::None);
        }
        self.used.insert(list.operation);
        let mut step = StepText::default();
        let mut path = self.path(&operation, StepPurpose::Asking, &[], &mut step);
        if let Some(limit) = query_named(&operation, words::LIMIT) {
            let joint = if path.contains('?') { '&' } else { '?' };
            path = format!("{path}{joint}{limit}={PAGE}");
        }
        self.record_step(&step, &format!("surface.{called}"));
        self.request(&operation, &path);
        let mut entries = vec![("items", quoted(&list.items)), ("id", quoted(&list.id))];
        let mut why = Vec::new();
        if let Some(total) = total(&operation, &list.items) {
            why.push(format!("`{total}` counts them"));
            entries.push(("total", quoted(&total)));
        }
        if let Some((next, reason)) = next(&operation, &list.items) {
            why.push(reason);
            entries.push(("next", next));
        } else if let Some((place, _)) = next_leaf(&operation, &list.items).filter(|_| session.is_none()) {
            let blank = format!(
                "`next` in `surface.{called}`: `{place}` seems to lead to the next page, and nothing shows how"
            );
            self.paper.note(&Note::fill_in(blank));
        }
        let newest = list
            .items
            .split('.')
            .any(|word| is(word.trim_end_matches("[*]"), words::NEWEST));
        if newest {
            why.push("it says that it shows only the newest".to_owned());
            entries.push(("newest_only", "true".to_owned()));
        }
        if !opens.is_empty() {
            entries.push(("opens", format!("[{}]", opens.join(", "))));
        }
        let note = if why.is_empty() || session.is_some() {
            Note::None
        } else {
            Note::guess(why.join("; "))
        };
        self.paper.line("list", &table(entries), &note);
    }

    fn write_fetch(&mut self, called: &str, index: usize) {
        let operation = self.operation(index).clone();
        self.used.insert(index);
        self.paper
            .section(&format!("surface.{}", key(called)), &Note::None);
        let mut step = StepText::default();
        let path = self.path(&operation, StepPurpose::Asking, &[], &mut step);
        self.record_step(&step, &format!("surface.{called}"));
        self.request(&operation, &path);
        let partly = operation
            .answers
            .iter()
            .any(|answer| [206, 416].contains(&answer.status))
            || operation
                .parameters
                .iter()
                .any(|one| one.name.eq_ignore_ascii_case("range"));
        if partly {
            self.paper
                .line("ranges", "true", &Note::guess("it knows `Range`"));
        }
        let head = self
            .contract
            .operations
            .iter()
            .position(|one| one.method == "HEAD" && one.path == operation.path);
        if let Some(head) = head {
            self.used.insert(head);
            self.paper.line("head", "true", &Note::None);
        }
    }

    fn write_link(&mut self, called: &str, index: usize, why: &str) {
        let Some(place) = address_in(self.operation(index)) else {
            return;
        };
        let note = Note::guess(format!("`{}` {why}", self.operation(index).line()));
        self.paper.section(&format!("surface.{}", key(called)), &note);
        let step = self.step(index, StepPurpose::Asking);
        self.record_step(&step, &format!("surface.{called}"));
        let step = step.capturing(&[("url", place)]);
        self.paper.steps("steps", &[step.text()], &Note::None);
        self.paper.line("request", &quoted("GET {{ url }}"), &Note::None);
        let note = Note::guess("whoever holds the address may try to open it, and later again");
        self.paper.line("link", "true", &note);
    }

    fn write_write(&mut self, names: &mut BTreeSet<String>, index: usize, item: Option<&(usize, String)>) {
        let operation = self.operation(index).clone();
        let read = item.map(|(index, _)| self.operation(*index).clone());
        let (Some((field, json)), Some((_, item))) = (changing(&operation, read.as_ref()), item) else {
            return;
        };
        self.used.insert(index);
        let called = name(names, "rename");
        let why = format!("`{field}` can be changed here and read at `{item}`");
        self.paper
            .section(&format!("surface.{}", key(&called)), &Note::guess(why));
        let mut step = StepText::default();
        let path = self.path(&operation, StepPurpose::Asking, &[], &mut step);
        self.request(&operation, &path);
        self.paper.line("json", &json, &Note::None);
        let others = operation
            .fields()
            .into_iter()
            .flatten()
            .filter(|(name, other)| other.required && **name != field)
            .map(|(name, _)| format!("`{name}`"))
            .collect::<Vec<_>>();
        if !others.is_empty() {
            let note = Note::fill_in(format!(
                "{} must be in the body of `surface.{called}` too",
                others.join(", ")
            ));
            self.paper.note(&note);
        }
        let unchanged = format!("{{{{ {} }}}}", canary_of(&field));
        let write = table([("read_back", quoted(item)), ("unchanged", quoted(&unchanged))]);
        self.paper.line("write", &write, &Note::None);
    }

    fn request(&mut self, operation: &ApiOperation, path: &str) {
        let request = format!("{} {path}", operation.method);
        self.paper.line("request", &quoted(&request), &Note::None);
        if let Some(base) = &operation.base {
            self.paper.line("base", &quoted(base), &Note::None);
        }
    }
}

/// A name that is not taken yet.
fn name(taken: &mut BTreeSet<String>, wanted: &str) -> String {
    let plain: String = wanted
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let plain = plain.trim_matches('-');
    let plain = if plain.is_empty() { "surface" } else { plain };
    let mut name = plain.to_owned();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{plain}-{number}");
        number += 1;
    }
    name
}
