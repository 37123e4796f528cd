//! The rows of the faults by which somebody does what is another's to do.

use crate::deleted::{AS_SHARED, ITS_PATIENT, OTHERS};
use crate::grants::{ONLY_ONE, SHARED, WITHDRAWN};
use crate::table::{
    AFTER_THE_CALL, AT_REST, BOTH_SWITCH, CLOSED, Finding, JUNE, ONE_S_OWN, OTHER_WAY, Row, SIGNED_OUT,
    SWITCHED, UNUSED, showing,
};

const ON: &str = "audio-video-switch on";
const GIVEN: &str = "share given";

const SWITCH: &[(&str, &str)] = &[("action.switch", "metadata")];
const END: &[(&str, &str)] = &[("action.end", "metadata")];
const DELETE: &[(&str, &str)] = &[("action.delete", "metadata")];
const SHARE: &[(&str, &str)] = &[("grant.share", "metadata")];

fn is_done_for_another(finding: &Finding<'_>) -> bool {
    finding.text("technique") == "bola-action" && finding.text("temperament") == "hostile"
}

/// One row a fault.
pub(crate) static ACTING: [Row; 4] = [
    Row {
        fault: "anybody-switches-a-call",
        shows: &[
            showing(JUNE, ON, "Ada", &["Dan"], SWITCH),
            showing(OTHER_WAY, ON, "Ada", &["Dan"], SWITCH),
            showing(BOTH_SWITCH, ON, "Ada", &["Ben"], SWITCH),
            showing(BOTH_SWITCH, SWITCHED, "Ada", &["Dan"], SWITCH),
        ],
        silent: &[UNUSED, ONE_S_OWN, CLOSED, SIGNED_OUT],
        always: |finding| is_done_for_another(finding) && finding.text("surface") == "action.switch",
        alone: true,
    },
    Row {
        fault: "calls-end-for-whoever-shares-the-clinician",
        shows: &[
            showing(AFTER_THE_CALL, SWITCHED, "Ada", &["Dan"], END),
            showing(BOTH_SWITCH, SWITCHED, "Ada", &["Ben", "Dan"], END),
        ],
        silent: &[JUNE, UNUSED, ONE_S_OWN, CLOSED, SIGNED_OUT],
        always: |finding| {
            is_done_for_another(finding)
                && finding.text("surface") == "action.end"
                && finding.is_patient_to_patient()
        },
        alone: true,
    },
    Row {
        fault: "deletion-without-ownership-check",
        shows: &[
            showing(ITS_PATIENT, AT_REST, "Ben", &["Ada"], DELETE),
            showing(OTHERS, AT_REST, "Ben", &["Ada"], DELETE),
        ],
        silent: &[JUNE, ONE_S_OWN, CLOSED, SIGNED_OUT],
        always: |finding| is_done_for_another(finding) && finding.text("surface") == "action.delete",
        alone: true,
    },
    Row {
        fault: "sharing-without-ownership-check",
        shows: &[
            showing(SHARED, AT_REST, "Chloe", &["Ada"], SHARE),
            showing(SHARED, GIVEN, "Chloe", &["Ada"], AS_SHARED),
        ],
        // there nobody else is signed in who could share it with themselves
        silent: &[ONLY_ONE, WITHDRAWN, JUNE, ONE_S_OWN, CLOSED],
        always: |finding| is_done_for_another(finding) && finding.text("owner") == "Ada",
        alone: true,
    },
];
