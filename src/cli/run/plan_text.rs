//! `bystander run --plan`: what would be sent, as far as the scenarios say it. Nothing is.

use crate::cli::arguments::RunArguments;
use crate::ledger::{Claim, Scenario};
use crate::plant::planting::Recording;
use crate::probe::{
    PeopleFacts, PlannedProbe, Requester, Sampling, cover, coverable, once_for_all_alike, plan, relations,
    several_times,
};
use crate::profile::Profile;
use crate::run::Selection;
use crate::steps::{PreviewedAction, PreviewedClaim, foresee, preview_actions};
use crate::technique::{BOLA_ACTION, CATALOGUE, RequestShape};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What those have to do with whose it is who try what is another's to do.
const NO_PART: &str = "no part in it";
/// How often something is tried, by name.
type Counts = BTreeMap<String, u32>;

/// What a run with these scenarios would try.
pub(super) fn render(profile: &Profile, selection: &Selection, arguments: &RunArguments) -> String {
    let mut told = PlanText {
        profile,
        spread: Sampling {
            thorough: arguments.thorough,
            all_personas: arguments.all_personas,
            scenarios: selection.numbers(),
        },
        each: arguments.verbose,
        text: "What would be tried, as far as the scenarios say it. Nothing is sent.\n".to_owned(),
        claims: 0,
        techniques: Counts::new(),
        to_whom: Counts::new(),
        anew: BTreeSet::new(),
    };
    for (scenario, steps) in selection.scenarios() {
        let claims = foresee(steps.iter().copied(), profile);
        if !arguments.quiet {
            told.line(&format!(
                "\n{} ({}:{})",
                scenario.name, scenario.file, scenario.line
            ));
        }
        let mut doings = preview_actions(steps, profile).into_iter().peekable();
        for claim in &claims {
            while let Some(doing) = doings.next_if(|doing| doing.line < claim.line) {
                told.doing(&doing, arguments.quiet);
            }
            told.claim(scenario, claim, arguments.quiet);
        }
        doings.for_each(|doing| told.doing(&doing, arguments.quiet));
    }
    told.totals(selection)
}

struct PlanText<'a> {
    profile: &'a Profile,
    spread: Sampling,
    /// Each try is told by itself.
    each: bool,
    text: String,
    claims: u32,
    techniques: Counts,
    to_whom: Counts,
    /// Techniques that write a request anew, with the surfaces at which they are tried.
    anew: BTreeSet<(String, String)>,
}

impl PlanText<'_> {
    fn line(&mut self, line: &str) {
        // writing into a `String` cannot fail
        writeln!(self.text, "{line}").ok();
    }

    /// What others try before somebody does it.
    fn doing(&mut self, doing: &PreviewedAction, quiet: bool) {
        let technique = BOLA_ACTION.name;
        let times = u32::try_from(doing.who.len()).unwrap_or(u32::MAX);
        *self.techniques.entry(technique.to_owned()).or_default() += times;
        *self.to_whom.entry(NO_PART.to_owned()).or_default() += times;
        if quiet {
            return;
        }
        let by = if self.spread.all_personas || self.spread.thorough {
            "everybody who has"
        } else {
            "somebody who has"
        };
        let PreviewedAction {
            surface, text, line, ..
        } = doing;
        let who = joined(doing.who.iter().cloned());
        self.line(&format!("  line {line}, before `{text}`"));
        self.line(&format!(
            "    {technique} at {surface} by {by} no part in it, for {who}"
        ));
    }

    fn claim(&mut self, scenario: &Scenario, claim: &PreviewedClaim, quiet: bool) {
        self.claims += 1;
        let (techniques, to_whom, each) = self.tries(scenario, claim);
        if quiet {
            return;
        }
        let after = claim
            .moments
            .last()
            .map_or_else(String::new, |moment| format!(", after `{moment}`"));
        self.line(&format!("  line {}{after}: {}", claim.line, claim.text));
        let Some(scope) = &claim.scope else {
            return self.line("    what that comes to is known only when it is asked");
        };
        let owners: BTreeSet<&str> = claim
            .recordings
            .iter()
            .map(|one| one.owner.name.as_str())
            .collect();
        self.line(&format!(
            "    {}, of {}; signed in: {}",
            counted(claim.recordings.len(), "recording"),
            joined(owners.into_iter().map(str::to_owned)),
            joined(claim.people.iter().map(|one| one.name.clone())),
        ));
        if scope.claim == Claim::Reachable {
            return self.line("    who has a right asks for what is theirs; nobody else tries anything");
        }
        for line in by_technique(&techniques) {
            self.line(&format!("    {line}"));
        }
        self.line(&format!("    by relation: {}", listed(&to_whom)));
        each.iter().for_each(|line| self.line(line));
    }

    /// Counts what a claim has people try, by technique and by relation; tells each when that is wanted.
    fn tries(&mut self, scenario: &Scenario, claim: &PreviewedClaim) -> (Counts, Counts, Vec<String>) {
        let (mut techniques, mut to_whom, mut each) = (Counts::new(), Counts::new(), Vec::new());
        let Some(scope) = claim
            .scope
            .as_ref()
            .filter(|scope| scope.claim != Claim::Reachable)
        else {
            return (techniques, to_whom, each);
        };
        let mut people = claim.people.clone();
        people.push(match &claim.old_session {
            None => Requester::with_wrong_credentials(),
            Some(role) => Requester::with_an_old_session(role),
        });
        let spread = (&self.spread, scenario.scenario);
        let nothing = |_: &str, _: &str| Vec::new();
        let known = PeopleFacts {
            common: &nothing,
            past: &|name| claim.past_of(name),
        };
        let planned = plan(self.profile, &people, &claim.recordings, scope);
        let repeat = self.profile.repeat(claim.made.iter().map(String::as_str));
        let plain = self.spread.with_repeats(repeat > 1);
        let alike = (plain.as_ref(), scenario.scenario);
        let planned = once_for_all_alike(planned, &people, &claim.recordings, (&known, scope.claim), alike);
        let mut planned = several_times(planned, repeat);
        if claim.old_session.is_none() {
            planned.extend(cover(
                self.profile,
                &people,
                &claim.recordings,
                scope,
                spread,
                &nothing,
            ));
        }
        for one in &planned {
            let relation = relation(one, claim);
            for (counts, all, name) in [
                (&mut techniques, &mut self.techniques, one.technique.name),
                (&mut to_whom, &mut self.to_whom, relation.as_str()),
            ] {
                *counts.entry(name.to_owned()).or_default() += 1;
                *all.entry(name.to_owned()).or_default() += 1;
            }
            if one.technique.shape == RequestShape::Rewritten {
                let pair = (one.technique.name.to_owned(), one.surface.clone());
                self.anew.insert(pair);
            }
            if self.each {
                each.push(try_by_itself(one, &claim.recordings, &relation));
            }
        }
        (techniques, to_whom, each)
    }

    fn totals(mut self, selection: &Selection) -> String {
        let tries: u32 = self.techniques.values().sum();
        self.line(&format!(
            "\nIn all {} in {} of {}.",
            counted(usize::try_from(tries).unwrap_or(usize::MAX), "try"),
            counted(usize::try_from(self.claims).unwrap_or(usize::MAX), "claim"),
            counted(selection.scenarios().len(), "scenario"),
        ));
        let lines = by_technique(&self.techniques);
        lines.iter().for_each(|line| self.line(&format!("  {line}")));
        let to_whom = listed(&self.to_whom);
        self.line(&format!("  by relation: {to_whom}"));
        let wanted: BTreeSet<(String, String)> = coverable(self.profile)
            .into_iter()
            .flat_map(|one| {
                let surfaces = one.surfaces.clone();
                one.techniques.into_iter().flat_map(move |technique| {
                    surfaces
                        .clone()
                        .into_iter()
                        .map(move |surface| (technique.clone(), surface))
                })
            })
            .collect();
        self.line(&format!(
            "  of {} at which requests are written anew {} are tried{}",
            counted(wanted.len(), "pair of a technique and a surface"),
            self.anew.len(),
            if self.spread.thorough {
                ", everywhere by everybody"
            } else {
                ", each by one bystander of each relation (`--thorough`: by all, in every scenario)"
            }
        ));
        let left: Vec<String> = wanted
            .difference(&self.anew)
            .map(|(technique, surface)| format!("    not tried: {technique} at {surface}"))
            .collect();
        left.iter().for_each(|line| self.line(line));
        self.line(
            "Not counted: owner requests, controls and repeats; what a stack does not \
             understand is left out.",
        );
        self.text
    }
}

/// What somebody who tries something has to do with whose it is.
fn relation(planned: &PlannedProbe, claim: &PreviewedClaim) -> String {
    let is_nobody = !claim.people.iter().any(|one| one.name == planned.who);
    if is_nobody {
        return "not signed in".to_owned();
    }
    let recording = planned
        .recording
        .and_then(|number| claim.recordings.iter().find(|one| one.number == number));
    let Some(recording) = recording else {
        return "in their own list".to_owned();
    };
    let related = relations(&planned.who, recording, &claim.recordings, Vec::new());
    related.into_iter().collect::<Vec<_>>().join(" and ")
}

fn try_by_itself(planned: &PlannedProbe, recordings: &[Recording], relation: &str) -> String {
    let about = planned
        .recording
        .and_then(|number| recordings.iter().find(|one| one.number == number));
    let about = about.map_or_else(String::new, |one| {
        format!(" for {}'s recording {}", one.owner.name, one.number)
    });
    format!(
        "    {} · {} · {}{about} ({relation})",
        planned.who,
        planned.technique.name,
        planned.variant.surface(&planned.surface)
    )
}

/// Techniques in the order of the catalogue: the plain ones, and those that write a request anew.
fn by_technique(counts: &Counts) -> Vec<String> {
    let of = |plainness: RequestShape| {
        let known = CATALOGUE.iter().filter(move |one| one.shape == plainness);
        let each: Vec<String> = known
            .filter_map(|one| Some(format!("{} {}", one.name, counts.get(one.name)?)))
            .collect();
        (!each.is_empty()).then(|| each.join(", "))
    };
    [
        of(RequestShape::Plain).map(|each| format!("plain: {each}")),
        of(RequestShape::Rewritten).map(|each| format!("written anew: {each}")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn listed(counts: &Counts) -> String {
    let each: Vec<String> = counts
        .iter()
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    if each.is_empty() {
        "none".to_owned()
    } else {
        each.join(", ")
    }
}

fn joined(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    match names.split_last() {
        None => "nobody".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

fn counted(count: usize, what: &str) -> String {
    let many = match what.split_once(' ') {
        Some((first, rest)) => format!("{first}s {rest}"),
        None => what
            .strip_suffix('y')
            .map_or_else(|| format!("{what}s"), |stem| format!("{stem}ies")),
    };
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {many}")
    }
}
