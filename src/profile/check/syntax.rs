//! The little languages of a profile: templates, expressions, JSONPath, captures, regular expressions.

use super::{CheckResult, Checker};
use crate::profile::error::nearest;
use crate::profile::filters::USUAL;
use crate::profile::secrets::{between_braces, without_braces};
use crate::profile::{Text, has_templates};
use regex::Regex;
use serde_json_path::JsonPath;
use std::ops::Range;

const CAPTURES: &str =
    "write `$.path`, `header NAME`, `cookie NAME` or `body`, each with ` ~ REGEX` if need be";

impl Checker<'_> {
    pub(super) fn template(&self, template: &Text) -> CheckResult {
        if let Err(why) = self.templates.check_template(template) {
            let what = format!("a template cannot be read: {why}");
            return self.fail(template.span(), what, "in here", None);
        }
        for part in between_braces(template) {
            self.filters(template.span(), part)?;
        }
        self.names_of(template.span(), template, &self.templates.names_in(template))
    }

    pub(super) fn templates<'a>(&self, templates: impl IntoIterator<Item = &'a Text>) -> CheckResult {
        templates
            .into_iter()
            .try_for_each(|template| self.template(template))
    }

    pub(super) fn expression(&self, expression: &Text) -> CheckResult {
        if let Err(why) = self.templates.check_expression(expression) {
            let what = format!("an expression cannot be read: {why}");
            return self.fail(expression.span(), what, "in here", None);
        }
        self.filters(expression.span(), expression)?;
        let names = self.templates.names_in_expression(expression);
        self.names_of(expression.span(), expression, &names)
    }

    pub(super) fn expressions<'a>(&self, expressions: impl IntoIterator<Item = &'a Text>) -> CheckResult {
        expressions
            .into_iter()
            .try_for_each(|expression| self.expression(expression))
    }

    fn filters(&self, place: Range<usize>, expression: &str) -> CheckResult {
        let Some(name) = self.templates.unknown_filter(expression) else {
            return Ok(());
        };
        let hint = nearest(&name, &USUAL).map(|near| format!("did you mean `{near}`?"));
        self.fail(place, format!("there is no filter `{name}`"), "in here", hint)
    }

    /// The strings of a JSON body, which stand near the string that is known.
    pub(super) fn body(&self, json: &toml::Value, near: &Range<usize>) -> CheckResult {
        let string = |text: &str| self.template(&Text::at(self.source.near(text, near), text));
        match json {
            toml::Value::String(text) => string(text),
            toml::Value::Array(items) => items.iter().try_for_each(|item| self.body(item, near)),
            toml::Value::Table(fields) => fields.iter().try_for_each(|(name, value)| {
                if name.contains("{{") {
                    string(name)?;
                }
                self.body(value, near)
            }),
            _ => Ok(()),
        }
    }

    pub(super) fn path(&self, place: Range<usize>, path: &str) -> CheckResult {
        JsonPath::parse(path).map(|_| ()).or_else(|error| {
            let hint = "JSONPath as in RFC 9535: `$.items[*]`, `$.id`".to_owned();
            self.fail(
                place,
                format!("a JSONPath cannot be read: {error}"),
                "in here",
                hint,
            )
        })
    }

    pub(super) fn regex(&self, place: Range<usize>, pattern: &str) -> CheckResult {
        Regex::new(pattern).map(|_| ()).or_else(|error| {
            // the first lines draw the pattern, which is shown anyway
            let text = error.to_string();
            let why = text
                .lines()
                .last()
                .unwrap_or_default()
                .trim_start_matches("error: ");
            let what = format!("a regular expression cannot be read: {why}");
            self.fail(place, what, "in here", None)
        })
    }

    /// `$.path`, `header NAME`, `cookie NAME` or `body`, each with ` ~ REGEX` if need be.
    pub(super) fn capture(&self, capture: &Text) -> CheckResult {
        if !has_templates(capture) {
            return self.plain_capture(capture);
        }
        self.template(capture)?;
        // with something plain in its templates it is read as it will be
        self.plain_capture(&Text::at(capture.span(), without_braces(capture)))
    }

    fn plain_capture(&self, capture: &Text) -> CheckResult {
        let (place, pattern) = match capture.split_once(" ~ ") {
            Some((place, pattern)) => (place.trim(), Some(pattern.trim())),
            None => (capture.trim(), None),
        };
        if let Some(pattern) = pattern {
            self.regex(capture.span(), pattern)?;
        }
        if place.starts_with('$') {
            return self.path(capture.span(), place);
        }
        let named = ["header ", "cookie "].iter().any(|kind| {
            place
                .strip_prefix(kind)
                .is_some_and(|name| !name.trim().is_empty())
        });
        if named || place == "body" {
            return Ok(());
        }
        let what = format!("`{place}` is not a capture");
        self.fail(
            capture.span(),
            what,
            "what is to be captured?",
            CAPTURES.to_owned(),
        )
    }

    /// A JSONPath within an item, with ` ~ REGEX` if need be.
    pub(super) fn item_path(&self, capture: &Text) -> CheckResult {
        match capture.split_once(" ~ ") {
            Some((path, pattern)) => {
                self.regex(capture.span(), pattern.trim())?;
                self.path(capture.span(), path.trim())
            }
            None => self.path(capture.span(), capture),
        }
    }
}
