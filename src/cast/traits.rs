//! What two people can have in common, as a hash, so that the ledger shows that it is the same and not what it is.

use super::Persona;
use crate::http::StackClient;
use crate::profile::Vars;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What somebody goes by in each relation of the profile. Whoever lacks what a relation goes by is related to nobody in it.
#[must_use]
pub fn traits(site: &StackClient, persona: &Persona) -> BTreeMap<String, String> {
    let vars = Vars::default().with("person", persona.me().as_value());
    let filled = site.profile.relation.iter().filter_map(|(name, relation)| {
        let by = site.templates.fill(relation.by.as_str(), &vars).ok()?;
        let by = by.trim();
        (!by.is_empty()).then(|| (name.clone(), digest(name, by)))
    });
    filled.collect()
}

fn digest(name: &str, by: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(name.as_bytes());
    hash.update([0]);
    hash.update(by.as_bytes());
    hex::encode(&hash.finalize()[..8])
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use crate::profile::Profile;
    use std::sync::Arc;

    #[test]
    fn who_lacks_it_is_related_to_nobody() {
        let text = r#"
            [target]
            name = "t"
            [base]
            api = "http://127.0.0.1:9"
            [role.patient]
            vary = { practice = ["north", "south"] }
            [relation.same-practice]
            by = "{{ person.practice }}"
        "#;
        let profile = Arc::new(Profile::parse("t.toml", text).unwrap());
        let site = StackClient::new(profile, &Vars::default()).unwrap();
        let ada = Persona::stand_in("Ada", "patient");
        assert_eq!(traits(&site, &ada), BTreeMap::new());
        assert_ne!(digest("same-practice", "north"), digest("same-practice", "south"));
    }
}
