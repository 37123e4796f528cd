//! Which of the stack's collections is that of the recordings, and which requests lead to them.

use super::super::contract::{ApiContract, ApiOperation, Shape, ShapeField, is_parameter};
use super::people::{SignInGuess, best};
use super::words::{self, is, says, singular};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// The recordings of a stack.
#[derive(Debug)]
pub(crate) struct RecordingCollection {
    /// `/v1/replays`.
    pub(crate) path: String,
    /// What one is called: `replay`.
    pub(crate) noun: String,
    /// Requests that list them.
    pub(crate) lists: Vec<RecordingList>,
    /// The request for a single one.
    pub(crate) item: Option<usize>,
    /// Requests for what belongs to one, `GET`.
    pub(crate) parts: Vec<usize>,
    /// Requests that hand out an address.
    pub(crate) links: Vec<usize>,
    /// Requests that change one.
    pub(crate) writes: Vec<usize>,
    /// The request that deletes one.
    pub(crate) delete: Option<usize>,
    /// The request that makes one.
    pub(crate) create: Option<usize>,
}

/// A list of recordings.
#[derive(Debug, Clone)]
pub(crate) struct RecordingList {
    /// The request.
    pub(crate) operation: usize,
    /// The items, as a JSONPath.
    pub(crate) items: String,
    /// An item's id, as a JSONPath within the item.
    pub(crate) id: String,
}

impl RecordingCollection {
    /// The likeliest, if any is likely.
    pub(crate) fn find(contract: &ApiContract, people: &SignInGuess) -> Option<Self> {
        let operations = &contract.operations;
        let mut paths: BTreeSet<&str> = BTreeSet::new();
        for operation in operations.iter().filter(|operation| operation.method == "GET") {
            if operation.ends_with_parameter() {
                paths.extend(operation.path.rsplit_once('/').map(|(before, _)| before));
            } else if list_in(operation, None).is_some() {
                paths.insert(operation.path.trim_end_matches('/'));
            }
            for (at, _) in operation.path.match_indices("/{") {
                paths.insert(&operation.path[..at]);
            }
        }
        let scored = paths.into_iter().filter(|path| !path.is_empty()).map(|path| {
            let score = score(operations, people, path);
            (score, std::cmp::Reverse(path.len()), path)
        });
        let (score, _, path) = scored.max()?;
        (score >= 5).then(|| Self::at(operations, path))
    }

    fn at(operations: &[ApiOperation], path: &str) -> Self {
        let last = path
            .rsplit('/')
            .find(|segment| !is_parameter(segment))
            .unwrap_or_default();
        let noun = words::words(last).pop().unwrap_or_else(|| singular(last));
        let indices = |fits: &dyn Fn(&ApiOperation) -> bool| -> Vec<usize> {
            operations
                .iter()
                .enumerate()
                .filter(|(_, operation)| fits(operation))
                .map(|(index, _)| index)
                .collect()
        };
        let lists = operations.iter().enumerate().filter_map(|(index, operation)| {
            let here = operation.path.trim_end_matches('/') == path;
            let (items, id) = list_in(operation, (!here).then_some(noun.as_str()))?;
            Some(RecordingList {
                operation: index,
                items,
                id,
            })
        });
        let mut lists: Vec<RecordingList> = lists.collect();
        lists.sort_by_key(|list| operations[list.operation].path.trim_end_matches('/') != path);
        let listed: Vec<usize> = lists.iter().map(|list| list.operation).collect();
        let part = |operation: &ApiOperation| part_of(operation, path);
        let links = indices(&|operation| {
            part(operation)
                && matches!(operation.method.as_str(), "POST" | "GET" | "PUT")
                && says(operation.last_word(), words::LINK)
                && address_in(operation).is_some()
        });
        Self {
            lists,
            item: operations
                .iter()
                .position(|operation| operation.method == "GET" && item_of(operation, path)),
            parts: indices(&|operation| operation.method == "GET" && part(operation))
                .into_iter()
                .filter(|index| !links.contains(index) && !listed.contains(index))
                .collect(),
            writes: indices(&|operation| {
                matches!(operation.method.as_str(), "PATCH" | "PUT")
                    && item_of(operation, path)
                    && operation.fields().is_some()
            }),
            delete: operations
                .iter()
                .position(|operation| operation.method == "DELETE" && item_of(operation, path)),
            create: best(operations, |operation| {
                let here = operation.method == "POST" && operation.path.trim_end_matches('/') == path;
                i32::from(here)
            }),
            links,
            noun,
            path: path.to_owned(),
        }
    }
}

/// Whether it asks for a single one: `/v1/replays/{id}`.
fn item_of(operation: &ApiOperation, path: &str) -> bool {
    operation
        .path
        .trim_end_matches('/')
        .strip_prefix(path)
        .and_then(|rest| rest.strip_prefix('/'))
        .is_some_and(|rest| is_parameter(rest) && !rest.contains('/'))
}

/// Whether it asks for what belongs to one: `/v1/replays/{id}/media`.
fn part_of(operation: &ApiOperation, path: &str) -> bool {
    operation
        .path
        .strip_prefix(path)
        .and_then(|rest| rest.strip_prefix("/{"))
        .and_then(|rest| rest.split_once('/'))
        .is_some_and(|(_, rest)| !rest.is_empty())
}

fn score(operations: &[ApiOperation], people: &SignInGuess, path: &str) -> i32 {
    let last = path.rsplit('/').next().unwrap_or_default();
    if is_parameter(last) {
        return 0;
    }
    let any = |fits: &dyn Fn(&ApiOperation) -> bool| i32::from(operations.iter().any(fits));
    let gets = |operation: &ApiOperation| operation.method == "GET";
    let named = i32::from(says(last, words::RECORDING)) * 6 + i32::from(says(last, words::MEDIA)) * 4;
    let files = any(&|one| gets(one) && one.gives_a_file() && (item_of(one, path) || part_of(one, path)));
    let item = any(&|one| gets(one) && item_of(one, path));
    let list = any(&|one| one.path.trim_end_matches('/') == path && list_in(one, None).is_some());
    let made = any(&|one| one.path.starts_with(path) && one.takes_a_file() && one.method != "GET");
    let not = [words::FLAG, &["health", "metric", "admin", "config", "setting"]]
        .iter()
        .any(|list| says(path, list));
    let people_here = operations
        .iter()
        .enumerate()
        .any(|(index, one)| Some(index) == people.sign_up && one.path == path);
    named + files * 5 + item * 2 + list * 2 + made * 2
        - i32::from(not) * 8
        - i32::from(people_here || says(last, words::ONESELF)) * 8
}

/// The items of a list and an item's id; with a noun only those that are called so.
fn list_in(operation: &ApiOperation, noun: Option<&str>) -> Option<(String, String)> {
    if operation.method != "GET" || operation.ends_with_parameter() {
        return None;
    }
    let arrays = operation.json()?.arrays();
    arrays.into_iter().find_map(|(items, fields)| {
        let id = id_of(fields)?;
        let called = noun.is_none_or(|noun| {
            let own = says(&items, &[noun]) || says(operation.last_word(), &[noun]);
            own && operation.holes() == 0
        });
        called.then_some((items, id))
    })
}

fn id_of(fields: &IndexMap<String, ShapeField>) -> Option<String> {
    let single = |name: &&String| {
        fields
            .get(*name)
            .is_some_and(|field| matches!(field.shape, Shape::Leaf(_)))
    };
    let mut names: Vec<&String> = fields.keys().filter(single).collect();
    names.sort_by_key(|name| !is(name, words::ID));
    let ends_so = |name: &&String| {
        is(name, words::ID)
            || words::words(name)
                .last()
                .is_some_and(|word| word == "id" || word == "uid")
    };
    names
        .into_iter()
        .find(ends_so)
        .map(|name| super::super::contract::member("$", name))
}

/// The address in an answer.
pub(crate) fn address_in(operation: &ApiOperation) -> Option<String> {
    let leaves = operation.json()?.leaves();
    leaves
        .into_iter()
        .filter(|(path, _)| !path.contains("links") && !path.contains("self"))
        .find(|(path, leaf)| {
            let name = path.rsplit('.').next().unwrap_or_default();
            let absolute = leaf
                .known
                .as_ref()
                .and_then(serde_json::Value::as_str)
                .is_some_and(|known| known.starts_with("http"));
            is(name, words::URL) || absolute || (leaf.format == "uri" && says(name, words::URL))
        })
        .map(|(path, _)| path)
}
