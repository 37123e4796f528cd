//! The stack as the profile describes it: addresses, credentials, and requests built from templates.

use super::cookie_jar::CookieJar;
use super::credentials::Credentials;
use super::message::Request;
use super::service::ServiceSessions;
use crate::ledger::RequestSent;
use crate::profile::{CredentialTemplates, Profile, Role, TemplateError, Templates, Vars};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// A request that cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum StackClientError {
    /// A template cannot be filled in.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A base address is not one.
    #[error("base address `{name}` is not an address: {why}")]
    Base { name: String, why: String },
    /// A header, a method or an address is not one.
    #[error("`{what}` cannot be sent: {why}")]
    Form { what: String, why: String },
    /// The address belongs to a host that the profile does not name.
    #[error(
        "`{host}` is not a host of this profile\nhint: name it under `[base]` if it belongs to the stack"
    )]
    Host { host: String },
    /// A file is not there, or cannot be read or written.
    #[error("the file `{file}` cannot be used: {why}")]
    File { file: String, why: String },
    /// A body of bytes that nobody has.
    #[error(
        "there is no payload `{0}` here\nhint: `media`, `thumbnail` and `transcript` are to be had in `[recording].plant`"
    )]
    Payload(String),
    /// The role is not in the profile.
    #[error("the profile has no role `{0}`\nhint: add `[role.{0}]`")]
    Role(String),
    /// The tenant is not in the profile.
    #[error("the profile has no tenant `{0}`\nhint: add `[tenant.{0}]`")]
    Tenant(String),
    /// The session is not in the profile.
    #[error("the profile's role `{role}` has no session `{session}`")]
    Session { role: String, session: String },
}

/// A stack, described by its profile.
#[derive(Debug)]
pub struct StackClient {
    /// The profile.
    pub profile: Arc<Profile>,
    /// Fills templates in.
    pub templates: Templates,
    /// `stack.*`, as handed over by `deploy`.
    pub stack: Vars,
    bases: BTreeMap<String, Vec<Url>>,
    hosts: BTreeSet<(String, u16)>,
    /// Roles without a person that sign in, such as an administrator.
    pub(super) services: ServiceSessions,
}

impl StackClient {
    /// Fills the base addresses in.
    ///
    /// # Errors
    /// When one is not an address.
    pub fn new(profile: Arc<Profile>, stack: &Vars) -> Result<Self, StackClientError> {
        let templates = Templates::new(&profile.directory, &profile.secrets);
        let stack = Vars::default().with("stack", stack.as_value());
        let mut bases = BTreeMap::new();
        for (name, template) in &profile.base {
            let bad = |why: String| StackClientError::Base {
                name: name.clone(),
                why,
            };
            let addresses = match templates.value(template.as_str(), &stack)? {
                Json::String(address) => vec![address],
                Json::Array(list) => list
                    .into_iter()
                    .filter_map(|one| one.as_str().map(str::to_owned))
                    .collect(),
                other => return Err(bad(format!("found {other}"))),
            };
            let urls: Result<Vec<Url>, StackClientError> = addresses
                .iter()
                .map(|address| Url::parse(address).map_err(|error| bad(error.to_string())))
                .collect();
            bases.insert(name.clone(), urls?);
        }
        let hosts = bases.values().flatten().filter_map(host_of).collect();
        Ok(Self {
            profile,
            templates,
            stack,
            bases,
            hosts,
            services: ServiceSessions::default(),
        })
    }

    /// The base addresses by name.
    #[must_use]
    pub fn bases(&self) -> Vec<(String, String)> {
        let named = |(name, urls): (&String, &Vec<Url>)| {
            let urls: Vec<&str> = urls.iter().map(Url::as_str).collect();
            (name.clone(), urls.join(" "))
        };
        self.profile
            .base
            .keys()
            .filter_map(|name| self.bases.get_key_value(name))
            .map(named)
            .collect()
    }

    /// The role of that name.
    ///
    /// # Errors
    /// When there is none.
    pub fn role(&self, name: &str) -> Result<&Role, StackClientError> {
        self.profile
            .role
            .get(name)
            .ok_or_else(|| StackClientError::Role(name.to_owned()))
    }

    /// The addresses of a base by name; without a name, of the default one (`api`, or else the first).
    ///
    /// # Errors
    /// When there is none.
    pub fn addresses(&self, base: Option<&str>) -> Result<&[Url], StackClientError> {
        let name = base.unwrap_or("api");
        let first = || {
            self.profile
                .base
                .keys()
                .next()
                .and_then(|first| self.bases.get(first))
        };
        let found = self
            .bases
            .get(name)
            .or_else(|| base.is_none().then(first).flatten());
        found
            .map(Vec::as_slice)
            .filter(|addresses| !addresses.is_empty())
            .ok_or_else(|| StackClientError::Base {
                name: name.to_owned(),
                why: "it is not in the profile".to_owned(),
            })
    }

    /// The address at which somebody's tenant is, if that is another than the default one.
    ///
    /// # Errors
    /// When the tenant, or its base, is not in the profile.
    pub fn home_of(&self, me: &Vars) -> Result<Option<&Url>, StackClientError> {
        let Some(name) = me.text("tenant") else {
            return Ok(None);
        };
        let tenant = self.profile.tenant.get(name);
        let tenant = tenant.ok_or_else(|| StackClientError::Tenant(name.to_owned()))?;
        match &tenant.base {
            None => Ok(None),
            Some(base) => Ok(self.addresses(Some(base.as_str()))?.first()),
        }
    }

    /// Where a request to a base goes that carries these keys: that of a tenant stands in the place of the default one.
    #[must_use]
    pub fn home_address<'a>(&self, base: &'a Url, keys: &'a Credentials) -> &'a Url {
        let is_default = || {
            self.addresses(None)
                .is_ok_and(|addresses| addresses.contains(base))
        };
        keys.home().filter(|_| is_default()).unwrap_or(base)
    }

    /// What somebody's requests carry.
    ///
    /// # Errors
    /// When a template names something that they do not have: they are not signed in.
    pub fn credentials(
        &self,
        credentials: &CredentialTemplates,
        me: &Vars,
    ) -> Result<Credentials, StackClientError> {
        self.credentials_with(credentials, me, None)
    }

    /// The same for somebody with a cookie jar, which is used when the credentials want one.
    ///
    /// # Errors
    /// When a template names something that they do not have.
    pub fn credentials_with(
        &self,
        credentials: &CredentialTemplates,
        me: &Vars,
        jar: Option<&CookieJar>,
    ) -> Result<Credentials, StackClientError> {
        let mut vars = self.stack.clone().with("me", me.as_value());
        if let Some(jar) = jar {
            vars.set("jar", jar.vars().as_value());
        }
        let mut headers = HeaderMap::new();
        for (name, template) in &credentials.header {
            let value = self.templates.fill(template.as_str(), &vars)?;
            insert(&mut headers, name, &value)?;
        }
        let mut keys = Credentials::none();
        keys.add_headers(headers);
        for (name, template) in &credentials.cookie {
            keys.add_cookie(name, self.templates.fill(template, &vars)?);
        }
        for (name, template) in &credentials.query {
            keys.add_query(name, self.templates.fill(template, &vars)?);
        }
        Ok(keys.with_jar(jar.filter(|_| credentials.jar).cloned()))
    }

    /// Builds a request from `METHOD path` or `METHOD address`.
    ///
    /// # Errors
    /// When it cannot be filled in, or goes to a host that the profile does not name.
    pub fn request(
        &self,
        line: &str,
        base: &Url,
        vars: &Vars,
        keys: &Credentials,
    ) -> Result<Request, StackClientError> {
        let (method, path) = line.split_once(' ').unwrap_or(("GET", line));
        let form = |why: String| StackClientError::Form {
            what: line.to_owned(),
            why,
        };
        let method_name = method;
        let method = Method::from_bytes(method.as_bytes()).map_err(|error| form(error.to_string()))?;
        let filled = self.templates.fill(path, &keys.seen_in(vars))?;
        let mut url = if filled.starts_with('/') {
            let base = self.home_address(base, keys);
            let address = format!("{}{filled}", base.as_str().trim_end_matches('/'));
            Url::parse(&address).map_err(|error| form(error.to_string()))?
        } else {
            Url::parse(&filled).map_err(|error| form(error.to_string()))?
        };
        self.allow(&url)?;
        let mut headers = HeaderMap::new();
        keys.put_into(&mut url, &mut headers);
        let asked = RequestSent {
            method: method_name.to_owned(),
            url: path.to_owned(),
            rewritten_by: None,
        };
        Ok(Request {
            method,
            url,
            headers,
            body: Arc::from([]),
            keys: keys.clone(),
            asked,
        })
    }

    /// A `GET` of an address that stands in no profile; `form` is what the ledger may hold of it.
    ///
    /// # Errors
    /// When it belongs to a host that the profile does not name.
    pub fn get(&self, mut url: Url, keys: &Credentials, form: &str) -> Result<Request, StackClientError> {
        self.allow(&url)?;
        let mut headers = HeaderMap::new();
        keys.put_into(&mut url, &mut headers);
        let path = form.split_once(' ').map_or(form, |(_, path)| path);
        Ok(Request {
            method: Method::GET,
            url,
            headers,
            body: Arc::from([]),
            asked: RequestSent {
                method: Method::GET.to_string(),
                url: path.to_owned(),
                rewritten_by: None,
            },
            keys: keys.clone(),
        })
    }

    /// Refuses an address outside the profile's hosts.
    ///
    /// # Errors
    /// With the host's name.
    pub fn allow(&self, url: &Url) -> Result<(), StackClientError> {
        match host_of(url) {
            Some(host) if self.hosts.contains(&host) => Ok(()),
            host => Err(StackClientError::Host {
                host: host.map_or_else(|| url.to_string(), |(name, port)| format!("{name}:{port}")),
            }),
        }
    }

    /// A file that the profile names: relative names count from its directory.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.profile.directory.join(name)
    }
}

fn host_of(url: &Url) -> Option<(String, u16)> {
    Some((url.host_str()?.to_owned(), url.port_or_known_default()?))
}

pub(super) fn insert(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), StackClientError> {
    let form = |why: String| StackClientError::Form {
        what: format!("header {name}"),
        why,
    };
    let key = HeaderName::from_bytes(name.as_bytes()).map_err(|error| form(error.to_string()))?;
    let mut secret = HeaderValue::from_str(value).map_err(|error| form(error.to_string()))?;
    secret.set_sensitive(true);
    headers.insert(key, secret);
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use serde_json::json;

    fn site() -> Result<StackClient, StackClientError> {
        let stack = Vars::default()
            .with("api", "http://127.0.0.1:4000/base/")
            .with("flags", "http://127.0.0.1:4001")
            .with("objects", "http://127.0.0.1:4004")
            .with(
                "replicas",
                json!(["http://127.0.0.1:4002", "http://127.0.0.1:4003"]),
            );
        StackClient::new(Arc::new(Profile::clinic().unwrap()), &stack)
    }

    #[test]
    fn a_base_can_be_one_address_or_several() -> Result<(), StackClientError> {
        let site = site()?;
        assert_eq!(site.addresses(None)?.len(), 1);
        assert_eq!(site.addresses(Some("replicas"))?.len(), 2);
        assert!(site.addresses(Some("nowhere")).is_err());
        Ok(())
    }

    #[test]
    fn nothing_is_sent_to_a_host_that_the_profile_does_not_name() -> Result<(), StackClientError> {
        let site = site()?;
        let base = site.addresses(None)?[0].clone();
        let request = |line: &str| site.request(line, &base, &Vars::default(), &Credentials::none());
        assert_eq!(
            request("GET /v1/me")?.url.as_str(),
            "http://127.0.0.1:4000/base/v1/me"
        );
        assert!(request("GET http://127.0.0.1:4001/x").is_ok());
        for elsewhere in [
            "GET http://127.0.0.1:4009/x",
            "GET http://example.test/x",
            "GET https://127.0.0.1:4000@example.test/",
        ] {
            assert!(
                matches!(request(elsewhere), Err(StackClientError::Host { .. })),
                "{elsewhere}"
            );
        }
        Ok(())
    }

    #[test]
    fn a_request_prints_its_template_and_no_value() -> Result<(), StackClientError> {
        let site = site()?;
        let base = site.addresses(None)?[0].clone();
        let me = Vars::default().with("token", "s3cret");
        let role = site.role("patient")?.credentials.clone();
        let headers = site.credentials(&role, &me)?;
        let vars = Vars::default().with("me", me.as_value());
        let request = site.request("GET /v1/{{ me.token }}", &base, &vars, &headers)?;
        assert_eq!(format!("{request:?}"), "GET /v1/{{ me.token }}");
        assert!(!format!("{:?} {:?}", request.headers, headers).contains("s3cret"));
        Ok(())
    }
}
