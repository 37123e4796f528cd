//! The target profile: the file that tells Bystander how to reach and speak to a stack.

mod check;
mod error;
mod filters;
mod fingerprint;
mod inheritance;
mod parts;
mod schema;
mod secrets;
mod source;
mod template;
mod text;
mod values;
mod vars;

pub use error::ProfileError;
pub(crate) use filters::percent_encoded;
pub use parts::{
    Action, ChangePart, ChangeScope, CommandPart, ComposePart, Connection, ContainerPart,
    CredentialTemplates, DeployPart, Discovery, ExceptionPart, FieldPart, FlagPart, FlagTargeting, GrantPart,
    GrantScope, Grantee, HttpVersion, JsonEdit, LimitsPart, List, Outcomes, Paging, Profile, RecordingMethod,
    RecordingPart, Relation, Role, SentCredentials, SessionPart, Step, StreamPart, Surface, TargetPart,
    Tenant, WaitPart, WritePart,
};
pub use secrets::Secrets;
pub(crate) use template::has_templates;
pub use template::{TemplateError, Templates};
pub use text::Text;
pub use values::{Expectation, HumanDuration, Parents, lifetime};
pub use vars::Vars;

use self::inheritance::Inheritance;
use self::source::ProfileSource;
use serde::Deserialize as _;
use std::path::Path;

/// The clinic's profile, compiled in.
pub const CLINIC: &str = include_str!("../../fixtures/targets/clinic.toml");

impl Profile {
    /// How many times what is plain is asked while these changes are made: more than once where replicas may differ.
    #[must_use]
    pub fn repeat<'a>(&self, made: impl IntoIterator<Item = &'a str>) -> u8 {
        let made = made.into_iter().filter_map(|name| self.change.get(name));
        made.map(|change| change.repeat).max().unwrap_or(1)
    }

    /// Reads a profile and checks what can be checked without a stack; environment variables are this process's.
    ///
    /// # Errors
    /// With the place, what was expected there, and the nearest valid name.
    pub fn parse(name: &str, text: &str) -> Result<Self, ProfileError> {
        Self::parse_with(name, text, &|name| std::env::var(name).ok())
    }

    /// The same with an environment of one's own.
    ///
    /// # Errors
    /// As [`Profile::parse`].
    pub fn parse_with(
        name: &str,
        text: &str,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ProfileError> {
        let files = Inheritance::of(name, text)?;
        let table = files.table()?;
        let source = ProfileSource::of("", "", table.get_ref());
        let fingerprints = fingerprint::fingerprints(table.get_ref());
        let read = || {
            let mut profile = Self::deserialize(toml::Deserializer::from(table))
                .map_err(|error| ProfileError::from_toml("", "", &error))?;
            check::check(&source, &profile)?;
            profile.secrets = Secrets::from_environment(&source, environment)?;
            profile.fingerprints = fingerprints;
            Ok(profile)
        };
        read().map_err(|error| files.placed(error))
    }

    /// Reads a profile from its file; relative file names in it count from there.
    ///
    /// # Errors
    /// When it cannot be read, or with the place of what is wrong in it.
    pub fn read(path: &Path) -> Result<Self, ProfileError> {
        let text = std::fs::read_to_string(path).map_err(|error| ProfileError::unread(path, &error))?;
        let mut profile = Self::parse(&path.display().to_string(), &text)?;
        profile.directory = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Ok(profile)
    }

    /// The clinic's own profile.
    ///
    /// # Errors
    /// Never in a released binary: a test reads it.
    pub fn clinic() -> Result<Self, ProfileError> {
        Self::parse("fixtures/targets/clinic.toml", CLINIC)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiled_in_profile_can_be_used() {
        let read = Profile::clinic();
        assert!(read.is_ok(), "{:?}", read.err());
    }
}
