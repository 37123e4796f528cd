//! As much of JSON Schema as the summary's schema uses; a keyword it does not know fails, so that none is skipped unseen.

use serde_json::Value;

/// Everything in which `value` does not conform.
pub(crate) fn faults(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let Some(keywords) = schema.as_object() else {
        return vec![format!("{at}: the schema is no object")];
    };
    let mut faults = Vec::new();
    for (keyword, rule) in keywords {
        let fine = match keyword.as_str() {
            "description" | "title" | "$schema" | "$defs" | "required" | "additionalProperties" => true,
            "type" => is(rule, value),
            "const" => rule == value,
            "enum" => rule.as_array().is_some_and(|allowed| allowed.contains(value)),
            "minimum" => value.as_f64() >= rule.as_f64(),
            "pattern" => regex::Regex::new(rule.as_str().unwrap_or("["))
                .is_ok_and(|pattern| value.as_str().is_some_and(|text| pattern.is_match(text))),
            "$ref" => {
                let target = rule
                    .as_str()
                    .and_then(|path| root.pointer(path.trim_start_matches('#')));
                faults.extend(target.map_or_else(
                    || vec![format!("{at}: {rule} is not there")],
                    |target| self::faults(root, target, value, at),
                ));
                true
            }
            "anyOf" => rule
                .as_array()
                .into_iter()
                .flatten()
                .any(|one| self::faults(root, one, value, at).is_empty()),
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    faults.extend(self::faults(root, rule, item, &format!("{at}/{index}")));
                }
                true
            }
            "properties" => {
                faults.extend(properties(root, schema, rule, value, at));
                true
            }
            unknown => {
                faults.push(format!("{at}: the check does not know `{unknown}`"));
                true
            }
        };
        if !fine {
            faults.push(format!("{at}: {value} is not as `{keyword}` {rule} says"));
        }
    }
    faults
}

fn properties(root: &Value, schema: &Value, rules: &Value, value: &Value, at: &str) -> Vec<String> {
    let Some(object) = value.as_object() else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    for (name, field) in object {
        match rules.get(name) {
            Some(rule) => faults.extend(self::faults(root, rule, field, &format!("{at}/{name}"))),
            None if schema["additionalProperties"] == Value::Bool(false) => {
                faults.push(format!("{at}: `{name}` is not in the schema"));
            }
            None => {}
        }
    }
    let required = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    faults.extend(
        required
            .filter(|name| !object.contains_key(*name))
            .map(|name| format!("{at}: `{name}` is missing")),
    );
    faults
}

fn is(rule: &Value, value: &Value) -> bool {
    let one = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    };
    match rule {
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(one),
        name => name.as_str().is_some_and(one),
    }
}
