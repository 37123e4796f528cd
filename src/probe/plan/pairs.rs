//! Which techniques that write a request anew make sense at which surfaces, as far as the profile says.

use crate::probe::rewriting::{RewritePlace, Rewriting};
use crate::profile::{Profile, SentCredentials, Surface};
use crate::technique::{self, CATALOGUE, Technique};

/// A surface by its name, and a technique that makes sense there.
type SurfaceTechnique<'a> = (&'a String, &'a Surface, &'static Technique);

/// Where which technique that writes a request anew can be tried.
pub(in crate::probe) fn pairs(profile: &Profile) -> Vec<SurfaceTechnique<'_>> {
    let pairs_at = |place: RewritePlace| {
        let surfaces = profile
            .surface
            .iter()
            .filter(move |(_, surface)| place_of(surface) == Some(place));
        surfaces.flat_map(move |(name, surface)| {
            let here = techniques(place).filter(|technique| makes_sense(technique, surface));
            here.map(move |technique| (name, surface, technique))
        })
    };
    [RewritePlace::Fetch, RewritePlace::List, RewritePlace::Write]
        .into_iter()
        .flat_map(pairs_at)
        .collect()
}

fn techniques(place: RewritePlace) -> impl Iterator<Item = &'static Technique> {
    CATALOGUE
        .iter()
        .filter(move |technique| Rewriting::of(technique).is_some_and(|rewriting| rewriting.at == place))
}

/// What a request to a surface does, where it is one request with one's own credentials.
fn place_of(surface: &Surface) -> Option<RewritePlace> {
    // whoever goes behind the app has no request of their own there to write anew
    let one_step = surface.twin.is_none()
        && surface.steps.is_empty()
        && surface.credentials == SentCredentials::Own
        && surface.stream.is_none();
    // there seldom is anything that is not finished
    let one_step = one_step && !surface.unfinished;
    let place = match (&surface.list, &surface.write) {
        // a few of the newest are no list that could be read through
        (Some(list), _) => (!list.newest_only && surface.granted.is_empty()).then_some(RewritePlace::List),
        (None, Some(_)) => Some(RewritePlace::Write),
        (None, None) => surface.mentions("recording.id").then_some(RewritePlace::Fetch),
    };
    place.filter(|_| one_step)
}

/// Whether there is anything to write anew, as far as the profile says.
fn makes_sense(technique: &Technique, surface: &Surface) -> bool {
    let filters = [
        technique::WILDCARD_STAR,
        technique::WILDCARD_PERCENT,
        technique::EMPTY_FILTER,
    ];
    if filters.contains(technique) {
        return !surface.query.is_empty() || surface.request.as_str().contains('?');
    }
    if *technique == technique::CURSOR_SWAP {
        let next = surface.list.as_ref().and_then(|list| list.next.as_ref());
        return next.is_some_and(|next| next.query.is_some());
    }
    let writes = [technique::MASS_ASSIGNMENT, technique::OBJECT_REFERENCE_IN_WRITE];
    !writes.contains(technique) || surface.json.is_some()
}
