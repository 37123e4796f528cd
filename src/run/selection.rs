//! Which scenarios run: the user's filters, what the profile lacks, and what this deployment does not have.

use super::features::Source;
use crate::ledger::Scenario;
use crate::profile::Profile;
use crate::steps::{EACH_CHANGE, EACH_CLOSING_CHANGE, Keyword, Sentence, nearest_to, needs};
use cucumber::gherkin::tagexpr::TagOperation;
use cucumber::gherkin::{self, Feature, Step};
use cucumber::tag::Ext as _;
use miette::{Diagnostic, NamedSource, SourceSpan};
use regex::Regex;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// What the user chose.
#[derive(Debug, Default)]
pub struct Filter {
    /// A tag expression.
    pub tags: Option<TagOperation>,
    /// A regular expression for titles.
    pub name: Option<Regex>,
    /// Whether the stack runs in containers: `@containers` needs that.
    pub containers: bool,
    /// Features, each by the name of its file, whose scenarios go first.
    pub first: Vec<String>,
}

/// A scenario that cannot run as it is written.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum SelectionError {
    /// A step that nobody knows.
    #[error("`{step}` is not in the vocabulary")]
    Unknown {
        step: String,
        #[source_code]
        text: Arc<NamedSource<String>>,
        #[label("unknown step")]
        place: SourceSpan,
        #[help]
        nearest: String,
    },
}

type ScenarioKey = (String, usize, usize, String);

/// The scenarios that run, numbered in the order in which they stand in the files.
#[derive(Debug)]
pub struct Selection {
    features: Vec<Feature>,
    /// So many of them go first.
    ahead: usize,
    facts: HashMap<ScenarioKey, Scenario>,
    not_applicable: Vec<(Scenario, String)>,
    filtered_out: u32,
}

/// Selects scenarios.
///
/// # Errors
/// When a selected scenario has a step that is not in the vocabulary.
pub fn select(sources: Vec<Source>, filter: &Filter, profile: &Profile) -> Result<Selection, SelectionError> {
    let mut selection = Selection {
        features: Vec::new(),
        ahead: 0,
        facts: HashMap::new(),
        not_applicable: Vec::new(),
        filtered_out: 0,
    };
    let mut number = 0;
    for source in sources {
        let mut feature = source.feature.clone();
        let background: Vec<Step> = steps_of(feature.background.as_ref());
        let mut keep = |scenario: &gherkin::Scenario, rule: &[String], background: &[Step]| {
            number += 1;
            selection.retain(&source, rule, scenario, background, number, filter, profile)
        };
        let mut kept = Vec::new();
        for scenario in each(std::mem::take(&mut feature.scenarios), profile) {
            if keep(&scenario, &[], &background)? {
                kept.push(scenario);
            }
        }
        feature.scenarios = kept;
        for rule in &mut feature.rules {
            let mut steps = background.clone();
            steps.extend(steps_of(rule.background.as_ref()));
            let mut kept = Vec::new();
            for scenario in each(std::mem::take(&mut rule.scenarios), profile) {
                if keep(&scenario, &rule.tags, &steps)? {
                    kept.push(scenario);
                }
            }
            rule.scenarios = kept;
        }
        feature.rules.retain(|rule| !rule.scenarios.is_empty());
        if !feature.scenarios.is_empty() || !feature.rules.is_empty() {
            let goes_first = filter.first.iter().any(|name| {
                Path::new(&source.path)
                    .file_stem()
                    .is_some_and(|stem| stem == name.as_str())
            });
            if goes_first {
                selection.features.insert(selection.ahead, feature);
                selection.ahead += 1;
            } else {
                selection.features.push(feature);
            }
        }
    }
    Ok(selection)
}

/// A scenario that speaks of each change is there once for every change of the profile; where there is none, it stays as it is,
/// and does not apply.
fn each(scenarios: Vec<gherkin::Scenario>, profile: &Profile) -> Vec<gherkin::Scenario> {
    let said = |scenario: &gherkin::Scenario| {
        let speaks_of = |word: &str| scenario.steps.iter().any(|step| step.value.contains(word));
        [(EACH_CHANGE, false), (EACH_CLOSING_CHANGE, true)]
            .into_iter()
            .find(|(word, _)| speaks_of(word))
    };
    let expand = |scenario: gherkin::Scenario| {
        let Some((word, closes)) = said(&scenario) else {
            return vec![scenario];
        };
        let of_change = |change: &String| {
            let mut one = scenario.clone();
            one.name = if one.name.contains(word) {
                one.name.replace(word, change)
            } else {
                format!("{} ({change})", one.name)
            };
            for step in &mut one.steps {
                step.value = step.value.replace(word, change);
            }
            one
        };
        let meant = profile.change.iter().filter(|(_, part)| part.closes == closes);
        let expanded: Vec<gherkin::Scenario> = meant.map(|(name, _)| of_change(name)).collect();
        if expanded.is_empty() {
            vec![scenario]
        } else {
            expanded
        }
    };
    scenarios.into_iter().flat_map(expand).collect()
}

fn steps_of(background: Option<&gherkin::Background>) -> Vec<Step> {
    background
        .map(|background| background.steps.clone())
        .unwrap_or_default()
}

impl Selection {
    /// The features with the scenarios that run.
    #[must_use]
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// Those that go first, and the others.
    #[must_use]
    pub fn in_order(&self) -> (&[Feature], &[Feature]) {
        self.features.split_at(self.ahead.min(self.features.len()))
    }

    /// How many run.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.facts.len()).unwrap_or(u32::MAX)
    }

    /// How many the user chose, with those that do not apply to this stack.
    #[must_use]
    pub fn chosen(&self) -> u32 {
        self.count()
            .saturating_add(u32::try_from(self.not_applicable.len()).unwrap_or(u32::MAX))
    }

    /// The numbers of those that run, in order.
    #[must_use]
    pub fn numbers(&self) -> Vec<u32> {
        let mut numbers: Vec<u32> = self.facts.values().map(|facts| facts.scenario).collect();
        numbers.sort_unstable();
        numbers
    }

    /// How many the user's filters left out.
    #[must_use]
    pub fn filtered_out(&self) -> u32 {
        self.filtered_out
    }

    /// Those that need what this stack does not have, and what that is.
    #[must_use]
    pub fn not_applicable(&self) -> &[(Scenario, String)] {
        &self.not_applicable
    }

    /// Those that run, in order, each with every step of it.
    #[must_use]
    pub fn scenarios(&self) -> Vec<(&Scenario, Vec<&Step>)> {
        let mut all = Vec::new();
        for feature in &self.features {
            let background: Vec<&Step> = feature.background.iter().flat_map(|one| &one.steps).collect();
            let own = feature.scenarios.iter().map(|one| (one, background.clone()));
            let of_rules = feature.rules.iter().flat_map(|rule| {
                let further = rule.background.iter().flat_map(|one| &one.steps);
                let before: Vec<&Step> = background.iter().copied().chain(further).collect();
                rule.scenarios.iter().map(move |one| (one, before.clone()))
            });
            for (scenario, mut steps) in own.chain(of_rules) {
                steps.extend(&scenario.steps);
                all.extend(self.find(feature, scenario).map(|facts| (facts, steps)));
            }
        }
        all.sort_by_key(|(facts, _)| facts.scenario);
        all
    }

    /// What is known of a scenario.
    #[must_use]
    pub fn find(&self, feature: &Feature, scenario: &gherkin::Scenario) -> Option<&Scenario> {
        let path = feature
            .path
            .as_ref()
            .map(|path| path.display().to_string())
            .unwrap_or_default();
        self.facts.get(&key(&path, scenario))
    }

    #[expect(clippy::too_many_arguments, reason = "a scenario is chosen by all of these")]
    fn retain(
        &mut self,
        source: &Source,
        rule_tags: &[String],
        scenario: &gherkin::Scenario,
        background: &[Step],
        number: u32,
        filter: &Filter,
        profile: &Profile,
    ) -> Result<bool, SelectionError> {
        let tags: Vec<String> = source
            .feature
            .tags
            .iter()
            .chain(rule_tags)
            .chain(&scenario.tags)
            .cloned()
            .collect();
        let wanted = filter
            .tags
            .as_ref()
            .is_none_or(|expression| expression.eval(&tags))
            && filter
                .name
                .as_ref()
                .is_none_or(|name| name.is_match(&scenario.name));
        if !wanted {
            self.filtered_out += 1;
            return Ok(false);
        }
        for step in background.iter().chain(&scenario.steps) {
            nearest_to(step).map_err(|nearest| unknown(source, step, &nearest))?;
        }
        let facts = Scenario {
            scenario: number,
            feature: source.feature.name.clone(),
            name: scenario.name.clone(),
            file: source.path.clone(),
            line: u32::try_from(scenario.position.line).unwrap_or(0),
            tags: tags.clone(),
            at_ms: 0,
        };
        let reason = if tags.iter().any(|tag| tag == "containers") && !filter.containers {
            Some(
                "it needs the stack in containers: the embedded clinic has no gateway, one replica and no recorder"
                    .to_owned(),
            )
        } else {
            needs(scenario, background, profile)
        };
        if let Some(reason) = reason {
            self.not_applicable.push((facts, reason));
            return Ok(false);
        }
        self.facts.insert(key(&source.path, scenario), facts);
        Ok(true)
    }
}

fn key(path: &str, scenario: &gherkin::Scenario) -> ScenarioKey {
    (
        path.to_owned(),
        scenario.position.line,
        scenario.position.col,
        scenario.name.clone(),
    )
}

fn unknown(source: &Source, step: &Step, nearest: &[&Sentence]) -> SelectionError {
    let lines: Vec<String> = nearest
        .iter()
        .map(|known| format!("  {} {}", word(known.keyword), known.example))
        .collect();
    let start: usize = source
        .text
        .split_inclusive('\n')
        .take(step.position.line.saturating_sub(1))
        .map(str::len)
        .sum();
    let line = source
        .text
        .get(start..)
        .and_then(|rest| rest.lines().next())
        .unwrap_or_default();
    let indent = line.len() - line.trim_start().len();
    SelectionError::Unknown {
        step: step.value.clone(),
        text: Arc::new(NamedSource::new(&source.path, source.text.clone())),
        place: (start + indent, line.trim().len()).into(),
        nearest: format!(
            "the nearest known steps are\n{}\n`bystander steps` lists them all",
            lines.join("\n")
        ),
    }
}

fn word(keyword: Keyword) -> &'static str {
    match keyword {
        Keyword::Given => "Given",
        Keyword::When => "When",
        Keyword::Then => "Then",
    }
}
