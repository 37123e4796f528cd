//! The rows of the faults of the bucket, which none of the people is meant to ask by themselves.

use crate::table::{AT_REST, JUNE, Row, SWITCHED, UNUSED, showing};

const BY_ITSELF: &str = "The bucket lists nothing, and opens by no key";
const WHO_WORK_HERE: &str = "Those who work here find no more in the bucket than the app shows them";
const OF_A_SWITCHED_CALL: &str = "What a switched call leaves in the bucket is as closed as the rest";

const BUCKET: &[(&str, &str)] = &[("bucket", "listed")];
const OBJECT: &[(&str, &str)] = &[("object", "full")];

/// One row a fault.
pub(crate) static BUCKETS: [Row; 5] = [
    Row {
        fault: "bucket-listing-is-public",
        shows: &[
            showing(BY_ITSELF, AT_REST, "Ada", &["Ben", "Chloe"], BUCKET),
            showing(BY_ITSELF, AT_REST, "Ben", &["Ada", "Chloe"], BUCKET),
            showing(BY_ITSELF, AT_REST, "Chloe", &["Ada", "Ben"], BUCKET),
            showing(BY_ITSELF, AT_REST, "nobody", &["Ada", "Ben", "Chloe"], BUCKET),
            showing(
                BY_ITSELF,
                AT_REST,
                "wrong-credentials",
                &["Ada", "Ben", "Chloe"],
                BUCKET,
            ),
        ],
        // the list holds everybody's, also what other scenarios have left there
        silent: &[],
        always: |finding| finding.text("surface") == "bucket" && finding.text("temperament") != "ordinary",
        alone: true,
    },
    Row {
        fault: "thumbnails-policy-covers-everything",
        shows: &[
            showing(BY_ITSELF, AT_REST, "Ada", &["Ben", "Chloe"], OBJECT),
            showing(BY_ITSELF, AT_REST, "Ben", &["Ada", "Chloe"], OBJECT),
            showing(BY_ITSELF, AT_REST, "Chloe", &["Ada", "Ben"], OBJECT),
            showing(BY_ITSELF, AT_REST, "nobody", &["Ada", "Ben", "Chloe"], OBJECT),
            // made-up credentials are tried once at each surface
            showing(BY_ITSELF, AT_REST, "wrong-credentials", &["Ada"], OBJECT),
        ],
        // it shows wherever anything was recorded
        silent: &[],
        always: |finding| finding.text("surface") == "object" && finding.text("temperament") != "ordinary",
        alone: true,
    },
    Row {
        fault: "any-session-opens-objects",
        shows: &[
            showing(BY_ITSELF, AT_REST, "Ada", &["Ben", "Chloe"], OBJECT),
            showing(BY_ITSELF, AT_REST, "Ben", &["Ada", "Chloe"], OBJECT),
            showing(BY_ITSELF, AT_REST, "Chloe", &["Ada", "Ben"], OBJECT),
            showing(WHO_WORK_HERE, AT_REST, "Dr Flynn", &["Ada"], OBJECT),
            showing(WHO_WORK_HERE, AT_REST, "Phil", &["Ada"], OBJECT),
            showing(WHO_WORK_HERE, AT_REST, "Sam", &["Ada"], OBJECT),
        ],
        silent: &[],
        always: |finding| finding.text("technique") == "direct-storage-access" && !finding.to_nobody(),
        alone: true,
    },
    Row {
        fault: "media-of-a-switched-call-is-public",
        shows: &[
            showing(OF_A_SWITCHED_CALL, SWITCHED, "Ada", &["Dan"], OBJECT),
            showing(OF_A_SWITCHED_CALL, SWITCHED, "nobody", &["Dan"], OBJECT),
        ],
        silent: &[BY_ITSELF, WHO_WORK_HERE, JUNE, UNUSED],
        always: |finding| finding.text("surface") == "object" && finding.has_switched("owner"),
        alone: true,
    },
    Row {
        fault: "new-player-lists-the-bucket",
        shows: &[
            showing(OF_A_SWITCHED_CALL, SWITCHED, "Ada", &["Dan"], BUCKET),
            showing(OF_A_SWITCHED_CALL, SWITCHED, "Dan", &["Ada"], BUCKET),
        ],
        silent: &[BY_ITSELF, WHO_WORK_HERE],
        always: |finding| {
            finding.text("technique") == "direct-storage-access"
                && finding.text("state_class").contains("audio-video-switch on")
                && !finding.to_nobody()
        },
        alone: true,
    },
];
