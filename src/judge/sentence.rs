//! Findings as sentences that a person would say.

use super::finding::{Finding, FindingKind, STRANGER};
use super::techniques;
use crate::ledger::{Claim, Extent, Facet};

/// How many owners a sentence names before it counts the rest.
const NAMED: usize = 6;

/// Tells what happened. Several findings are told as one: they must differ in their owner only.
#[must_use]
pub fn in_words(findings: &[&Finding]) -> String {
    let Some(first) = findings.first() else {
        return String::new();
    };
    let own = findings.iter().all(|finding| finding.owner == finding.bystander);
    let who = subject(findings, first);
    let how = if first.technique == techniques::INVALID_CREDENTIALS {
        // the subject says it
        String::new()
    } else {
        format!(", {},", techniques::phrase(&first.technique, first.temperament))
    };
    let still = if own && !first.kind.is_a_change() {
        "still "
    } else {
        ""
    };
    let what = sentence_about(findings, first, still);
    let no_one = if matches!(first.claim, Some(Claim::NoOne | Claim::Gone)) {
        ", when nobody should get it"
    } else {
        ""
    };
    format!("{who}{how} {what} {}{no_one}.", first.moment)
}

/// Who got it, and what they have in common with the owners: "Ben, who is of the same practice as Ada".
fn subject(findings: &[&Finding], first: &Finding) -> String {
    match first.bystander.as_str() {
        super::NOBODY => return "Somebody".to_owned(),
        super::WRONG_CREDENTIALS => return "Somebody with wrong credentials".to_owned(),
        _ => {}
    }
    let common: Vec<String> = first
        .in_common
        .iter()
        .map(|common| common.reads.clone())
        .collect();
    if common.is_empty() {
        return first.bystander.clone();
    }
    let owners = owners(findings);
    format!("{}, who {} as {}", first.bystander, join(&common), join(&owners))
}

/// The owners, each once; of many, the first few and how many more.
fn owners(findings: &[&Finding]) -> Vec<String> {
    let mut owners: Vec<String> = Vec::new();
    for finding in findings {
        let owner = if finding.owner == finding.bystander {
            "their own"
        } else {
            &finding.owner
        };
        if !owners.iter().any(|known| known == owner) {
            owners.push(owner.to_owned());
        }
    }
    let rest = owners.len().saturating_sub(NAMED);
    if rest > 1 {
        owners.truncate(NAMED);
        owners.push(format!("{rest} others"));
    }
    owners
}

/// Puts together what is one story: the same bystander, way and extent, with several owners.
#[must_use]
pub fn group<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<Vec<&'a Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        match groups
            .iter_mut()
            .find(|group| group.first().is_some_and(|first| one_story(first, finding)))
        {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

fn one_story(a: &Finding, b: &Finding) -> bool {
    // What one gets of their own, where nobody should get anything, is another story than what they get of others.
    let own = |finding: &Finding| finding.owner == finding.bystander;
    let words = |finding: &Finding| {
        finding
            .facets
            .iter()
            .any(|facet| matches!(facet, Facet::Media | Facet::Excerpt))
    };
    (
        a.scenario_number,
        a.line,
        &a.bystander,
        &a.surface,
        &a.technique,
        &a.state,
    ) == (
        b.scenario_number,
        b.line,
        &b.bystander,
        &b.surface,
        &b.technique,
        &b.state,
    ) && (a.kind, a.extent, own(a), words(a)) == (b.kind, b.extent, own(b), words(b))
        && a.in_common == b.in_common
        && a.evidence.during == b.evidence.during
        && a.kind != FindingKind::Total
}

fn sentence_about(findings: &[&Finding], first: &Finding, still: &str) -> String {
    let whose = object(findings);
    let place = place(first);
    if first.kind == FindingKind::Acted {
        let (_, deed) = first.surface.rsplit_once('.').unwrap_or(("", &first.surface));
        return format!("could do `{deed}` for {}", join(&owners(findings)));
    }
    match (first.kind, first.extent) {
        (FindingKind::Changed, _) => format!("could change {whose} {place}"),
        (FindingKind::Total, _) => {
            format!("could tell from the total {place} that there are recordings of others")
        }
        (FindingKind::Existence, _) => {
            let exist = if recordings(findings) == 1 {
                "exists"
            } else {
                "exist"
            };
            format!("could tell {place} that {whose} {exist}")
        }
        (_, Extent::Existence) => format!("was {still}told the id of {whose} {place}"),
        (_, Extent::Listed) => format!("was {still}shown {whose} {place}"),
        (_, Extent::Metadata) => format!("could {still}read {} of {whose} {place}", words(&first.facets)),
        (_, Extent::Excerpt) if first.facets == [Facet::Thumbnail] => {
            format!("could {still}fetch the thumbnail of {whose} {place}")
        }
        (_, Extent::Excerpt) => format!("could {still}fetch a part of {whose} {place}"),
        (_, Extent::Full)
            if !first
                .facets
                .iter()
                .any(|facet| matches!(facet, Facet::Media | Facet::Excerpt)) =>
        {
            format!("could {still}read the transcript of {whose} {place}")
        }
        (_, Extent::Full) => format!("could {still}fetch the whole of {whose} {place}"),
    }
}

/// "in `replays`", "through `media`", or the setting when it came out where no probe was looking.
fn place(finding: &Finding) -> String {
    if let Some(during) = &finding.evidence.during {
        return format!("in the answer to “{during}”");
    }
    let shown = finding.kind == FindingKind::Total || finding.extent == Extent::Listed;
    format!("{} `{}`", if shown { "in" } else { "through" }, finding.surface)
}

/// The facets that are words rather than content.
fn words(facets: &[Facet]) -> String {
    let words: Vec<String> = facets
        .iter()
        .filter_map(|facet| match facet {
            Facet::Title => Some("title"),
            Facet::Metadata => Some("notes"),
            Facet::FileName => Some("file name"),
            _ => None,
        })
        .map(str::to_owned)
        .collect();
    if words.is_empty() {
        "something".to_owned()
    } else {
        format!("the {}", join(&words))
    }
}

fn recordings(findings: &[&Finding]) -> u32 {
    findings
        .iter()
        .map(|finding| finding.recordings)
        .fold(0, u32::saturating_add)
}

/// "Ada's audio recording", "3 of Ada's audio recordings", "the audio recordings of Ada, Ben and Chloe".
fn object(findings: &[&Finding]) -> String {
    let modality = findings.first().and_then(|finding| finding.modality);
    let alike = findings.iter().all(|finding| finding.modality == modality);
    let sort = modality
        .filter(|_| alike)
        .map_or_else(String::new, |modality| format!("{modality} "));
    let [finding] = findings else {
        return format!("the {sort}recordings of {}", join(&owners(findings)));
    };
    let whose = if finding.owner == finding.bystander {
        "their own".to_owned()
    } else {
        possessive(&finding.owner)
    };
    match finding.recordings {
        0 | 1 => format!("{whose} {sort}recording"),
        n if finding.owner == STRANGER => format!("{n} {sort}recordings of strangers"),
        n => format!("{n} of {whose} {sort}recordings"),
    }
}

fn possessive(name: &str) -> String {
    format!("{name}'s")
}

/// "a", "a and b", "a, b and c".
#[must_use]
pub fn join(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}
