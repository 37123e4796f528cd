//! The rows of the faults that show while the flag service does not answer: what then stays open.

use crate::table::{CLOSED, Finding, HANDED_OUT, HAS_NONE, ONE_S_OWN, Row, showing};

const NOTHING: &str = "Nothing comes out while \"flags-do-not-answer\" is made";
const NO_LINK: &str = "A link opens nothing while \"flags-do-not-answer\" is made";
const STAYS_OFF: &str = "Replays that were turned off stay off, whatever \"flags-do-not-answer\" does";
const UNANSWERED: &str = "flags-do-not-answer made";
const OFF_AND_UNANSWERED: &str = "consultation-replays off · flags-do-not-answer made";

const LINK: &[(&str, &str)] = &[("signed-link", "full")];
const SEGMENT: &[(&str, &str)] = &[("hls-segment", "excerpt")];
const APP: &[(&str, &str)] = &[
    ("captions", "full"),
    ("hls-playlist", "metadata"),
    ("hls-segment", "excerpt"),
    ("item", "metadata"),
    ("media", "full"),
    ("media-head", "metadata"),
    ("replays", "listed"),
    ("replays-page", "listed"),
    ("replays-web", "listed"),
    ("search", "listed"),
    ("thumbnail", "excerpt"),
    ("transcript", "full"),
];
const CLINICIANS_APP: &[(&str, &str)] = &[
    ("captions", "full"),
    ("hls-playlist", "metadata"),
    ("hls-segment", "excerpt"),
    ("item", "metadata"),
    ("media", "full"),
    ("media-head", "metadata"),
    ("replays", "listed"),
    ("search", "listed"),
    ("thumbnail", "excerpt"),
    ("transcript", "full"),
];

/// What somebody had a right to before, and gets while nobody can know whether they may.
fn is_what_they_had(finding: &Finding<'_>) -> bool {
    finding.text("state_class").contains(UNANSWERED)
        && (finding.text("owner") == finding.text("bystander")
            || finding.text("bystander_role") == "clinician")
}

/// One row a fault.
pub(crate) static UNANSWERED_FLAGS: [Row; 2] = [
    Row {
        fault: "unread-flags-count-as-on",
        shows: &[
            showing(NOTHING, UNANSWERED, "Ada", &["Ada"], APP),
            showing(NOTHING, UNANSWERED, "Ben", &["Ben"], APP),
            showing(NOTHING, UNANSWERED, "Dr Grey", &["Ada", "Ben"], CLINICIANS_APP),
            showing(STAYS_OFF, OFF_AND_UNANSWERED, "Ada", &["Ada"], APP),
            showing(STAYS_OFF, OFF_AND_UNANSWERED, "Ben", &["Ben"], APP),
            showing(
                STAYS_OFF,
                OFF_AND_UNANSWERED,
                "Dr Grey",
                &["Ada", "Ben"],
                CLINICIANS_APP,
            ),
            showing(NO_LINK, UNANSWERED, "Ada", &["Ada"], SEGMENT),
            showing(NO_LINK, UNANSWERED, "Dr Grey", &["Ada"], SEGMENT),
        ],
        silent: &[ONE_S_OWN, HAS_NONE, CLOSED],
        always: is_what_they_had,
        alone: true,
    },
    Row {
        fault: "links-open-while-flags-are-down",
        shows: &[
            showing(NOTHING, UNANSWERED, "Ada", &["Ada"], LINK),
            showing(NOTHING, UNANSWERED, "Ben", &["Ben"], LINK),
            showing(NO_LINK, UNANSWERED, "Ada", &["Ada"], LINK),
            showing(STAYS_OFF, OFF_AND_UNANSWERED, "Ada", &["Ada"], LINK),
            showing(STAYS_OFF, OFF_AND_UNANSWERED, "Ben", &["Ben"], LINK),
        ],
        silent: &[ONE_S_OWN, HAS_NONE, CLOSED, HANDED_OUT],
        always: is_what_they_had,
        alone: true,
    },
];
