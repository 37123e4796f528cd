//! Guard rails: outcomes, limits, the search for surfaces, and what is excepted.

use super::{CheckResult, Checker, KnownNames, keys};

/// How much came out.
const EXTENTS: [&str; 5] = ["existence", "listed", "metadata", "excerpt", "full"];

impl Checker<'_> {
    pub(super) fn outcomes(&self) -> CheckResult {
        let outcome = &self.profile.outcome;
        self.expressions([&outcome.denied, &outcome.no_session, &outcome.throttled])?;
        outcome
            .volatile
            .iter()
            .try_for_each(|pattern| self.regex(pattern.span(), pattern))
    }

    pub(super) fn limits(&self) -> CheckResult {
        let limits = &self.profile.limits;
        for (name, limit) in [
            ("requests_per_second", limits.requests_per_second),
            ("concurrency", limits.concurrency),
        ] {
            if limit == Some(0) {
                let place = self.source.key(&["limits", name]);
                return self.fail(
                    place,
                    format!("`{name}` of 0 must be at least 1"),
                    "at least 1",
                    None,
                );
            }
        }
        for host in &limits.allow_hosts {
            let name = host.strip_prefix("*.").unwrap_or(host);
            let (name, port) = match name.rsplit_once(':') {
                Some((name, port)) if !name.contains(':') => (name, Some(port)),
                _ => (name, None),
            };
            let is_name = !name.is_empty() && !name.contains(['/', '*', ' ', '@']);
            if !is_name || port.is_some_and(|port| port.parse::<u16>().is_err()) {
                let hint = "`api.example.org`, `*.example.org`, or with a port `api.example.org:8443`; without `https://`".to_owned();
                return self.fail(
                    host.span(),
                    format!("`{host}` is not a host"),
                    "expected a host's name",
                    hint,
                );
            }
        }
        let connection = &self.profile.connection;
        let files = [&connection.ca, &connection.client_certificate, &connection.proxy];
        self.templates(files.into_iter().flatten())
    }

    pub(super) fn discovery(&self) -> CheckResult {
        self.templates(&self.profile.discovery.start)?;
        for known in &self.profile.discovery.known {
            if !known.starts_with('/') && !known.starts_with("http") {
                let hint = "write it as it was reported: `/x/{id}`".to_owned();
                return self.fail(
                    known.span(),
                    format!("`{known}` is no path"),
                    "expected a path",
                    hint,
                );
            }
        }
        Ok(())
    }

    pub(super) fn exceptions(&self) -> CheckResult {
        // what is done in another's place is no surface, and stands in reports as if it were one
        let actions = self.profile.action.keys().map(|name| format!("action.{name}"));
        let grants = self.profile.grant.keys().map(|name| format!("grant.{name}"));
        let deeds: Vec<String> = actions.chain(grants).collect();
        for exception in &self.profile.exception {
            let mut surfaces = keys(&self.profile.surface);
            surfaces.push("*");
            surfaces.extend(deeds.iter().map(String::as_str));
            self.known(
                &exception.surface,
                &KnownNames {
                    kind: "surface",
                    names: surfaces,
                },
            )?;
            let mut whom = vec!["anyone", "nobody", "wrong-credentials"];
            whom.extend(self.profile.role.keys().map(String::as_str));
            whom.extend(self.profile.relation.keys().map(String::as_str));
            let whom = KnownNames {
                kind: "role or relation",
                names: whom,
            };
            exception.to.iter().try_for_each(|to| self.known(to, &whom))?;
            for (name, kind, names) in [
                (
                    &exception.technique,
                    "technique",
                    crate::technique::names().collect(),
                ),
                (&exception.extent, "extent", EXTENTS.to_vec()),
            ] {
                if let Some(name) = name {
                    self.known(name, &KnownNames { kind, names })?;
                }
            }
        }
        Ok(())
    }
}
