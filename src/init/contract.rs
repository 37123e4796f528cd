//! What is known of a stack's API, whichever way it was learned: from its own document, from a recording, from answers.

use indexmap::IndexMap;
use serde_json::Value as Json;

/// An API.
#[derive(Debug, Clone, Default)]
pub(crate) struct ApiContract {
    /// What it calls itself.
    pub(crate) title: String,
    /// How it was learned, for the first line of the profile.
    pub(crate) source: String,
    /// Base addresses by name; the first is the default.
    pub(crate) bases: IndexMap<String, String>,
    /// What can be asked for.
    pub(crate) operations: Vec<ApiOperation>,
    /// How one shows who one is, by name.
    pub(crate) schemes: IndexMap<String, SecurityScheme>,
    /// What must never stand in a profile.
    pub(crate) secrets: Vec<String>,
    /// The origin of every value that a recorded request had from an earlier answer stands with the value: it needs no names.
    pub(crate) traced: bool,
}

/// How one shows who one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SecurityScheme {
    /// `Authorization: Bearer …`.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
    /// A header of this name.
    Header(String),
    /// A cookie of this name, with the headers that must come with it when something is changed.
    Cookie(String, Vec<String>),
    /// A query parameter of this name.
    Query(String),
    /// Something that a profile's credentials cannot say in one line.
    Other(String),
}

/// One request that can be made.
#[derive(Debug, Clone, Default)]
pub(crate) struct ApiOperation {
    /// `GET`.
    pub(crate) method: String,
    /// `/v1/replays/{id}`.
    pub(crate) path: String,
    /// The base address by name; the default when absent.
    pub(crate) base: Option<String>,
    /// Names of the schemes that open it, any one of them; nobody has to show anything when there is none.
    pub(crate) security: Vec<String>,
    /// What it takes beside a body.
    pub(crate) parameters: Vec<ApiParameter>,
    /// Its body.
    pub(crate) body: Option<RequestBody>,
    /// What it answers.
    pub(crate) answers: Vec<ApiResponse>,
}

/// A parameter.
#[derive(Debug, Clone)]
pub(crate) struct ApiParameter {
    /// Its name.
    pub(crate) name: String,
    /// Where it goes.
    pub(crate) place: ParameterPlace,
    /// Whether it must be there.
    pub(crate) required: bool,
    /// What is known of its value.
    pub(crate) leaf: ShapeValue,
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterPlace {
    /// A segment of the path.
    Path,
    /// The query.
    Query,
    /// A header.
    Header,
}

/// A request's body.
#[derive(Debug, Clone)]
pub(crate) struct RequestBody {
    /// How it is written.
    pub(crate) kind: BodyKind,
    /// Its media types.
    pub(crate) types: Vec<String>,
    /// What is in it.
    pub(crate) shape: Shape,
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyKind {
    /// JSON.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
    /// Bytes as they are.
    Bytes,
}

/// An answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct ApiResponse {
    /// Its status.
    pub(crate) status: u16,
    /// Its media types.
    pub(crate) types: Vec<String>,
    /// What is in it, when it is JSON.
    pub(crate) shape: Option<Shape>,
    /// Headers that it is known to have; a cookie as `Set-Cookie: NAME`.
    pub(crate) headers: Vec<String>,
}

/// What JSON (or a form) is made of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    /// Fields by name.
    Object(IndexMap<String, ShapeField>),
    /// Items.
    Array(Box<Shape>),
    /// One value.
    Leaf(ShapeValue),
    /// Nothing is known.
    Unknown,
}

/// A field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ShapeField {
    /// What is in it.
    pub(crate) shape: Shape,
    /// Whether it must be there.
    pub(crate) required: bool,
}

/// One value.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ShapeValue {
    /// Its type.
    pub(crate) kind: ValueType,
    /// `uuid`, `date-time`, `uri`, `email`, …
    pub(crate) format: String,
    /// The only values that it has.
    pub(crate) choices: Vec<String>,
    /// A value that is known to do.
    pub(crate) known: Option<Json>,
    /// Where a recorded value came from.
    pub(crate) from: Option<ValueOrigin>,
}

/// The type of a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum ValueType {
    /// Text.
    #[default]
    Text,
    /// A number.
    Number,
    /// True or false.
    Truth,
    /// Bytes, as they are or in base64.
    Bytes,
}

/// Where a recorded value came from: a place in the answer of an operation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ValueOrigin {
    /// The operation, by its number.
    pub(crate) operation: usize,
    /// As a capture: `$.id`, `cookie NAME`, `header NAME`.
    pub(crate) place: String,
}

impl ApiOperation {
    /// `GET /v1/replays/{id}`.
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The segments of its path.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .collect()
    }

    /// The last segment that is no parameter.
    pub(crate) fn last_word(&self) -> &str {
        self.segments()
            .into_iter()
            .rfind(|segment| !is_parameter(segment))
            .unwrap_or_default()
    }

    /// Whether its path ends with a parameter.
    pub(crate) fn ends_with_parameter(&self) -> bool {
        self.segments().last().is_some_and(|last| is_parameter(last))
    }

    /// How many parameters its path has.
    pub(crate) fn holes(&self) -> usize {
        self.segments()
            .iter()
            .filter(|segment| is_parameter(segment))
            .count()
    }

    /// A parameter by its name in the path.
    pub(crate) fn parameter(&self, name: &str) -> Option<&ApiParameter> {
        self.parameters
            .iter()
            .find(|parameter| parameter.place == ParameterPlace::Path && parameter.name == name)
    }

    /// Its query parameters.
    pub(crate) fn query(&self) -> impl Iterator<Item = &ApiParameter> {
        self.parameters
            .iter()
            .filter(|parameter| parameter.place == ParameterPlace::Query)
    }

    /// Answers that give what was asked for.
    pub(crate) fn good(&self) -> impl Iterator<Item = &ApiResponse> {
        self.answers
            .iter()
            .filter(|answer| (200..400).contains(&answer.status))
    }

    /// The JSON that it answers with.
    pub(crate) fn json(&self) -> Option<&Shape> {
        self.good().find_map(|answer| answer.shape.as_ref())
    }

    /// The fields of the JSON object that it answers with.
    pub(crate) fn answered(&self) -> Option<&IndexMap<String, ShapeField>> {
        match self.json() {
            Some(Shape::Object(fields)) => Some(fields),
            _ => None,
        }
    }

    /// The fields of its body.
    pub(crate) fn fields(&self) -> Option<&IndexMap<String, ShapeField>> {
        match self.body.as_ref().map(|body| &body.shape) {
            Some(Shape::Object(fields)) => Some(fields),
            _ => None,
        }
    }

    /// Whether it answers with a file: sound, picture, text, anything but JSON.
    pub(crate) fn gives_a_file(&self) -> bool {
        self.json().is_none()
            && self
                .good()
                .flat_map(|answer| &answer.types)
                .any(|kind| !kind.contains("json") && !kind.contains("html"))
    }

    /// Whether it takes a file: as its body, or as a part of it.
    pub(crate) fn takes_a_file(&self) -> bool {
        self.body.as_ref().is_some_and(|body| {
            body.kind == BodyKind::Bytes
                || self.fields().is_some_and(|fields| {
                    fields.values().any(
                        |field| matches!(&field.shape, Shape::Leaf(leaf) if leaf.kind == ValueType::Bytes),
                    )
                })
        })
    }

    /// Whether an answer sets a cookie; its name, if that is known.
    pub(crate) fn sets_cookie(&self) -> Option<Option<&str>> {
        self.good().flat_map(|answer| &answer.headers).find_map(|header| {
            let (name, cookie) = header
                .split_once(": ")
                .map_or((header.as_str(), None), |(name, cookie)| (name, Some(cookie)));
            name.eq_ignore_ascii_case("set-cookie").then_some(cookie)
        })
    }
}

/// Whether a segment of a path stands for a value.
pub(crate) fn is_parameter(segment: &str) -> bool {
    segment.contains('{')
}

impl Shape {
    /// Every single value outside arrays, with its JSONPath.
    pub(crate) fn leaves(&self) -> Vec<(String, &ShapeValue)> {
        let mut found = Vec::new();
        self.collect("$", 0, &mut found);
        found
    }

    fn collect<'a>(&'a self, path: &str, depth: u8, found: &mut Vec<(String, &'a ShapeValue)>) {
        match self {
            Self::Leaf(leaf) => found.push((path.to_owned(), leaf)),
            Self::Object(fields) if depth < 5 => {
                for (name, field) in fields {
                    field.shape.collect(&member(path, name), depth + 1, found);
                }
            }
            _ => {}
        }
    }

    /// Every array of objects, with the JSONPath of its items and the fields of one.
    pub(crate) fn arrays(&self) -> Vec<(String, &IndexMap<String, ShapeField>)> {
        let mut found = Vec::new();
        self.collect_arrays("$", 0, &mut found);
        found
    }

    fn collect_arrays<'a>(
        &'a self,
        path: &str,
        depth: u8,
        found: &mut Vec<(String, &'a IndexMap<String, ShapeField>)>,
    ) {
        match self {
            Self::Array(items) => {
                if let Self::Object(fields) = items.as_ref() {
                    found.push((format!("{path}[*]"), fields));
                }
            }
            Self::Object(fields) if depth < 4 => {
                for (name, field) in fields {
                    field.shape.collect_arrays(&member(path, name), depth + 1, found);
                }
            }
            _ => {}
        }
    }
}

/// A member's JSONPath; a name that is no plain word in brackets.
pub(crate) fn member(path: &str, name: &str) -> String {
    let plain = !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if plain {
        format!("{path}.{name}")
    } else {
        format!("{path}['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"))
    }
}
