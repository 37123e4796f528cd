//! What is excepted, and what was left out: told in every report, so that neither is forgotten.

use super::text::{Page, count};
use crate::judge::{Excepted, Judgement, LeftOut, sentence};
use crate::ledger::FOLLOW_LINKS;
use crate::technique::INVALID_CREDENTIALS;

pub(super) fn write(page: &mut Page, judgement: &Judgement) {
    if !judgement.exceptions.is_empty() {
        page.title("Accepted exceptions");
        page.blank();
        for exception in &judgement.exceptions {
            page.hanging("  ", &exception_in_words(exception));
        }
    }
    if !judgement.left_out.is_empty() {
        page.title("Left out");
        page.blank();
        for one in &judgement.left_out {
            page.hanging("  ", &left_out_in_words(one));
        }
    }
}

/// "`media`: anyone holding the address, up to full, by `leaked-link` (seen 12 times): by design".
pub(crate) fn exception_in_words(exception: &Excepted) -> String {
    let surface = match exception.surface.as_str() {
        "*" => "everywhere".to_owned(),
        name => format!("`{name}`"),
    };
    let to = match exception.to.as_slice() {
        [] => String::new(),
        to => format!(" ({})", sentence::join(to)),
    };
    let extent = exception
        .extent
        .map_or_else(String::new, |extent| format!(", up to {extent}"));
    let technique = exception
        .technique
        .as_ref()
        .map_or_else(String::new, |technique| format!(", by `{technique}`"));
    let seen = match exception.seen {
        0 => "never seen".to_owned(),
        1 => "seen once".to_owned(),
        seen => format!("seen {}", count(seen, "time")),
    };
    let reason = &exception.reason;
    format!(
        "{surface}: {}{to}{extent}{technique}; {seen}. {reason}",
        exception.who
    )
}

/// "The visitor with wrong credentials was left out 12 times: the budget …".
pub(crate) fn left_out_in_words(one: &LeftOut) -> String {
    let times = match one.count {
        1 => "once".to_owned(),
        times => count(times, "time"),
    };
    if one.technique == INVALID_CREDENTIALS.name {
        return format!(
            "The visitor with wrong credentials was left out {times}: {}",
            one.why
        );
    }
    if one.technique == FOLLOW_LINKS {
        return format!("Link discovery stopped early, {times}: {}", one.why);
    }
    let surfaces: Vec<String> = one.surfaces.iter().map(|name| format!("`{name}`")).collect();
    format!(
        "`{}` at {} was left out {times}: {}",
        one.technique,
        sentence::join(&surfaces),
        one.why
    )
}
