//! What is wrong with a profile: the place, what was expected there, and the nearest valid name.

use super::parts::{Profile, Step};
use super::template::Templates;
use miette::{Diagnostic, NamedSource, SourceSpan};
use serde_json_path::JsonPath;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;

/// A mistake in a profile.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("the target profile cannot be used: {what}")]
pub struct ProfileError {
    what: String,
    #[source_code]
    text: Arc<NamedSource<String>>,
    #[label("{label}")]
    place: Option<SourceSpan>,
    label: String,
    #[help]
    hint: Option<String>,
}

impl ProfileError {
    pub(super) fn from_toml(name: &str, text: &str, error: &toml::de::Error) -> Self {
        let message = error.message().to_owned();
        Self {
            hint: nearest_in_message(&message),
            what: message,
            text: Arc::new(NamedSource::new(name, text.to_owned())),
            place: error.span().map(to_span),
            label: "here".to_owned(),
        }
    }
}

/// Names that are meant to exist, and what they are called in a message.
struct Known<'a> {
    kind: &'static str,
    names: Vec<&'a str>,
}

/// Everything that can be wrong although the file can be read.
pub(super) fn check(name: &str, text: &str, profile: &Profile) -> Result<(), ProfileError> {
    let checker = Checker {
        name,
        text,
        profile,
        templates: Templates::default(),
    };
    for base in profile.base.values() {
        checker.template(base)?;
    }
    for role in profile.role.values() {
        let sessions = role.session.values().map(|session| &session.credentials);
        for credentials in std::iter::once(&role.credentials).chain(sessions) {
            credentials
                .header
                .values()
                .try_for_each(|value| checker.template(value))?;
        }
        for step in role
            .provision
            .iter()
            .chain(&role.login)
            .chain(&role.logout)
            .chain(&role.remove)
        {
            checker.step(step)?;
        }
        role.whoami.as_ref().map_or(Ok(()), |step| checker.step(step))?;
        for session in role.session.values() {
            session.login.iter().try_for_each(|step| checker.step(step))?;
        }
    }
    for action in profile.action.values() {
        action
            .steps
            .iter()
            .chain(&action.settled)
            .try_for_each(|step| checker.step(step))?;
    }
    if let Some(flag) = &profile.flag {
        flag.set
            .iter()
            .chain([&flag.read, &flag.settled])
            .try_for_each(|step| checker.step(step))?;
    }
    if let Some(recording) = &profile.recording {
        recording.plant.iter().try_for_each(|step| checker.step(step))?;
        checker.template(&recording.missing)?;
    }
    for outcome in [
        &profile.outcome.denied,
        &profile.outcome.no_session,
        &profile.outcome.throttled,
    ] {
        checker.expression(outcome)?;
    }
    checker.surfaces()
}

struct Checker<'a> {
    name: &'a str,
    text: &'a str,
    profile: &'a Profile,
    templates: Templates,
}

impl Checker<'_> {
    fn fail(&self, place: Range<usize>, what: String, label: &str, hint: Option<String>) -> ProfileError {
        ProfileError {
            what,
            text: Arc::new(NamedSource::new(self.name, self.text.to_owned())),
            place: Some(to_span(place)),
            label: label.to_owned(),
            hint,
        }
    }

    fn known(&self, name: &Spanned<String>, known: &Known<'_>) -> Result<(), ProfileError> {
        if known.names.contains(&name.get_ref().as_str()) {
            return Ok(());
        }
        let hint = nearest(name.get_ref(), &known.names)
            .map(|near| format!("did you mean `{near}`?"))
            .or_else(|| Some(format!("known are {}", listed(&known.names))));
        let what = format!("there is no {} `{}`", known.kind, name.get_ref());
        Err(self.fail(
            name.span(),
            what,
            &format!("not a {} of this profile", known.kind),
            hint,
        ))
    }

    fn step(&self, step: &Step) -> Result<(), ProfileError> {
        if let Some(role) = &step.by {
            self.known(
                role,
                &Known {
                    kind: "role",
                    names: names(&self.profile.role),
                },
            )?;
        }
        if let Some(payload) = &step.payload {
            self.known(
                payload,
                &Known {
                    kind: "payload",
                    names: vec!["media", "thumbnail", "transcript"],
                },
            )?;
        }
        self.request(&step.request, step.base.as_ref())?;
        for template in step
            .headers
            .values()
            .chain(step.form.iter().flat_map(|form| form.values()))
        {
            self.template(template)?;
        }
        for capture in step.capture.values() {
            let text = capture.get_ref();
            if text.starts_with('$') {
                self.path(capture)?;
            } else if !["header ", "cookie "].iter().any(|kind| text.starts_with(kind)) {
                let hint = "write `$.path`, `header NAME` or `cookie NAME`".to_owned();
                return Err(self.fail(
                    capture.span(),
                    format!("`{text}` is not a capture"),
                    "what is to be captured?",
                    Some(hint),
                ));
            }
        }
        if let Some(expect) = &step.expect {
            self.expression(&Spanned::new(expect.span(), expect.get_ref().0.clone()))?;
        }
        if let Some(json) = &step.json {
            self.body(json, step.request.span())?;
        }
        step.until.as_ref().map_or(Ok(()), |until| self.expression(until))
    }

    fn request(&self, request: &Spanned<String>, base: Option<&Spanned<String>>) -> Result<(), ProfileError> {
        if let Some(base) = base {
            self.known(
                base,
                &Known {
                    kind: "base address",
                    names: names(&self.profile.base),
                },
            )?;
        }
        let text = request.get_ref();
        let form = text.split_once(' ').is_some_and(|(method, path)| {
            !method.is_empty()
                && method.bytes().all(|byte| byte.is_ascii_uppercase())
                && (path.starts_with('/') || path.starts_with("{{") || path.starts_with("http"))
        });
        if !form {
            let hint = "write it as `GET /path`, the method in capitals".to_owned();
            return Err(self.fail(
                request.span(),
                format!("`{text}` is not a request"),
                "expected METHOD and path",
                Some(hint),
            ));
        }
        self.template(request)
    }

    fn template(&self, template: &Spanned<String>) -> Result<(), ProfileError> {
        self.templates.check_template(template.get_ref()).map_err(|why| {
            self.fail(
                template.span(),
                format!("a template cannot be read: {why}"),
                "in here",
                None,
            )
        })
    }

    /// The strings of a JSON body, which have no place of their own: the request that sends it is shown.
    fn body(&self, json: &toml::Value, request: Range<usize>) -> Result<(), ProfileError> {
        match json {
            toml::Value::String(text) => self.template(&Spanned::new(request, text.clone())),
            toml::Value::Array(items) => items.iter().try_for_each(|item| self.body(item, request.clone())),
            toml::Value::Table(fields) => fields
                .values()
                .try_for_each(|value| self.body(value, request.clone())),
            _ => Ok(()),
        }
    }

    fn expression(&self, expression: &Spanned<String>) -> Result<(), ProfileError> {
        self.templates
            .check_expression(expression.get_ref())
            .map_err(|why| {
                self.fail(
                    expression.span(),
                    format!("an expression cannot be read: {why}"),
                    "in here",
                    None,
                )
            })
    }

    fn path(&self, path: &Spanned<String>) -> Result<(), ProfileError> {
        JsonPath::parse(path.get_ref()).map(|_| ()).map_err(|error| {
            let hint = "JSONPath as in RFC 9535: `$.items[*]`, `$.id`".to_owned();
            self.fail(
                path.span(),
                format!("a JSONPath cannot be read: {error}"),
                "in here",
                Some(hint),
            )
        })
    }

    fn surfaces(&self) -> Result<(), ProfileError> {
        let surfaces = Known {
            kind: "surface",
            names: names(&self.profile.surface),
        };
        for surface in self.profile.surface.values() {
            self.request(&surface.request, surface.base.as_ref())?;
            surface.steps.iter().try_for_each(|step| self.step(step))?;
            if let Some(write) = &surface.write {
                self.known(&write.read_back, &surfaces)?;
                self.template(&write.unchanged)?;
            }
            if let Some(session) = &surface.session {
                let sessions = self.profile.role.values().flat_map(|role| role.session.keys());
                let kind = Known {
                    kind: "session",
                    names: sessions.map(String::as_str).collect(),
                };
                self.known(session, &kind)?;
            }
            let Some(list) = &surface.list else { continue };
            self.path(&list.items)?;
            self.path(&list.id)?;
            list.total.as_ref().map_or(Ok(()), |total| self.path(total))?;
            list.next.as_ref().map_or(Ok(()), |next| self.path(&next.from))?;
            list.opens
                .iter()
                .try_for_each(|opened| self.known(opened, &surfaces))?;
        }
        Ok(())
    }
}

fn names<T>(map: &std::collections::BTreeMap<String, T>) -> Vec<&str> {
    map.keys().map(String::as_str).collect()
}

fn to_span(range: Range<usize>) -> SourceSpan {
    (range.start, range.len()).into()
}

fn listed(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The name most like `wanted`, if one is like it at all.
pub(crate) fn nearest<'a>(wanted: &str, names: &[&'a str]) -> Option<&'a str> {
    names
        .iter()
        .map(|name| (strsim::normalized_damerau_levenshtein(wanted, name), *name))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, name)| name)
}

/// The reader's message names the unknown field and the valid ones in back quotes: the first against the rest.
fn nearest_in_message(message: &str) -> Option<String> {
    if !message.starts_with("unknown field") {
        return None;
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let wanted = quoted.next()?;
    let names: Vec<&str> = quoted.collect();
    nearest(wanted, &names).map(|near| format!("did you mean `{near}`?"))
}
