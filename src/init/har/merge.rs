//! Recorded requests to the same thing as one operation.

use super::super::contract::{
    ApiContract, ApiOperation, ApiParameter, ApiResponse, BodyKind, ParameterPlace, RequestBody,
    SecurityScheme, Shape, ShapeValue, ValueOrigin,
};
use super::entry::HarEntry;
use super::names::{ResponseTraces, template};
use super::secrets::{self, is_key};
use super::shape::{answered, format_of, leaf, merged, request_shape, with_files};
use indexmap::IndexMap;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// The contract that the entries show.
pub(super) fn contract(entries: Vec<HarEntry>, source: &str) -> ApiContract {
    let secrets = secrets::of(&entries);
    let (entries, elsewhere) = own(entries);
    let traces = ResponseTraces::of(&entries);
    let bases = bases(&entries, &elsewhere);
    let mut numbers: IndexMap<String, usize> = IndexMap::new();
    let paths: Vec<(String, Vec<(String, String)>)> = entries
        .iter()
        .enumerate()
        .map(|(number, entry)| template(&traces, number, entry))
        .collect();
    let of_entry: Vec<usize> = entries
        .iter()
        .zip(&paths)
        .map(|(entry, (path, _))| {
            let line = format!("{} {} {path}", entry.method, entry.origin());
            let next = numbers.len();
            *numbers.entry(line).or_insert(next)
        })
        .collect();
    let mut merging = ContractBuilder {
        traces: &traces,
        secrets: &secrets,
        of_entry: &of_entry,
        operations: vec![ApiOperation::default(); numbers.len()],
        schemes: IndexMap::new(),
    };
    for (number, (entry, (path, holes))) in entries.iter().zip(&paths).enumerate() {
        merging.add(number, entry, path, holes, &bases);
    }
    let ContractBuilder {
        operations, schemes, ..
    } = merging;
    ApiContract {
        title: entries
            .first()
            .and_then(|entry| entry.url.host_str())
            .unwrap_or("stack")
            .to_owned(),
        source: format!("the recording {source}"),
        bases: bases.into_iter().map(|(origin, name)| (name, origin)).collect(),
        operations,
        schemes,
        secrets: secrets.into_iter().collect(),
        traced: true,
    }
}

/// Entries without those that only open an address which an answer gave: they are no operation of their own. Beside them the
/// origins of those.
fn own(entries: Vec<HarEntry>) -> (Vec<HarEntry>, BTreeSet<String>) {
    let given: BTreeSet<String> = entries
        .iter()
        .filter_map(|entry| entry.json.as_ref())
        .flat_map(|json| {
            let mut found = Vec::new();
            addresses(json, &mut found);
            found
        })
        .collect();
    let spoken: BTreeSet<String> = entries
        .iter()
        .filter(|entry| entry.json.is_some() && entry.status < 400)
        .map(HarEntry::origin)
        .collect();
    let (opened, own): (Vec<HarEntry>, Vec<HarEntry>) = entries
        .into_iter()
        .partition(|entry| given.contains(entry.url.as_str()));
    let own = own.into_iter().filter(|entry| spoken.contains(&entry.origin()));
    (own.collect(), opened.iter().map(HarEntry::origin).collect())
}

fn addresses(value: &Json, found: &mut Vec<String>) {
    match value {
        Json::Object(fields) => fields.values().for_each(|field| addresses(field, found)),
        Json::Array(items) => items.iter().for_each(|item| addresses(item, found)),
        Json::String(text) if text.starts_with("http") => {
            found.extend(url::Url::parse(text).map(String::from));
        }
        _ => {}
    }
}

/// Origins with their names; the one with most entries is `api`, and one to which addresses in answers lead is `media`.
fn bases(entries: &[HarEntry], elsewhere: &BTreeSet<String>) -> IndexMap<String, String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for entry in entries {
        *counts.entry(entry.origin()).or_default() += 1;
    }
    let mut origins: Vec<(String, usize)> = counts.into_iter().collect();
    origins.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let named = origins.into_iter().enumerate().map(|(number, (origin, _))| {
        let name = if number == 0 {
            "api".to_owned()
        } else {
            format!("other{number}")
        };
        (origin, name)
    });
    let mut named: IndexMap<String, String> = named.collect();
    for origin in elsewhere {
        let name = if named.values().any(|name| name == "media") {
            format!("media{}", named.len())
        } else {
            "media".to_owned()
        };
        named.entry(origin.clone()).or_insert(name);
    }
    named
}

struct ContractBuilder<'a> {
    traces: &'a ResponseTraces,
    secrets: &'a BTreeSet<String>,
    of_entry: &'a [usize],
    operations: Vec<ApiOperation>,
    schemes: IndexMap<String, SecurityScheme>,
}

impl ContractBuilder<'_> {
    fn add(
        &mut self,
        number: usize,
        entry: &HarEntry,
        path: &str,
        holes: &[(String, String)],
        bases: &IndexMap<String, String>,
    ) {
        let index = self.of_entry[number];
        let good = entry.status < 400;
        let security = self.security(number, entry);
        let find = |value: &str| {
            let (seen, place) = self.traces.origin(number, entry.who, value)?;
            let operation = *self.of_entry.get(*seen)?;
            Some(ValueOrigin {
                operation,
                place: place.clone(),
            })
        };
        let mut parameters: Vec<ApiParameter> = holes
            .iter()
            .map(|(name, value)| ApiParameter {
                name: name.clone(),
                place: ParameterPlace::Path,
                required: true,
                leaf: ShapeValue {
                    format: format_of(value),
                    known: Some(Json::from(value.as_str())),
                    from: find(value),
                    ..ShapeValue::default()
                },
            })
            .collect();
        for (name, value) in entry.url.query_pairs() {
            parameters.push(ApiParameter {
                name: name.into_owned(),
                place: ParameterPlace::Query,
                required: false,
                leaf: leaf(&Json::from(value.as_ref()), self.secrets, &find),
            });
        }
        for (name, _) in entry.headers.iter().filter(|(name, _)| name == "range") {
            parameters.push(ApiParameter {
                name: name.clone(),
                place: ParameterPlace::Header,
                required: false,
                leaf: ShapeValue::default(),
            });
        }
        let body = entry.body.as_ref().map(|sent| {
            let shape = match sent.kind {
                BodyKind::Bytes => Shape::Unknown,
                _ if sent.fields.is_null() => Shape::Unknown,
                _ => with_files(request_shape(&sent.fields, self.secrets, &find), &sent.fields),
            };
            RequestBody {
                kind: sent.kind,
                types: vec![sent.media_type.clone()],
                shape,
            }
        });
        let base = bases.get(&entry.origin()).filter(|name| *name != "api").cloned();
        let operation = &mut self.operations[index];
        entry.method.clone_into(&mut operation.method);
        path.clone_into(&mut operation.path);
        operation.base = base;
        for parameter in parameters {
            let known = operation
                .parameters
                .iter()
                .any(|other| other.name == parameter.name && other.place == parameter.place);
            if !known {
                operation.parameters.push(parameter);
            }
        }
        if good || operation.body.is_none() {
            match (&mut operation.body, body) {
                (Some(own), Some(other)) => {
                    let shape = std::mem::replace(&mut own.shape, Shape::Unknown);
                    own.shape = merged(shape, other.shape);
                }
                (own @ None, other) => *own = other,
                (Some(_), None) => {}
            }
        }
        if good {
            for name in security {
                if !operation.security.contains(&name) {
                    operation.security.push(name);
                }
            }
        }
        answer(operation, entry);
    }

    /// What the request showed of who asks.
    fn security(&mut self, number: usize, entry: &HarEntry) -> Vec<String> {
        let mut names = Vec::new();
        if let Some(value) = entry.header("authorization") {
            let scheme = if value.to_lowercase().starts_with("basic ") {
                SecurityScheme::Basic
            } else {
                SecurityScheme::Bearer
            };
            let token = value.split_whitespace().nth(1).unwrap_or(value);
            let traced = self.traces.origin(number, entry.who, token).is_some();
            let name = if traced || scheme == SecurityScheme::Bearer {
                "bearer"
            } else {
                "basic"
            };
            self.schemes.entry(name.to_owned()).or_insert(scheme);
            names.push(name.to_owned());
        }
        for (name, _) in &entry.headers {
            if is_key(name) && name != "authorization" {
                let called = role_of(name);
                self.schemes
                    .entry(called.clone())
                    .or_insert_with(|| SecurityScheme::Header(name.clone()));
                names.push(called);
            }
        }
        for (name, value) in entry.cookies() {
            if self.traces.origin(number, entry.who, value).is_some() {
                let called = format!("{name}-cookie");
                self.schemes
                    .entry(called.clone())
                    .or_insert_with(|| SecurityScheme::Cookie(name.to_owned(), Vec::new()));
                names.push(called);
            }
        }
        names
    }
}

/// `x-clinic-admin` opens things to `admin`: the last word that says something.
fn role_of(header: &str) -> String {
    let dull = ["x", "key", "token", "api", "auth", "secret"];
    header
        .split('-')
        .rfind(|word| !dull.contains(word))
        .unwrap_or("admin")
        .to_owned()
}

fn answer(operation: &mut ApiOperation, entry: &HarEntry) {
    let mut headers: Vec<String> = entry
        .answered
        .iter()
        .map(|(name, _)| name.clone())
        .filter(|name| name == "link" || name.contains("total") || name.contains("count"))
        .collect();
    headers.extend(entry.set_cookies().map(|(name, _)| format!("set-cookie: {name}")));
    let shape = entry.json.as_ref().map(answered);
    let types: Vec<String> = Some(entry.kind.clone())
        .filter(|kind| !kind.is_empty())
        .into_iter()
        .collect();
    if let Some(known) = operation
        .answers
        .iter_mut()
        .find(|answer| answer.status == entry.status)
    {
        known.shape = match (known.shape.take(), shape) {
            (Some(one), Some(other)) => Some(merged(one, other)),
            (one, other) => one.or(other),
        };
        for kind in types {
            if !known.types.contains(&kind) {
                known.types.push(kind);
            }
        }
        for header in headers {
            if !known.headers.contains(&header) {
                known.headers.push(header);
            }
        }
    } else {
        operation.answers.push(ApiResponse {
            status: entry.status,
            types,
            shape,
            headers,
        });
    }
}
