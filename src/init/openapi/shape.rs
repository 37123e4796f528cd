//! Schemas of an OpenAPI document as shapes.

use super::super::contract::{Shape, ShapeField, ShapeValue, ValueType};
use indexmap::IndexMap;
use serde_json::Value as Json;

/// Schemas that refer to themselves end here.
const DEEPEST: u8 = 8;

/// Reads a document's schemas.
pub(super) struct SchemaReader<'a> {
    /// The whole document, for references.
    pub(super) document: &'a Json,
}

/// A member that is text; empty when it is not there.
pub(super) fn text<'a>(value: &'a Json, name: &str) -> &'a str {
    value.get(name).and_then(Json::as_str).unwrap_or_default()
}

impl<'a> SchemaReader<'a> {
    /// What a `$ref` stands for; only references within the document are followed.
    pub(super) fn resolved(&self, value: &'a Json) -> &'a Json {
        let mut value = value;
        for _ in 0..DEEPEST {
            let reference = text(value, "$ref");
            let target = reference
                .strip_prefix('#')
                .and_then(|pointer| self.document.pointer(pointer));
            match target {
                Some(target) => value = target,
                None => break,
            }
        }
        value
    }

    /// A schema as a shape.
    pub(super) fn shape(&self, schema: &'a Json) -> Shape {
        self.at_depth(schema, 0)
    }

    /// A schema as a shape, with the values of an example that stands beside it.
    pub(super) fn with_example(&self, schema: &'a Json, example: Option<&Json>) -> Shape {
        let mut shape = self.shape(schema);
        let own = self.resolved(schema).get("example");
        if let Some(example) = example.or(own) {
            fill(&mut shape, example);
        }
        shape
    }

    fn at_depth(&self, schema: &'a Json, depth: u8) -> Shape {
        if depth > DEEPEST {
            return Shape::Unknown;
        }
        let schema = self.resolved(schema);
        let mut fields = IndexMap::new();
        for part in schema.get("allOf").and_then(Json::as_array).into_iter().flatten() {
            if let Shape::Object(more) = self.at_depth(part, depth + 1) {
                fields.extend(more);
            }
        }
        for choice in ["oneOf", "anyOf"] {
            let ways = schema.get(choice).and_then(Json::as_array).into_iter().flatten();
            let shape = ways
                .map(|way| self.at_depth(way, depth + 1))
                .find(|shape| *shape != Shape::Unknown);
            match shape {
                Some(Shape::Object(more)) => fields.extend(more),
                Some(other) => return other,
                None => {}
            }
        }
        let required: Vec<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let field = ShapeField {
                shape: self.at_depth(field, depth + 1),
                required: required.contains(&name.as_str()),
            };
            fields.insert(name.clone(), field);
        }
        if !fields.is_empty() {
            return Shape::Object(fields);
        }
        match kind(schema) {
            "array" => Shape::Array(Box::new(
                schema
                    .get("items")
                    .map_or(Shape::Unknown, |items| self.at_depth(items, depth + 1)),
            )),
            "object" => Shape::Object(IndexMap::new()),
            "string" => Shape::Leaf(leaf(schema, ValueType::Text)),
            "integer" | "number" => Shape::Leaf(leaf(schema, ValueType::Number)),
            "boolean" => Shape::Leaf(leaf(schema, ValueType::Truth)),
            _ if schema.get("enum").is_some() || schema.get("const").is_some() => {
                Shape::Leaf(leaf(schema, ValueType::Text))
            }
            _ => Shape::Unknown,
        }
    }
}

/// The type; of several, the first that is not null.
fn kind(schema: &Json) -> &str {
    match &schema["type"] {
        Json::String(kind) => kind,
        Json::Array(kinds) => kinds
            .iter()
            .filter_map(Json::as_str)
            .find(|kind| *kind != "null")
            .unwrap_or_default(),
        _ => "",
    }
}

fn leaf(schema: &Json, kind: ValueType) -> ShapeValue {
    let format = text(schema, "format");
    let bytes = matches!(format, "binary" | "byte" | "base64")
        || schema.get("contentEncoding").is_some()
        || schema.get("contentMediaType").is_some();
    let examples = schema.get("examples").and_then(Json::as_array);
    let choices = schema["enum"].as_array().into_iter().flatten();
    ShapeValue {
        kind: if bytes { ValueType::Bytes } else { kind },
        format: format.to_owned(),
        choices: choices.filter_map(Json::as_str).map(str::to_owned).collect(),
        known: ["const", "example", "default"]
            .iter()
            .find_map(|name| schema.get(*name))
            .or_else(|| examples.and_then(|examples| examples.first()))
            .filter(|known| !known.is_null())
            .cloned(),
        from: None,
    }
}

/// Writes an example's values into a shape that has none.
fn fill(shape: &mut Shape, example: &Json) {
    match (shape, example) {
        (Shape::Object(fields), Json::Object(example)) => {
            for (name, field) in fields {
                if let Some(example) = example.get(name) {
                    fill(&mut field.shape, example);
                }
            }
        }
        (Shape::Leaf(leaf), value) if !value.is_null() && leaf.known.is_none() => {
            leaf.known = Some(value.clone());
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_schema_that_holds_itself_ends() {
        let document = json!({ "components": { "schemas": { "Node": {
            "type": "object", "required": ["id"],
            "properties": { "id": { "type": ["null", "string"] }, "next": { "$ref": "#/components/schemas/Node" } },
        } } } });
        let reader = SchemaReader { document: &document };
        let shape = reader.shape(&document["components"]["schemas"]["Node"]);
        let leaves = shape.leaves();
        assert_eq!(leaves.first().map(|(path, _)| path.as_str()), Some("$.id"));
        assert!(leaves.len() > 2, "{leaves:?}");
        let looping = json!({ "$ref": "#" });
        assert_eq!(
            SchemaReader { document: &looping }.shape(&looping),
            Shape::Unknown
        );
    }
}
