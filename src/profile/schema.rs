//! The JSON Schema of a profile, for editors that check and complete while one writes.

use super::Profile;
use serde_json::Value as Json;

impl Profile {
    /// The schema (draft 2020-12), made from the types that read a profile.
    #[must_use]
    pub fn schema() -> Json {
        let mut schema = schemars::schema_for!(Profile);
        schema.insert("title".to_owned(), "A target profile of Bystander".into());
        schema.to_value()
    }
}
