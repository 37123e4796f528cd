//! The vocabulary as a table: what can be written, what it means, what it needs of a stack.

use super::World;
use crate::profile::Profile;
use cucumber::codegen::{StepConstructor, WorldInventory, inventory};
use cucumber::gherkin::{Scenario, Step, StepType};
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

/// What a step needs of a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Nothing,
    Flags,
    Switching,
    Links,
    SigningOut,
}

/// One sentence of the vocabulary.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Which kind.
    pub keyword: Keyword,
    /// An example that can be used as it is.
    pub example: &'static str,
    /// What it means.
    pub help: &'static str,
    need: Need,
}

const fn given(example: &'static str, help: &'static str, need: Need) -> Known {
    Known {
        keyword: Keyword::Given,
        example,
        help,
        need,
    }
}
const fn when(example: &'static str, help: &'static str, need: Need) -> Known {
    Known {
        keyword: Keyword::When,
        example,
        help,
        need,
    }
}
const fn then(example: &'static str, help: &'static str, need: Need) -> Known {
    Known {
        keyword: Keyword::Then,
        example,
        help,
        need,
    }
}

/// Every sentence that can be written.
pub const VOCABULARY: [Known; 24] = [
    given(
        "Ada and Ben are signed in",
        "people who are there, and have nothing recorded yet",
        Need::Nothing,
    ),
    given(
        "Ada, Ben and Chloe each have a finished audio consultation that was recorded",
        "each books, joins and ends a text, audio or video consultation, which leaves a recording behind",
        Need::Nothing,
    ),
    given(
        "Ada has 60 finished audio consultations that were recorded",
        "the same, many times",
        Need::Nothing,
    ),
    given(
        "Ada and Ben each had a video consultation with Dr Evans in the slot \"Monday 10:00\" that was recorded",
        "the same, with a clinician and in a slot that are named",
        Need::Nothing,
    ),
    given(
        "Dr Evans held an audio consultation with Ada that was recorded",
        "the clinician has a right to it too",
        Need::Nothing,
    ),
    given(
        "Dan has booked an audio consultation",
        "booked, not joined",
        Need::Nothing,
    ),
    given(
        "Dan has booked an audio consultation and joined it",
        "it is running, and can be switched",
        Need::Nothing,
    ),
    given(
        "Ada has been given a link to her recording",
        "the owner asks for a link, opens it and keeps it (her, his or their)",
        Need::Links,
    ),
    when(
        "the feature \"audio-video-switch\" is turned on",
        "sets the flag (on or off) and waits until every replica uses it; put back when the scenario ends",
        Need::Flags,
    ),
    when(
        "Dan switches to video",
        "while the consultation runs; also: switches back to audio",
        Need::Switching,
    ),
    when(
        "Dan's consultation ends",
        "the running consultation ends",
        Need::Nothing,
    ),
    when(
        "Dan's consultation is recorded",
        "the latest consultation leaves a recording behind",
        Need::Nothing,
    ),
    when(
        "Ada signs out",
        "her session ends; what it carried is kept for `old session`",
        Need::SigningOut,
    ),
    when("Ada signs in again", "a new session", Need::Nothing),
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
        "everyone can still list and fetch their own",
        "every owner gets theirs at every surface (of more than six recordings, the first and the last one by one)",
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
pub fn nearest_to(step: &Step) -> Result<(), Vec<&'static Known>> {
    let wanted = keyword(step);
    if REGISTERED
        .iter()
        .any(|(keyword, regex)| *keyword == wanted && regex.is_match(&step.value))
    {
        return Ok(());
    }
    let mut ranked: Vec<(f64, &Known)> = VOCABULARY
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

/// Whether a scenario changes flags, and so must have the stack to itself.
#[must_use]
pub fn changes_flags<'a>(steps: impl IntoIterator<Item = &'a Step>) -> bool {
    steps.into_iter().any(|step| need_of(step) == Need::Flags)
}

fn need_of(step: &Step) -> Need {
    let Some((wanted, regex)) = REGISTERED
        .iter()
        .find(|(wanted, regex)| *wanted == keyword(step) && regex.is_match(&step.value))
    else {
        return Need::Nothing;
    };
    let sentence = VOCABULARY
        .iter()
        .find(|known| known.keyword == *wanted && regex.is_match(known.example));
    sentence.map_or(Need::Nothing, |known| known.need)
}

/// What a scenario needs and the profile does not have: the reason why it is not applicable.
#[must_use]
pub fn needs(scenario: &Scenario, background: &[Step], profile: &Profile) -> Option<String> {
    let lacks = |need| match need {
        Need::Nothing => None,
        Need::Flags => profile
            .flag
            .is_none()
            .then_some("it has no `[flag]`: features cannot be turned on and off"),
        Need::Switching => (!profile.action.contains_key("switch"))
            .then_some("it has no `[action.switch]`: nobody can switch between audio and video"),
        Need::Links => (!profile.surface.values().any(|surface| surface.link))
            .then_some("it has no surface with `link = true`: nothing hands out links"),
        Need::SigningOut => (!profile.role.values().any(|role| !role.logout.is_empty()))
            .then_some("no role has `logout`: nobody can sign out"),
    };
    let missing = background
        .iter()
        .chain(&scenario.steps)
        .find_map(|step| lacks(need_of(step)));
    missing.map(|why| format!("the profile `{}` lacks something: {why}", profile.target.name))
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
