//! The rows of the faults that show only when a request is written in another way than the app writes it: another address, another
//! method, something beside it; another's cursor or name in one's own list; another's id in one's own change.
//!
//! Of those who have the same to do with a recording one tries each technique at each surface, whose turn it is.

use crate::table::{AT_REST, ONE_S_OWN, Row, showing};

const SIXTY: &str = "Sixty recordings, page after page, are still only one's own";

const ITEM: &[(&str, &str)] = &[("item", "metadata")];
const OLD_ITEM: &[(&str, &str)] = &[("old-item", "metadata")];
const MEDIA: &[(&str, &str)] = &[("media", "full")];
const THUMBNAIL: &[(&str, &str)] = &[("thumbnail", "excerpt")];
const TRANSCRIPT: &[(&str, &str)] = &[("transcript", "full")];
const CAPTIONS: &[(&str, &str)] = &[("captions", "full")];
const LISTS: &[(&str, &str)] = &[("replays", "listed"), ("replays-web", "listed")];

/// One row a fault.
pub(crate) static ROUTING: [Row; 18] = [
    Row {
        fault: "slash-at-the-end-goes-unchecked",
        shows: &[showing(ONE_S_OWN, AT_REST, "Chloe", &["Ada"], ITEM)],
        silent: &[],
        always: |finding| {
            finding.text("technique") == "path-trailing-slash" && finding.is_patient_to_patient()
        },
        alone: true,
    },
    Row {
        fault: "suffix-is-part-of-the-id",
        shows: &[showing(ONE_S_OWN, AT_REST, "Chloe", &["Ada"], OLD_ITEM)],
        silent: &[],
        always: |finding| finding.text("technique") == "path-suffix" && finding.is_patient_to_patient(),
        alone: true,
    },
    Row {
        fault: "escaped-id-is-nobodys",
        shows: &[showing(ONE_S_OWN, AT_REST, "Ada", &["Ben"], THUMBNAIL)],
        silent: &[],
        always: |finding| finding.text("technique") == "path-encoding" && finding.is_patient_to_patient(),
        alone: true,
    },
    Row {
        fault: "capitals-go-unchecked",
        shows: &[
            showing(ONE_S_OWN, AT_REST, "Ada", &["Chloe"], CAPTIONS),
            showing(ONE_S_OWN, AT_REST, "Ben", &["Chloe"], TRANSCRIPT),
        ],
        silent: &[],
        always: |finding| finding.text("technique") == "path-case" && finding.is_patient_to_patient(),
        alone: true,
    },
    Row {
        fault: "doubled-slash-goes-unchecked",
        shows: &[showing(ONE_S_OWN, AT_REST, "Ben", &["Ada"], MEDIA)],
        silent: &[],
        always: |finding| finding.text("technique") == "path-double-slash" && finding.is_patient_to_patient(),
        alone: true,
    },
    Row {
        fault: "overridden-method-goes-unchecked",
        shows: &[
            showing(ONE_S_OWN, AT_REST, "Ada", &["Ben"], ITEM),
            showing(
                ONE_S_OWN,
                AT_REST,
                "Ben",
                &["Ada"],
                &[("hls-playlist", "metadata")],
            ),
        ],
        silent: &[],
        always: |finding| finding.text("technique") == "method-override" && finding.is_patient_to_patient(),
        alone: true,
    },
    Row {
        fault: "inside-address-is-believed",
        shows: &[
            showing(ONE_S_OWN, AT_REST, "Ada", &["Ben"], MEDIA),
            showing(ONE_S_OWN, AT_REST, "Ben", &["Ada"], TRANSCRIPT),
        ],
        silent: &[],
        always: |finding| finding.text("technique") == "x-forwarded-for" && finding.is_patient_to_patient(),
        alone: true,
    },
    Row {
        fault: "versions-compared-before-the-check",
        shows: &[showing(
            ONE_S_OWN,
            AT_REST,
            "Chloe",
            &["Ada"],
            &[("media", "existence")],
        )],
        silent: &[],
        always: |finding| {
            finding.text("technique") == "conditional-request" && finding.is_patient_to_patient()
        },
        alone: true,
    },
    Row {
        fault: "version-is-taken-for-a-right",
        shows: &[showing(
            ONE_S_OWN,
            AT_REST,
            "Ada",
            &["Chloe"],
            &[("media-range", "excerpt")],
        )],
        silent: &[],
        always: |finding| finding.text("technique") == "if-range" && finding.is_patient_to_patient(),
        alone: true,
    },
    Row {
        fault: "parameter-goes-before-the-path",
        shows: &[showing(ONE_S_OWN, AT_REST, "Ben", &["Chloe"], OLD_ITEM)],
        silent: &[],
        always: |finding| {
            finding.text("technique") == "extra-id-parameter" && finding.is_patient_to_patient()
        },
        alone: true,
    },
    Row {
        fault: "original-address-is-served",
        shows: &[
            showing(ONE_S_OWN, AT_REST, "Ben", &["Chloe"], ITEM),
            showing(ONE_S_OWN, AT_REST, "Ben", &["Chloe"], MEDIA),
            showing(ONE_S_OWN, AT_REST, "Chloe", &["Ada"], TRANSCRIPT),
        ],
        silent: &[],
        always: |finding| finding.text("technique") == "x-original-url" && finding.is_patient_to_patient(),
        alone: true,
    },
    Row {
        fault: "unreadable-token-lets-pictures-out",
        shows: &[showing(ONE_S_OWN, AT_REST, "Ada", &["Chloe"], THUMBNAIL)],
        silent: &[],
        always: |finding| finding.text("technique") == "truncated-token" && finding.is_patient_to_patient(),
        alone: true,
    },
    Row {
        fault: "style-sheets-are-kept-for-everybody",
        shows: &[
            showing(ONE_S_OWN, AT_REST, "Ben", &["Chloe"], ITEM),
            showing(ONE_S_OWN, AT_REST, "Chloe", &["Ada"], TRANSCRIPT),
        ],
        silent: &[],
        always: |finding| {
            finding.text("technique") == "web-cache-deception" && finding.is_patient_to_patient()
        },
        alone: true,
    },
    Row {
        fault: "cursor-carries-the-owner",
        shows: &[showing(SIXTY, AT_REST, "Ben", &["Ada"], LISTS)],
        // whose list has one page only hands out no cursor
        silent: &[ONE_S_OWN],
        always: |finding| finding.text("technique") == "cursor-swap" && finding.is_patient_to_patient(),
        alone: true,
    },
    Row {
        fault: "star-leaves-the-condition-out",
        shows: &[
            showing(
                ONE_S_OWN,
                AT_REST,
                "Ada",
                &["Ben", "Chloe"],
                &[("search", "listed")],
            ),
            // who sends it first, to see whether it is understood
            showing(
                ONE_S_OWN,
                AT_REST,
                "Ben",
                &["Ada", "Chloe"],
                &[("search", "listed")],
            ),
        ],
        silent: &[],
        always: |finding| finding.text("technique") == "wildcard-star" && finding.is_patient_to_patient(),
        alone: true,
    },
    Row {
        fault: "reload-fills-a-shared-list",
        shows: &[showing(ONE_S_OWN, AT_REST, "Ben", &["Chloe"], LISTS)],
        silent: &[],
        always: |finding| {
            finding.text("technique") == "reload"
                && finding.text("temperament") == "ordinary"
                && finding.is_patient_to_patient()
        },
        alone: true,
    },
    Row {
        fault: "parameter-names-whose-list",
        shows: &[
            showing(ONE_S_OWN, AT_REST, "Ada", &["Ben"], &[("replays", "listed")]),
            showing(ONE_S_OWN, AT_REST, "Ben", &["Ada"], &[("replays-web", "listed")]),
        ],
        silent: &[],
        always: |finding| {
            finding.text("technique") == "list-owner-parameter" && finding.is_patient_to_patient()
        },
        alone: true,
    },
    Row {
        fault: "rename-by-the-id-in-the-body",
        shows: &[showing(
            ONE_S_OWN,
            AT_REST,
            "Chloe",
            &["Ada"],
            &[("rename", "metadata")],
        )],
        silent: &[],
        always: |finding| {
            finding.text("technique") == "object-reference-in-write" && finding.is_patient_to_patient()
        },
        alone: true,
    },
];
