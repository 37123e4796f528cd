//! The target profile: the file that tells Bystander how to reach and speak to a stack.

mod error;
mod parts;
mod template;
mod values;

pub use error::ProfileError;
pub use parts::{
    Action, Base, Credentials, Flag, Grantee, List, Next, Outcomes, Profile, RecordingPart, Role,
    SessionPart, Step, Surface, Target, Write,
};
pub use template::{TemplateError, Templates, Vars};
pub use values::{Expectation, Within};

/// The clinic's profile, compiled in.
pub const CLINIC: &str = include_str!("../../fixtures/targets/clinic.toml");

impl Profile {
    /// Reads a profile and checks what can be checked without a stack.
    ///
    /// # Errors
    /// With the place, what was expected there, and the nearest valid name.
    pub fn parse(name: &str, text: &str) -> Result<Self, ProfileError> {
        let profile: Self =
            toml::from_str(text).map_err(|error| ProfileError::from_toml(name, text, &error))?;
        error::check(name, text, &profile)?;
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
