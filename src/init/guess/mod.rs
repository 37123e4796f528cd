//! From what is known of an API to a profile: who signs in how, what is a recording, which ways lead to it. Every conclusion is
//! a guess from names and shapes, and says so in a comment beside it.

mod actions;
mod collection;
mod fill;
mod flags;
mod introduce;
mod left;
mod meaning;
mod paging;
mod people;
mod planting;
mod surfaces;
pub(crate) mod words;

use self::actions::Actions;
use self::collection::RecordingCollection;
use self::people::SignInGuess;
use super::contract::{ApiContract, ApiOperation, ValueOrigin};
use super::profile_writer::{Note, ProfileWriter, quoted};
use std::collections::{BTreeMap, BTreeSet};

/// What was concluded, and the profile as far as it is written.
pub(crate) struct ProfileGuess<'a> {
    /// What is known.
    contract: &'a ApiContract,
    /// Who signs in how.
    people: SignInGuess,
    /// What they do.
    actions: Actions,
    /// The recordings.
    collection: Option<RecordingCollection>,
    /// Operations that the profile makes use of.
    used: BTreeSet<usize>,
    /// Values that earlier steps captured, as they stand in templates.
    known: BTreeMap<ValueOrigin, String>,
    /// The profile.
    paper: ProfileWriter,
}

/// Writes a profile for this API.
pub(crate) fn profile(contract: &ApiContract) -> ProfileWriter {
    let people = SignInGuess::find(contract);
    let collection = RecordingCollection::find(contract, &people);
    let actions = Actions::find(contract, &people, collection.as_ref());
    let mut guess = ProfileGuess {
        contract,
        people,
        actions,
        collection,
        used: BTreeSet::new(),
        known: BTreeMap::new(),
        paper: ProfileWriter::default(),
    };
    guess.head();
    guess.write_people();
    guess.write_actions();
    guess.write_flags();
    guess.write_recording();
    guess.write_surfaces();
    guess.write_discovery();
    guess.write_left_out();
    guess.paper
}

impl ProfileGuess<'_> {
    fn operation(&self, index: usize) -> &ApiOperation {
        &self.contract.operations[index]
    }

    fn head(&mut self) {
        let paper = &mut self.paper;
        paper.comment(&format!(
            "A target profile, written by `bystander init` from {}.",
            self.contract.source
        ));
        paper.comment("`guess:` stands where something was concluded from names and shapes, `fill in:` where it could not be.");
        paper.comment(
            "Try it on the stack with `bystander check --profile FILE`. Secrets stay in the environment.",
        );
        paper.section("target", &Note::None);
        paper.line("name", &quoted(&self.contract.title), &Note::None);
        paper.section("base", &Note::None);
        if self.contract.bases.is_empty() {
            let note = Note::fill_in("where the stack is; the document names no server");
            let address = quoted("{{ env.API_ADDRESS | default('http://127.0.0.1:8080') }}");
            paper.line("api", &address, &note);
        }
        for (name, address) in &self.contract.bases {
            let variable = format!("{}_ADDRESS", name.to_uppercase().replace('-', "_"));
            let text = format!("{{{{ env.{variable} | default('{address}') }}}}");
            paper.line(name, &quoted(&text), &Note::None);
        }
        let elsewhere = self.collection.as_ref().is_some_and(|collection| {
            let parts = collection.links.iter().chain(&collection.item);
            parts
                .map(|index| &self.contract.operations[*index])
                .any(|operation| collection::address_in(operation).is_some())
        });
        if elsewhere && self.contract.bases.len() < 2 {
            let blank =
                "answers hold addresses: if they lead to another host, name it here, or it is not spoken to";
            self.paper.note(&Note::fill_in(blank));
            let line = format!("media = {}", quoted("{{ env.MEDIA_ADDRESS }}"));
            self.paper.asleep(&[line]);
        }
        self.write_outcomes();
    }

    /// What a refusal looks like, from the statuses with which single things are refused.
    fn write_outcomes(&mut self) {
        let Some(item) = self.collection.as_ref().and_then(|collection| collection.item) else {
            return;
        };
        let refused: BTreeSet<u16> = self
            .operation(item)
            .answers
            .iter()
            .map(|answer| answer.status)
            .filter(|status| [400, 403, 404, 410].contains(status))
            .collect();
        if refused.is_empty() || self.contract.traced {
            return;
        }
        self.paper.section("outcome", &Note::None);
        let statuses: Vec<String> = refused.iter().map(u16::to_string).collect();
        let denied = format!("status in [{}]", statuses.join(", "));
        let why = "the statuses with which a single recording is refused; only for sorting, content decides";
        self.paper.line("denied", &quoted(&denied), &Note::guess(why));
    }

    fn write_discovery(&mut self) {
        let whoami = self.people.whoami.map(|index| self.operation(index).path.clone());
        let list = self.collection.as_ref().map(|collection| collection.path.clone());
        let start: Vec<String> = whoami
            .into_iter()
            .chain(list)
            .filter(|path| !path.contains('{'))
            .map(|path| quoted(&path))
            .collect();
        if start.is_empty() {
            return;
        }
        self.paper.heading("what nobody declared");
        self.paper.section("discovery", &Note::None);
        let note = Note::guess("from oneself and the list, links lead to the rest");
        self.paper
            .line("start", &format!("[{}]", start.join(", ")), &note);
    }
}
