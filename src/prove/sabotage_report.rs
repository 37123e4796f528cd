//! Which probes notice when we interfere with them, read from the ledgers of sabotaged runs.

use crate::judge::Judge;
use crate::ledger::{Entry, Purpose, ReadError};
use crate::probe::Sabotage;
use crate::technique::BOLA_ACTION;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A probe of the suite: what is tried where, in which scenario.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct ProbePlace {
    technique: String,
    surface: String,
    file: String,
    scenario: String,
}

/// What became of it under sabotage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct InjectionResult {
    interfered: BTreeSet<Sabotage>,
    noticed: BTreeSet<Sabotage>,
}

/// Everything that sabotaged runs showed.
#[derive(Debug, Default)]
pub struct SabotageCollector(BTreeMap<ProbePlace, InjectionResult>);

impl SabotageCollector {
    /// Takes in the ledger of a run with this sabotage.
    ///
    /// # Errors
    /// When an entry cannot be read.
    pub fn take_in(
        &mut self,
        how: Sabotage,
        entries: impl Iterator<Item = Result<Entry, ReadError>>,
    ) -> Result<(), ReadError> {
        let mut judge = Judge::default();
        let mut scenarios: BTreeMap<u32, (String, String)> = BTreeMap::new();
        for entry in entries {
            let entry = entry?;
            match &entry {
                Entry::Scenario(one) => {
                    scenarios.insert(one.scenario, (one.file.clone(), one.name.clone()));
                }
                Entry::Exchange(exchange) => {
                    if let Purpose::Probe {
                        technique, targets, ..
                    } = &exchange.part
                        && !targets.is_empty()
                        && let Some(place) = place(
                            &scenarios,
                            exchange.scenario,
                            exchange.surface.as_deref(),
                            technique,
                        )
                    {
                        self.0.entry(place).or_default();
                    }
                }
                Entry::Attempted(attempted) if attempted.exchange.is_some() => {
                    let technique = BOLA_ACTION.name;
                    let surface = Some(attempted.surface.as_str());
                    if let Some(place) = place(&scenarios, attempted.scenario, surface, technique) {
                        self.0.entry(place).or_default();
                    }
                }
                Entry::Sabotaged(one) => {
                    if let Some(place) = place(&scenarios, one.scenario, Some(&one.surface), &one.technique) {
                        self.0.entry(place).or_default().interfered.insert(how);
                    }
                }
                _ => {}
            }
            judge.observe(&entry);
        }
        for finding in &judge.finish().findings {
            for technique in std::iter::once(&finding.technique).chain(&finding.also_by) {
                let found = place(
                    &scenarios,
                    finding.scenario_number,
                    Some(&finding.surface),
                    technique,
                );
                if let Some(fate) = found.and_then(|place| self.0.get_mut(&place)) {
                    fate.noticed.insert(how);
                }
            }
        }
        Ok(())
    }

    /// What it comes to.
    #[must_use]
    pub fn report(&self) -> SabotageReport {
        let mut rows: BTreeMap<(&str, &str), SabotageRow> = BTreeMap::new();
        let mut blind = Vec::new();
        let mut untouched = Vec::new();
        for (place, fate) in &self.0 {
            let row = rows
                .entry((&place.technique, &place.surface))
                .or_insert_with(|| SabotageRow::of(place));
            row.probes += 1;
            row.noticed += usize::from(!fate.noticed.is_empty());
            row.by.extend(&fate.noticed);
            if fate.noticed.is_empty() {
                let list = if fate.interfered.is_empty() {
                    &mut untouched
                } else {
                    &mut blind
                };
                list.push(Probe {
                    technique: place.technique.clone(),
                    surface: place.surface.clone(),
                    file: place.file.clone(),
                    scenario: place.scenario.clone(),
                    interfered: fate.interfered.iter().copied().collect(),
                });
            }
        }
        SabotageReport {
            probes: self.0.len(),
            noticed: rows.values().map(|row| row.noticed).sum(),
            rows: rows.into_values().collect(),
            blind,
            untouched,
        }
    }
}

fn place(
    scenarios: &BTreeMap<u32, (String, String)>,
    scenario: u32,
    surface: Option<&str>,
    technique: &str,
) -> Option<ProbePlace> {
    let (file, name) = scenarios.get(&scenario)?;
    Some(ProbePlace {
        technique: technique.to_owned(),
        surface: surface?.to_owned(),
        file: file.clone(),
        scenario: name.clone(),
    })
}

/// Which probes noticed that we interfered with them. A probe is a technique at a surface in a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SabotageReport {
    /// How many probes there are.
    pub probes: usize,
    /// How many of them noticed at least one sabotage.
    pub noticed: usize,
    /// By technique and surface.
    pub rows: Vec<SabotageRow>,
    /// Probes that were interfered with and noticed nothing.
    pub blind: Vec<Probe>,
    /// Probes that no sabotage could interfere with: nobody with a right was answered there, so there was nothing to hand on.
    pub untouched: Vec<Probe>,
}

impl SabotageReport {
    /// The JSON Schema of `sabotage.json`.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}

/// A technique at a surface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SabotageRow {
    /// The technique.
    pub technique: String,
    /// The surface.
    pub surface: String,
    /// In how many scenarios it is tried.
    pub probes: usize,
    /// In how many of them a sabotage was noticed.
    pub noticed: usize,
    /// Which sabotages were noticed.
    pub by: BTreeSet<Sabotage>,
}

impl SabotageRow {
    fn of(place: &ProbePlace) -> Self {
        Self {
            technique: place.technique.clone(),
            surface: place.surface.clone(),
            probes: 0,
            noticed: 0,
            by: BTreeSet::new(),
        }
    }
}

/// One probe that noticed nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Probe {
    /// The technique.
    pub technique: String,
    /// The surface.
    pub surface: String,
    /// The feature's file.
    pub file: String,
    /// Title of the scenario.
    pub scenario: String,
    /// The sabotages that it did not notice.
    pub interfered: Vec<Sabotage>,
}
