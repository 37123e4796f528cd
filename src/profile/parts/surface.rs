//! Ways out.

use super::super::{HumanDuration, Text};
use super::step::Step;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A way out. Which techniques make sense at it follows from what it is.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Surface {
    /// Requests that come first (as the same person): they find or make the address, and capture it.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// The request itself: `METHOD /path`, or `METHOD {{ url }}` with an address that the steps captured.
    pub request: Text,
    /// Base address by name.
    pub base: Option<Text>,
    /// Further headers.
    #[serde(default)]
    pub headers: BTreeMap<String, Text>,
    /// Query parameters, percent-encoded.
    #[serde(default)]
    pub query: BTreeMap<String, Text>,
    /// A JSON body.
    #[schemars(with = "Option<serde_json::Value>")]
    pub json: Option<toml::Value>,
    /// A form body.
    pub form: Option<BTreeMap<String, Text>>,
    /// A body of text.
    pub body: Option<Text>,
    /// The body's content type, when it is not the usual one.
    #[serde(rename = "type")]
    pub content_type: Option<Text>,
    /// Which of the person's sessions is used.
    pub session: Option<Text>,
    /// `none`: the last request goes without the person's credentials, as to an address that is its own key.
    #[serde(default)]
    pub credentials: SentCredentials,
    /// Roles whose people are meant to use it: they are its twins. Absent: everyone with a right.
    #[serde(rename = "for", default)]
    pub roles: Vec<Text>,
    /// The role without a person (as after `as`) that shows what is to be had here, where none of the people has a right to anything:
    /// everybody is a bystander then, signed in or not, to whatever is somebody else's.
    pub twin: Option<Text>,
    /// It shows only recordings to which such a right was given, also when that has ended since; their owners see there what they
    /// have given. Absent: every recording.
    #[serde(default)]
    pub granted: Vec<Text>,
    /// It shows recordings only while they are not finished.
    #[serde(default)]
    pub unfinished: bool,
    /// It is a list.
    pub list: Option<List>,
    /// Byte ranges are tried as well.
    #[serde(default)]
    pub ranges: bool,
    /// `HEAD` is tried as well.
    #[serde(default)]
    pub head: bool,
    /// The address that the steps capture as `url` can be handed out, kept and used later: by others, by nobody, after a change.
    #[serde(default)]
    pub link: bool,
    /// How long such an address opens; after that it must open for nobody.
    pub expires: Option<HumanDuration>,
    /// It changes something.
    pub write: Option<WritePart>,
    /// It stays open, and events arrive on it.
    pub stream: Option<StreamPart>,
    /// Redirects that stay on the hosts of the profile are followed; to another origin without credentials.
    #[serde(default)]
    pub follow: bool,
    /// When an answer here is a refusal, if other than `[outcome]` says.
    pub denied: Option<Text>,
    /// When an answer here says that nobody is signed in.
    pub no_session: Option<Text>,
    /// When an answer here asks to wait.
    pub throttled: Option<Text>,
}

/// What of the person's credentials goes along.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SentCredentials {
    /// All of them.
    #[default]
    Own,
    /// None.
    None,
}

/// How a list is read.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// The items: a JSONPath (`$.items[*]`, or `$[*]` of a bare array), or `match REGEX` for a page that is not JSON, each match
    /// being an item. There are none only where an empty array stands, the total is 0, or the answer is 204.
    pub items: Text,
    /// An item's id: a JSONPath within the item, if need be with ` ~ REGEX`; of a `match`: `~ REGEX` within it, or absent: its
    /// first group.
    pub id: Option<Text>,
    /// The total: a JSONPath, or `header NAME`, if need be with ` ~ REGEX`.
    pub total: Option<Text>,
    /// How the next page is asked for.
    pub next: Option<Paging>,
    /// It shows only the newest few, so that an older recording may be missing from it.
    #[serde(default)]
    pub newest_only: bool,
    /// Surfaces on which an ordinary user opens what the list offers.
    #[serde(default)]
    pub opens: Vec<Text>,
}

/// How the next page is asked for. One of: `query` with `from` (an opaque token or a marker), `link` (an address), `page` (a page
/// number), `offset` (a number of items), `variable` with `from` (a token that stands in the request's own templates). The end is
/// a value that is null, absent or empty; of `page` and `offset`, where the stack has not said that there is a next page, a page
/// without items or a 404 after the first one. A token or an address that comes twice, more than 200 pages, or an address on a
/// host that the profile does not name make the list unreadable: then nothing holds.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// The query parameter that is set to the value at `from`.
    pub query: Option<Text>,
    /// Where the token stands: a JSONPath, `header NAME`, `cookie NAME` or `body`, if need be with ` ~ REGEX`.
    pub from: Option<Text>,
    /// Where the next address stands, absolute or relative: a JSONPath, `header NAME`, if need be with ` ~ REGEX`; `header Link`
    /// is read as in RFC 8288, the address with `rel="next"`.
    pub link: Option<Text>,
    /// The query parameter that counts pages …
    pub page: Option<Text>,
    /// The query parameter that counts items already seen …
    pub offset: Option<Text>,
    /// … and the number that the first page has (1 for `page`, 0 for `offset` when absent).
    pub start: Option<u32>,
    /// The name under which the token stands in `request`, `query` or `json` (`{{ after }}`); none on the first page.
    pub variable: Option<Text>,
    /// There is a next page only while this expression about the answer is true.
    #[serde(rename = "while")]
    pub as_long_as: Option<Text>,
}

/// A surface that changes something.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WritePart {
    /// The surface on which the owner reads back.
    pub read_back: Text,
    /// What the owner writes to show that it can be written at all: a template over `canary.*` that leaves it as it is.
    pub unchanged: Text,
}

/// Events that arrive on an open answer (Server-Sent Events, any body that does not end), or on a WebSocket (RFC 6455).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StreamPart {
    /// It is a WebSocket: what the surface gives as `json` or `body` is the first message.
    #[serde(default)]
    pub websocket: bool,
    /// What the recording's owner does while the stream is open, so that there is something to be told of.
    #[serde(default)]
    pub meanwhile: Vec<Step>,
    /// How long it is listened to after that, at least: where whoever has a right to it is told later, everybody else is listened to
    /// three times as long as that took, at most `within`.
    #[serde(rename = "for")]
    pub listened: HumanDuration,
    /// Whoever has a right to it is listened to until they were told of it, for at most this long (as long as everybody when
    /// absent).
    pub within: Option<HumanDuration>,
}

impl Surface {
    /// Whether it stays open and is not about one recording: whoever opens it is told of whatever happens.
    #[must_use]
    pub fn is_listened_to(&self) -> bool {
        self.stream.is_some() && !self.mentions("recording.")
    }

    /// Whether one of its requests has this in a template.
    #[must_use]
    pub fn mentions(&self, template: &str) -> bool {
        let mut found = false;
        let mut see = |text: &str| found |= text.contains(template);
        self.steps.iter().for_each(|step| step.strings(&mut see));
        see(&self.request);
        self.body.iter().for_each(|text| see(text));
        let maps = [Some(&self.headers), Some(&self.query), self.form.as_ref()];
        let values = maps.into_iter().flatten().flat_map(BTreeMap::values);
        values.for_each(|text| see(text));
        if let Some(json) = &self.json {
            super::step::strings_of(json, &mut see);
        }
        found
    }
}
