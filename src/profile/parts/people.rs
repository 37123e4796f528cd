//! Kinds of people and services, how they sign in, and what two of them can have in common.

use super::super::Text;
use super::step::Step;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A kind of person or service.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// People who exist already and are lent for the purpose: what is known of each, to stand in `me`. Two scenarios never use
    /// the same one at a time.
    #[serde(default)]
    pub given: Vec<BTreeMap<String, Text>>,
    /// Values that the people of this role get in turn, to stand in `me`: `{ practice = ["north", "south"] }`.
    #[serde(default)]
    pub vary: BTreeMap<String, Vec<Text>>,
    /// How one comes to exist.
    #[serde(default)]
    pub provision: Vec<Step>,
    /// How one signs in.
    #[serde(default)]
    pub login: Vec<Step>,
    /// How a session is made to last longer; absent: by signing in again.
    #[serde(default)]
    pub refresh: Vec<Step>,
    /// How long a session lasts, as a template: seconds (`{{ me.expires_in }}`) or a length of time (`60s`). Absent: until the
    /// stack says that it has ended.
    pub lives: Option<Text>,
    /// How one signs out.
    #[serde(default)]
    pub logout: Vec<Step>,
    /// How one is taken away again, with everything they left.
    #[serde(default)]
    pub remove: Vec<Step>,
    /// What every request of theirs carries.
    #[serde(default)]
    pub credentials: CredentialTemplates,
    /// What the visitor with wrong credentials carries; absent: `credentials`, with every value of `me` made up.
    pub wrong: Option<CredentialTemplates>,
    /// A request that shows whether the session is alive, and whose.
    pub whoami: Option<Step>,
    /// Further ways to be signed in, by name.
    #[serde(default)]
    pub session: BTreeMap<String, SessionPart>,
}

/// A further way to be signed in.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionPart {
    /// How one signs in.
    pub login: Vec<Step>,
    /// What every request carries.
    pub credentials: CredentialTemplates,
}

/// What a request carries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CredentialTemplates {
    /// Header name to value.
    #[serde(default)]
    pub header: BTreeMap<String, Text>,
    /// Cookie name to value.
    #[serde(default)]
    pub cookie: BTreeMap<String, Text>,
    /// Query parameter to value.
    #[serde(default)]
    pub query: BTreeMap<String, Text>,
    /// Keep a cookie jar for the person: cookies that an answer sets are sent back, and stand in templates as `jar.NAME`.
    #[serde(default)]
    pub jar: bool,
}

/// One of several that the stack works for: a service, a region, a customer.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// The base address, by its name, where its people are instead of at the default one.
    pub base: Option<Text>,
}

/// What two people can have in common.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// A template over `person`; two people are related when it gives the same for both: `{{ person.practice }}`.
    pub by: Text,
    /// How it reads in a report, after a name: `is of the same practice`.
    pub reads: Option<String>,
}
