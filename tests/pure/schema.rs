//! As much of JSON Schema as the schemas of the summary and of the profile use; a keyword it does not know fails, so that none is skipped unseen.

use serde_json::Value;

/// Everything in which `value` does not conform.
pub(crate) fn faults(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if *schema == Value::Bool(true) {
        return Vec::new();
    }
    let Some(keywords) = schema.as_object() else {
        return vec![format!("{at}: the schema is no object")];
    };
    let mut faults = Vec::new();
    for (keyword, rule) in keywords {
        let fine = match keyword.as_str() {
            "description" | "title" | "$schema" | "$defs" | "required" | "default" => true,
            // how a number is kept, not which it can be: `minimum` and `maximum` say that
            "format" => rule.as_str().is_some_and(|format| format.starts_with("uint")),
            "type" => is(rule, value),
            "const" => rule == value,
            "enum" => rule.as_array().is_some_and(|allowed| allowed.contains(value)),
            // of anything else but a number they say nothing
            "minimum" => value.as_f64().is_none_or(|number| Some(number) >= rule.as_f64()),
            "maximum" => value.as_f64().is_none_or(|number| Some(number) <= rule.as_f64()),
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
            "oneOf" => {
                let fits = |one: &&Value| self::faults(root, one, value, at).is_empty();
                rule.as_array().into_iter().flatten().filter(fits).count() == 1
            }
            "additionalProperties" => {
                faults.extend(others(root, schema, rule, value, at));
                true
            }
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
        // of what is not named here, `additionalProperties` says what holds
        if let Some(rule) = rules.get(name) {
            faults.extend(self::faults(root, rule, field, &format!("{at}/{name}")));
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

/// Fields that are not named in `properties`.
fn others(root: &Value, schema: &Value, rule: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, field) in value.as_object().into_iter().flatten() {
        if schema["properties"].get(name).is_some() {
            continue;
        }
        if *rule == Value::Bool(false) {
            faults.push(format!("{at}: `{name}` is not in the schema"));
        } else {
            faults.extend(self::faults(root, rule, field, &format!("{at}/{name}")));
        }
    }
    faults
}

fn is(rule: &Value, value: &Value) -> bool {
    let one = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    };
    match rule {
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(one),
        name => name.as_str().is_some_and(one),
    }
}
