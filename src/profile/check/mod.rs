//! Everything that can be wrong with a profile although the file can be read.

mod changes;
mod deploy;
mod grants;
mod guard;
mod names;
mod people;
mod recording;
mod step;
mod surface;
mod syntax;

use self::names::Names;
use self::step::StepPlace;
use super::Text;
use super::error::{ProfileError, listed, nearest};
use super::parts::Profile;
use super::source::Source;
use super::template::Templates;
use std::collections::BTreeMap;
use std::ops::Range;

/// Nothing is wrong, or the first thing that is.
type Checked = Result<(), ProfileError>;

/// Looks for a mistake.
pub(super) fn check(source: &Source<'_>, profile: &Profile) -> Checked {
    let checker = Checker {
        source,
        profile,
        templates: Templates::default(),
        names: Names::of(profile),
    };
    for base in profile.base.values() {
        checker.template(base)?;
    }
    checker.people()?;
    for (name, action) in &profile.action {
        // by this one a recording is deleted, and not a consultation held
        let place = match name.as_str() {
            "delete" => StepPlace::of_a_recording(),
            _ => StepPlace::in_a_consultation(),
        };
        action
            .steps
            .iter()
            .chain(&action.settled)
            .try_for_each(|step| checker.step(step, &place))?;
    }
    checker.flag()?;
    checker.changes()?;
    checker.recording()?;
    checker.outcomes()?;
    checker.surfaces()?;
    checker.grants()?;
    checker.deploy()?;
    checker.limits()?;
    checker.discovery()?;
    checker.exceptions()
}

/// Names that are meant to exist, and what they are called in a message.
struct KnownNames<'a> {
    kind: &'static str,
    names: Vec<&'a str>,
}

struct Checker<'a> {
    source: &'a Source<'a>,
    profile: &'a Profile,
    templates: Templates,
    names: Names,
}

impl Checker<'_> {
    fn fail<T>(
        &self,
        place: Range<usize>,
        what: impl Into<String>,
        label: &str,
        hint: impl Into<Option<String>>,
    ) -> Result<T, ProfileError> {
        Err(self.source.mistake(place, what.into(), label, hint.into()))
    }

    fn known(&self, name: &Text, known: &KnownNames<'_>) -> Checked {
        self.known_at(name.span(), name, known)
    }

    fn known_at(&self, place: Range<usize>, name: &str, known: &KnownNames<'_>) -> Checked {
        if known.names.contains(&name) {
            return Ok(());
        }
        let hint = match (nearest(name, &known.names), known.names.is_empty()) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, true) => "there are none here".to_owned(),
            (None, false) => format!("known are {}", listed(&known.names)),
        };
        let label = match known.kind {
            "technique" | "extent" | "payload" => format!("no such {}", known.kind),
            kind => format!("not a {kind} of this profile"),
        };
        self.fail(
            place,
            format!("there is no {} `{name}`", known.kind),
            &label,
            hint,
        )
    }

    /// Exactly one of these fields.
    fn one_of(&self, place: Range<usize>, what: &str, fields: &[(&str, bool)]) -> Checked {
        let given: Vec<&str> = fields
            .iter()
            .filter(|(_, is)| *is)
            .map(|(name, _)| *name)
            .collect();
        let all: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
        match given.len() {
            1 => Ok(()),
            0 => self.fail(
                place,
                format!("{what} has none of {}", listed(&all)),
                "in here",
                format!("it needs exactly one of {}", listed(&all)),
            ),
            _ => self.fail(
                place,
                format!("{what} has {} at once", listed(&given)),
                "in here",
                "keep one of them".to_owned(),
            ),
        }
    }
}

fn keys<T>(map: &BTreeMap<String, T>) -> Vec<&str> {
    map.keys().map(String::as_str).collect()
}
