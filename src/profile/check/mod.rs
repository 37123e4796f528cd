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

use self::names::TemplateNames;
use self::step::StepContext;
use super::Text;
use super::error::{ProfileError, listed, nearest};
use super::parts::Profile;
use super::source::ProfileSource;
use super::template::Templates;
use crate::spelling::{NameKind, new_name};
use std::collections::BTreeMap;
use std::ops::Range;

/// Nothing is wrong, or the first thing that is.
type CheckResult = Result<(), ProfileError>;

/// Looks for a mistake.
pub(super) fn check(source: &ProfileSource<'_>, profile: &Profile) -> CheckResult {
    let checker = Checker {
        source,
        profile,
        templates: Templates::default(),
        names: TemplateNames::of(profile),
    };
    for base in profile.base.values() {
        checker.template(base)?;
    }
    checker.people()?;
    for (name, action) in &profile.action {
        // by this one a recording is deleted, and not a consultation held
        let place = match name.as_str() {
            "delete" => StepContext::of_a_recording(),
            _ => StepContext::in_a_consultation(),
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
    source: &'a ProfileSource<'a>,
    profile: &'a Profile,
    templates: Templates,
    names: TemplateNames,
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

    fn known(&self, name: &Text, known: &KnownNames<'_>) -> CheckResult {
        self.known_at(name.span(), name, known)
    }

    fn known_at(&self, place: Range<usize>, name: &str, known: &KnownNames<'_>) -> CheckResult {
        if known.names.contains(&name) {
            return Ok(());
        }
        let renamed = new_name(NameKind::Technique, name).filter(|_| known.kind == "technique");
        let hint = match (
            renamed.or_else(|| nearest(name, &known.names)),
            known.names.is_empty(),
        ) {
            (Some(new), _) if renamed.is_some() => format!("it is called `{new}` now"),
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
    fn one_of(&self, place: Range<usize>, what: &str, fields: &[(&str, bool)]) -> CheckResult {
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
