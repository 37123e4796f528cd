//! The rows of the faults by which a recording is reached that is somebody else's: files, links, pages, sessions, refusals.

use crate::table::{
    AS_THE_OWNER_WHO_CHANGES, AT_REST, CLINICIANS, CLOSED, HANDED_OUT, ONE_S_OWN, Row, SAME_SLOT, SIGNED_OUT,
    each_of_three, showing,
};

const FOR_ITS_PERSON: &str = "A link opens for the person it was made for";
const IN_THE_ROOM: &str =
    "A recording that arrives while the next patient is in the room stays with whom it is of";
const SECOND_PAGE: &str = "The second page of a long list is as much one's own as the first";
const TWO_CLINICIANS: &str = "A patient of two clinicians is shown to each as far as that clinician held it";

const HEAD: &[(&str, &str)] = &[("media-head", "metadata")];
const LINK: &[(&str, &str)] = &[("signed-link", "full")];
const TRANSCRIPT: &[(&str, &str)] = &[("transcript", "full")];
const THUMBNAIL: &[(&str, &str)] = &[("thumbnail", "excerpt")];
const CAPTIONS: &[(&str, &str)] = &[("captions", "full")];
const CAPTIONS_TITLE: &[(&str, &str)] = &[("captions", "metadata")];
const ITEM: &[(&str, &str)] = &[("item", "existence")];
const OLD_LIST: &[(&str, &str)] = &[("old-replays", "listed")];
const PAGES: &[(&str, &str)] = &[("replays", "listed"), ("replays-web", "listed")];

/// Everything that goes by the rule which replays are a clinician's.
pub(crate) const AS_THEIR_CLINICIAN: &[(&str, &str)] = &[
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
pub(crate) static REACHED: [Row; 16] = [
    Row {
        fault: "recording-to-who-is-in-the-room",
        shows: &[showing(
            IN_THE_ROOM,
            AT_REST,
            "Ben",
            &["Ada"],
            AS_THE_OWNER_WHO_CHANGES,
        )],
        silent: &[ONE_S_OWN, CLINICIANS],
        always: |finding| finding.is_patient_to_patient(),
        alone: true,
    },
    Row {
        fault: "head-skips-the-check",
        shows: each_of_three!(ONE_S_OWN, HEAD),
        silent: &[CLOSED],
        always: |finding| finding.text("technique") == "head-request" && !finding.to_nobody(),
        alone: true,
    },
    Row {
        fault: "links-handed-out-to-anybody",
        shows: each_of_three!(ONE_S_OWN, LINK),
        silent: &[CLOSED, SIGNED_OUT],
        always: |finding| finding.text("technique") == "bola" && !finding.to_nobody(),
        alone: true,
    },
    Row {
        fault: "link-is-enough-by-itself",
        shows: &[
            showing(FOR_ITS_PERSON, AT_REST, "Ben", &["Ada"], LINK),
            showing(FOR_ITS_PERSON, AT_REST, "nobody", &["Ada"], LINK),
        ],
        silent: &[CLOSED, HANDED_OUT],
        always: |finding| finding.text("surface") == "signed-link" && !finding.replays_are_off(),
        alone: true,
    },
    Row {
        fault: "transcript-by-slot",
        shows: &[
            showing(SAME_SLOT, AT_REST, "Ada", &["Ben"], TRANSCRIPT),
            showing(SAME_SLOT, AT_REST, "Ben", &["Ada"], TRANSCRIPT),
        ],
        silent: &[ONE_S_OWN, CLINICIANS],
        always: |finding| finding.text("surface") == "transcript" && finding.is_patient_to_patient(),
        alone: true,
    },
    Row {
        fault: "thumbnails-are-public",
        shows: &[
            showing(ONE_S_OWN, AT_REST, "Ada", &["Ben", "Chloe"], THUMBNAIL),
            showing(ONE_S_OWN, AT_REST, "Ben", &["Ada", "Chloe"], THUMBNAIL),
            showing(ONE_S_OWN, AT_REST, "Chloe", &["Ada", "Ben"], THUMBNAIL),
            showing(ONE_S_OWN, AT_REST, "nobody", &["Ada", "Ben", "Chloe"], THUMBNAIL),
            // made-up credentials are tried once at each surface
            showing(ONE_S_OWN, AT_REST, "wrong-credentials", &["Ada"], THUMBNAIL),
        ],
        silent: &[CLOSED],
        always: |finding| finding.text("surface") == "thumbnail" && !finding.replays_are_off(),
        alone: true,
    },
    Row {
        fault: "clinician-sees-patients-elsewhere",
        shows: &[
            showing(TWO_CLINICIANS, AT_REST, "Dr Evans", &["Ada"], AS_THEIR_CLINICIAN),
            showing(TWO_CLINICIANS, AT_REST, "Dr Flynn", &["Ada"], AS_THEIR_CLINICIAN),
        ],
        silent: &[ONE_S_OWN, CLINICIANS],
        always: |finding| finding.text("bystander_role") == "clinician",
        alone: true,
    },
    Row {
        fault: "further-pages-without-the-owner",
        shows: &[showing(SECOND_PAGE, AT_REST, "Ada", &["Ben"], PAGES)],
        silent: &[ONE_S_OWN, CLINICIANS],
        always: |finding| {
            finding.text("surface").starts_with("replays") && finding.text("extent") == "listed"
        },
        alone: true,
    },
    Row {
        fault: "old-list-joined-by-clinician",
        shows: each_of_three!(ONE_S_OWN, OLD_LIST),
        silent: &[SIGNED_OUT, CLINICIANS],
        always: |finding| finding.text("surface") == "old-replays" && finding.is_patient_to_patient(),
        alone: true,
    },
    Row {
        fault: "kept-captions-skip-the-check",
        shows: each_of_three!(ONE_S_OWN, CAPTIONS),
        silent: &[CLOSED, SIGNED_OUT],
        always: |finding| finding.text("surface") == "captions" && !finding.to_nobody(),
        alone: true,
    },
    Row {
        fault: "signing-out-takes-only-the-cookie",
        shows: &[showing(SIGNED_OUT, "signed out", "nobody", &["Ada"], AS_SHE_WAS)],
        silent: &[ONE_S_OWN, CLOSED],
        always: |finding| {
            matches!(
                finding.text("technique"),
                "session-after-logout" | "stale-subscription"
            )
        },
        alone: true,
    },
    Row {
        fault: "anothers-replay-is-forbidden",
        shows: each_of_three!(ONE_S_OWN, ITEM),
        silent: &[CLOSED, SIGNED_OUT],
        always: |finding| finding.text("surface") == "item" && finding.text("extent") == "existence",
        alone: true,
    },
    Row {
        fault: "refused-captions-name-the-title",
        shows: each_of_three!(ONE_S_OWN, CAPTIONS_TITLE),
        silent: &[CLOSED, SIGNED_OUT],
        always: |finding| finding.text("surface") == "captions" && finding.text("extent") == "metadata",
        alone: true,
    },
    Row {
        fault: "told-to-who-is-in-the-room",
        shows: &[showing(
            IN_THE_ROOM,
            AT_REST,
            "Ben",
            &["Ada"],
            &[("notifications", "listed")],
        )],
        silent: &[ONE_S_OWN, CLINICIANS],
        always: |finding| finding.text("surface") == "notifications" && finding.is_patient_to_patient(),
        alone: true,
    },
    Row {
        fault: "refused-rename-names-the-title",
        shows: each_of_three!(ONE_S_OWN, &[("rename", "metadata")]),
        silent: &[CLOSED, SIGNED_OUT],
        always: |finding| finding.text("surface") == "rename" && finding.text("temperament") == "hostile",
        alone: true,
    },
    Row {
        fault: "old-version-tells-anothers-apart",
        shows: each_of_three!(ONE_S_OWN, &[("old-item", "existence")]),
        silent: &[CLOSED, SIGNED_OUT],
        always: |finding| finding.text("surface") == "old-item" && finding.text("extent") == "existence",
        alone: true,
    },
];

/// Everything that a session opens to its own patient.
const AS_SHE_WAS: &[(&str, &str)] = &[
    ("batch", "metadata"),
    ("captions", "full"),
    ("hls-playlist", "metadata"),
    ("hls-segment", "excerpt"),
    ("events", "metadata"),
    ("events-socket", "metadata"),
    ("export", "full"),
    ("graphql-clinicians", "listed"),
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
    ("replays-page", "listed"),
    ("replays-web", "listed"),
    ("search", "listed"),
    ("signed-link", "full"),
    ("thumbnail", "excerpt"),
    ("transcript", "full"),
];
