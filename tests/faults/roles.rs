//! The rows of the faults that show to people who are neither patient nor clinician, and of what their patients are told of them.

use crate::table::{
    AT_REST, CLINICIANS, CLOSED, HANDED_OUT, HAS_NONE, JUNE, ONE_S_OWN, Row, SAME_SLOT, SIGNED_OUT, showing,
};

const NO_REASON: &str = "A support agent sees nothing without a reason";
const REASON: &str = "A reason opens a recording to whoever gave it, and its patient is told";
const NO_OTHER: &str = "A reason for one recording opens no other of that patient";
const CASE_CLOSED: &str = "A case that was closed opens nothing";
pub(crate) const CASE_OVER: &str = "A case whose time is over opens nothing";
const ONCE_MORE: &str = "Whoever gives a reason once more sees it once more, and nobody else does";
const REASON_AND_OFF: &str = "Turning replays off closes what a reason had opened";

const GIVEN: &str = "break-glass given";
const AFTER_CLOSING: &str = "break-glass withdrawn";
/// Sam's case is over, Tess's is not.
pub(crate) const AFTER_ITS_TIME: &str = "break-glass given · break-glass over";
/// Tess has given a reason, Sam has closed his case.
const GIVEN_TO_ANOTHER: &str = "break-glass given · break-glass withdrawn";

const FAMILY: &str = "A guardian sees the recordings of their child, also of later ones";
const SIBLINGS: &str = "Two children of one guardian do not see each other's, nor their guardian's";
const HOUSEHOLD: &str = "A guardian of one child is not the guardian of the other guardian's children";
pub(crate) const OF_AGE: &str = "Whoever comes of age is seen by no guardian any more";
const NO_GUARDIAN: &str = "A guardian who is one no longer sees nothing of the child";

const PHARMACIST: &str = "A pharmacist sees the prescription, and not the recording";
const INSURER: &str = "An insurer sees what its members claim, and not their recordings";
const LATER: &str = "What a member records later is none of the insurer's business either";
const ALL_OF_THEM: &str = "Everybody who works for a patient sees what is theirs to see";

const PRESCRIBED: &str = "prescription given";
const INSURED: &str = "insurance given";
const ALL_GIVEN: &str = "break-glass given · guardianship given · insurance given · prescription given";

const GUARDED: &str = "guardianship given";
/// Ada is of age, Ben is not.
pub(crate) const AFTER_COMING_OF_AGE: &str = "guardianship given · guardianship over";
/// Grace is her guardian no longer, Hugo is.
const AFTER_THE_END: &str = "guardianship given · guardianship withdrawn";

const LOGGED: &[(&str, &str)] = &[("access-log", "listed")];
/// Everything that a reason opens.
const BY_A_REASON: &[(&str, &str)] = &[
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
/// The same when its time is over: a new link would have to end before it begins, and is made all the same.
const BY_WHAT_IS_OVER: &[(&str, &str)] = &[
    ("batch", "metadata"),
    ("captions", "full"),
    ("graphql-node", "metadata"),
    ("hls-playlist", "metadata"),
    ("hls-segment", "excerpt"),
    ("item", "metadata"),
    ("media", "full"),
    ("media-head", "metadata"),
    ("media-range", "excerpt"),
    ("signed-link", "existence"),
    ("thumbnail", "excerpt"),
    ("transcript", "full"),
];

/// Everything that a guardian gets.
const AS_A_GUARDIAN: &[(&str, &str)] = &[
    ("batch", "metadata"),
    ("captions", "full"),
    ("family", "listed"),
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
/// The same of a child who is of age: a new link would have to end before it begins, and is made all the same.
const OF_WHO_IS_OF_AGE: &[(&str, &str)] = &[
    ("batch", "metadata"),
    ("captions", "full"),
    ("family", "listed"),
    ("graphql-node", "metadata"),
    ("hls-playlist", "metadata"),
    ("hls-segment", "excerpt"),
    ("item", "metadata"),
    ("media", "full"),
    ("media-head", "metadata"),
    ("media-range", "excerpt"),
    ("signed-link", "existence"),
    ("thumbnail", "excerpt"),
    ("transcript", "full"),
];

/// Everything that an insurer gets who is taken for whoever held the consultation.
const AS_A_CLINICIAN: &[(&str, &str)] = &[
    ("batch", "metadata"),
    ("captions", "full"),
    ("events", "metadata"),
    ("events-socket", "metadata"),
    ("export", "full"),
    ("graphql-node", "metadata"),
    ("graphql-replays", "listed"),
    ("hls-playlist", "metadata"),
    ("hls-segment", "excerpt"),
    ("item", "metadata"),
    ("media", "full"),
    ("media-head", "metadata"),
    ("media-range", "excerpt"),
    ("old-item", "metadata"),
    ("old-replays", "listed"),
    ("profile", "listed"),
    ("replays", "listed"),
    ("search", "listed"),
    ("signed-link", "full"),
    ("thumbnail", "excerpt"),
    ("transcript", "full"),
];
const ON_PAPER: &[(&str, &str)] = &[("prescriptions", "metadata")];
const BESIDE_CLAIMS: &[(&str, &str)] = &[("claims", "listed")];

/// One row a fault.
pub(crate) static ROLES: [Row; 16] = [
    Row {
        fault: "support-without-a-reason",
        shows: &[
            showing(NO_REASON, AT_REST, "Sam", &["Ada"], BY_A_REASON),
            showing(NO_OTHER, GIVEN, "Sam", &["Ada"], BY_A_REASON),
            showing(CASE_OVER, AFTER_ITS_TIME, "Sam", &["Ada"], BY_WHAT_IS_OVER),
        ],
        silent: &[REASON_AND_OFF, JUNE, ONE_S_OWN, HANDED_OUT, CLOSED, CLINICIANS],
        always: |finding| finding.text("bystander_role") == "support" && !finding.replays_are_off(),
        alone: true,
    },
    Row {
        fault: "broken-glass-stays-broken",
        shows: &[showing(
            CASE_OVER,
            AFTER_ITS_TIME,
            "Sam",
            &["Ada"],
            BY_WHAT_IS_OVER,
        )],
        silent: &[
            NO_REASON,
            REASON,
            NO_OTHER,
            CASE_CLOSED,
            ONCE_MORE,
            REASON_AND_OFF,
            JUNE,
            ONE_S_OWN,
            HANDED_OUT,
        ],
        always: |finding| finding.text("scenario") == CASE_OVER && finding.text("bystander") == "Sam",
        alone: true,
    },
    Row {
        fault: "closed-cases-open-recordings",
        shows: &[
            showing(CASE_CLOSED, AFTER_CLOSING, "Sam", &["Ada"], BY_A_REASON),
            showing(ONCE_MORE, GIVEN_TO_ANOTHER, "Sam", &["Ada"], BY_A_REASON),
        ],
        silent: &[
            NO_REASON,
            REASON,
            NO_OTHER,
            CASE_OVER,
            REASON_AND_OFF,
            JUNE,
            ONE_S_OWN,
            HANDED_OUT,
        ],
        always: |finding| {
            finding.text("bystander") == "Sam" && finding.text("state_class").ends_with(AFTER_CLOSING)
        },
        alone: true,
    },
    Row {
        fault: "broken-glass-opens-the-patient",
        shows: &[showing(NO_OTHER, GIVEN, "Sam", &["Ada"], BY_A_REASON)],
        silent: &[
            NO_REASON,
            REASON,
            CASE_CLOSED,
            CASE_OVER,
            ONCE_MORE,
            REASON_AND_OFF,
            JUNE,
            ONE_S_OWN,
            HANDED_OUT,
        ],
        always: |finding| finding.text("scenario") == NO_OTHER && finding.text("bystander") == "Sam",
        alone: true,
    },
    Row {
        fault: "broken-glass-is-for-the-whole-team",
        shows: &[
            showing(REASON, GIVEN, "Tess", &["Ada"], BY_A_REASON),
            showing(ONCE_MORE, GIVEN_TO_ANOTHER, "Sam", &["Ada"], BY_A_REASON),
        ],
        silent: &[
            NO_REASON,
            NO_OTHER,
            CASE_CLOSED,
            REASON_AND_OFF,
            JUNE,
            ONE_S_OWN,
            HANDED_OUT,
        ],
        always: |finding| {
            finding.text("bystander_role") == "support" && finding.text("state_class").starts_with(GIVEN)
        },
        alone: true,
    },
    Row {
        fault: "access-log-joined-by-clinician",
        shows: &[showing(REASON, GIVEN, "Ben", &["Ada"], LOGGED)],
        silent: &[
            NO_REASON,
            NO_OTHER,
            CASE_CLOSED,
            ONCE_MORE,
            REASON_AND_OFF,
            ONE_S_OWN,
            SAME_SLOT,
            CLINICIANS,
            SIGNED_OUT,
            HAS_NONE,
        ],
        always: |finding| finding.text("surface") == "access-log" && finding.is_patient_to_patient(),
        alone: true,
    },
    Row {
        fault: "access-log-keeps-what-was-opened",
        shows: &[
            showing(CASE_CLOSED, AFTER_CLOSING, "Sam", &["Ada"], LOGGED),
            showing(CASE_OVER, AFTER_ITS_TIME, "Sam", &["Ada"], LOGGED),
            showing(ONCE_MORE, GIVEN_TO_ANOTHER, "Sam", &["Ada"], LOGGED),
        ],
        silent: &[
            NO_REASON,
            REASON,
            NO_OTHER,
            REASON_AND_OFF,
            ONE_S_OWN,
            SAME_SLOT,
            CLINICIANS,
            SIGNED_OUT,
            HAS_NONE,
        ],
        always: |finding| {
            finding.text("surface") == "access-log" && finding.text("bystander_role") == "support"
        },
        alone: true,
    },
    Row {
        fault: "guardian-keeps-after-coming-of-age",
        shows: &[showing(
            OF_AGE,
            AFTER_COMING_OF_AGE,
            "Grace",
            &["Ada"],
            OF_WHO_IS_OF_AGE,
        )],
        silent: &[
            FAMILY,
            SIBLINGS,
            HOUSEHOLD,
            NO_GUARDIAN,
            JUNE,
            ONE_S_OWN,
            HANDED_OUT,
        ],
        always: |finding| finding.text("scenario") == OF_AGE && finding.text("bystander") == "Grace",
        alone: true,
    },
    Row {
        fault: "former-guardians-open-recordings",
        shows: &[showing(
            NO_GUARDIAN,
            AFTER_THE_END,
            "Grace",
            &["Ada"],
            BY_A_REASON,
        )],
        silent: &[FAMILY, SIBLINGS, HOUSEHOLD, OF_AGE, JUNE, ONE_S_OWN, HANDED_OUT],
        always: |finding| finding.text("scenario") == NO_GUARDIAN && finding.text("bystander") == "Grace",
        alone: true,
    },
    Row {
        fault: "siblings-see-each-other",
        shows: &[
            showing(SIBLINGS, GUARDED, "Ada", &["Ben"], AS_A_GUARDIAN),
            showing(SIBLINGS, GUARDED, "Ben", &["Ada"], AS_A_GUARDIAN),
        ],
        silent: &[FAMILY, NO_GUARDIAN, JUNE, ONE_S_OWN, SAME_SLOT, HANDED_OUT],
        always: |finding| {
            ["Ada", "Ben"].contains(&finding.text("bystander"))
                && ["Ada", "Ben"].contains(&finding.text("owner"))
                && finding.text("state_class").contains("guardianship")
        },
        alone: true,
    },
    Row {
        fault: "guardian-of-one-is-guardian-of-the-household",
        shows: &[showing(HOUSEHOLD, GUARDED, "Hugo", &["Ada"], AS_A_GUARDIAN)],
        silent: &[FAMILY, SIBLINGS, OF_AGE, NO_GUARDIAN, JUNE, ONE_S_OWN, HANDED_OUT],
        always: |finding| finding.text("scenario") == HOUSEHOLD && finding.text("bystander") == "Hugo",
        alone: true,
    },
    Row {
        fault: "children-see-their-guardians",
        shows: &[
            showing(SIBLINGS, GUARDED, "Ada", &["Grace"], AS_A_GUARDIAN),
            showing(SIBLINGS, GUARDED, "Ben", &["Grace"], AS_A_GUARDIAN),
        ],
        silent: &[
            FAMILY,
            HOUSEHOLD,
            OF_AGE,
            NO_GUARDIAN,
            JUNE,
            ONE_S_OWN,
            HANDED_OUT,
        ],
        always: |finding| finding.text("scenario") == SIBLINGS && finding.text("owner") == "Grace",
        alone: true,
    },
    Row {
        fault: "prescription-carries-the-notes",
        shows: &[
            showing(PHARMACIST, PRESCRIBED, "Phil", &["Ada"], ON_PAPER),
            showing(ALL_OF_THEM, ALL_GIVEN, "Phil", &["Ada"], ON_PAPER),
        ],
        silent: &[INSURER, LATER, REASON, FAMILY, JUNE, ONE_S_OWN, HANDED_OUT],
        always: |finding| {
            finding.text("surface") == "prescriptions" && finding.text("bystander_role") == "pharmacist"
        },
        alone: true,
    },
    Row {
        fault: "claims-link-the-replay",
        shows: &[
            showing(INSURER, INSURED, "Ivy", &["Ada", "Ben"], BESIDE_CLAIMS),
            showing(LATER, INSURED, "Ivy", &["Ada"], BESIDE_CLAIMS),
            showing(ALL_OF_THEM, ALL_GIVEN, "Ivy", &["Ada"], BESIDE_CLAIMS),
        ],
        silent: &[PHARMACIST, REASON, FAMILY, JUNE, ONE_S_OWN, HANDED_OUT],
        always: |finding| finding.text("surface") == "claims" && finding.text("bystander_role") == "insurer",
        alone: true,
    },
    Row {
        fault: "insurer-sees-members-replays",
        shows: &[
            showing(INSURER, INSURED, "Ivy", &["Ada", "Ben"], AS_A_CLINICIAN),
            showing(LATER, INSURED, "Ivy", &["Ada"], AS_A_CLINICIAN),
            showing(ALL_OF_THEM, ALL_GIVEN, "Ivy", &["Ada"], AS_A_CLINICIAN),
        ],
        silent: &[PHARMACIST, REASON, FAMILY, JUNE, ONE_S_OWN, HANDED_OUT],
        always: |finding| {
            finding.text("bystander_role") == "insurer"
                && finding.text("state_class").contains("insurance given")
        },
        alone: true,
    },
    Row {
        fault: "dispensing-opens-the-consultation",
        shows: &[
            showing(PHARMACIST, PRESCRIBED, "Phil", &["Ada"], BY_A_REASON),
            showing(ALL_OF_THEM, ALL_GIVEN, "Phil", &["Ada"], BY_A_REASON),
        ],
        silent: &[INSURER, LATER, REASON, FAMILY, JUNE, ONE_S_OWN, HANDED_OUT],
        always: |finding| {
            finding.text("bystander_role") == "pharmacist" && finding.text("temperament") == "curious"
        },
        alone: true,
    },
];
