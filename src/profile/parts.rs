//! The parts of a profile, as they stand in the file.

use super::values::{Expectation, Within};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// A target profile.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name.
    pub target: Target,
    /// Base addresses by name; `api` is the default.
    pub base: BTreeMap<String, Base>,
    /// Classes of outcome, for all surfaces.
    #[serde(default)]
    pub outcome: Outcomes,
    /// Kinds of people and services.
    pub role: BTreeMap<String, Role>,
    /// What people do: `book`, `join`, `switch`, `end`, …
    #[serde(default)]
    pub action: BTreeMap<String, Action>,
    /// How a feature flag is set and seen to have settled.
    pub flag: Option<Flag>,
    /// What a consultation leaves behind.
    pub recording: Option<RecordingPart>,
    /// Ways out.
    #[serde(default)]
    pub surface: BTreeMap<String, Surface>,
}

/// What is tested.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Name for reports.
    pub name: String,
}

/// A base address: a template that gives one address or a list of them.
pub type Base = Spanned<String>;

/// When an answer counts as what; expressions over `status`, `json('$.path')`, `header('name')`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Outcomes {
    /// Refused, or said not to exist.
    pub denied: Spanned<String>,
    /// Not signed in.
    pub no_session: Spanned<String>,
    /// Asked too often.
    pub throttled: Spanned<String>,
}

impl Default for Outcomes {
    fn default() -> Self {
        let says = |text: &str| Spanned::new(0..0, text.to_owned());
        Self {
            denied: says("status in [400, 403, 404, 410]"),
            no_session: says("status == 401"),
            throttled: says("status == 429"),
        }
    }
}

/// A kind of person or service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// How one comes to exist.
    #[serde(default)]
    pub provision: Vec<Step>,
    /// How one signs in.
    #[serde(default)]
    pub login: Vec<Step>,
    /// How one signs out.
    #[serde(default)]
    pub logout: Vec<Step>,
    /// How one is taken away again, with everything they left.
    #[serde(default)]
    pub remove: Vec<Step>,
    /// What every request of theirs carries.
    #[serde(default)]
    pub credentials: Credentials,
    /// A request that shows whether the session is alive, and whose.
    pub whoami: Option<Step>,
    /// Further ways to be signed in, by name.
    #[serde(default)]
    pub session: BTreeMap<String, SessionPart>,
}

/// A further way to be signed in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionPart {
    /// How one signs in.
    pub login: Vec<Step>,
    /// What every request carries.
    pub credentials: Credentials,
}

/// Templates for what a request carries.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// Header name to value.
    #[serde(default)]
    pub header: BTreeMap<String, Spanned<String>>,
}

/// One templated HTTP request with its expectation and captures.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// As which role without a person (`admin`); absent: as the person whose step it is.
    #[serde(rename = "as")]
    pub by: Option<Spanned<String>>,
    /// Base address by name; absent: the default.
    pub base: Option<Spanned<String>>,
    /// `METHOD path` or `METHOD address`.
    pub request: Spanned<String>,
    /// Further headers.
    #[serde(default)]
    pub headers: BTreeMap<String, Spanned<String>>,
    /// A JSON body; a string that is one `{{ … }}` keeps its value's type.
    pub json: Option<toml::Value>,
    /// A form body.
    pub form: Option<BTreeMap<String, Spanned<String>>>,
    /// A body of bytes by name: `media`, `thumbnail`, `transcript`.
    pub payload: Option<Spanned<String>>,
    /// What must be true of the answer; absent: a status below 400.
    pub expect: Option<Spanned<Expectation>>,
    /// Name to `$.json.path`, `header NAME` or `cookie NAME`.
    #[serde(default)]
    pub capture: BTreeMap<String, Spanned<String>>,
    /// Asked again until this is true …
    pub until: Option<Spanned<String>>,
    /// … for at most this long.
    pub within: Option<Within>,
}

/// What people do.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// The requests.
    pub steps: Vec<Step>,
    /// How to see that it has taken effect.
    pub settled: Option<Step>,
}

/// Feature flags.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flag {
    /// Sets `flag` to `wanted`.
    pub set: Vec<Step>,
    /// Reads the value, captured as `enabled`, so that it can be put back.
    pub read: Step,
    /// How to see that it has settled.
    pub settled: Step,
}

/// What a consultation leaves behind.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordingPart {
    /// The requests that make one; must capture `id`.
    pub plant: Vec<Step>,
    /// An id of the same form that does not exist.
    pub missing: Spanned<String>,
    /// Who else has a right to it.
    #[serde(default)]
    pub grants: Vec<Grantee>,
}

/// Somebody with a right to somebody else's recording.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grantee {
    /// Their part in the consultation: `clinician`.
    pub to: String,
    /// Why.
    pub why: String,
}

/// A way out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Surface {
    /// Requests that come first (as the same person): they make a link.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// The request itself.
    pub request: Spanned<String>,
    /// Base address by name.
    pub base: Option<Spanned<String>>,
    /// Further headers.
    #[serde(default)]
    pub headers: BTreeMap<String, Spanned<String>>,
    /// A JSON body.
    pub json: Option<toml::Value>,
    /// Which of the person's sessions is used.
    pub session: Option<Spanned<String>>,
    /// It is a list.
    pub list: Option<List>,
    /// Byte ranges are tried as well.
    #[serde(default)]
    pub ranges: bool,
    /// `HEAD` is tried as well.
    #[serde(default)]
    pub head: bool,
    /// What the steps return can be handed out, kept and used later.
    #[serde(default)]
    pub link: bool,
    /// It changes something.
    pub write: Option<Write>,
}

/// How a list is read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// JSONPath of the items.
    pub items: Spanned<String>,
    /// JSONPath of an item's id.
    pub id: Spanned<String>,
    /// JSONPath of the total.
    pub total: Option<Spanned<String>>,
    /// How the next page is asked for.
    pub next: Option<Next>,
    /// It shows only the newest few, so that an older recording may be missing from it.
    #[serde(default)]
    pub newest_only: bool,
    /// Surfaces on which an ordinary user opens what the list offers.
    #[serde(default)]
    pub opens: Vec<Spanned<String>>,
}

/// How the next page is asked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Next {
    /// The query parameter that is set …
    pub query: Spanned<String>,
    /// … to the value at this JSONPath; null or absent: that was the last page.
    pub from: Spanned<String>,
}

/// A surface that changes something.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Write {
    /// The surface on which the owner reads back.
    pub read_back: Spanned<String>,
    /// What the owner writes to show that it can be written at all: a template over `canary.*` that leaves it as it is.
    pub unchanged: Spanned<String>,
}
