//! What each fault must show, where, and to whom; and where it must show nothing.

use serde_json::Value as Json;

use crate::acting::ACTING;
use crate::bucket::BUCKETS;
use crate::closing::CLOSING;
use crate::cohorts::COHORTS;
use crate::deleted::DELETING;
use crate::devices::{AT_THE_GATEWAY, DEVICES};
use crate::further::FURTHER;
use crate::grants::GRANTS;
use crate::reached::REACHED;
use crate::roles::ROLES;
use crate::routing::ROUTING;
use crate::streams::STREAMS;
use crate::switched::SWITCHING;
use crate::tenants::TENANTS;
use crate::unanswered::UNANSWERED_FLAGS;

/// A fault of the clinic, and what a run on a clinic with it must find.
pub(crate) struct Row {
    /// The fault's id.
    pub(crate) fault: &'static str,
    /// Scenarios that trigger it, each with everything that comes out there.
    pub(crate) shows: &'static [Showing],
    /// Scenarios that must hold although the clinic has the fault.
    pub(crate) silent: &'static [&'static str],
    /// What is true of every finding, whichever the scenario.
    pub(crate) always: fn(&Finding<'_>) -> bool,
    /// Only its own scenarios are run: what comes out depends on what others do at the same time.
    pub(crate) alone: bool,
}

/// All that one bystander gets in one state of one scenario.
pub(crate) struct Showing {
    /// The scenario's title.
    pub(crate) scenario: &'static str,
    /// The class of the world state.
    pub(crate) state: &'static str,
    /// Who gets it.
    pub(crate) bystander: &'static str,
    /// Whose each of it is.
    pub(crate) owners: &'static [&'static str],
    /// Through which surface, and how much at the worst.
    pub(crate) extents: &'static [(&'static str, &'static str)],
}

/// A finding in `summary.json`.
pub(crate) struct Finding<'a>(pub(crate) &'a Json);

impl<'a> Finding<'a> {
    /// A field that is text.
    pub(crate) fn text(&self, field: &str) -> &'a str {
        self.0[field].as_str().unwrap_or_default()
    }

    pub(crate) fn is_patient_to_patient(&self) -> bool {
        self.text("bystander_role") == "patient" && self.text("owner_role") == "patient"
    }

    /// How its sentence calls whoever got it: a visitor has no name.
    pub(crate) fn called(&self) -> &'a str {
        match self.text("bystander") {
            "nobody" | "wrong-credentials" => "Somebody",
            name => name,
        }
    }

    pub(crate) fn to_nobody(&self) -> bool {
        self.text("bystander") == "nobody"
    }

    pub(crate) fn replays_are_off(&self) -> bool {
        let state = self.text("state_class");
        // what cannot be known to be on counts as off
        state.contains("consultation-replays off") || state.contains("flags-do-not-answer made")
    }

    /// Whether the bystander has switched a consultation from audio to video, and the switch is turned on.
    pub(crate) fn to_a_switcher(&self) -> bool {
        self.has_switched("bystander") && self.text("state_class").contains("audio-video-switch on")
    }

    /// Whether it was booked as audio: it was recorded so, or its owner has switched it.
    pub(crate) fn was_booked_as_audio(&self) -> bool {
        self.text("modality") == "audio" || self.has_switched("owner")
    }

    pub(crate) fn has_switched(&self, who: &str) -> bool {
        let switched = format!("{} audio → video", self.text(who));
        self.text("state").contains(&switched)
    }
}

pub(crate) const AT_REST: &str = "at rest";
pub(crate) const SWITCHED: &str = "audio-video-switch on · audio → video";

/// Everything that somebody gets who is taken for the owner.
pub(crate) const AS_THE_OWNER: &[(&str, &str)] = &[
    ("batch", "metadata"),
    ("captions", "full"),
    ("events", "metadata"),
    ("events-socket", "metadata"),
    ("export", "full"),
    ("graphql-clinicians", "listed"),
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
    ("replays-page", "listed"),
    ("replays-web", "listed"),
    ("search", "listed"),
    ("signed-link", "full"),
    ("thumbnail", "excerpt"),
    ("transcript", "full"),
];
/// The same for somebody who has had no consultation, and so knows no clinician below whom replays could stand.
const AS_THE_OWNER_WITH_NO_CLINICIAN: &[(&str, &str)] = &[
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
    ("replays-page", "listed"),
    ("replays-web", "listed"),
    ("search", "listed"),
    ("signed-link", "full"),
    ("thumbnail", "excerpt"),
    ("transcript", "full"),
];
/// The same where the recording itself is taken to be somebody else's, who can change it too.
pub(crate) const AS_THE_OWNER_WHO_CHANGES: &[(&str, &str)] = &[
    ("batch", "metadata"),
    ("captions", "full"),
    ("events", "metadata"),
    ("events-socket", "metadata"),
    ("export", "full"),
    ("graphql-clinicians", "listed"),
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
    ("rename", "metadata"),
    ("replays", "listed"),
    ("replays-page", "listed"),
    ("replays-web", "listed"),
    ("search", "listed"),
    ("signed-link", "full"),
    ("thumbnail", "excerpt"),
    ("transcript", "full"),
];
pub(crate) const LISTS: &[(&str, &str)] = &[
    ("profile", "listed"),
    ("replays", "listed"),
    ("replays-page", "listed"),
    ("replays-web", "listed"),
];
pub(crate) const MEDIA: &[(&str, &str)] = &[
    ("media", "full"),
    ("media-head", "metadata"),
    ("media-range", "excerpt"),
];
const RANGES: &[(&str, &str)] = &[("media-range", "excerpt")];
const CHANGES: &[(&str, &str)] = &[("rename", "metadata")];
const LINKS: &[(&str, &str)] = &[("signed-link", "full")];

pub(crate) const JUNE: &str = "Switching from audio to video opens nobody else's replays";
pub(crate) const AFTER_THE_CALL: &str = "After the call, a switched consultation is still only one's own";
pub(crate) const BOTH_SWITCH: &str = "Two patients switch at the same time";
pub(crate) const UNUSED: &str = "Turning the feature on changes nothing for those who do not use it";
pub(crate) const OTHER_WAY: &str = "Switching the other way, from video to audio";
pub(crate) const ONE_S_OWN: &str = "A list holds one's own recordings and nobody else's";
pub(crate) const SAME_SLOT: &str = "Two patients in the same slot of the same clinician do not share a list";
pub(crate) const LOOKED_BEFORE: &str =
    "A list that was looked at before shows what came later to its owner only";
pub(crate) const OWN_LINK: &str = "A link to one's own recording cannot be turned into a link to another's";
pub(crate) const HANDED_OUT: &str = "Turning replays off stops the links that were already handed out";
pub(crate) const CLOSED: &str = "Turning replays off closes every list and every recording";
pub(crate) const SIGNED_OUT: &str = "A session that was signed out of opens nothing";
pub(crate) const HAS_NONE: &str = "Somebody who has no recordings is shown none";
pub(crate) const JUST_ARRIVED: &str = "A recording that has only just arrived is its owner's alone";
pub(crate) const CLINICIANS: &str = "A clinician sees the consultations they held, and no others";

/// At rest, everybody gets what belongs to the other two.
macro_rules! each_of_three {
    ($scenario:expr, $extents:expr) => {
        &[
            showing($scenario, AT_REST, "Ada", &["Ben", "Chloe"], $extents),
            showing($scenario, AT_REST, "Ben", &["Ada", "Chloe"], $extents),
            showing($scenario, AT_REST, "Chloe", &["Ada", "Ben"], $extents),
        ]
    };
}

pub(crate) const fn showing(
    scenario: &'static str,
    state: &'static str,
    bystander: &'static str,
    owners: &'static [&'static str],
    extents: &'static [(&'static str, &'static str)],
) -> Showing {
    Showing {
        scenario,
        state,
        bystander,
        owners,
        extents,
    }
}

pub(crate) use each_of_three;

/// One row a fault.
pub(crate) fn table() -> impl Iterator<Item = &'static Row> {
    also_contained()
        .chain(&SWITCHING)
        .chain(&CLOSING)
        .chain(&COHORTS)
        .chain(&REACHED)
        .chain(&GRANTS)
        .chain(&DELETING)
        .chain(&DEVICES)
        .chain(&UNANSWERED_FLAGS)
        .chain(&ROLES)
        .chain(&ROUTING)
        .chain(&TENANTS)
        .chain(&BUCKETS)
        .chain(&STREAMS)
        .chain(&ACTING)
}

/// The rows that are also tried on the clinic in containers.
pub(crate) fn also_contained() -> impl Iterator<Item = &'static Row> {
    FIRST.iter().chain(&FURTHER)
}

/// The rows that are tried in containers only: embedded, these faults show nothing.
pub(crate) fn only_contained() -> impl Iterator<Item = &'static Row> {
    AT_THE_GATEWAY.iter()
}

/// The faults at the pages of the app.
static FIRST: [Row; 8] = [
    Row {
        fault: "replays-by-null-video-session",
        shows: &[
            showing(JUNE, SWITCHED, "Dan", &["Ada", "Ben", "Chloe"], AS_THE_OWNER),
            showing(AFTER_THE_CALL, SWITCHED, "Dan", &["Ada", "Ben"], AS_THE_OWNER),
            showing(BOTH_SWITCH, SWITCHED, "Ben", &["Ada", "Dan"], AS_THE_OWNER),
            showing(BOTH_SWITCH, SWITCHED, "Dan", &["Ada", "Ben"], AS_THE_OWNER),
        ],
        silent: &[
            UNUSED, OTHER_WAY, ONE_S_OWN, SAME_SLOT, OWN_LINK, HANDED_OUT, CLINICIANS,
        ],
        always: |finding| {
            finding.to_a_switcher() && finding.was_booked_as_audio() && finding.is_patient_to_patient()
        },
        alone: false,
    },
    Row {
        fault: "replays-cached-by-slot",
        shows: &[showing(SAME_SLOT, AT_REST, "Ben", &["Ada"], LISTS)],
        silent: &[ONE_S_OWN, LOOKED_BEFORE, JUNE, OWN_LINK, HANDED_OUT, CLINICIANS],
        always: |finding| finding.text("scenario") == SAME_SLOT && finding.text("temperament") == "ordinary",
        alone: true,
    },
    Row {
        fault: "media-without-ownership-check",
        shows: each_of_three!(ONE_S_OWN, MEDIA),
        silent: &[CLOSED, HANDED_OUT, SIGNED_OUT],
        always: |finding| {
            finding.text("temperament") == "curious"
                && finding.text("surface").starts_with("media")
                && !finding.to_nobody()
                && !finding.replays_are_off()
        },
        alone: false,
    },
    Row {
        fault: "ranges-skip-the-check",
        shows: each_of_three!(ONE_S_OWN, RANGES),
        silent: &[CLOSED, HANDED_OUT, SIGNED_OUT],
        always: |finding| {
            finding.text("technique") == "range-request"
                && finding.text("surface") == "media-range"
                && !finding.to_nobody()
                && !finding.replays_are_off()
        },
        alone: true,
    },
    Row {
        fault: "link-signature-omits-the-key",
        shows: each_of_three!(OWN_LINK, LINKS),
        silent: &[HAS_NONE, CLOSED, HANDED_OUT, SIGNED_OUT, CLINICIANS],
        always: |finding| {
            finding.text("technique") == "signed-link-tampering"
                && finding.text("temperament") == "hostile"
                && finding.text("surface") == "signed-link"
                && finding.is_patient_to_patient()
                && !finding.replays_are_off()
        },
        alone: true,
    },
    Row {
        fault: "kill-switch-spares-links",
        shows: &[
            // the owner's own: while replays are off nobody may have anything
            showing(HANDED_OUT, "consultation-replays off", "Ada", &["Ada"], LINKS),
            showing(CLOSED, "consultation-replays off", "Ada", &["Ada"], LINKS),
            showing(CLOSED, "consultation-replays off", "Ben", &["Ben"], LINKS),
        ],
        silent: &[ONE_S_OWN, OWN_LINK, JUNE, SAME_SLOT, SIGNED_OUT, CLINICIANS],
        always: |finding| {
            finding.replays_are_off()
                && finding.text("technique") == "stale-link"
                && finding.text("owner") == finding.text("bystander")
        },
        alone: true,
    },
    Row {
        fault: "finalised-without-owner",
        shows: &[
            showing(
                JUST_ARRIVED,
                AT_REST,
                "Ben",
                &["Ada"],
                AS_THE_OWNER_WITH_NO_CLINICIAN,
            ),
            showing(
                JUST_ARRIVED,
                AT_REST,
                "Chloe",
                &["Ada"],
                AS_THE_OWNER_WITH_NO_CLINICIAN,
            ),
        ],
        silent: &[HANDED_OUT],
        always: |finding| finding.text("scenario") == JUST_ARRIVED && !finding.to_nobody(),
        alone: true,
    },
    Row {
        fault: "change-without-ownership-check",
        shows: each_of_three!(ONE_S_OWN, CHANGES),
        silent: &[CLOSED, HANDED_OUT, SIGNED_OUT],
        always: |finding| {
            finding.text("technique") == "bola-write"
                && finding.text("temperament") == "hostile"
                && finding.text("surface") == "rename"
                && !finding.to_nobody()
                && !finding.replays_are_off()
        },
        alone: true,
    },
];

impl Row {
    /// A regular expression for the titles of the scenarios that the row names.
    pub(crate) fn names(&self) -> String {
        let titles = self.shows.iter().map(|showing| showing.scenario);
        let mut titles: Vec<String> = titles
            .chain(self.silent.iter().copied())
            .map(regex::escape)
            .collect();
        titles.sort();
        titles.dedup();
        format!("^({})$", titles.join("|"))
    }

    /// The same for those only that trigger the fault.
    pub(crate) fn names_of_triggers(&self) -> String {
        Self {
            silent: &[],
            fault: self.fault,
            shows: self.shows,
            always: self.always,
            alone: self.alone,
        }
        .names()
    }
}
