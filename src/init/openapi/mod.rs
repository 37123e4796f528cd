//! A contract read from an OpenAPI document, 3.0 or 3.1.

mod shape;

use self::shape::{SchemaReader, text};
use super::InitError;
use super::contract::{
    ApiContract, ApiOperation, ApiParameter, ApiResponse, BodyKind, ParameterPlace, RequestBody,
    SecurityScheme, Shape, ShapeValue,
};
use indexmap::IndexMap;
use regex::Regex;
use serde_json::Value as Json;
use std::sync::LazyLock;
use url::Url;

const METHODS: [&str; 6] = ["get", "head", "post", "put", "patch", "delete"];

/// A header of one's own between back quotes, in a description: `X-Requested-With`.
static OWN_HEADER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("`(X-[A-Za-z-]+)`").ok());

/// Reads a document; `at` is where it was fetched from.
///
/// # Errors
/// When it is no OpenAPI 3 document.
pub(crate) fn read(name: &str, document: &str, at: Option<&Url>) -> Result<ApiContract, InitError> {
    let json: Json = serde_json::from_str(document).map_err(|error| {
        let start = document.trim_start();
        if start.starts_with("openapi:") || start.starts_with("swagger:") || start.starts_with("---") {
            InitError::Yaml {
                name: name.to_owned(),
            }
        } else {
            form(
                name,
                error.to_string(),
                "give the JSON form of the document, often at `/openapi.json`",
            )
        }
    })?;
    let version = text(&json, "openapi");
    if !version.starts_with("3.") {
        let why = if json.get("swagger").is_some() {
            format!("it is Swagger {}", text(&json, "swagger"))
        } else {
            "it has no `openapi: 3…`".to_owned()
        };
        return Err(form(
            name,
            why,
            "convert it to OpenAPI 3 first, for example with `swagger2openapi`",
        ));
    }
    let reader = SchemaReader { document: &json };
    let contract = ApiContract {
        title: json
            .pointer("/info/title")
            .and_then(Json::as_str)
            .unwrap_or("stack")
            .to_owned(),
        source: format!("the OpenAPI {version} document `{name}`"),
        bases: bases(&json, at),
        operations: operations(&reader),
        schemes: schemes(&reader),
        secrets: Vec::new(),
        traced: false,
    };
    if contract.operations.is_empty() {
        return Err(InitError::Empty {
            name: name.to_owned(),
        });
    }
    Ok(contract)
}

fn form(name: &str, why: String, hint: &'static str) -> InitError {
    InitError::Form {
        name: name.to_owned(),
        wanted: "an OpenAPI 3 document in JSON",
        why,
        hint,
    }
}

/// The first server that has an address; a relative one counts from where the document was.
fn bases(document: &Json, at: Option<&Url>) -> IndexMap<String, String> {
    let servers = document.get("servers").and_then(Json::as_array);
    let named = servers
        .into_iter()
        .flatten()
        .map(|server| text(server, "url"))
        .find(|url| !url.is_empty() && !url.contains('{'));
    let address = match (at, named) {
        (Some(at), Some(relative)) => at.join(relative).ok(),
        (Some(at), None) => at.join("/").ok(),
        (None, Some(absolute)) => Url::parse(absolute).ok(),
        (None, None) => None,
    };
    address
        .map(|address| {
            (
                "api".to_owned(),
                address.as_str().trim_end_matches('/').to_owned(),
            )
        })
        .into_iter()
        .collect()
}

fn schemes(reader: &SchemaReader<'_>) -> IndexMap<String, SecurityScheme> {
    let all = reader.document.pointer("/components/securitySchemes");
    let mut schemes = IndexMap::new();
    for (name, scheme) in all.and_then(Json::as_object).into_iter().flatten() {
        let scheme = reader.resolved(scheme);
        let called = text(scheme, "name").to_owned();
        let read = match (text(scheme, "type"), text(scheme, "in"), text(scheme, "scheme")) {
            ("http", _, kind) if kind.eq_ignore_ascii_case("bearer") => SecurityScheme::Bearer,
            ("http", _, kind) if kind.eq_ignore_ascii_case("basic") => SecurityScheme::Basic,
            ("apiKey", "header", _) if called.eq_ignore_ascii_case("authorization") => SecurityScheme::Bearer,
            ("apiKey", "header", _) => SecurityScheme::Header(called),
            ("apiKey", "cookie", _) => {
                let described = text(scheme, "description");
                let beside = OWN_HEADER
                    .iter()
                    .flat_map(|header| header.captures_iter(described))
                    .filter_map(|found| found.get(1).map(|name| name.as_str().to_owned()));
                SecurityScheme::Cookie(called, beside.collect())
            }
            ("apiKey", "query", _) => SecurityScheme::Query(called),
            ("oauth2" | "openIdConnect", _, _) => SecurityScheme::Bearer,
            (kind, ..) => SecurityScheme::Other(kind.to_owned()),
        };
        schemes.insert(name.clone(), read);
    }
    schemes
}

fn operations(reader: &SchemaReader<'_>) -> Vec<ApiOperation> {
    let paths = reader.document.get("paths").and_then(Json::as_object);
    let mut operations = Vec::new();
    for (path, item) in paths.into_iter().flatten() {
        let item = reader.resolved(item);
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                operations.push(read_operation(reader, path, method, item, operation));
            }
        }
    }
    operations
}

fn read_operation(
    reader: &SchemaReader<'_>,
    path: &str,
    method: &str,
    item: &Json,
    operation: &Json,
) -> ApiOperation {
    let mut parameters: Vec<ApiParameter> = Vec::new();
    for from in [operation, item] {
        let given = from.get("parameters").and_then(Json::as_array);
        for parameter in given.into_iter().flatten() {
            let Some(parameter) = parameter_of(reader, reader.resolved(parameter)) else {
                continue;
            };
            let known = parameters
                .iter()
                .any(|other| other.name == parameter.name && other.place == parameter.place);
            if !known {
                parameters.push(parameter);
            }
        }
    }
    let answers = operation.get("responses").and_then(Json::as_object);
    ApiOperation {
        method: method.to_uppercase(),
        path: path.to_owned(),
        base: None,
        security: security(
            operation
                .get("security")
                .or_else(|| reader.document.get("security")),
        ),
        parameters,
        body: operation
            .get("requestBody")
            .and_then(|body| body_of(reader, reader.resolved(body))),
        answers: answers
            .into_iter()
            .flatten()
            .filter_map(|(status, answer)| answer_of(reader, status, reader.resolved(answer)))
            .collect(),
    }
}

/// The names of all schemes of which one is enough; none when it also goes without.
fn security(security: Option<&Json>) -> Vec<String> {
    let ways: Vec<&serde_json::Map<String, Json>> = security
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .filter_map(Json::as_object)
        .collect();
    if ways.iter().any(|way| way.is_empty()) {
        return Vec::new();
    }
    let mut names: Vec<String> = Vec::new();
    for name in ways.into_iter().flat_map(|way| way.keys()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

fn parameter_of(reader: &SchemaReader<'_>, parameter: &Json) -> Option<ApiParameter> {
    let place = match text(parameter, "in") {
        "path" => ParameterPlace::Path,
        "query" => ParameterPlace::Query,
        "header" => ParameterPlace::Header,
        _ => return None,
    };
    let leaf = match parameter.get("schema").map(|schema| reader.shape(schema)) {
        Some(Shape::Leaf(leaf)) => leaf,
        _ => ShapeValue::default(),
    };
    let example = parameter.get("example").cloned();
    // what is counted within an address begins here
    let least = || {
        parameter
            .pointer("/schema/minimum")
            .filter(|_| place == ParameterPlace::Path)
    };
    Some(ApiParameter {
        name: text(parameter, "name").to_owned(),
        place,
        required: parameter["required"]
            .as_bool()
            .unwrap_or(place == ParameterPlace::Path),
        leaf: ShapeValue {
            known: example.or(leaf.known).or_else(|| least().cloned()),
            ..leaf
        },
    })
}

fn body_of(reader: &SchemaReader<'_>, body: &Json) -> Option<RequestBody> {
    let content = body.get("content")?.as_object()?;
    let kinds = [
        ("json", BodyKind::Json),
        ("multipart/form-data", BodyKind::Multipart),
        ("x-www-form-urlencoded", BodyKind::Form),
    ];
    let types = content.keys().cloned().collect();
    for (word, kind) in kinds {
        if let Some((_, media)) = content.iter().find(|(name, _)| name.contains(word)) {
            let shape = media.get("schema").map_or(Shape::Unknown, |schema| {
                reader.with_example(schema, media.get("example"))
            });
            return Some(RequestBody { kind, types, shape });
        }
    }
    Some(RequestBody {
        kind: BodyKind::Bytes,
        types,
        shape: Shape::Unknown,
    })
}

fn answer_of(reader: &SchemaReader<'_>, status: &str, answer: &Json) -> Option<ApiResponse> {
    let status = match status {
        "default" => return None,
        // a class of statuses stands for its first
        class if class.ends_with("XX") => class.get(..1)?.parse::<u16>().ok()?.checked_mul(100)?,
        exact => exact.parse().ok()?,
    };
    let content = answer.get("content").and_then(Json::as_object);
    let shape = content
        .into_iter()
        .flatten()
        .find(|(name, _)| name.contains("json"))
        .map(|(_, media)| {
            media
                .get("schema")
                .map_or(Shape::Unknown, |schema| reader.shape(schema))
        });
    let headers = answer.get("headers").and_then(Json::as_object);
    Some(ApiResponse {
        status,
        types: content
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect(),
        shape,
        headers: headers
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect(),
    })
}
