//! The rows of the faults of deleting: what a patient deleted, and is still to be had.

use crate::table::{
    CLINICIANS, CLOSED, HANDED_OUT, HAS_NONE, JUNE, ONE_S_OWN, OWN_LINK, Row, SAME_SLOT, SIGNED_OUT, showing,
};

pub(crate) const ITS_PATIENT: &str = "A recording that its patient deleted comes out to nobody any more";
const SHARED: &str = "With a recording that is deleted its shares end";
pub(crate) const OTHERS: &str = "Deleting one recording leaves the others as they were";
const TO_AND_FRO: &str = "What was deleted stays so when replays are turned off and on again";
const STILL_SHARED: &str = "A recording that is shared is its patient's and that relative's alone";

const DELETED: &str = "recording deleted";
const SHARED_AND_DELETED: &str = "share given · recording deleted";
const OFF_AND_ON: &str = "consultation-replays on · recording deleted";

const LINKS: &[(&str, &str)] = &[("signed-link", "full")];
const KEPT_LISTS: &[(&str, &str)] = &[("profile", "listed"), ("replays", "listed")];
const EXPORT: &[(&str, &str)] = &[("export", "full")];
/// Everything that a share opens.
pub(crate) const AS_SHARED: &[(&str, &str)] = &[
    ("batch", "metadata"),
    ("captions", "full"),
    ("graphql-node", "metadata"),
    ("hls-playlist", "metadata"),
    ("hls-segment", "excerpt"),
    ("item", "metadata"),
    ("media", "full"),
    ("media-head", "metadata"),
    ("media-range", "excerpt"),
    ("shares", "listed"),
    ("signed-link", "full"),
    ("thumbnail", "excerpt"),
    ("transcript", "full"),
];
/// Where nothing is deleted.
const SILENT: &[&str] = &[
    STILL_SHARED,
    CLINICIANS,
    JUNE,
    ONE_S_OWN,
    OWN_LINK,
    HANDED_OUT,
    SAME_SLOT,
    SIGNED_OUT,
    HAS_NONE,
    CLOSED,
];

/// One row a fault.
pub(crate) static DELETING: [Row; 4] = [
    Row {
        fault: "deleted-files-stay-open",
        shows: &[
            // where nobody at all should get it, that includes whoever deleted it
            showing(ITS_PATIENT, DELETED, "Ada", &["Ada"], LINKS),
            showing(ITS_PATIENT, DELETED, "Dr Grey", &["Ada"], LINKS),
            showing(SHARED, SHARED_AND_DELETED, "Ben", &["Ada"], LINKS),
            showing(OTHERS, DELETED, "Ada", &["Ada"], LINKS),
            showing(OTHERS, DELETED, "Dr Evans", &["Ada"], LINKS),
            showing(TO_AND_FRO, OFF_AND_ON, "Ada", &["Ada"], LINKS),
            showing(TO_AND_FRO, OFF_AND_ON, "Dr Grey", &["Ada"], LINKS),
        ],
        silent: SILENT,
        always: |finding| {
            finding.text("state_class").ends_with(DELETED)
                && finding.text("technique") == "stale-link"
                && finding.text("owner") == "Ada"
        },
        alone: true,
    },
    Row {
        fault: "deleted-recordings-stay-in-kept-lists",
        shows: &[
            showing(ITS_PATIENT, DELETED, "Dr Grey", &["Ada"], KEPT_LISTS),
            showing(SHARED, SHARED_AND_DELETED, "Dr Grey", &["Ada"], KEPT_LISTS),
            showing(OTHERS, DELETED, "Dr Evans", &["Ada"], KEPT_LISTS),
            showing(TO_AND_FRO, OFF_AND_ON, "Dr Grey", &["Ada"], KEPT_LISTS),
        ],
        silent: SILENT,
        always: |finding| {
            finding.text("state_class").ends_with(DELETED)
                && finding.text("bystander_role") == "clinician"
                && finding.text("temperament") == "ordinary"
        },
        alone: true,
    },
    Row {
        fault: "shares-outlive-the-recording",
        shows: &[showing(SHARED, SHARED_AND_DELETED, "Ben", &["Ada"], AS_SHARED)],
        silent: &[
            ITS_PATIENT,
            OTHERS,
            TO_AND_FRO,
            STILL_SHARED,
            CLINICIANS,
            JUNE,
            ONE_S_OWN,
            OWN_LINK,
            SIGNED_OUT,
        ],
        always: |finding| finding.text("scenario") == SHARED && finding.text("bystander") == "Ben",
        alone: true,
    },
    Row {
        fault: "exports-keep-what-was-deleted",
        shows: &[
            showing(ITS_PATIENT, DELETED, "Dr Grey", &["Ada"], EXPORT),
            showing(SHARED, SHARED_AND_DELETED, "Dr Grey", &["Ada"], EXPORT),
            showing(OTHERS, DELETED, "Dr Evans", &["Ada"], EXPORT),
            showing(TO_AND_FRO, OFF_AND_ON, "Dr Grey", &["Ada"], EXPORT),
        ],
        silent: SILENT,
        always: |finding| {
            finding.text("surface") == "export" && finding.text("state_class").ends_with(DELETED)
        },
        alone: true,
    },
];
