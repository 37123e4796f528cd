//! The rows of the faults of grants: rights that have ended, and go on.

use crate::roles::{AFTER_COMING_OF_AGE, AFTER_ITS_TIME as AFTER_THE_CASE, CASE_OVER, OF_AGE};
use crate::table::{
    CLINICIANS, CLOSED, HANDED_OUT, HAS_NONE, JUNE, ONE_S_OWN, OWN_LINK, Row, SAME_SLOT, SIGNED_OUT, showing,
};

pub(crate) const SHARED: &str = "A recording that is shared is its patient's and that relative's alone";
pub(crate) const ONLY_ONE: &str = "Sharing one recording shares no other";
pub(crate) const WITHDRAWN: &str = "A share that was withdrawn opens nothing";
const OVER: &str = "A share whose time is over opens nothing";
const AGAIN: &str =
    "What was shared again after it was withdrawn can be seen again, and only by whom it was shared with";
pub(crate) const LEFT: &str = "A clinician whose patient has left sees nothing of theirs";
pub(crate) const LOOKED_AND_LEFT: &str =
    "A list that a clinician looked at before a patient left does not show it afterwards";
pub(crate) const MOVED: &str = "A patient moves from one clinician to another";

/// Ben's share was withdrawn, Chloe's was not.
pub(crate) const AFTER_WITHDRAWAL: &str = "share given · share withdrawn";
/// Ben's share is over, Chloe's is not.
const AFTER_ITS_TIME: &str = "share given · share over";
pub(crate) const AFTER_LEAVING: &str = "treatment withdrawn";

const LISTED: &[(&str, &str)] = &[("shares", "listed")];
const LINKS: &[(&str, &str)] = &[("signed-link", "full")];
const MEDIA: &[(&str, &str)] = &[
    ("media", "full"),
    ("media-head", "metadata"),
    ("media-range", "excerpt"),
];
const KEPT_LISTS: &[(&str, &str)] = &[("profile", "listed"), ("replays", "listed")];
/// Everything that a share opens.
const AS_SHARED: &[(&str, &str)] = &[
    ("batch", "metadata"),
    ("captions", "full"),
    ("hls-playlist", "metadata"),
    ("hls-segment", "excerpt"),
    ("item", "metadata"),
    ("media", "full"),
    ("media-head", "metadata"),
    ("media-range", "excerpt"),
    ("shares", "listed"),
    // a new link would have to end before it begins, and is made all the same
    ("signed-link", "existence"),
    ("thumbnail", "excerpt"),
    ("transcript", "full"),
    ("graphql-node", "metadata"),
    ("hls-playlist", "metadata"),
    ("hls-segment", "excerpt"),
];
/// The same but for the list of shares.
const OPENED: &[(&str, &str)] = &[
    ("batch", "metadata"),
    ("captions", "full"),
    ("graphql-node", "metadata"),
    ("hls-playlist", "metadata"),
    ("hls-segment", "excerpt"),
    ("item", "metadata"),
    ("media", "full"),
    ("media-head", "metadata"),
    ("media-range", "excerpt"),
    ("signed-link", "full"),
    ("thumbnail", "excerpt"),
    ("transcript", "full"),
];
/// Everything that a clinician gets of what they held.
const AS_TREATED: &[(&str, &str)] = &[
    ("batch", "metadata"),
    ("captions", "full"),
    ("events", "metadata"),
    ("events-socket", "metadata"),
    ("export", "full"),
    ("graphql-node", "metadata"),
    ("graphql-replays", "listed"),
    ("hls-playlist", "metadata"),
    ("hls-segment", "excerpt"),
    ("item", "metadata"),
    ("media", "full"),
    ("media-head", "metadata"),
    ("media-range", "excerpt"),
    ("old-item", "metadata"),
    ("old-replays", "listed"),
    ("profile", "listed"),
    ("replays", "listed"),
    ("search", "listed"),
    ("signed-link", "full"),
    ("thumbnail", "excerpt"),
    ("transcript", "full"),
];

/// One row a fault.
pub(crate) static GRANTS: [Row; 8] = [
    Row {
        fault: "withdrawn-shares-are-listed",
        shows: &[showing(WITHDRAWN, AFTER_WITHDRAWAL, "Ben", &["Ada"], LISTED)],
        silent: &[
            SHARED, ONLY_ONE, OVER, AGAIN, LEFT, MOVED, JUNE, ONE_S_OWN, HANDED_OUT,
        ],
        always: |finding| finding.text("surface") == "shares" && finding.text("scenario") == WITHDRAWN,
        alone: true,
    },
    Row {
        fault: "withdrawn-shares-open-media",
        shows: &[showing(WITHDRAWN, AFTER_WITHDRAWAL, "Ben", &["Ada"], MEDIA)],
        silent: &[
            SHARED, ONLY_ONE, OVER, AGAIN, LEFT, MOVED, JUNE, ONE_S_OWN, HANDED_OUT,
        ],
        always: |finding| {
            finding.text("surface").starts_with("media")
                && finding.text("scenario") == WITHDRAWN
                && finding.text("temperament") == "curious"
        },
        alone: true,
    },
    Row {
        fault: "no-withdrawal-is-remembered",
        shows: &[showing(WITHDRAWN, AFTER_WITHDRAWAL, "Ben", &["Ada"], OPENED)],
        silent: &[
            SHARED, ONLY_ONE, OVER, AGAIN, LEFT, MOVED, JUNE, ONE_S_OWN, HANDED_OUT,
        ],
        always: |finding| finding.text("scenario") == WITHDRAWN && finding.text("bystander") == "Ben",
        alone: true,
    },
    Row {
        fault: "shares-never-end",
        shows: &[showing(OVER, AFTER_ITS_TIME, "Ben", &["Ada"], AS_SHARED)],
        silent: &[
            SHARED, ONLY_ONE, WITHDRAWN, AGAIN, LEFT, MOVED, JUNE, ONE_S_OWN, HANDED_OUT,
        ],
        always: |finding| finding.text("scenario") == OVER && finding.text("bystander") == "Ben",
        alone: true,
    },
    Row {
        fault: "links-outlive-their-right",
        shows: &[
            showing(WITHDRAWN, AFTER_WITHDRAWAL, "Ben", &["Ada"], LINKS),
            showing(OVER, AFTER_ITS_TIME, "Ben", &["Ada"], LINKS),
            showing(LEFT, AFTER_LEAVING, "Dr Evans", &["Ada"], LINKS),
            showing(LOOKED_AND_LEFT, AFTER_LEAVING, "Dr Evans", &["Ada"], LINKS),
            showing(MOVED, AFTER_LEAVING, "Dr Evans", &["Ada"], LINKS),
        ],
        silent: &[
            SHARED, ONLY_ONE, AGAIN, JUNE, ONE_S_OWN, OWN_LINK, HANDED_OUT, CLOSED, CLINICIANS,
        ],
        always: |finding| {
            finding.text("surface") == "signed-link"
                && finding.text("technique") == "stale-link"
                && finding.text("owner") == "Ada"
        },
        alone: true,
    },
    Row {
        fault: "links-outlast-their-right",
        shows: &[
            showing(OVER, AFTER_ITS_TIME, "Ben", &["Ada"], LINKS),
            showing(CASE_OVER, AFTER_THE_CASE, "Sam", &["Ada"], LINKS),
            showing(OF_AGE, AFTER_COMING_OF_AGE, "Grace", &["Ada"], LINKS),
        ],
        silent: &[
            SHARED, ONLY_ONE, WITHDRAWN, AGAIN, LEFT, MOVED, JUNE, ONE_S_OWN, OWN_LINK, HANDED_OUT, CLOSED,
        ],
        always: |finding| {
            finding.text("surface") == "signed-link"
                && finding.text("technique") == "stale-link"
                && finding.text("owner") == "Ada"
        },
        alone: true,
    },
    Row {
        fault: "former-clinicians-still-see",
        shows: &[
            showing(LEFT, AFTER_LEAVING, "Dr Evans", &["Ada"], AS_TREATED),
            showing(LOOKED_AND_LEFT, AFTER_LEAVING, "Dr Evans", &["Ada"], AS_TREATED),
            showing(MOVED, AFTER_LEAVING, "Dr Evans", &["Ada"], AS_TREATED),
        ],
        silent: &[
            CLINICIANS, SHARED, ONLY_ONE, WITHDRAWN, OVER, AGAIN, JUNE, ONE_S_OWN, SAME_SLOT, SIGNED_OUT,
            HAS_NONE,
        ],
        always: |finding| {
            finding.text("bystander") == "Dr Evans" && finding.text("state_class") == AFTER_LEAVING
        },
        alone: true,
    },
    Row {
        fault: "former-clinicians-keep-their-list",
        shows: &[
            showing(LEFT, AFTER_LEAVING, "Dr Evans", &["Ada"], KEPT_LISTS),
            showing(LOOKED_AND_LEFT, AFTER_LEAVING, "Dr Evans", &["Ada"], KEPT_LISTS),
        ],
        silent: &[
            CLINICIANS, SHARED, ONLY_ONE, WITHDRAWN, OVER, AGAIN, JUNE, ONE_S_OWN, SAME_SLOT, SIGNED_OUT,
            HAS_NONE,
        ],
        always: |finding| {
            finding.text("bystander") == "Dr Evans"
                && finding.text("state_class") == AFTER_LEAVING
                && finding.text("temperament") == "ordinary"
        },
        alone: true,
    },
];
