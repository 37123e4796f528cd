//! The rows of the faults that a switch of modality brings out, or that the feature for it does.

use crate::reached::AS_THEIR_CLINICIAN;
use crate::table::{
    AFTER_THE_CALL, AS_THE_OWNER, AS_THE_OWNER_WHO_CHANGES, BOTH_SWITCH, CLINICIANS, JUNE, LISTS, MEDIA,
    ONE_S_OWN, OTHER_WAY, Row, SWITCHED, UNUSED, showing,
};

const ON: &str = "audio-video-switch on";
const OFF_AGAIN: &str = "audio-video-switch off · audio → video";
const TO_AND_FRO: &str = "audio-video-switch on · audio → video → audio";

const MORE_THAN_ONCE: &str = "Switching to and fro, more than once";
pub(crate) const ONE_AFTER_THE_OTHER: &str =
    "Two who have both switched look at their lists one after the other";
const WHILE_IT_RUNS: &str = "What is recorded of a switched call while it still runs is its patient's alone";
const HELD_A_SWITCHED_CALL: &str = "What a switched call leaves behind is shown to the clinician who held it";
const TURNED_OFF: &str = "Turning the feature off again leaves those who have used it with their own";

const OTHERS: &[&str] = &["others"];
const TOTALS: &[(&str, &str)] = &[
    ("profile", "existence"),
    ("replays", "existence"),
    ("replays-web", "existence"),
];
/// One row a fault.
pub(crate) static SWITCHING: [Row; 11] = [
    Row {
        fault: "replays-by-the-line-after-a-switch-back",
        shows: &[showing(
            MORE_THAN_ONCE,
            TO_AND_FRO,
            "Dan",
            &["Ada", "Ben"],
            AS_THE_OWNER,
        )],
        silent: &[JUNE, OTHER_WAY],
        always: |finding| {
            finding.text("state").contains("audio → video → audio") && finding.is_patient_to_patient()
        },
        alone: true,
    },
    Row {
        fault: "totals-by-the-clinician-after-a-switch",
        shows: &[showing(JUNE, SWITCHED, "Dan", OTHERS, TOTALS)],
        silent: &[UNUSED, OTHER_WAY],
        always: |finding| finding.to_a_switcher() && finding.text("extent") == "existence",
        alone: true,
    },
    Row {
        fault: "list-cached-by-the-line-after-a-switch",
        shows: &[showing(ONE_AFTER_THE_OTHER, SWITCHED, "Ben", &["Ada"], LISTS)],
        silent: &[JUNE, ONE_S_OWN],
        always: |finding| finding.has_switched("bystander") && finding.has_switched("owner"),
        alone: true,
    },
    Row {
        fault: "piece-of-a-switched-call-is-unclaimed",
        shows: &[showing(WHILE_IT_RUNS, TO_AND_FRO, "Ada", &["Dan"], AS_THE_OWNER)],
        silent: &[JUNE, AFTER_THE_CALL],
        always: |finding| finding.has_switched("owner") && !finding.to_nobody(),
        alone: true,
    },
    Row {
        fault: "recording-to-the-last-to-switch",
        shows: &[showing(
            BOTH_SWITCH,
            SWITCHED,
            "Dan",
            &["Ben"],
            AS_THE_OWNER_WHO_CHANGES,
        )],
        silent: &[AFTER_THE_CALL, JUNE],
        always: |finding| finding.has_switched("owner") && finding.to_a_switcher(),
        alone: true,
    },
    Row {
        fault: "new-player-asks-for-the-clinician",
        shows: &[
            showing(UNUSED, ON, "Ada", &["Ben", "Chloe"], MEDIA),
            showing(UNUSED, ON, "Ben", &["Ada", "Chloe"], MEDIA),
            showing(UNUSED, ON, "Chloe", &["Ada", "Ben"], MEDIA),
        ],
        silent: &[ONE_S_OWN],
        always: |finding| {
            finding.text("state_class").contains(ON)
                && finding.text("surface").starts_with("media")
                && finding.is_patient_to_patient()
        },
        alone: true,
    },
    Row {
        fault: "turned-off-by-the-old-look-up",
        shows: &[showing(
            TURNED_OFF,
            OFF_AGAIN,
            "Dan",
            &["Ada", "Ben"],
            AS_THE_OWNER,
        )],
        silent: &[JUNE, UNUSED],
        always: |finding| {
            finding.text("state").contains("`audio-video-switch` off")
                && finding.has_switched("bystander")
                && finding.was_booked_as_audio()
        },
        alone: true,
    },
    Row {
        fault: "search-on-the-line-after-a-switch",
        shows: &[showing(
            JUNE,
            SWITCHED,
            "Dan",
            &["Ada", "Ben", "Chloe"],
            &[("search", "listed")],
        )],
        silent: &[UNUSED, OTHER_WAY],
        always: |finding| finding.to_a_switcher() && finding.text("surface") == "search",
        alone: true,
    },
    Row {
        fault: "thumbnails-of-the-line-after-a-switch",
        shows: &[showing(
            JUNE,
            SWITCHED,
            "Dan",
            &["Ada", "Ben", "Chloe"],
            &[("thumbnail", "excerpt")],
        )],
        silent: &[UNUSED, OTHER_WAY],
        always: |finding| finding.to_a_switcher() && finding.text("technique") == "bola",
        alone: true,
    },
    Row {
        fault: "switched-calls-are-every-clinicians",
        shows: &[showing(
            HELD_A_SWITCHED_CALL,
            SWITCHED,
            "Dr Flynn",
            &["Dan"],
            AS_THEIR_CLINICIAN,
        )],
        silent: &[CLINICIANS, JUNE],
        always: |finding| finding.has_switched("owner") && finding.text("bystander_role") == "clinician",
        alone: true,
    },
    Row {
        fault: "page-cached-by-the-line-after-a-switch",
        shows: &[showing(
            ONE_AFTER_THE_OTHER,
            SWITCHED,
            "Ben",
            &["Ada"],
            &[("replays-page", "listed")],
        )],
        silent: &[JUNE, ONE_S_OWN],
        always: |finding| finding.has_switched("bystander") && finding.text("surface") == "replays-page",
        alone: true,
    },
];
