//! The rows of what is told on connections that stay open: on sockets, and on whatever was opened before the world changed.

use crate::further::OFF;
use crate::grants::{AFTER_LEAVING, LEFT, LOOKED_AND_LEFT, MOVED};
use crate::switched::ONE_AFTER_THE_OTHER;
use crate::table::{
    CLINICIANS, CLOSED, HANDED_OUT, JUNE, ONE_S_OWN, OTHER_WAY, Row, SIGNED_OUT, SWITCHED, UNUSED, showing,
};

const SWITCHED_AND_SIGNED_OUT: &str = "An old session opens nothing after somebody has switched";

const ON_A_SOCKET: &[(&str, &str)] = &[("events-socket", "metadata")];
const OPEN: &[(&str, &str)] = &[("events", "metadata"), ("events-socket", "metadata")];

pub(crate) static STREAMS: [Row; 4] = [
    Row {
        fault: "sockets-join-the-line-after-a-switch",
        shows: &[
            showing(JUNE, SWITCHED, "Dan", &["Ada", "Ben", "Chloe"], ON_A_SOCKET),
            showing(ONE_AFTER_THE_OTHER, SWITCHED, "Ada", &["Ben"], ON_A_SOCKET),
            showing(ONE_AFTER_THE_OTHER, SWITCHED, "Ben", &["Ada"], ON_A_SOCKET),
        ],
        silent: &[UNUSED, OTHER_WAY, ONE_S_OWN],
        always: |finding| finding.to_a_switcher() && finding.text("surface") == "events-socket",
        alone: true,
    },
    Row {
        fault: "streams-keep-the-rights-they-were-opened-with",
        shows: &[
            showing(LEFT, AFTER_LEAVING, "Dr Evans", &["Ada"], OPEN),
            showing(LOOKED_AND_LEFT, AFTER_LEAVING, "Dr Evans", &["Ada"], OPEN),
            showing(MOVED, AFTER_LEAVING, "Dr Evans", &["Ada"], OPEN),
        ],
        silent: &[CLINICIANS, SIGNED_OUT, CLOSED, ONE_S_OWN],
        always: |finding| finding.text("technique") == "stale-subscription",
        alone: true,
    },
    Row {
        fault: "streams-outlive-the-session",
        shows: &[
            showing(SIGNED_OUT, "signed out", "nobody", &["Ada"], OPEN),
            showing(
                SWITCHED_AND_SIGNED_OUT,
                "audio-video-switch on · audio → video · signed out",
                "nobody",
                &["Ada"],
                OPEN,
            ),
        ],
        silent: &[CLOSED, LEFT, ONE_S_OWN],
        always: |finding| finding.text("technique") == "stale-subscription",
        alone: true,
    },
    Row {
        fault: "kill-switch-spares-streams",
        shows: &[
            showing(CLOSED, OFF, "Ada", &["Ada"], OPEN),
            showing(HANDED_OUT, OFF, "Ada", &["Ada"], OPEN),
        ],
        silent: &[SIGNED_OUT, LEFT, ONE_S_OWN, UNUSED],
        always: |finding| finding.text("technique") == "stale-subscription" && finding.replays_are_off(),
        alone: true,
    },
];
