//! One template syntax, `{{ … }}`, in every string of a profile, and expressions about answers.

use super::filters;
use super::secrets::{FileSecrets, Secrets};
use super::vars::Vars;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::path::Path;

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

/// Fills templates in. What is not there is an error, never an empty string.
pub struct Templates {
    environment: Environment<'static>,
    secrets: Secrets,
    files: FileSecrets,
}

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Templates")
    }
}

impl Default for Templates {
    /// Without a directory and without an environment.
    fn default() -> Self {
        Self::new(Path::new(""), &Secrets::default())
    }
}

/// What an expression comes to, while it is worked out.
const RESULT: &str = "_result";

/// Whether a capture has templates in it. In its regular expressions `{%` and `{#` are what they are there.
pub(crate) fn has_templates(capture: &str) -> bool {
    capture.contains("{{")
}

impl Templates {
    /// For a profile: `file('name')` counts from its directory, and `env.NAME` is what was found when it was loaded.
    #[must_use]
    pub fn new(directory: &Path, secrets: &Secrets) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        // a template is called by its own text, so that each is read once, however often it is filled in
        environment.set_loader(|text| Ok(Some(text.to_owned())));
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.add_global("env", secrets.as_value());
        let files = FileSecrets::new(directory);
        let reading = files.clone();
        environment.add_function("file", move |name: String| reading.read(&name));
        filters::add(&mut environment);
        Self {
            environment,
            secrets: secrets.clone(),
            files,
        }
    }

    /// A text with every secret of the environment and of files in it made unreadable: for what others have written, such as the
    /// error output of a command.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        self.files.mask(&self.secrets.mask(text))
    }

    /// A filter that an expression uses and that there is not; such a mistake shows only when it is worked out.
    #[must_use]
    pub fn unknown_filter(&self, expression: &str) -> Option<String> {
        filters::used_in(expression)
            .into_iter()
            .find(|name| self.lacks_filter(name))
    }

    fn lacks_filter(&self, name: &str) -> bool {
        let tried = self
            .environment
            .compile_expression(&format!("''|{name}"))
            .map(|expression| expression.eval(()));
        matches!(tried, Ok(Err(error)) if error.kind() == ErrorKind::UnknownFilter)
    }

    /// The names that a template wants: `me.token`, `slot`.
    #[must_use]
    pub fn names_in(&self, template: &str) -> HashSet<String> {
        self.environment
            .template_from_str(template)
            .map(|template| template.undeclared_variables(true))
            .unwrap_or_default()
    }

    /// The names that an expression wants.
    #[must_use]
    pub fn names_in_expression(&self, expression: &str) -> HashSet<String> {
        self.environment
            .compile_expression(expression)
            .map(|expression| expression.undeclared_variables(true))
            .unwrap_or_default()
    }

    /// Fills a template in.
    ///
    /// # Errors
    /// When it names something that is not there.
    pub fn fill(&self, template: &str, vars: &Vars) -> Result<String, TemplateError> {
        if !template.contains("{{") && !template.contains("{%") && !template.contains("{#") {
            return Ok(template.to_owned());
        }
        self.environment
            .get_template(template)
            .and_then(|template| template.render(&vars.0))
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
        // as a template, which is kept, where an expression would be read each time
        let text = format!("{{% set {RESULT} = ({expression}) %}}");
        let template = self
            .environment
            .get_template(&text)
            .map_err(|error| failed(&error))?;
        let worked_out = template
            .render_captured(context)
            .map_err(|error| failed(&error))?;
        Ok(worked_out.state().lookup(RESULT).unwrap_or_default())
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
}
