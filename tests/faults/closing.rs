//! The rows of the faults that the kill switch has: what it leaves open.

use crate::further::OFF;
use crate::reached::AS_THEIR_CLINICIAN;
use crate::table::{AS_THE_OWNER, CLOSED, Finding, HAS_NONE, ONE_S_OWN, Row, Showing, showing};

/// What goes on coming out: one's own, and those that a clinician held. While replays are off nobody may have anything.
macro_rules! goes_on {
    ($extents:expr) => {
        &[
            showing(CLOSED, OFF, "Ada", &["Ada"], $extents),
            showing(CLOSED, OFF, "Ben", &["Ben"], $extents),
            showing(CLOSED, OFF, "Dr Grey", &["Ada", "Ben"], $extents),
        ]
    };
}

const MEANWHILE: &str =
    "What was recorded while replays were off is its owner's alone when they are on again";

/// What a patient gets of their own who should get nothing.
pub(crate) const EVERYTHING_OF_ONES_OWN: &[(&str, &str)] = &[
    ("batch", "metadata"),
    ("captions", "full"),
    ("export", "full"),
    ("graphql-clinicians", "listed"),
    ("graphql-node", "metadata"),
    ("graphql-replays", "listed"),
    ("hls-playlist", "metadata"),
    ("hls-segment", "excerpt"),
    ("item", "metadata"),
    ("media", "full"),
    ("media-head", "metadata"),
    ("media-range", "excerpt"),
    ("notifications", "listed"),
    ("old-item", "metadata"),
    ("old-replays", "listed"),
    ("profile", "listed"),
    ("replays", "listed"),
    ("replays-page", "listed"),
    ("replays-web", "listed"),
    ("search", "listed"),
    ("thumbnail", "excerpt"),
    ("transcript", "full"),
];

const EVERYTHING_OF_A_CLINICIAN: &[(&str, &str)] = &[
    ("batch", "metadata"),
    ("captions", "full"),
    ("export", "full"),
    ("hls-playlist", "metadata"),
    ("hls-segment", "excerpt"),
    ("graphql-node", "metadata"),
    ("graphql-replays", "listed"),
    ("item", "metadata"),
    ("media", "full"),
    ("media-head", "metadata"),
    ("media-range", "excerpt"),
    ("notifications", "listed"),
    ("old-item", "metadata"),
    ("old-replays", "listed"),
    ("profile", "listed"),
    ("replays", "listed"),
    ("search", "listed"),
    ("thumbnail", "excerpt"),
    ("transcript", "full"),
];

const fn row(fault: &'static str, shows: &'static [Showing]) -> Row {
    Row {
        fault,
        shows,
        silent: &[ONE_S_OWN, HAS_NONE],
        always: is_what_they_had,
        alone: true,
    }
}

/// What somebody gets while replays are off, and had a right to before.
fn is_what_they_had(finding: &Finding<'_>) -> bool {
    // a segment has an address that is passed on
    finding.replays_are_off()
        && (finding.text("temperament") == "ordinary" || finding.text("surface") == "hls-segment")
        && (finding.text("owner") == finding.text("bystander")
            || finding.text("bystander_role") == "clinician")
}

/// One row a fault.
pub(crate) static CLOSING: [Row; 7] = [
    row("kill-switch-spares-exports", goes_on!(&[("export", "full")])),
    row(
        "kill-switch-spares-ranges",
        goes_on!(&[("media-range", "excerpt")]),
    ),
    row("kill-switch-spares-batches", goes_on!(&[("batch", "metadata")])),
    row(
        "kill-switch-spares-the-profile",
        goes_on!(&[("profile", "listed")]),
    ),
    row(
        "kill-switch-spares-kept-pages",
        &[
            // a clinician has no page
            showing(CLOSED, OFF, "Ada", &["Ada"], &[("replays-page", "listed")]),
            showing(CLOSED, OFF, "Ben", &["Ben"], &[("replays-page", "listed")]),
        ],
    ),
    row(
        "kill-switch-spares-clinicians",
        &[showing(
            CLOSED,
            OFF,
            "Dr Grey",
            &["Ada", "Ben"],
            EVERYTHING_OF_A_CLINICIAN,
        )],
    ),
    Row {
        fault: "recorded-while-off-is-unclaimed",
        shows: &[
            showing(
                MEANWHILE,
                "consultation-replays on",
                "Ada",
                &["Ben"],
                AS_THE_OWNER,
            ),
            showing(
                MEANWHILE,
                "consultation-replays on",
                "Dr Flynn",
                &["Ben"],
                AS_THEIR_CLINICIAN,
            ),
        ],
        silent: &[ONE_S_OWN, CLOSED],
        always: |finding| finding.text("state_class") == "consultation-replays on",
        alone: true,
    },
];
