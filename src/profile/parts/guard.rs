//! Guard rails: what Bystander keeps within, how answers are sorted, what is excepted.

use super::super::{HumanDuration, Text};
use schemars::JsonSchema;
use serde::Deserialize;

/// TLS, proxy and HTTP version.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// A file with certificates (PEM) that are trusted beside the system's.
    pub ca: Option<Text>,
    /// A file with a client certificate and its key (PEM).
    pub client_certificate: Option<Text>,
    /// The address of a proxy. The environment's proxies are never used.
    pub proxy: Option<Text>,
    /// The HTTP version; absent: 1.1.
    pub http: Option<HttpVersion>,
}

/// The HTTP version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum HttpVersion {
    /// HTTP/1.1.
    #[serde(rename = "1.1")]
    Http1,
    /// HTTP/2; without TLS, with prior knowledge.
    #[serde(rename = "2")]
    Http2,
}

/// What Bystander keeps within.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsPart {
    /// Hosts that may be spoken to although they are neither loopback nor private nor a container of the run: `api.example.org`,
    /// `*.example.org`, with `:PORT` if only that.
    pub allow_hosts: Vec<Text>,
    /// Requests a second to one host; absent: as many as come.
    pub requests_per_second: Option<u32>,
    /// Requests to one host at a time; absent: as many as come.
    pub concurrency: Option<u32>,
    /// How many requests with wrong credentials a run may send (200 when absent): some stacks ban an address after a few.
    pub wrong_credentials: u32,
    /// The longest that `Retry-After` is honoured for (30 s when absent); what asks for more is inconclusive.
    pub retry_after: HumanDuration,
}

impl Default for LimitsPart {
    fn default() -> Self {
        Self {
            allow_hosts: Vec::new(),
            requests_per_second: None,
            concurrency: None,
            wrong_credentials: 200,
            retry_after: HumanDuration(std::time::Duration::from_secs(30)),
        }
    }
}

/// When an answer counts as what: expressions over `status`, `body`, `json('$.path')`, `header('name')`, `cookie('name')`. Only for
/// sorting the report and for knowing a refusal; content decides.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Outcomes {
    /// Refused, or said not to exist.
    pub denied: Text,
    /// Not signed in.
    pub no_session: Text,
    /// Asked too often.
    pub throttled: Text,
    /// Regular expressions of what differs from answer to answer (request ids, times), taken out before "not yours" is compared
    /// with "not there".
    pub volatile: Vec<Text>,
}

impl Default for Outcomes {
    fn default() -> Self {
        Self {
            denied: Text::new("status in [400, 403, 404, 410]"),
            no_session: Text::new("status == 401"),
            throttled: Text::new("status == 429"),
            volatile: Vec::new(),
        }
    }
}

/// The search for surfaces that nobody declared: by the owner, `GET` only, on the hosts of `[base]`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Discovery {
    /// Where it begins: paths and addresses, as templates over `me` and `recording`.
    pub start: Vec<Text>,
    /// How many links deep.
    pub depth: u32,
    /// How many requests at most.
    pub requests: u32,
    /// How long at most.
    pub within: HumanDuration,
    /// Paths that were found before and are accepted, with `{id}` where an id stands.
    pub known: Vec<Text>,
    /// A surface that is neither declared nor known makes the run fail, also when it holds.
    pub new_is_a_failure: bool,
}

impl Default for Discovery {
    fn default() -> Self {
        Self {
            start: Vec::new(),
            depth: 5,
            requests: 300,
            within: HumanDuration(std::time::Duration::from_secs(30)),
            known: Vec::new(),
            new_is_a_failure: false,
        }
    }
}

/// Something that is excepted. It is shown in every report, never silently left out.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptionPart {
    /// The surface; `*`: every one.
    pub surface: Text,
    /// Who may, in words.
    pub who: String,
    /// To whom it applies: `anyone` (when absent), `nobody`, `wrong-credentials`, a role, or a relation to the owner.
    #[serde(default)]
    pub to: Vec<Text>,
    /// Only with this technique.
    pub technique: Option<Text>,
    /// Only up to this extent: `existence`, `listed`, `metadata`, `excerpt`, `full`.
    pub extent: Option<Text>,
    /// Why.
    pub reason: String,
}
