//! The rows of the faults beside the app's own pages: searches, exports, notifications, captions, batches, an old version, a
//! web page.

use crate::grants::{AFTER_WITHDRAWAL, WITHDRAWN};
use crate::table::{
    AFTER_THE_CALL, AS_THE_OWNER, AT_REST, BOTH_SWITCH, CLINICIANS, CLOSED, Finding, HANDED_OUT, HAS_NONE,
    JUNE, JUST_ARRIVED, LOOKED_BEFORE, ONE_S_OWN, OTHER_WAY, OWN_LINK, Row, SAME_SLOT, SIGNED_OUT, SWITCHED,
    UNUSED, each_of_three, showing,
};

pub(crate) const OFF: &str = "consultation-replays off";
const OTHERS: &[&str] = &["others"];

const SEARCH: &[(&str, &str)] = &[("search", "listed")];
const SEARCH_TOTAL: &[(&str, &str)] = &[("search", "existence")];
const TOTALS: &[(&str, &str)] = &[
    ("profile", "existence"),
    ("replays", "existence"),
    ("replays-web", "existence"),
];
const EXPORT: &[(&str, &str)] = &[("export", "full")];
const CAPTIONS: &[(&str, &str)] = &[("captions", "full")];
const NOTIFICATIONS: &[(&str, &str)] = &[("notifications", "listed")];
const PAGE: &[(&str, &str)] = &[("replays-page", "listed")];
const OLD_ITEM: &[(&str, &str)] = &[("old-item", "metadata")];
const OLD_VERSION: &[(&str, &str)] = &[("old-item", "metadata"), ("old-replays", "listed")];
const EVENTS: &[(&str, &str)] = &[("events", "metadata"), ("events-socket", "metadata")];
const SEGMENT: &[(&str, &str)] = &[("hls-segment", "excerpt")];
const BATCH: &[(&str, &str)] = &[("batch", "metadata")];

/// Nobody comes upon the address of a segment but by reaching for it, or by keeping one of when they had a right to it.
fn is_reached_for_or_kept(finding: &Finding<'_>) -> bool {
    finding.text("temperament") != "ordinary" || finding.text("technique") == "stale-link"
}

/// One row a fault.
pub(crate) static FURTHER: [Row; 19] = [
    Row {
        fault: "search-or-without-brackets",
        shows: &[
            showing(JUNE, AT_REST, "Ada", &["Ben", "Chloe"], SEARCH),
            showing(JUNE, AT_REST, "Ben", &["Ada", "Chloe"], SEARCH),
            showing(JUNE, AT_REST, "Chloe", &["Ada", "Ben"], SEARCH),
            showing(JUNE, SWITCHED, "Ada", &["Ben", "Chloe"], SEARCH),
            showing(JUNE, SWITCHED, "Ben", &["Ada", "Chloe"], SEARCH),
            showing(JUNE, SWITCHED, "Chloe", &["Ada", "Ben"], SEARCH),
            showing(JUNE, SWITCHED, "Dan", &["Ada", "Ben", "Chloe"], SEARCH),
        ],
        silent: &[HANDED_OUT],
        always: |finding| {
            finding.text("surface") == "search" && !finding.to_nobody() && !finding.replays_are_off()
        },
        alone: true,
    },
    Row {
        fault: "search-counts-everybody",
        shows: &[
            // who the others are, a number does not say
            showing(JUNE, AT_REST, "Ada", OTHERS, SEARCH_TOTAL),
            showing(JUNE, AT_REST, "Ben", OTHERS, SEARCH_TOTAL),
            showing(JUNE, AT_REST, "Chloe", OTHERS, SEARCH_TOTAL),
            showing(JUNE, SWITCHED, "Ada", OTHERS, SEARCH_TOTAL),
            showing(JUNE, SWITCHED, "Ben", OTHERS, SEARCH_TOTAL),
            showing(JUNE, SWITCHED, "Chloe", OTHERS, SEARCH_TOTAL),
            showing(JUNE, SWITCHED, "Dan", OTHERS, SEARCH_TOTAL),
        ],
        silent: &[HANDED_OUT],
        always: |finding| {
            finding.text("surface") == "search"
                && finding.text("extent") == "existence"
                && finding.text("owner") == "others"
                && !finding.to_nobody()
                && !finding.replays_are_off()
        },
        alone: true,
    },
    Row {
        fault: "lists-count-everybody",
        shows: &[
            // who the others are, a number does not say
            showing(JUNE, AT_REST, "Ada", OTHERS, TOTALS),
            showing(JUNE, AT_REST, "Ben", OTHERS, TOTALS),
            showing(JUNE, AT_REST, "Chloe", OTHERS, TOTALS),
            showing(JUNE, SWITCHED, "Ada", OTHERS, TOTALS),
            showing(JUNE, SWITCHED, "Ben", OTHERS, TOTALS),
            showing(JUNE, SWITCHED, "Chloe", OTHERS, TOTALS),
            showing(JUNE, SWITCHED, "Dan", OTHERS, TOTALS),
        ],
        silent: &[HANDED_OUT],
        always: |finding| {
            ["profile", "replays", "replays-web"].contains(&finding.text("surface"))
                && finding.text("extent") == "existence"
                && finding.text("owner") == "others"
                && !finding.to_nobody()
                && !finding.replays_are_off()
        },
        alone: true,
    },
    Row {
        fault: "export-joined-by-clinician",
        shows: each_of_three!(ONE_S_OWN, EXPORT),
        silent: &[HANDED_OUT, SIGNED_OUT, HAS_NONE, CLINICIANS],
        always: |finding| {
            finding.text("surface") == "export"
                && finding.is_patient_to_patient()
                && !finding.replays_are_off()
        },
        alone: true,
    },
    Row {
        fault: "export-by-null-video-session",
        shows: &[
            showing(JUNE, SWITCHED, "Dan", &["Ada", "Ben", "Chloe"], EXPORT),
            showing(AFTER_THE_CALL, SWITCHED, "Dan", &["Ada", "Ben"], EXPORT),
            showing(BOTH_SWITCH, SWITCHED, "Ben", &["Ada", "Dan"], EXPORT),
            showing(BOTH_SWITCH, SWITCHED, "Dan", &["Ada", "Ben"], EXPORT),
        ],
        silent: &[
            UNUSED,
            OTHER_WAY,
            ONE_S_OWN,
            SAME_SLOT,
            OWN_LINK,
            HANDED_OUT,
            CLOSED,
            SIGNED_OUT,
            HAS_NONE,
            JUST_ARRIVED,
            CLINICIANS,
        ],
        always: |finding| {
            finding.text("surface") == "export"
                && finding.to_a_switcher()
                && finding.was_booked_as_audio()
                && finding.is_patient_to_patient()
        },
        alone: true,
    },
    Row {
        fault: "captions-without-ownership-check",
        shows: each_of_three!(ONE_S_OWN, CAPTIONS),
        silent: &[CLOSED, HANDED_OUT, SIGNED_OUT],
        always: |finding| {
            finding.text("surface") == "captions"
                && finding.text("temperament") == "curious"
                && !finding.to_nobody()
                && !finding.replays_are_off()
        },
        alone: true,
    },
    Row {
        fault: "old-version-without-ownership-check",
        shows: each_of_three!(ONE_S_OWN, OLD_ITEM),
        silent: &[CLOSED, HANDED_OUT, SIGNED_OUT],
        always: |finding| {
            finding.text("surface") == "old-item"
                && finding.text("temperament") == "curious"
                && !finding.to_nobody()
                && !finding.replays_are_off()
        },
        alone: true,
    },
    Row {
        fault: "batch-checks-only-the-first",
        shows: each_of_three!(ONE_S_OWN, BATCH),
        silent: &[CLOSED, HANDED_OUT, SIGNED_OUT],
        always: |finding| {
            finding.text("surface") == "batch"
                && finding.text("temperament") == "curious"
                && !finding.to_nobody()
                && !finding.replays_are_off()
        },
        alone: true,
    },
    Row {
        fault: "segments-without-ownership-check",
        shows: &[
            showing(ONE_S_OWN, AT_REST, "Ada", &["Ben", "Chloe"], SEGMENT),
            showing(ONE_S_OWN, AT_REST, "Ben", &["Ada", "Chloe"], SEGMENT),
            showing(ONE_S_OWN, AT_REST, "Chloe", &["Ada", "Ben"], SEGMENT),
            // who had a right to it plays on what they were playing
            showing(WITHDRAWN, AFTER_WITHDRAWAL, "Ben", &["Ada"], SEGMENT),
        ],
        silent: &[CLOSED, HANDED_OUT, SIGNED_OUT],
        always: |finding| {
            finding.text("surface") == "hls-segment"
                && is_reached_for_or_kept(finding)
                && !finding.to_nobody()
                && !finding.replays_are_off()
        },
        alone: true,
    },
    Row {
        fault: "segments-without-a-session",
        shows: &[
            showing(ONE_S_OWN, AT_REST, "Ada", &["Ben", "Chloe"], SEGMENT),
            showing(ONE_S_OWN, AT_REST, "Ben", &["Ada", "Chloe"], SEGMENT),
            showing(ONE_S_OWN, AT_REST, "Chloe", &["Ada", "Ben"], SEGMENT),
            showing(ONE_S_OWN, AT_REST, "nobody", &["Ada", "Ben", "Chloe"], SEGMENT),
            showing(WITHDRAWN, AFTER_WITHDRAWAL, "Ben", &["Ada"], SEGMENT),
        ],
        silent: &[CLOSED, HANDED_OUT],
        always: |finding| {
            finding.text("surface") == "hls-segment"
                && is_reached_for_or_kept(finding)
                && !finding.replays_are_off()
        },
        alone: true,
    },
    Row {
        fault: "events-to-everybody",
        shows: each_of_three!(ONE_S_OWN, EVENTS),
        // other scenarios' people are connected to the same clinic, and are told as well
        silent: &[],
        always: |finding| {
            finding.text("surface").starts_with("events")
                // whoever listens to what is theirs overhears what is not
                && finding.text("temperament") == "ordinary"
                && !finding.to_nobody()
                && !finding.replays_are_off()
        },
        alone: true,
    },
    Row {
        fault: "events-by-clinician",
        shows: each_of_three!(ONE_S_OWN, EVENTS),
        silent: &[HANDED_OUT, SIGNED_OUT, HAS_NONE, CLINICIANS],
        always: |finding| {
            finding.text("surface").starts_with("events")
                // whoever listens to what is theirs overhears what is not
                && finding.text("temperament") == "ordinary"
                && finding.is_patient_to_patient()
                && !finding.replays_are_off()
        },
        alone: true,
    },
    Row {
        fault: "notifications-to-the-slot",
        shows: &[
            // Ada, whose own was recorded before Ben booked, is told of his
            showing(SAME_SLOT, AT_REST, "Ada", &["Ben"], NOTIFICATIONS),
        ],
        silent: &[
            JUNE,
            BOTH_SWITCH,
            UNUSED,
            OTHER_WAY,
            ONE_S_OWN,
            OWN_LINK,
            HANDED_OUT,
            CLOSED,
            SIGNED_OUT,
            HAS_NONE,
            JUST_ARRIVED,
            CLINICIANS,
        ],
        always: |finding| finding.text("scenario") == SAME_SLOT && finding.text("surface") == "notifications",
        alone: true,
    },
    Row {
        fault: "notifications-to-the-last-in-the-room",
        shows: &[
            // Dan was the last to join
            showing(BOTH_SWITCH, SWITCHED, "Dan", &["Ben"], NOTIFICATIONS),
        ],
        silent: &[
            JUNE,
            AFTER_THE_CALL,
            UNUSED,
            OTHER_WAY,
            ONE_S_OWN,
            SAME_SLOT,
            OWN_LINK,
            HANDED_OUT,
            CLOSED,
            SIGNED_OUT,
            HAS_NONE,
            JUST_ARRIVED,
            CLINICIANS,
        ],
        always: |finding| {
            finding.text("surface") == "notifications"
                && finding.has_switched("owner")
                && finding.is_patient_to_patient()
        },
        alone: true,
    },
    Row {
        fault: "page-cached-by-slot",
        shows: &[showing(SAME_SLOT, AT_REST, "Ben", &["Ada"], PAGE)],
        silent: &[
            LOOKED_BEFORE,
            JUNE,
            UNUSED,
            OTHER_WAY,
            ONE_S_OWN,
            OWN_LINK,
            HANDED_OUT,
            CLOSED,
            SIGNED_OUT,
            HAS_NONE,
            JUST_ARRIVED,
            CLINICIANS,
        ],
        always: |finding| finding.text("scenario") == SAME_SLOT && finding.text("surface") == "replays-page",
        alone: true,
    },
    Row {
        fault: "kill-switch-spares-old-version",
        shows: &[
            // one's own, and those that a clinician held: while replays are off nobody may have anything
            showing(CLOSED, OFF, "Ada", &["Ada"], OLD_VERSION),
            showing(CLOSED, OFF, "Ben", &["Ben"], OLD_VERSION),
            showing(CLOSED, OFF, "Dr Grey", &["Ada", "Ben"], OLD_VERSION),
        ],
        silent: &[
            JUNE, UNUSED, OTHER_WAY, ONE_S_OWN, SAME_SLOT, OWN_LINK, SIGNED_OUT, HAS_NONE, CLINICIANS,
        ],
        always: |finding| {
            finding.text("surface").starts_with("old-")
                && finding.replays_are_off()
                && finding.text("temperament") == "ordinary"
                && (finding.text("owner") == finding.text("bystander")
                    || finding.text("bystander_role") == "clinician")
        },
        alone: true,
    },
    Row {
        fault: "kill-switch-spares-the-inbox",
        shows: &[
            // one's own, and those that a clinician held: while replays are off nobody may have anything
            showing(CLOSED, OFF, "Ada", &["Ada"], NOTIFICATIONS),
            showing(CLOSED, OFF, "Ben", &["Ben"], NOTIFICATIONS),
            showing(CLOSED, OFF, "Dr Grey", &["Ada", "Ben"], NOTIFICATIONS),
        ],
        silent: &[
            JUNE, UNUSED, OTHER_WAY, ONE_S_OWN, SAME_SLOT, OWN_LINK, SIGNED_OUT, HAS_NONE, CLINICIANS,
        ],
        always: |finding| {
            finding.text("surface") == "notifications"
                && finding.replays_are_off()
                && finding.text("temperament") == "ordinary"
                && (finding.text("owner") == finding.text("bystander")
                    || finding.text("bystander_role") == "clinician")
        },
        alone: true,
    },
    Row {
        fault: "trusts-the-user-header",
        // one bystander for each surface, whose turn it is
        shows: &[
            showing(
                ONE_S_OWN,
                AT_REST,
                "Ada",
                &["Ben"],
                &[("captions", "full"), ("graphql-node", "metadata")],
            ),
            showing(
                ONE_S_OWN,
                AT_REST,
                "Ada",
                &["Chloe"],
                &[
                    ("hls-playlist", "metadata"),
                    ("old-item", "metadata"),
                    ("thumbnail", "excerpt"),
                ],
            ),
            showing(
                ONE_S_OWN,
                AT_REST,
                "Ben",
                &["Ada"],
                &[("batch", "metadata"), ("transcript", "full")],
            ),
            showing(ONE_S_OWN, AT_REST, "Chloe", &["Ada"], &[("media", "full")]),
            showing(ONE_S_OWN, AT_REST, "Chloe", &["Ben"], &[("item", "metadata")]),
        ],
        silent: &[],
        always: |finding| {
            finding.text("technique") == "identity-header-spoofing"
                && finding.text("temperament") == "hostile"
                && finding.is_patient_to_patient()
        },
        alone: true,
    },
    Row {
        fault: "unclaimed-after-a-switch",
        shows: &[
            showing(AFTER_THE_CALL, SWITCHED, "Ada", &["Dan"], AS_THE_OWNER),
            showing(AFTER_THE_CALL, SWITCHED, "Ben", &["Dan"], AS_THE_OWNER),
            showing(BOTH_SWITCH, SWITCHED, "Ada", &["Ben", "Dan"], AS_THE_OWNER),
            showing(BOTH_SWITCH, SWITCHED, "Ben", &["Dan"], AS_THE_OWNER),
            showing(BOTH_SWITCH, SWITCHED, "Dan", &["Ben"], AS_THE_OWNER),
        ],
        silent: &[
            JUNE,
            UNUSED,
            OTHER_WAY,
            ONE_S_OWN,
            SAME_SLOT,
            OWN_LINK,
            HANDED_OUT,
            CLOSED,
            SIGNED_OUT,
            HAS_NONE,
            JUST_ARRIVED,
            CLINICIANS,
        ],
        always: |finding| finding.has_switched("owner") && !finding.to_nobody() && !finding.replays_are_off(),
        alone: true,
    },
];
