//! The vocabulary as a table: what can be written, what it means, what it needs of a stack.

use super::World;
use super::needs::Need;
use cucumber::codegen::{StepConstructor, WorldInventory, inventory};
use cucumber::gherkin::{Step, StepType};
use regex::Regex;
use std::sync::LazyLock;

/// Which kind of step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keyword {
    /// What was before.
    Given,
    /// What happens.
    When,
    /// What must be so.
    Then,
}

/// One sentence of the vocabulary.
#[derive(Debug, Clone, Copy)]
pub struct Sentence {
    /// Which kind.
    pub keyword: Keyword,
    /// An example that can be used as it is.
    pub example: &'static str,
    /// What it means.
    pub help: &'static str,
    need: Need,
}

const fn given(example: &'static str, help: &'static str, need: Need) -> Sentence {
    Sentence {
        keyword: Keyword::Given,
        example,
        help,
        need,
    }
}
const fn when(example: &'static str, help: &'static str, need: Need) -> Sentence {
    Sentence {
        keyword: Keyword::When,
        example,
        help,
        need,
    }
}
const fn then(example: &'static str, help: &'static str, need: Need) -> Sentence {
    Sentence {
        keyword: Keyword::Then,
        example,
        help,
        need,
    }
}

/// Every sentence that can be written.
pub const VOCABULARY: [Sentence; 52] = [
    given(
        "Ada and Ben are signed in",
        "people who are there, and have nothing recorded yet",
        Need::Nothing,
    ),
    given(
        "Ada is a patient of the private service",
        "a role and a tenant of the profile (`private-service`), where she signs in; also: are patients; a clinician of the public service and the private service",
        Need::Tenants,
    ),
    given(
        "Ben is a patient of the private service with Ada's number",
        "the same, and what `me.nhs_number` says of him is what it says of her: tenants count each for itself",
        Need::Tenants,
    ),
    given(
        "Ada, Ben and Chloe each have a finished audio consultation that was recorded",
        "each books, joins and ends a text, audio or video consultation, which leaves a recording behind",
        Need::Recordings,
    ),
    given(
        "Ada and Ben each have a finished video consultation that the recorder has recorded",
        "the same in a further way of the profile's (`[recording.way.recorder]`), from its beginning to its end",
        Need::Way,
    ),
    when(
        "the recorder begins on Ada's consultation",
        "her latest one: from now on there is a recording that is not finished",
        Need::Way,
    ),
    when(
        "the recorder is done with Ada's consultation",
        "the recording is finished, and what the stack has stored shows whose it is",
        Need::Way,
    ),
    given(
        "Ada has 60 finished audio consultations that were recorded",
        "the same, many times",
        Need::Recordings,
    ),
    given(
        "Ada and Ben each had a video consultation with Dr Evans in the slot \"Monday 10:00\" that was recorded",
        "the same, with a clinician and in a slot that are named",
        Need::Booking,
    ),
    given(
        "Dr Evans held an audio consultation with Ada that was recorded",
        "the clinician has a right to it too",
        Need::Recordings,
    ),
    given(
        "Dan has booked an audio consultation",
        "booked, not joined",
        Need::Booking,
    ),
    given(
        "Dan has booked an audio consultation and joined it",
        "it is running, and can be switched",
        Need::Booking,
    ),
    given(
        "Ada has been given a link to her recording",
        "the owner asks for a link, opens it and keeps it (her, his or their)",
        Need::Links,
    ),
    given(
        "Ada has shared her recording with Ben",
        "her latest one, and Ben may see it from now on (her, his or their)",
        Need::Grant("share"),
    ),
    given(
        "Sam is a support agent",
        "or a pharmacist, or an insurer: somebody who is neither a patient nor a clinician; they are signed in",
        Need::Role,
    ),
    given(
        "Sam has given a reason to open Ada's recording",
        "her latest one, and Sam may see it for a while; Ada is told of it",
        Need::Grant("break-glass"),
    ),
    when(
        "Sam closes the case of Ada's recording",
        "there is no reason any more; what was kept of it is tried afterwards",
        Need::Grant("break-glass"),
    ),
    when(
        "Sam's time with Ada's recording is over",
        "the time is over for which a reason was given, by the stack's own clock",
        Need::Grant("break-glass"),
    ),
    given(
        "Grace is the guardian of Ada and Ben",
        "she may see what they have recorded and will record",
        Need::Grant("guardianship"),
    ),
    when(
        "Grace is no longer the guardian of Ada",
        "she has no right any more to what Ada has recorded, nor to what she will",
        Need::Grant("guardianship"),
    ),
    when(
        "Ada comes of age",
        "the same for everybody who is her guardian, by the stack's own clock",
        Need::Grant("guardianship"),
    ),
    given(
        "Ada has a prescription that Phil dispenses",
        "of her latest consultation that was recorded; Phil has no right to the recording",
        Need::Grant("prescription"),
    ),
    given(
        "Ivy is the insurer of Ada and Ben",
        "she pays for their consultations, and has no right to what they record",
        Need::Grant("insurance"),
    ),
    when(
        "Ada withdraws the share from Ben",
        "what she has shared with him; what he kept of it is tried afterwards",
        Need::Grant("share"),
    ),
    when(
        "Ada's share with Ben runs out",
        "the time is over that she gave it, by the stack's own clock",
        Need::Grant("share"),
    ),
    when(
        "Ada is no longer treated by Dr Grey",
        "the clinician has no right any more to recordings of consultations that they held with her",
        Need::Grant("treatment"),
    ),
    when(
        "the feature \"audio-video-switch\" is turned on",
        "sets the flag (on or off) and waits until every replica uses it; put back when the scenario ends",
        Need::Flags,
    ),
    when(
        "the feature \"audio-video-switch\" is turned on for Ada and Ben",
        "sets the flag for these people only, and waits until every replica uses it for each of them; the flag is put back when the scenario ends",
        Need::FlagsForPeople,
    ),
    when(
        "the feature \"audio-video-switch\" is turned on for the private service",
        "the same for the people of a tenant of the profile (`private-service`); also: for the private service and the insurer",
        Need::FlagsForTenants,
    ),
    when(
        "the change \"open-reading\" is made",
        "makes a change that the profile declares, and waits until it has settled; also: is undone; undone when the scenario ends",
        Need::Changes,
    ),
    when(
        "Ada does \"archive\"",
        "an action that the profile declares, in the consultation if there is one",
        Need::Nothing,
    ),
    when(
        "Dan switches to video",
        "while the consultation runs; also: switches back to audio",
        Need::Switching,
    ),
    when(
        "Dan's consultation ends",
        "the running consultation ends",
        Need::Booking,
    ),
    when(
        "Dan's consultation is recorded",
        "the latest consultation leaves a recording behind",
        Need::Recordings,
    ),
    when(
        "Ada deletes her recording",
        "her latest one; whoever had a right to it has used it before (her, his or their); also: Ada's recording is deleted",
        Need::Deleting,
    ),
    when(
        "Ada signs out",
        "her session ends; what it carried is kept for `old session`",
        Need::SigningOut,
    ),
    when("Ada signs in again", "a new session", Need::Nothing),
    when(
        "Ben signs in on Ada's device",
        "the one that she signed out of, with the cookies and pages that it keeps; she goes on with another",
        Need::Devices,
    ),
    when(
        "Ada and Ben look at their replays",
        "each pages through their own lists, as one does between two changes",
        Need::Nothing,
    ),
    then(
        "no one can list or fetch anybody else's recordings",
        "every person of the scenario, and nobody signed in, tries every surface; each probe has a twin by the owner",
        Need::Nothing,
    ),
    then(
        "no one can list or fetch any recording",
        "the same, and the owners are refused too; the twins are from before the last change",
        Need::Nothing,
    ),
    then(
        "no one can list or fetch Ada's deleted recording",
        "neither she nor anybody else; the twins are from before it was deleted",
        Need::Deleting,
    ),
    then(
        "everyone can still list and fetch their own",
        "every owner gets theirs at every surface (of more than six recordings, the first and the last one by one)",
        Need::Nothing,
    ),
    then(
        "nobody else can open what Ada finds by following links",
        "from where the profile's [discovery] begins; every address that shows her own recording is tried by everybody else",
        Need::Discovery,
    ),
    then(
        "no one else is told of Ada's recording before it is finished",
        "everybody else tries every surface while it is not; then it is finished, and its owner gets it: the twins",
        Need::Nothing,
    ),
    then(
        "Ada's link no longer opens",
        "neither for its owner nor for anybody else",
        Need::Links,
    ),
    then(
        "Ada's link opens for nobody else",
        "others, and nobody signed in, try the link",
        Need::Links,
    ),
    then(
        "Dr Evans can list and fetch Ada's recording",
        "those who have a right to it get it",
        Need::Nothing,
    ),
    then(
        "Dr Evans cannot list or fetch Ben's recording",
        "these people, these recordings, every surface",
        Need::Nothing,
    ),
    then(
        "Ben cannot list or fetch any recording",
        "these people get nothing, of their own neither; the twins are from before the last change",
        Need::Nothing,
    ),
    then(
        "Ada can list and fetch her own recordings",
        "her, his or their",
        Need::Nothing,
    ),
    then(
        "Ada's old session opens nothing",
        "the credentials she had before she signed out are tried at every surface",
        Need::SigningOut,
    ),
];

/// The regular expressions under which steps are registered, with the place in the source.
#[must_use]
pub fn known() -> Vec<(Keyword, Regex)> {
    fn of<S: StepConstructor<World> + inventory::Collect>(
        keyword: Keyword,
    ) -> impl Iterator<Item = (Keyword, Regex)> {
        inventory::iter::<S>().map(move |step| (keyword, (step.inner().1)()))
    }
    let mut all: Vec<(Keyword, Regex)> = of::<<World as WorldInventory>::Given>(Keyword::Given)
        .chain(of::<<World as WorldInventory>::When>(Keyword::When))
        .chain(of::<<World as WorldInventory>::Then>(Keyword::Then))
        .collect();
    all.sort_by(|one, other| (one.0, one.1.as_str()).cmp(&(other.0, other.1.as_str())));
    all
}

static REGISTERED: LazyLock<Vec<(Keyword, Regex)>> = LazyLock::new(known);

fn keyword(step: &Step) -> Keyword {
    match step.ty {
        StepType::Given => Keyword::Given,
        StepType::When => Keyword::When,
        StepType::Then => Keyword::Then,
    }
}

/// Whether a step is in the vocabulary; if not, the sentences most like it, with the keyword they want.
///
/// # Errors
/// With the nearest sentences, the best first.
pub fn nearest_to(step: &Step) -> Result<(), Vec<&'static Sentence>> {
    let wanted = keyword(step);
    if REGISTERED
        .iter()
        .any(|(keyword, regex)| *keyword == wanted && regex.is_match(&step.value))
    {
        return Ok(());
    }
    let mut ranked: Vec<(f64, &Sentence)> = VOCABULARY
        .iter()
        .map(|known| {
            let mut likeness = strsim::normalized_damerau_levenshtein(&step.value, known.example);
            let same_sentence = REGISTERED.iter().any(|(keyword, regex)| {
                *keyword == known.keyword && regex.is_match(&step.value) && regex.is_match(known.example)
            });
            if same_sentence {
                likeness += 1.0;
            }
            (likeness, known)
        })
        .collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0));
    Err(ranked.into_iter().take(3).map(|(_, known)| known).collect())
}

pub(super) fn need_of(step: &Step) -> Need {
    let Some((wanted, regex)) = registered(step) else {
        return Need::Nothing;
    };
    let sentence = VOCABULARY
        .iter()
        .find(|known| known.keyword == *wanted && regex.is_match(known.example));
    sentence.map_or(Need::Nothing, |known| known.need)
}

/// The example of the sentence that a step is, and the words of the step that stand for something, in order.
pub(super) fn sentence(step: &Step) -> Option<(&'static str, Vec<String>)> {
    let (wanted, regex) = registered(step)?;
    let known = VOCABULARY
        .iter()
        .find(|known| known.keyword == *wanted && regex.is_match(known.example))?;
    let captured = regex.captures(&step.value)?;
    let words = captured
        .iter()
        .skip(1)
        .map(|word| word.map_or_else(String::new, |word| word.as_str().to_owned()));
    Some((known.example, words.collect()))
}

pub(super) fn registered(step: &Step) -> Option<&'static (Keyword, Regex)> {
    REGISTERED
        .iter()
        .find(|(wanted, regex)| *wanted == keyword(step) && regex.is_match(&step.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_of_the_table_is_one_registered_step_and_every_step_is_in_the_table() {
        let registered = known();
        assert_eq!(registered.len(), VOCABULARY.len());
        for sentence in &VOCABULARY {
            let matching: Vec<&str> = registered
                .iter()
                .filter(|(_, regex)| regex.is_match(sentence.example))
                .map(|(_, regex)| regex.as_str())
                .collect();
            assert_eq!(matching.len(), 1, "`{}` matches {matching:?}", sentence.example);
        }
        for (keyword, regex) in &registered {
            let written = VOCABULARY
                .iter()
                .any(|known| known.keyword == *keyword && regex.is_match(known.example));
            assert!(written, "`{regex}` has no example in the table");
        }
    }
}
