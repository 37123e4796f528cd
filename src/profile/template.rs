//! One template syntax, `{{ … }}`, in every string of a profile, and expressions about answers.

use minijinja::value::Value;
use minijinja::{Environment, UndefinedBehavior};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt;

/// A template that cannot be filled in.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// Something in it is missing or wrong.
    #[error("cannot fill in `{template}`: {why}")]
    Fill { template: String, why: String },
    /// An expression is wrong.
    #[error("cannot work out `{expression}`: {why}")]
    Expression { expression: String, why: String },
}

/// Named values that templates are filled in with. They hold passwords and tokens, so they never print.
#[derive(Clone, Default, PartialEq)]
pub struct Vars(BTreeMap<String, Json>);

impl fmt::Debug for Vars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Vars {
    /// Sets one value.
    pub fn set(&mut self, name: &str, value: impl Into<Json>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// The same with one value more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.set(name, value);
        self
    }

    /// One value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.get(name)
    }

    /// One value that is text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Json::as_str)
    }

    /// Takes over all values of `other`.
    pub fn extend(&mut self, other: &Self) {
        self.0
            .extend(other.0.iter().map(|(name, value)| (name.clone(), value.clone())));
    }

    /// All of them as one value, to stand under a name (`me`).
    #[must_use]
    pub fn as_value(&self) -> Json {
        Json::Object(self.0.clone().into_iter().collect())
    }
}

/// Fills templates in. What is not there is an error, never an empty string.
pub struct Templates {
    environment: Environment<'static>,
}

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Templates")
    }
}

impl Default for Templates {
    fn default() -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        Self { environment }
    }
}

impl Templates {
    /// Fills a template in.
    ///
    /// # Errors
    /// When it names something that is not there.
    pub fn fill(&self, template: &str, vars: &Vars) -> Result<String, TemplateError> {
        if !template.contains("{{") && !template.contains("{%") && !template.contains("{#") {
            return Ok(template.to_owned());
        }
        self.environment
            .render_str(template, &vars.0)
            .map_err(|error| TemplateError::Fill {
                template: template.to_owned(),
                why: reason(&error),
            })
    }

    /// Fills a template in; one that is nothing but `{{ expression }}` keeps the type of its value (a list, a number, true).
    ///
    /// # Errors
    /// When it names something that is not there.
    pub fn value(&self, template: &str, vars: &Vars) -> Result<Json, TemplateError> {
        let Some(expression) = lone_expression(template) else {
            return self.fill(template, vars).map(Json::String);
        };
        let value = self.evaluate(expression, vars, &[])?;
        if value.is_undefined() {
            return Err(TemplateError::Fill {
                template: template.to_owned(),
                why: format!("`{expression}` is not there"),
            });
        }
        serde_json::to_value(&value).map_err(|error| TemplateError::Fill {
            template: template.to_owned(),
            why: error.to_string(),
        })
    }

    /// Whether an expression is true of the values and functions given.
    ///
    /// # Errors
    /// When it cannot be worked out.
    pub fn holds(
        &self,
        expression: &str,
        vars: &Vars,
        more: &[(&str, Value)],
    ) -> Result<bool, TemplateError> {
        self.evaluate(expression, vars, more).map(|value| value.is_true())
    }

    /// Whether an expression can be read at all.
    ///
    /// # Errors
    /// When it cannot.
    pub fn check_expression(&self, expression: &str) -> Result<(), String> {
        self.environment
            .compile_expression(expression)
            .map(|_| ())
            .map_err(|error| reason(&error))
    }

    /// Whether a template can be read at all.
    ///
    /// # Errors
    /// When it cannot.
    pub fn check_template(&self, template: &str) -> Result<(), String> {
        self.environment
            .template_from_str(template)
            .map(|_| ())
            .map_err(|error| reason(&error))
    }

    fn evaluate(
        &self,
        expression: &str,
        vars: &Vars,
        more: &[(&str, Value)],
    ) -> Result<Value, TemplateError> {
        let failed = |error: &minijinja::Error| TemplateError::Expression {
            expression: expression.to_owned(),
            why: reason(error),
        };
        let mut context: BTreeMap<&str, Value> = vars
            .0
            .iter()
            .map(|(name, value)| (name.as_str(), Value::from_serialize(value)))
            .collect();
        context.extend(more.iter().map(|(name, value)| (*name, value.clone())));
        let compiled = self
            .environment
            .compile_expression(expression)
            .map_err(|error| failed(&error))?;
        compiled.eval(context).map_err(|error| failed(&error))
    }
}

fn lone_expression(template: &str) -> Option<&str> {
    let inner = template.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    (!inner.contains("{{") && !inner.contains("}}")).then(|| inner.trim())
}

fn reason(error: &minijinja::Error) -> String {
    error.detail().map_or_else(
        || error.kind().to_string(),
        |detail| format!("{}: {detail}", error.kind()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn vars() -> Vars {
        Vars::default()
            .with("me", json!({"token": "s3cret", "age": 41}))
            .with("wanted", true)
    }

    #[test]
    fn other_peoples_syntax_is_left_alone() -> Result<(), TemplateError> {
        let text = "$x %x !x {} ${HOME} {\"a\": 1}";
        assert_eq!(Templates::default().fill(text, &vars())?, text);
        Ok(())
    }

    #[test]
    fn what_is_not_there_is_an_error_and_never_an_empty_string() {
        let error = Templates::default().fill("Bearer {{ me.tokn }}", &vars());
        assert!(matches!(error, Err(TemplateError::Fill { .. })), "{error:?}");
        assert!(Templates::default().value("{{ nobody }}", &vars()).is_err());
    }

    #[test]
    fn a_lone_expression_keeps_its_type() -> Result<(), TemplateError> {
        assert_eq!(Templates::default().value("{{ wanted }}", &vars())?, json!(true));
        assert_eq!(
            Templates::default().value("{{ me.age }} years", &vars())?,
            json!("41 years")
        );
        Ok(())
    }

    #[test]
    fn values_do_not_print() {
        assert_eq!(format!("{:?}", vars()), r#"{"me", "wanted"}"#);
    }
}
