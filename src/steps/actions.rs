//! What a scenario has people do that is theirs to do: before each of it others try it.

use super::vocabulary::sentence;
use super::words::NamesArg;
use crate::probe::is_tried_first;
use crate::profile::Profile;
use crate::toggle::{DELETE, END, JOIN, SWITCH};
use cucumber::gherkin::Step;

/// Something that somebody does.
#[derive(Debug, PartialEq, Eq)]
pub struct PreviewedAction {
    /// Who does it, as often as they do.
    pub who: Vec<String>,
    /// What of the profile says how, as reports call it: `action.switch`.
    pub surface: String,
    /// The step as it is written.
    pub text: String,
    /// Where it stands.
    pub line: usize,
}

/// Reads what others try first in the steps of a scenario, as far as the profile lets them.
#[must_use]
pub fn preview_actions<'a>(
    steps: impl IntoIterator<Item = &'a Step>,
    profile: &Profile,
) -> Vec<PreviewedAction> {
    let done = steps.into_iter().filter_map(|step| done_in(step, profile));
    done.filter(|doing| !doing.who.is_empty()).collect()
}

fn done_in(step: &Step, profile: &Profile) -> Option<PreviewedAction> {
    let (example, words) = sentence(step)?;
    let people = |at: usize| {
        let names = words.get(at).and_then(|names| names.parse::<NamesArg>().ok());
        names.map_or_else(Vec::new, |people| people.0)
    };
    let action = match example {
        "Dan has booked an audio consultation and joined it" => JOIN,
        "Dan switches to video" => SWITCH,
        "Dan's consultation ends" => END,
        "Ada deletes her recording" => DELETE,
        "Ada does \"archive\"" => words.get(1).map_or("", String::as_str),
        "Ada has shared her recording with Ben" => {
            let grant = profile.grant.get("share")?;
            if !is_tried_first(&grant.give, grant.settled.as_ref()) {
                return None;
            }
            let with = people(1).len();
            let owners = people(0).into_iter();
            let who = owners.flat_map(|who| std::iter::repeat_n(who, with)).collect();
            return Some(doing(step, who, "grant.share".to_owned()));
        }
        _ => return None,
    };
    let part = profile.action.get(action)?;
    is_tried_first(&part.steps, part.settled.as_ref())
        .then(|| doing(step, people(0), format!("action.{action}")))
}

fn doing(step: &Step, who: Vec<String>, surface: String) -> PreviewedAction {
    PreviewedAction {
        who,
        surface,
        text: step.value.clone(),
        line: step.position.line,
    }
}
