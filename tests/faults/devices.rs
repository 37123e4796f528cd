//! The rows of the faults of web pages and of the devices on which they are looked at, and of what the gateway keeps.

use crate::table::{
    AT_REST, CLINICIANS, CLOSED, HANDED_OUT, HAS_NONE, JUNE, ONE_S_OWN, OWN_LINK, Row, SAME_SLOT, SIGNED_OUT,
    showing,
};

const NEXT: &str = "The next on a device is shown nothing of whoever used it before";
const NEWCOMER: &str = "Somebody who has nothing yet signs in where another looked at their replays";
const TO_AND_FRO: &str = "A device goes to and fro between two people";
const SOMEBODY_ELSE: &str = "Somebody else signs in where Ada signed out";
const BOTH_CLOSE: &str = "Both replicas close when replays are turned off";
const OFF: &str = "consultation-replays off";
const GATEWAY: &str = "The gateway keeps nobody's answer for somebody else";

const ON_THE_DEVICE: &str = "signed in again · signed in on another's device";
/// Ben has only just signed in, and looks at his page before Ada is signed in again.
const AT_ONCE: &str = "signed in on another's device · signed out";

const PAGE: &[(&str, &str)] = &[("replays-page", "listed")];
const THE_LIST: &[(&str, &str)] = &[("replays-page", "listed"), ("replays-web", "listed")];
const THUMBNAIL: &[(&str, &str)] = &[("thumbnail", "excerpt")];

/// Where everybody has a device of their own.
const SILENT: &[&str] = &[
    SOMEBODY_ELSE,
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

/// What each of the three shows.
macro_rules! the_next_person {
    () => {
        &[
            showing(NEXT, ON_THE_DEVICE, "Ben", &["Ada"], PAGE),
            showing(NEWCOMER, ON_THE_DEVICE, "Chloe", &["Ada"], PAGE),
            showing(TO_AND_FRO, AT_ONCE, "Ben", &["Ada"], PAGE),
        ]
    };
}

/// One row a fault.
pub(crate) static DEVICES: [Row; 4] = [
    Row {
        fault: "pages-may-be-kept-by-browsers",
        shows: the_next_person!(),
        silent: SILENT,
        always: |finding| finding.is_patient_to_patient() && finding.text("temperament") == "ordinary",
        alone: true,
    },
    Row {
        fault: "page-kept-by-device",
        shows: the_next_person!(),
        silent: SILENT,
        always: |finding| finding.is_patient_to_patient() && finding.text("temperament") == "ordinary",
        alone: true,
    },
    Row {
        fault: "device-remembers-where-one-left-off",
        shows: the_next_person!(),
        silent: SILENT,
        always: |finding| finding.is_patient_to_patient() && finding.text("temperament") == "ordinary",
        alone: true,
    },
    Row {
        fault: "sessions-are-pooled-by-browser",
        shows: &[showing(NEXT, ON_THE_DEVICE, "nobody", &["Ben"], THE_LIST)],
        silent: SILENT,
        always: |finding| finding.text("technique") == "session-after-logout",
        alone: true,
    },
];

/// The faults that show in containers only. Embedded, where there is no gateway, they are silent.
pub(crate) static AT_THE_GATEWAY: [Row; 1] = [Row {
    fault: "thumbnails-may-be-kept-by-the-gateway",
    shows: &[
        showing(GATEWAY, AT_REST, "Ada", &["Ben"], THUMBNAIL),
        showing(GATEWAY, AT_REST, "Ben", &["Ada"], THUMBNAIL),
        showing(GATEWAY, AT_REST, "nobody", &["Ada", "Ben"], THUMBNAIL),
        showing(GATEWAY, AT_REST, "wrong-credentials", &["Ada"], THUMBNAIL),
        // the gateway does not ask whether replays are turned on
        showing(BOTH_CLOSE, OFF, "Ada", &["Ada", "Ben"], THUMBNAIL),
        showing(BOTH_CLOSE, OFF, "Ben", &["Ada", "Ben"], THUMBNAIL),
        showing(BOTH_CLOSE, OFF, "Dr Grey", &["Ada", "Ben"], THUMBNAIL),
        showing(BOTH_CLOSE, OFF, "nobody", &["Ada", "Ben"], THUMBNAIL),
        showing(BOTH_CLOSE, OFF, "wrong-credentials", &["Ada"], THUMBNAIL),
    ],
    silent: &[ONE_S_OWN, JUNE, CLINICIANS, NEXT],
    always: |finding| finding.text("surface") == "thumbnail" && finding.text("extent") == "excerpt",
    alone: true,
}];
