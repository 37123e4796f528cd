//! The rows of the faults of the recorder, which is there in containers only.

use crate::table::{Row, showing};

const MADE: &str = "What the recorder has made of a call is its patient's alone";
const NOT_FINISHED: &str = "Nobody else is told of a recording that is not finished";
const AT_ONCE: &str = "Two calls that are recorded at the same time are not mixed up";
const WHILE_SWITCHED: &str = "A call that was switched to video is told to nobody else while it is recorded";

const BEGUN: &str = "recording by the recorder begun";
const SWITCHED_AND_BEGUN: &str = "audio-video-switch on · audio → video · recording by the recorder begun";
const FINISHED: &str = "recording by the recorder finished";

/// Everything that the media of a recording come out of.
const IN_ITS_PLACE: &[(&str, &str)] = &[
    ("export", "full"),
    ("hls-segment", "excerpt"),
    ("media", "full"),
    ("media-range", "excerpt"),
    ("signed-link", "full"),
];
const PROCESSING: &[(&str, &str)] = &[("processing", "listed")];
const STILL: &[(&str, &str)] = &[("thumbnail", "excerpt")];

/// One row a fault.
pub(crate) static RECORDER: [Row; 3] = [
    Row {
        fault: "unfinished-are-listed-by-clinician",
        shows: &[
            showing(NOT_FINISHED, BEGUN, "Ben", &["Ada"], PROCESSING),
            showing(WHILE_SWITCHED, SWITCHED_AND_BEGUN, "Ada", &["Dan"], PROCESSING),
            showing(WHILE_SWITCHED, SWITCHED_AND_BEGUN, "Ben", &["Dan"], PROCESSING),
        ],
        silent: &[MADE, AT_ONCE],
        always: |finding| {
            finding.text("surface") == "processing"
                && finding.text("state_class").contains(BEGUN)
                && finding.is_patient_to_patient()
        },
        alone: true,
    },
    Row {
        fault: "unfinished-thumbnails-are-served",
        shows: &[
            showing(NOT_FINISHED, BEGUN, "Ben", &["Ada"], STILL),
            showing(NOT_FINISHED, BEGUN, "Chloe", &["Ada"], STILL),
            showing(NOT_FINISHED, BEGUN, "Dr Grey", &["Ada"], STILL),
        ],
        silent: &[MADE, AT_ONCE],
        always: |finding| {
            finding.text("surface") == "thumbnail"
                && finding.text("state_class").contains(BEGUN)
                && !finding.to_nobody()
        },
        alone: true,
    },
    Row {
        fault: "calls-share-a-temporary-file",
        shows: &[
            // when it is looked at what the recorder has made
            showing(AT_ONCE, BEGUN, "Ada", &["Ben"], &[("elsewhere", "excerpt")]),
            showing(AT_ONCE, FINISHED, "Ada", &["Ben"], IN_ITS_PLACE),
        ],
        silent: &[MADE, NOT_FINISHED, WHILE_SWITCHED],
        always: |finding| finding.text("scenario") == AT_ONCE && finding.is_patient_to_patient(),
        alone: true,
    },
];
