//! The parts of a profile, as they stand in the file.

mod changes;
mod deploy;
mod grants;
mod guard;
mod people;
mod recording;
mod step;
mod surface;

pub use changes::{Action, ChangePart, ChangeScope, FlagPart, FlagTargeting};
pub use deploy::{CommandPart, ComposePart, ContainerPart, DeployPart, WaitPart};
pub use grants::{GrantPart, GrantScope};
pub use guard::{Connection, Discovery, ExceptionPart, HttpVersion, LimitsPart, Outcomes};
pub use people::{CredentialTemplates, Relation, Role, SessionPart, Tenant};
pub use recording::{Grantee, RecordingMethod, RecordingPart};
pub use step::{FieldPart, JsonEdit, Step};
pub use surface::{List, Paging, SentCredentials, StreamPart, Surface, WritePart};

use super::{Parents, Secrets, Text};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A target profile: how Bystander reaches a stack and speaks to it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What is tested.
    pub target: TargetPart,
    /// Base addresses by name, as templates; one gives an address or a list of them. `api` is the default, or else the first.
    pub base: IndexMap<String, Text>,
    /// How the stack is brought up; absent: it is up.
    pub deploy: Option<DeployPart>,
    /// TLS, proxy and HTTP version.
    #[serde(default)]
    pub connection: Connection,
    /// What Bystander keeps within.
    #[serde(default)]
    pub limits: LimitsPart,
    /// Classes of outcome, for all surfaces.
    #[serde(default)]
    pub outcome: Outcomes,
    /// Kinds of people and services by name: `patient`, `clinician`, `admin`, …
    pub role: BTreeMap<String, Role>,
    /// Those that the stack works for, by name as in scenarios, with hyphens: `private-service`, …
    #[serde(default)]
    pub tenant: BTreeMap<String, Tenant>,
    /// What two people can have in common, by name: `same-practice`, `same-household`, …
    #[serde(default)]
    pub relation: BTreeMap<String, Relation>,
    /// What people do, by name: `book`, `join`, `switch`, `end`, `delete` (a recording: its id stands in `recording.id`), and actions of
    /// your own.
    #[serde(default)]
    pub action: BTreeMap<String, Action>,
    /// Rights to somebody else's recording that are given and end while a scenario runs, by name: `share`, `treatment`, …
    #[serde(default)]
    pub grant: BTreeMap<String, GrantPart>,
    /// How a feature flag is set and seen to have settled.
    pub flag: Option<FlagPart>,
    /// Settings, restarts and other changes of the stack, by name.
    #[serde(default)]
    pub change: BTreeMap<String, ChangePart>,
    /// What a consultation leaves behind.
    pub recording: Option<RecordingPart>,
    /// Ways out, by name.
    #[serde(default)]
    pub surface: BTreeMap<String, Surface>,
    /// Where the search for surfaces that nobody declared begins, and how far it goes.
    #[serde(default)]
    pub discovery: Discovery,
    /// What is excepted.
    #[serde(default)]
    pub exception: Vec<ExceptionPart>,
    /// The directory that relative file names count from: the profile's own.
    #[serde(skip)]
    pub directory: PathBuf,
    /// The environment variables that it mentions.
    #[serde(skip)]
    pub secrets: Secrets,
    /// Hashes of what cleaning up needs of it, by the name of the table.
    #[serde(skip)]
    pub fingerprints: BTreeMap<String, String>,
}

/// What is tested.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetPart {
    /// Name for reports.
    pub name: String,
    /// Another profile, or a list of them, relative to this one, that this one is like: their tables are taken over, a later one wins
    /// over an earlier one, and what is said here wins over all. Relative file names in them count from this one.
    pub extends: Option<Parents>,
}
