//! A contract from answers to a few questions, a line each, on a terminal or through a pipe.

use super::InitError;
use super::contract::{
    ApiContract, ApiOperation, ApiParameter, ApiResponse, BodyKind, ParameterPlace, RequestBody,
    SecurityScheme, Shape, ShapeField, ShapeValue, ValueType,
};
use indexmap::IndexMap;
use std::io::{BufRead, Write};

/// Asks, and makes a contract of the answers. What is left empty has the value in brackets; `-` means that there is none.
///
/// # Errors
/// When nobody answers at all.
pub(crate) fn contract(from: &mut dyn BufRead, to: &mut dyn Write) -> Result<ApiContract, InitError> {
    let mut asking = Interview {
        from,
        to,
        heard: false,
    };
    let address = asking.prompt("Where is the stack?", "http://127.0.0.1:8080")?;
    let address = address.unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
    let login = asking.prompt("How does one sign in?", "POST /login")?;
    let mut operations = Vec::new();
    let mut schemes = IndexMap::new();
    if let Some(login) = login.as_deref().and_then(request) {
        let user = asking.prompt("… its field for who it is", "email")?;
        let password = asking.prompt("… its field for the password", "password")?;
        let form = asking.prompt("… is it `json` or a `form`?", "json")?;
        let token = asking.prompt(
            "… the token in its answer, as a JSONPath, or `cookie NAME`",
            "$.token",
        )?;
        let fields = [user, password]
            .into_iter()
            .flatten()
            .map(|name| (name, text()))
            .collect();
        let kind = if form.as_deref() == Some("form") {
            BodyKind::Form
        } else {
            BodyKind::Json
        };
        let mut operation = login;
        operation.body = Some(body(kind, fields));
        let mut answer = ok();
        match token.as_deref().and_then(|token| token.strip_prefix("cookie ")) {
            Some(cookie) => {
                answer.headers.push(format!("set-cookie: {cookie}"));
                schemes.insert(
                    "cookie".to_owned(),
                    SecurityScheme::Cookie(cookie.to_owned(), Vec::new()),
                );
            }
            None => {
                let path = token.unwrap_or_else(|| "$.token".to_owned());
                answer.shape = Some(at(&path, text()));
                schemes.insert("bearer".to_owned(), SecurityScheme::Bearer);
            }
        }
        operation.answers = vec![answer];
        operations.push(operation);
    } else {
        schemes.insert("bearer".to_owned(), SecurityScheme::Bearer);
    }
    let security: Vec<String> = schemes.keys().cloned().collect();
    let mut add = |request: Option<ApiOperation>, body: Option<RequestBody>, shape: Option<Shape>| {
        if let Some(mut operation) = request {
            operation.security.clone_from(&security);
            operation.body = body;
            operation.answers = vec![ApiResponse { shape, ..ok() }];
            operations.push(operation);
        }
    };
    let own = asking.prompt("Which request says who is signed in?", "GET /me")?;
    add(
        own.as_deref().and_then(request),
        None,
        Some(object([("id", text())])),
    );
    let list = asking.prompt("Which request lists the recordings?", "GET /recordings")?;
    if let Some(list) = list.as_deref().and_then(request) {
        let items = asking.prompt("… where its items stand, as a JSONPath", "$.items[*]")?;
        let id = asking
            .prompt("… what an item's id is called", "id")?
            .unwrap_or_else(|| "id".to_owned());
        let items = items.unwrap_or_else(|| "$.items[*]".to_owned());
        let item = object([(id.as_str(), text())]);
        let array = Shape::Array(Box::new(item));
        add(Some(list), None, Some(at(items.trim_end_matches("[*]"), array)));
    }
    let item = asking.prompt("Which request fetches one?", "GET /recordings/{id}")?;
    let title = object([("id", text()), ("title", text())]);
    add(item.as_deref().and_then(request), None, Some(title.clone()));
    let media = asking.prompt("… its sound or picture?", "GET /recordings/{id}/media")?;
    if let Some(mut media) = media.as_deref().and_then(request) {
        media.security = schemes.keys().cloned().collect();
        media.answers = vec![ApiResponse {
            types: vec!["audio/*".to_owned()],
            ..ok()
        }];
        operations.push(media);
    }
    let plant = asking.prompt("Which request makes one?", "POST /recordings")?;
    if let Some(mut plant) = plant.as_deref().and_then(request) {
        let file = asking.prompt(
            "… the field that takes the file, or `-` when the body is the file",
            "file",
        )?;
        plant.security = schemes.keys().cloned().collect();
        plant.body = Some(match file {
            Some(file) => {
                let bytes = Shape::Leaf(ShapeValue {
                    kind: ValueType::Bytes,
                    ..ShapeValue::default()
                });
                body(
                    BodyKind::Multipart,
                    vec![(file, bytes), ("title".to_owned(), text())],
                )
            }
            None => body(BodyKind::Bytes, Vec::new()),
        });
        plant.answers = vec![ApiResponse {
            status: 201,
            shape: Some(object([("id", text())])),
            ..ok()
        }];
        operations.push(plant);
    }
    if operations.is_empty() {
        return Err(InitError::Empty {
            name: "the answers".to_owned(),
        });
    }
    let host = address
        .split("//")
        .nth(1)
        .and_then(|rest| rest.split(['/', ':']).next());
    Ok(ApiContract {
        title: host.unwrap_or("stack").to_owned(),
        source: "answers to its questions".to_owned(),
        bases: [("api".to_owned(), address.trim_end_matches('/').to_owned())].into(),
        operations,
        schemes,
        secrets: Vec::new(),
        traced: false,
    })
}

struct Interview<'a> {
    from: &'a mut dyn BufRead,
    to: &'a mut dyn Write,
    heard: bool,
}

impl Interview<'_> {
    /// One question; none when it is answered with `-`.
    fn prompt(&mut self, question: &str, usual: &str) -> Result<Option<String>, InitError> {
        // a prompt that cannot be shown is no reason not to read the answer
        let _ = write!(self.to, "{question} [{usual}] ").and_then(|()| self.to.flush());
        let mut line = String::new();
        let read = self.from.read_line(&mut line).unwrap_or(0);
        if read == 0 && !self.heard {
            return Err(InitError::NoAnswers);
        }
        self.heard = true;
        Ok(match line.trim() {
            "" => Some(usual.to_owned()),
            "-" => None,
            answer => Some(answer.to_owned()),
        })
    }
}

/// `GET /path` as an operation; a path alone is asked for with `GET`.
fn request(text: &str) -> Option<ApiOperation> {
    let (method, path) = text.split_once(' ').unwrap_or(("GET", text));
    let path = path.trim();
    if !path.starts_with('/') || !method.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let holes = path
        .split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    Some(ApiOperation {
        method: method.to_uppercase(),
        path: path.to_owned(),
        parameters: holes
            .map(|name| ApiParameter {
                name: name.to_owned(),
                place: ParameterPlace::Path,
                required: true,
                leaf: ShapeValue::default(),
            })
            .collect(),
        ..ApiOperation::default()
    })
}

fn ok() -> ApiResponse {
    ApiResponse {
        status: 200,
        ..ApiResponse::default()
    }
}

fn text() -> Shape {
    Shape::Leaf(ShapeValue::default())
}

fn object<const N: usize>(fields: [(&str, Shape); N]) -> Shape {
    Shape::Object(
        fields
            .into_iter()
            .map(|(name, shape)| (name.to_owned(), field(shape)))
            .collect(),
    )
}

fn field(shape: Shape) -> ShapeField {
    ShapeField {
        shape,
        required: true,
    }
}

fn body(kind: BodyKind, fields: Vec<(String, Shape)>) -> RequestBody {
    let shape = Shape::Object(
        fields
            .into_iter()
            .map(|(name, shape)| (name, field(shape)))
            .collect(),
    );
    RequestBody {
        kind,
        types: Vec::new(),
        shape,
    }
}

/// A shape at a plain JSONPath: `$.data.token`.
fn at(path: &str, shape: Shape) -> Shape {
    path.trim_start_matches('$')
        .split('.')
        .rev()
        .filter(|name| !name.is_empty())
        .fold(shape, |inner, name| object([(name, inner)]))
}
