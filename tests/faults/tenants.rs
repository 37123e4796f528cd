//! The rows of the faults that several services on one stack bring, and of those of its GraphQL.

use crate::further::OFF;
use crate::reached::AS_THEIR_CLINICIAN;
use crate::table::{
    AS_THE_OWNER, AS_THE_OWNER_WHO_CHANGES, AT_REST, CLINICIANS, CLOSED, Finding, HAS_NONE, ONE_S_OWN, Row,
    Showing, each_of_three, showing,
};

const EACH_SERVICE: &str = "Each service shows its own patients their own recordings";
const LATER: &str = "Two patients of a service that came later";
const REGION: &str = "Two patients of the second region";
const SAME_NUMBER: &str = "The same number at two services is not the same person";
const REGION_SWITCHED: &str = "The same number in two regions, after a switch";
const TWO_SERVICES: &str = "A clinician of two services sees in each what they held there";

const GLOBAL_ID: &str = "A global id opens nothing any more when the right to it has ended";
const PRACTICES: &str = "Neither colleagues of one practice nor a clinician of another see what one has held";

/// The state of [`REGION_SWITCHED`] when it comes to its claim.
const AFTER_A_SWITCH: &str = "audio-video-switch on · audio → video";

const EXPORT: &[(&str, &str)] = &[("export", "full")];
const EVENTS: &[(&str, &str)] = &[("events", "metadata"), ("events-socket", "metadata")];
const NOTIFICATIONS: &[(&str, &str)] = &[("notifications", "listed")];
const LISTS: &[(&str, &str)] = &[
    ("profile", "listed"),
    ("replays", "listed"),
    ("replays-page", "listed"),
    ("replays-web", "listed"),
];
const NODE: &[(&str, &str)] = &[("graphql-node", "metadata")];
const GRAPHQL: &[(&str, &str)] = &[
    ("graphql-clinicians", "listed"),
    ("graphql-node", "metadata"),
    ("graphql-replays", "listed"),
];

/// Where one thing is fetched in one step, in which a request can be written anew.
const ONE_STEP: &[(&str, &str)] = &[
    ("batch", "metadata"),
    ("captions", "full"),
    ("graphql-node", "metadata"),
    ("hls-playlist", "metadata"),
    ("item", "metadata"),
    ("media", "full"),
    ("old-item", "metadata"),
    ("thumbnail", "excerpt"),
    ("transcript", "full"),
];

/// What is opened by its id.
const BY_ITS_ID: &[(&str, &str)] = &[
    ("batch", "metadata"),
    ("captions", "full"),
    ("graphql-node", "metadata"),
    ("hls-playlist", "metadata"),
    ("hls-segment", "excerpt"),
    ("item", "metadata"),
    ("media", "full"),
    ("media-head", "metadata"),
    ("media-range", "excerpt"),
    ("signed-link", "full"),
    ("thumbnail", "excerpt"),
    ("transcript", "full"),
];

const fn row(fault: &'static str, shows: &'static [Showing], silent: &'static [&'static str]) -> Row {
    Row {
        fault,
        shows,
        silent,
        always: is_between_patients,
        alone: true,
    }
}

fn is_between_patients(finding: &Finding<'_>) -> bool {
    finding.is_patient_to_patient() && !finding.replays_are_off()
}

fn is_to_somebody(finding: &Finding<'_>) -> bool {
    !finding.to_nobody() && !finding.replays_are_off()
}

/// One row a fault.
pub(crate) static TENANTS: [Row; 18] = [
    Row {
        fault: "clinicians-see-every-service",
        shows: &[showing(
            TWO_SERVICES,
            AT_REST,
            "Dr Evans",
            &["Ben"],
            AS_THEIR_CLINICIAN,
        )],
        silent: &[ONE_S_OWN, CLINICIANS],
        always: |finding| finding.text("bystander_role") == "clinician" && !finding.replays_are_off(),
        alone: true,
    },
    row(
        "later-services-list-by-clinician",
        &[
            showing(LATER, AT_REST, "Ben", &["Chloe"], AS_THE_OWNER),
            showing(LATER, AT_REST, "Chloe", &["Ben"], AS_THE_OWNER),
        ],
        &[ONE_S_OWN, EACH_SERVICE, SAME_NUMBER, TWO_SERVICES],
    ),
    Row {
        fault: "second-region-checks-only-the-region",
        shows: &[
            showing(REGION, AT_REST, "Ada", &["Ben"], BY_ITS_ID),
            showing(REGION, AT_REST, "Ben", &["Ada"], BY_ITS_ID),
        ],
        silent: &[ONE_S_OWN, EACH_SERVICE, LATER, SAME_NUMBER],
        always: |finding| finding.text("temperament") != "ordinary" && is_to_somebody(finding),
        alone: true,
    },
    row(
        "list-cached-by-number",
        &[showing(SAME_NUMBER, AT_REST, "Ben", &["Ada"], LISTS)],
        &[ONE_S_OWN, EACH_SERVICE, LATER],
    ),
    row(
        "token-looked-up-at-the-host",
        &[
            showing(SAME_NUMBER, AT_REST, "Ada", &["Ben"], ONE_STEP),
            showing(SAME_NUMBER, AT_REST, "Ben", &["Ada"], ONE_STEP),
        ],
        &[ONE_S_OWN, EACH_SERVICE, LATER],
    ),
    row(
        "service-from-the-forwarded-host",
        &[
            showing(SAME_NUMBER, AT_REST, "Ada", &["Ben"], ONE_STEP),
            showing(SAME_NUMBER, AT_REST, "Ben", &["Ada"], ONE_STEP),
        ],
        // where nobody has the number, the answer says that nobody is signed in, which proves nothing
        &[ONE_S_OWN, LATER],
    ),
    row(
        "recorded-under-the-public-number",
        &[
            showing(SAME_NUMBER, AT_REST, "Ada", &["Ben"], AS_THE_OWNER_WHO_CHANGES),
            // where she looks at all her replays, as the app shows them
            showing(SAME_NUMBER, AT_REST, "Ada", &["Ben"], &[("family", "listed")]),
        ],
        &[ONE_S_OWN, EACH_SERVICE, LATER],
    ),
    row(
        "region-hands-switched-calls-over-by-number",
        &[showing(
            REGION_SWITCHED,
            AFTER_A_SWITCH,
            "Ada",
            &["Ben"],
            AS_THE_OWNER_WHO_CHANGES,
        )],
        &[ONE_S_OWN, EACH_SERVICE, REGION, SAME_NUMBER],
    ),
    row(
        "told-by-number",
        &[
            showing(SAME_NUMBER, AT_REST, "Ada", &["Ben"], NOTIFICATIONS),
            showing(SAME_NUMBER, AT_REST, "Ben", &["Ada"], NOTIFICATIONS),
        ],
        &[ONE_S_OWN, EACH_SERVICE, LATER],
    ),
    row(
        "events-by-number",
        &[
            showing(SAME_NUMBER, AT_REST, "Ada", &["Ben"], EVENTS),
            showing(SAME_NUMBER, AT_REST, "Ben", &["Ada"], EVENTS),
        ],
        &[ONE_S_OWN, EACH_SERVICE, LATER],
    ),
    row(
        "export-by-number",
        &[
            showing(SAME_NUMBER, AT_REST, "Ada", &["Ben"], EXPORT),
            showing(SAME_NUMBER, AT_REST, "Ben", &["Ada"], EXPORT),
        ],
        &[ONE_S_OWN, EACH_SERVICE, LATER],
    ),
    Row {
        fault: "node-without-ownership-check",
        shows: each_of_three!(ONE_S_OWN, NODE),
        silent: &[CLOSED],
        always: |finding| finding.text("surface") == "graphql-node" && is_to_somebody(finding),
        alone: true,
    },
    Row {
        fault: "only-the-first-node-is-checked",
        shows: each_of_three!(ONE_S_OWN, NODE),
        silent: &[CLOSED],
        always: |finding| finding.text("surface") == "graphql-node" && is_to_somebody(finding),
        alone: true,
    },
    row(
        "replays-below-a-clinician",
        each_of_three!(ONE_S_OWN, &[("graphql-clinicians", "listed")]),
        &[HAS_NONE],
    ),
    Row {
        fault: "nodes-tell-anothers-apart",
        shows: each_of_three!(ONE_S_OWN, &[("graphql-node", "existence")]),
        silent: &[CLOSED],
        always: |finding| finding.text("surface") == "graphql-node" && finding.text("extent") == "existence",
        alone: true,
    },
    Row {
        fault: "kill-switch-spares-graphql",
        shows: &[
            showing(CLOSED, OFF, "Ada", &["Ada"], GRAPHQL),
            showing(CLOSED, OFF, "Ben", &["Ben"], GRAPHQL),
            showing(
                CLOSED,
                OFF,
                "Dr Grey",
                &["Ada", "Ben"],
                &[("graphql-node", "metadata"), ("graphql-replays", "listed")],
            ),
        ],
        silent: &[ONE_S_OWN, HAS_NONE],
        always: |finding| finding.replays_are_off() && finding.text("temperament") == "ordinary",
        alone: true,
    },
    row(
        "withdrawn-shares-open-nodes",
        &[showing(GLOBAL_ID, "share withdrawn", "Ben", &["Ada"], NODE)],
        &[ONE_S_OWN, CLOSED],
    ),
    Row {
        fault: "clinicians-see-their-practice",
        shows: &[
            showing(PRACTICES, AT_REST, "Dr Evans", &["Ben"], AS_THEIR_CLINICIAN),
            showing(PRACTICES, AT_REST, "Dr Flynn", &["Ada"], AS_THEIR_CLINICIAN),
        ],
        // the clinicians of other scenarios are of the same two practices
        silent: &[],
        always: |finding| finding.text("bystander_role") == "clinician" && !finding.replays_are_off(),
        alone: true,
    },
];
