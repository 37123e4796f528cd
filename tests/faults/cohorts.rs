//! The rows of the faults of features that are on for some, and of a replica that is started again.

use crate::closing::EVERYTHING_OF_ONES_OWN;
use crate::table::{
    AS_THE_OWNER, CLOSED, HANDED_OUT, HAS_NONE, JUNE, LISTS, ONE_S_OWN, OTHER_WAY, Row, UNUSED, showing,
};

const ONE_SWITCHES: &str = "A switch that is turned on for one patient opens nobody else's replays to them";
const OF_A_CLINICIAN: &str = "A feature that is on for a clinician changes nothing for their patients";
const OFF_FOR_ONE: &str =
    "Replays that are turned off for one patient are off for them, whoever has just looked at theirs";
const LINK_OF_ONE: &str =
    "A link that was handed out before opens nothing to whom replays were turned off for";
const OFF_FOR_A_SERVICE: &str = "Replays that are turned off for one service are off for its patients only";
const RESTARTED: &str = "Lists that were looked at before a restart do not change hands after it";
const OFF_AND_RESTARTED: &str = "Replays that were turned off stay off when a replica is started again";

const WHILE_LATE: &str = "What is recorded while a replica is late is its patient's alone";
const LATE: &str = "a-replica-is-late made";

const ON_FOR_SOME: &str = "audio-video-switch on for some";
const OFF_SOME: &str = "consultation-replays off for some";
const OFF_A_TENANT: &str = "consultation-replays off for a tenant";
const RESTART: &str = "a-replica-is-restarted made";

const LINK: &[(&str, &str)] = &[("signed-link", "full")];

/// One row a fault.
pub(crate) static COHORTS: [Row; 6] = [
    Row {
        fault: "flags-remembered-by-their-name",
        shows: &[
            showing(OFF_FOR_ONE, OFF_SOME, "Ben", &["Ben"], EVERYTHING_OF_ONES_OWN),
            showing(
                OFF_FOR_ONE,
                OFF_SOME,
                "Ben",
                &["Ben"],
                &[("events", "metadata"), ("events-socket", "metadata")],
            ),
        ],
        silent: &[ONE_S_OWN, HAS_NONE, CLOSED, JUNE, ONE_SWITCHES],
        always: |finding| finding.text("bystander") == "Ben" && finding.text("owner") == "Ben",
        alone: true,
    },
    Row {
        fault: "cohort-by-the-clinician",
        shows: &[
            showing(OF_A_CLINICIAN, ON_FOR_SOME, "Ada", &["Ben"], AS_THE_OWNER),
            showing(OF_A_CLINICIAN, ON_FOR_SOME, "Ben", &["Ada"], AS_THE_OWNER),
        ],
        silent: &[ONE_S_OWN, JUNE, UNUSED, OTHER_WAY, ONE_SWITCHES],
        always: |finding| {
            finding.text("state_class") == ON_FOR_SOME
                && finding.text("state").contains("on for Dr Evans")
                && finding.is_patient_to_patient()
        },
        alone: true,
    },
    Row {
        fault: "replays-asked-for-at-no-service",
        shows: &[showing(
            OFF_FOR_A_SERVICE,
            OFF_A_TENANT,
            "Ben",
            &["Ben"],
            EVERYTHING_OF_ONES_OWN,
        )],
        silent: &[ONE_S_OWN, HAS_NONE, CLOSED, OFF_FOR_ONE, LINK_OF_ONE],
        always: |finding| finding.text("state").contains("off for the private service"),
        alone: true,
    },
    Row {
        fault: "links-ask-for-nobody",
        shows: &[
            showing(OFF_FOR_ONE, OFF_SOME, "Ben", &["Ben"], LINK),
            showing(LINK_OF_ONE, OFF_SOME, "Ben", &["Ben"], LINK),
            showing(OFF_FOR_A_SERVICE, OFF_A_TENANT, "Ben", &["Ben"], LINK),
        ],
        silent: &[ONE_S_OWN, HAS_NONE, CLOSED, HANDED_OUT],
        always: |finding| finding.text("technique") == "stale-link",
        alone: true,
    },
    Row {
        fault: "numbers-begin-anew",
        shows: &[showing(RESTARTED, RESTART, "Ben", &["Ada"], LISTS)],
        silent: &[ONE_S_OWN, HAS_NONE, JUNE, CLOSED, OFF_AND_RESTARTED],
        always: |finding| finding.text("state_class") == RESTART && finding.text("temperament") == "ordinary",
        alone: true,
    },
    Row {
        fault: "old-form-is-unclaimed",
        shows: &[showing(
            WHILE_LATE,
            LATE,
            "Ada",
            &["Ben", "Chloe", "Dan"],
            AS_THE_OWNER,
        )],
        silent: &[ONE_S_OWN, JUNE, UNUSED, OTHER_WAY],
        always: |finding| {
            finding.text("state").contains("`a-replica-is-late` made") && finding.has_switched("owner")
        },
        alone: true,
    },
];
