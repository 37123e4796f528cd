//! What must be said of the small server in each of its modes.

use super::mode::Mode;

/// Two patients with a recorded consultation each, at rest.
pub(crate) const AT_REST: &str = "A recorded audio consultation is fetched by its owner and nobody else";
/// The same while group visits are on, and after.
pub(crate) const SWITCHED: &str = "\"group-visits\" to and fro, twice";

/// A mode, and what must be said of it.
pub(crate) struct Row {
    /// The mode.
    pub(crate) mode: Mode,
    /// The exit code: 1 leaked, 3 inconclusive, 0 held.
    pub(crate) code: i32,
    /// Where it leaks: these surfaces and no others.
    pub(crate) surfaces: &'static [&'static str],
    /// A scenario in which it leaks …
    pub(crate) scenario: &'static str,
    /// … to whom, whose …
    pub(crate) to: &'static [(&'static str, &'static str)],
    /// … and how much.
    pub(crate) extent: &'static str,
    /// What must stand among the reasons of what could not be judged; empty: there must be none.
    pub(crate) reason: &'static str,
    /// Whether it leaks only while group visits are on.
    pub(crate) only_switched: bool,
}

/// Each patient gets the other's.
const EACH_OTHER: &[(&str, &str)] = &[("Ada", "Ben"), ("Ben", "Ada")];
/// And somebody who is not signed in gets both; a visitor with wrong credentials tries one.
const AND_NOBODY: &[(&str, &str)] = &[
    ("Ada", "Ben"),
    ("Ben", "Ada"),
    ("nobody", "Ada"),
    ("nobody", "Ben"),
    ("wrong-credentials", "Ada"),
];

const fn leaks(mode: Mode, surfaces: &'static [&'static str], extent: &'static str) -> Row {
    Row {
        mode,
        code: 1,
        surfaces,
        scenario: AT_REST,
        to: EACH_OTHER,
        extent,
        reason: "",
        only_switched: false,
    }
}

const fn does_not(mode: Mode, code: i32, reason: &'static str) -> Row {
    Row {
        code,
        reason,
        to: &[],
        ..leaks(mode, &[], "")
    }
}

/// Every mode.
pub(crate) const TABLE: [Row; 16] = [
    does_not(Mode::Sound, 0, ""),
    leaks(Mode::ListUnscoped, &["list"], "metadata"),
    Row {
        scenario: SWITCHED,
        only_switched: true,
        ..leaks(Mode::ListUnscopedAfterSwitch, &["list"], "metadata")
    },
    leaks(Mode::ForeignInsideOwn, &["item"], "metadata"),
    leaks(Mode::SearchLeak, &["search"], "metadata"),
    leaks(Mode::MetadataUnchecked, &["item"], "metadata"),
    // who has the whole has its parts
    leaks(Mode::MediaUnchecked, &["media", "media-range"], "full"),
    leaks(Mode::RangeUnchecked, &["media-range"], "excerpt"),
    leaks(Mode::RefusalShowsRecord, REFUSED, "metadata"),
    leaks(Mode::RefusalShowsBase64, REFUSED, "metadata"),
    leaks(Mode::NotFoundNamesIt, REFUSED, "metadata"),
    leaks(Mode::ExportUnchecked, &["export"], "metadata"),
    Row {
        to: AND_NOBODY,
        ..leaks(Mode::CacheIgnoresUser, &["item"], "metadata")
    },
    does_not(Mode::DeniedWith200, 0, ""),
    does_not(Mode::SignInDown, 3, "cannot sign Ada in"),
    does_not(
        Mode::OwnNotFound,
        3,
        "Ada, who has a right to it, did not get it: 404, denied",
    ),
];

/// Wherever somebody is refused.
const REFUSED: &[&str] = &["export", "item", "media", "media-range"];
