//! Which twins are wanted: those of what is tried, those that do not stand yet, those whose turn it is.

use super::Authorised;
use crate::plant::planting::Recording;
use crate::probe::context::ProbeContext;
use crate::probe::plan::{PlannedProbe, Scope, sample};
use crate::probe::probe_request::Variant;
use crate::profile::{Profile, Surface};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

/// For which recordings at which surfaces a twin is wanted.
pub(in crate::probe) struct ControlPlan {
    /// None: for all.
    by: Option<PlannedTargets>,
    anew: Refresh,
    /// Of each surface that is no list only this recording, asked for by this person or role; none: all.
    only: Option<BTreeMap<String, (String, u32)>>,
    /// But where links are handed out, everybody has theirs.
    links: bool,
    /// Who looks at which list anyway.
    looking: ListViewers,
}

/// By name and surface: who looks at a list of theirs for what is others', and is shown their own in it.
pub(in crate::probe) type ListViewers = BTreeSet<(String, String)>;

/// Whether somebody asks again who got the same in the same world state, when nothing was tried since that may change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::probe) enum Refresh {
    /// Everywhere.
    All,
    /// Where links are handed out, whose time runs.
    Links,
    /// Where something was tried since, at lists and where links are handed out: lists are what is kept for people most often, and whoever
    /// changes what is in them finds them as people have left them. Elsewhere it is enough that they got it in this state: it is
    /// compared with what they get in another.
    Compared,
    /// Nowhere.
    Nothing,
}

/// What was asked, and what stood already.
#[derive(Debug, Default)]
pub(in crate::probe) struct ControlCounts {
    /// For how many recordings at how many surfaces, with what stood.
    pub(in crate::probe) asked: u32,
    /// The exchanges that were not made again.
    pub(in crate::probe) standing: Vec<u64>,
}

impl ControlCounts {
    pub(super) fn add(&mut self, asked: usize) {
        self.asked = self
            .asked
            .saturating_add(u32::try_from(asked).unwrap_or(u32::MAX));
    }

    /// Takes what stands for all of these, if it does.
    pub(super) fn reuse_earlier(
        &mut self,
        scene: &ProbeContext<'_>,
        needed: &ControlPlan,
        who: &str,
        at: ControlPlace<'_>,
        recordings: &[&Recording],
    ) -> bool {
        let Some(standing) = needed.standing(scene, who, at, recordings) else {
            return false;
        };
        self.add(recordings.len());
        self.standing.extend(standing);
        true
    }
}

/// A surface and how it is asked.
pub(super) type ControlPlace<'a> = (&'a str, &'a Surface, Variant);

/// What is tried.
struct PlannedTargets {
    tried: BTreeSet<(String, u32)>,
    /// Surfaces at which whoever is shown a recording in a list opens it: which ones these are is not known beforehand.
    opened: BTreeSet<String>,
}

impl ControlPlan {
    /// For every recording everywhere.
    pub(in crate::probe) fn all() -> Self {
        Self {
            by: None,
            anew: Refresh::All,
            only: None,
            links: false,
            looking: ListViewers::new(),
        }
    }

    /// The same, but of links everybody has theirs handed out, also where else one asks for all.
    pub(in crate::probe) fn with_links(self) -> Self {
        Self { links: true, ..self }
    }

    /// The same without asking again for what stands.
    pub(in crate::probe) fn again(self, anew: Refresh) -> Self {
        Self { anew, ..self }
    }

    /// The same, but for lists at which somebody looks anyway.
    pub(in crate::probe) fn without_list_viewers(self, looking: ListViewers) -> Self {
        Self { looking, ..self }
    }

    /// For what is tried.
    pub(in crate::probe) fn by<'a>(
        profile: &Profile,
        planned: impl Iterator<Item = &'a PlannedProbe>,
    ) -> Self {
        let tried = planned.filter_map(|one| Some((one.surface.clone(), one.recording?)));
        let lists = profile
            .surface
            .values()
            .filter_map(|surface| surface.list.as_ref());
        let opened = lists.flat_map(|list| list.opens.iter().map(|name| name.to_string()));
        Self {
            by: Some(PlannedTargets {
                tried: tried.collect(),
                opened: opened.collect(),
            }),
            anew: Refresh::All,
            only: None,
            links: false,
            looking: ListViewers::new(),
        }
    }

    /// For every list, and for one recording at each other surface, another one each time that `turn` is another: asked again in any
    /// case. Lists are what is kept for people most often: whoever changes what is in them finds them as people have left them, and what
    /// a list that was kept did not show is shown when it is read anew.
    pub(in crate::probe) fn one_each(
        self,
        scene: &ProbeContext<'_>,
        entitled: &Authorised,
        scope: &Scope,
        turn: u32,
    ) -> Self {
        let to_be_had = scene
            .recordings
            .iter()
            .filter(|one| scope.covers(one.number) && !one.deleted);
        let covered: Vec<&Recording> = to_be_had.collect();
        let mut only = BTreeMap::new();
        for (place, (name, surface)) in scene.site().profile.surface.iter().enumerate() {
            if surface.list.is_some() {
                continue;
            }
            let theirs: Vec<(&str, &Recording)> = match &surface.twin {
                Some(role) => sample(&covered)
                    .into_iter()
                    .map(|one| (role.as_str(), one))
                    .collect(),
                None => {
                    let people = entitled.people.values();
                    let of = people.flat_map(|(persona, recordings)| {
                        let theirs = sample(&entitled.at(scene, (name, surface), persona, recordings));
                        theirs.into_iter().map(|one| (persona.name.as_str(), one))
                    });
                    of.collect()
                }
            };
            let wanted = |(_, one): &&(&str, &Recording)| self.takes(name, surface, one);
            let theirs: Vec<&(&str, &Recording)> = theirs.iter().filter(wanted).collect();
            let turn = usize::try_from(turn).unwrap_or_default().wrapping_add(place);
            if let Some((who, one)) = turn.checked_rem(theirs.len()).and_then(|turn| theirs.get(turn)) {
                only.insert(name.clone(), ((*who).to_owned(), one.number));
            }
        }
        Self {
            anew: Refresh::All,
            only: Some(only),
            looking: ListViewers::new(),
            ..self
        }
    }

    /// Whether somebody asks for anything at a surface.
    pub(super) fn has_ask(&self, who: &str, name: &str, surface: &Surface) -> bool {
        let is_chosen =
            |only: &BTreeMap<String, (String, u32)>| only.get(name).is_some_and(|(chosen, _)| chosen == who);
        if self.looking.contains(&(who.to_owned(), name.to_owned())) {
            return false;
        }
        let all = surface.list.is_some() || (self.links && surface.link);
        all || self.only.as_ref().is_none_or(is_chosen)
    }

    /// The exchanges in which somebody got all of these, if they stand and need not be made again.
    fn standing(
        &self,
        scene: &ProbeContext<'_>,
        who: &str,
        (name, surface, variant): ControlPlace<'_>,
        recordings: &[&Recording],
    ) -> Option<BTreeSet<u64>> {
        let again = match self.anew {
            Refresh::All => true,
            Refresh::Links => surface.link,
            Refresh::Nothing | Refresh::Compared => false,
        };
        if again {
            return None;
        }
        let state = scene.client.moment().state;
        let twins = scene.twins.lock().unwrap_or_else(PoisonError::into_inner);
        let standing = |one: &&Recording| match self.anew {
            Refresh::Compared if !surface.link && surface.list.is_none() => {
                twins.latest(who, (name, variant), one.number, state)
            }
            _ => twins.standing(who, (name, variant), one.number, state),
        };
        recordings.iter().map(standing).collect()
    }

    /// Whoever tries another's link may begin with one of their own, so that at such surfaces everybody asks for theirs.
    pub(super) fn takes(&self, name: &str, surface: &Surface, recording: &Recording) -> bool {
        let wanted = |wanted: &PlannedTargets| {
            wanted.opened.contains(name) || wanted.tried.contains(&(name.to_owned(), recording.number))
        };
        let chosen = |only: &BTreeMap<String, (String, u32)>| {
            only.get(name)
                .is_some_and(|(_, number)| *number == recording.number)
        };
        let is_wanted = surface.link || self.by.as_ref().is_none_or(wanted);
        let all = self.links && surface.link;
        is_wanted && (all || self.only.as_ref().is_none_or(chosen))
    }
}
