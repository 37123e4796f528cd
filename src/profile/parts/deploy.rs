//! How a stack is brought up.

use super::super::{HumanDuration, Text};
use super::step::Step;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// How the stack is brought up: by `compose`, by `image` (one or more), or by `command`. Each hands its addresses to `[base]` as
/// `{{ stack.NAME }}` (`http://127.0.0.1:PORT`) and `{{ stack.NAME_port }}`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeployPart {
    /// A Compose file.
    pub compose: Option<ComposePart>,
    /// Containers, by name; they find each other by these names.
    #[serde(default)]
    pub image: BTreeMap<String, ContainerPart>,
    /// A command.
    pub command: Option<CommandPart>,
    /// What must be so before the first scenario, beside what the parts themselves wait for.
    #[serde(default)]
    pub ready: Vec<Step>,
}

/// A Compose file, brought up by the Docker Compose client.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComposePart {
    /// The file.
    pub file: Text,
    /// Name of an address to `SERVICE:PORT` as the service listens on it; the Compose file must publish it on 127.0.0.1.
    pub port: BTreeMap<String, Text>,
    /// Environment variables for the file.
    #[serde(default)]
    pub environment: BTreeMap<String, Text>,
    /// Build the services' images first.
    #[serde(default)]
    pub build: bool,
    /// How long it may take.
    pub within: Option<HumanDuration>,
}

/// One container.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContainerPart {
    /// An image, `name:tag`; or else `dockerfile`.
    pub image: Option<Text>,
    /// A Dockerfile.
    pub dockerfile: Option<Text>,
    /// Files that the Dockerfile copies, by their names in its context, to where they are.
    #[serde(default)]
    pub context: BTreeMap<String, Text>,
    /// Environment variables.
    #[serde(default)]
    pub environment: BTreeMap<String, Text>,
    /// Name of an address to the port that the container listens on; published on 127.0.0.1.
    #[serde(default)]
    pub port: BTreeMap<String, u16>,
    /// Files in the container, by their path in it, to where they are.
    #[serde(default)]
    pub files: BTreeMap<String, Text>,
    /// A command instead of the image's own.
    #[serde(default)]
    pub command: Vec<Text>,
    /// Containers that must be up before this one.
    #[serde(default)]
    pub after: Vec<Text>,
    /// When it is up.
    #[serde(default)]
    pub wait: WaitPart,
}

/// When a container is up; everything that is said must be so.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitPart {
    /// A text on its standard output or standard error.
    pub log: Option<Text>,
    /// `NAME /path`: this address answers with a status below 400.
    pub http: Option<Text>,
    /// Its own health check passes.
    #[serde(default)]
    pub healthy: bool,
    /// How long it may take (60 s when absent).
    pub within: Option<HumanDuration>,
}

/// A command that brings the stack up. One that ends with success has put it into the background; one that goes on is the stack,
/// and is ended with the run.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CommandPart {
    /// The command with its arguments.
    pub up: Vec<Text>,
    /// A command that takes the stack down; absent: the first command is told to end (SIGTERM, after 10 s SIGKILL).
    #[serde(default)]
    pub down: Vec<Text>,
    /// Where it runs; absent: in the profile's directory.
    pub directory: Option<Text>,
    /// Further environment variables.
    #[serde(default)]
    pub environment: BTreeMap<String, Text>,
    /// Names of addresses for which a free port of 127.0.0.1 is found: `{{ stack.NAME }}`, `{{ stack.NAME_port }}`.
    #[serde(default)]
    pub ports: Vec<Text>,
}
