//! Recorded JSON as shapes, without what stood in it.

use super::super::contract::{Shape, ShapeField, ShapeValue, ValueOrigin, ValueType};
use super::secrets::harmless;
use indexmap::IndexMap;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// Looks up where a value came from.
pub(super) type OriginLookup<'a> = dyn Fn(&str) -> Option<ValueOrigin> + 'a;

/// A value of a request: with where it came from, and itself when it is harmless.
pub(super) fn request_shape(value: &Json, secrets: &BTreeSet<String>, find: &OriginLookup<'_>) -> Shape {
    match value {
        Json::Object(fields) => object(fields, |field| request_shape(field, secrets, find)),
        Json::Array(items) => Shape::Array(Box::new(
            items
                .first()
                .map_or(Shape::Unknown, |item| request_shape(item, secrets, find)),
        )),
        single => Shape::Leaf(leaf(single, secrets, find)),
    }
}

/// One value of a request.
pub(super) fn leaf(value: &Json, secrets: &BTreeSet<String>, find: &OriginLookup<'_>) -> ShapeValue {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let fit = harmless(value, secrets);
    let traceable = text.len() >= 4 && !fit && !value.is_boolean() && !value.is_null();
    ShapeValue {
        kind: kind(value),
        format: format_of(&text),
        choices: Vec::new(),
        known: fit.then(|| value.clone()),
        from: traceable.then(|| find(&text)).flatten(),
    }
}

/// A value of an answer: of what it says only the form is kept.
pub(super) fn answered(value: &Json) -> Shape {
    match value {
        Json::Object(fields) => object(fields, answered),
        Json::Array(items) => {
            let shape = items
                .iter()
                .take(50)
                .map(answered)
                .reduce(merged)
                .unwrap_or(Shape::Unknown);
            Shape::Array(Box::new(shape))
        }
        single => {
            let text = single.as_str().unwrap_or_default();
            let begins = ["http:", "https:", "/"]
                .into_iter()
                .find(|begin| text.starts_with(begin));
            Shape::Leaf(ShapeValue {
                kind: kind(single),
                format: format_of(text),
                known: begins.map(Json::from),
                ..ShapeValue::default()
            })
        }
    }
}

fn object(fields: &serde_json::Map<String, Json>, read: impl Fn(&Json) -> Shape) -> Shape {
    let fields = fields.iter().map(|(name, value)| {
        let field = ShapeField {
            shape: read(value),
            required: true,
        };
        (name.clone(), field)
    });
    Shape::Object(fields.collect())
}

fn kind(value: &Json) -> ValueType {
    match value {
        Json::Number(_) => ValueType::Number,
        Json::Bool(_) => ValueType::Truth,
        _ => ValueType::Text,
    }
}

/// The form of a value, as OpenAPI calls it.
pub(super) fn format_of(text: &str) -> String {
    let format = if uuid::Uuid::try_parse(text).is_ok() {
        "uuid"
    } else if text.parse::<jiff::Timestamp>().is_ok() {
        "date-time"
    } else if text.contains('@') && !text.contains(char::is_whitespace) {
        "email"
    } else {
        ""
    };
    format.to_owned()
}

/// Two shapes of the same thing as one. Words that were different each time are choices.
pub(super) fn merged(one: Shape, other: Shape) -> Shape {
    match (one, other) {
        (Shape::Object(mut fields), Shape::Object(others)) => {
            for (name, field) in &mut fields {
                field.required &= others.contains_key(name);
            }
            for (name, mut other) in others {
                if let Some(field) = fields.get_mut(&name) {
                    let own = std::mem::replace(&mut field.shape, Shape::Unknown);
                    field.shape = merged(own, other.shape);
                } else {
                    other.required = false;
                    fields.insert(name, other);
                }
            }
            Shape::Object(fields)
        }
        (Shape::Array(one), Shape::Array(other)) => Shape::Array(Box::new(merged(*one, *other))),
        (Shape::Leaf(one), Shape::Leaf(other)) => Shape::Leaf(merged_leaf(one, other)),
        (Shape::Unknown, known) | (known, Shape::Unknown | _) => known,
    }
}

fn merged_leaf(one: ShapeValue, other: ShapeValue) -> ShapeValue {
    let mut choices = one.choices.clone();
    let words = [&one.known, &other.known];
    let words: Vec<&str> = words.into_iter().flatten().filter_map(Json::as_str).collect();
    if words.len() == 2 && words.first() != words.last() || !choices.is_empty() {
        for word in words {
            if !choices.iter().any(|choice| choice == word) {
                choices.push(word.to_owned());
            }
        }
    }
    ShapeValue {
        kind: one.kind,
        format: if one.format == other.format {
            one.format
        } else {
            String::new()
        },
        choices,
        known: one.known.or(other.known),
        from: one.from.or(other.from),
    }
}

/// The fields of a multipart body: a file is null in a recording.
pub(super) fn with_files(shape: Shape, fields: &Json) -> Shape {
    let (Shape::Object(mut shapes), Some(fields)) = (shape.clone(), fields.as_object()) else {
        return shape;
    };
    mark(&mut shapes, fields);
    Shape::Object(shapes)
}

fn mark(shapes: &mut IndexMap<String, ShapeField>, fields: &serde_json::Map<String, Json>) {
    for (name, value) in fields {
        if value.is_null()
            && let Some(field) = shapes.get_mut(name)
        {
            field.shape = Shape::Leaf(ShapeValue {
                kind: ValueType::Bytes,
                ..ShapeValue::default()
            });
        }
    }
}
