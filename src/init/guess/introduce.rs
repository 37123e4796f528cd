//! Writing down who signs in how.

use super::super::contract::{SecurityScheme, ValueOrigin};
use super::super::profile_writer::{Note, key, quoted, table};
use super::ProfileGuess;
use super::fill::{StepPurpose, StepText, braces, variable};
use super::people::{id_in, leaf_in, token};
use super::words;

/// How many people a profile has room for when they cannot be signed up.
const LENT: u8 = 5;

impl ProfileGuess<'_> {
    /// The roles.
    pub(crate) fn write_people(&mut self) {
        self.paper.heading("people");
        let services: Vec<(String, String)> = self
            .people
            .services
            .iter()
            .map(|(scheme, role)| (scheme.clone(), role.clone()))
            .collect();
        for (scheme, role) in services {
            self.write_service(&scheme, &role);
        }
        let roles: Vec<(String, Option<String>)> = self
            .people
            .roles
            .iter()
            .map(|(role, word)| (role.clone(), word.clone()))
            .collect();
        for (number, (role, word)) in roles.into_iter().enumerate() {
            self.write_role(&role, word.as_deref(), number == 0);
        }
    }

    /// Somebody who is not a person: an administrator, a recorder.
    fn write_service(&mut self, scheme: &str, role: &str) {
        let name = role.to_uppercase().replace('-', "_");
        let of = Note::guess(format!(
            "whoever holds `{scheme}`; their key comes from the environment"
        ));
        self.paper.section(&format!("role.{}", key(role)), &of);
        let secret = braces(&format!("env.{name}_KEY"));
        let line = match self.contract.schemes.get(scheme) {
            Some(SecurityScheme::Header(header)) => (format!("header.{}", key(header)), secret),
            Some(SecurityScheme::Cookie(cookie, _)) => (format!("cookie.{}", key(cookie)), secret),
            Some(SecurityScheme::Query(parameter)) => (format!("query.{}", key(parameter)), secret),
            Some(SecurityScheme::Basic) => {
                let both = format!("Basic {{{{ env.{name}_USER_AND_PASSWORD | base64 }}}}");
                ("header.Authorization".to_owned(), both)
            }
            _ => ("header.Authorization".to_owned(), format!("Bearer {secret}")),
        };
        self.paper
            .line(&format!("credentials.{}", line.0), &quoted(&line.1), &Note::None);
    }

    fn write_role(&mut self, role: &str, word: Option<&str>, first: bool) {
        let guess = |why: &str| if first { Note::guess(why) } else { Note::None };
        let note = match word {
            Some(word) if word != role => Note::guess(format!("the stack calls them `{word}`")),
            _ => Note::None,
        };
        self.paper.section(&format!("role.{}", key(role)), &note);
        let mut knows_id = false;
        if let Some(index) = self.people.sign_up {
            let id = id_in(self.operation(index)).map(|(path, _)| path);
            let step = self.step(index, StepPurpose::SigningUp(word));
            let captures: Vec<(&str, String)> = id.iter().map(|path| ("id", path.clone())).collect();
            if let Some(path) = id {
                knows_id = true;
                self.learn(index, &path, "me.id");
            }
            let said = guess("takes a password and gives an id, so somebody comes to exist here");
            self.record_step(&step, &format!("role.{role}.provision"));
            self.paper
                .steps("provision", &[step.capturing(&captures).text()], &said);
        } else {
            self.write_accounts(role, first);
        }
        if let Some(index) = self.people.login {
            knows_id |= self.write_login(index, knows_id, first);
        } else {
            let scheme = self.people.scheme(self.contract, false).cloned();
            let note = Note::fill_in(format!(
                "how a {role} signs in; as it is, a token is lent with each"
            ));
            self.paper.note(&note);
            self.write_credentials(scheme.as_ref(), "me.token");
        }
        self.write_being(knows_id, first);
        if let Some(index) = self.people.web_login {
            self.write_web(role, index);
        }
    }

    /// People who exist already.
    fn write_accounts(&mut self, role: &str, first: bool) {
        let name = role.to_uppercase().replace('-', "_");
        let secret = if self.people.login.is_some() {
            "password"
        } else {
            "token"
        };
        let people: Vec<String> = (1..=LENT)
            .map(|number| {
                let of = |what: &str| {
                    let variable = format!("env.{name}_{number}_{}", what.to_uppercase());
                    (what.to_owned(), quoted(&braces(&variable)))
                };
                let fields = [of("name"), of("email"), of(secret)];
                table(fields.iter().map(|(name, value)| (name.as_str(), value.clone())))
            })
            .collect();
        let note = if first {
            Note::fill_in(
                "nothing here signs people up: lend the profile some who exist for the purpose, or write `provision` steps",
            )
        } else {
            Note::None
        };
        self.paper.steps("given", &people, &note);
    }

    /// Signing in and what requests carry from then on; whether the id is known from it.
    fn write_login(&mut self, index: usize, knows_id: bool, first: bool) -> bool {
        let operation = self.operation(index).clone();
        let mut captures: Vec<(&str, String)> = Vec::new();
        let cookie = operation.sets_cookie().map(|name| name.map(str::to_owned));
        let place = token(&operation);
        let why;
        if let Some(path) = &place {
            captures.push(("token", path.clone()));
            self.learn(index, path, "me.token");
            why = format!("takes a password, and `{path}` of its answer is a token");
        } else {
            why = "takes a password and sets a cookie".to_owned();
        }
        let scheme = self.people.scheme(self.contract, place.is_none()).cloned();
        let named = match (&scheme, &cookie) {
            (Some(SecurityScheme::Cookie(name, _)), _) | (_, Some(Some(name))) if place.is_none() => {
                Some(name.clone())
            }
            _ => None,
        };
        if let Some(name) = &named {
            captures.push(("cookie", format!("cookie {name}")));
        }
        let id = id_in(&operation)
            .map(|(path, _)| path)
            .filter(|path| !knows_id && Some(path) != place.as_ref());
        if let Some(path) = &id {
            captures.push(("id", path.clone()));
            self.learn(index, path, "me.id");
        }
        let besides = self.wanted_of(index, &captures);
        captures.extend(besides.iter().map(|(name, place)| (name.as_str(), place.clone())));
        let step = self.step(index, StepPurpose::Being);
        self.record_step(&step, "login");
        let note = if first { Note::guess(why) } else { Note::None };
        self.paper
            .steps("login", &[step.capturing(&captures).text()], &note);
        if place.is_some() {
            self.write_credentials(scheme.as_ref(), "me.token");
        } else if let Some(name) = named {
            let scheme = match scheme {
                Some(scheme @ SecurityScheme::Cookie(..)) => scheme,
                _ => SecurityScheme::Cookie(name, Vec::new()),
            };
            self.write_credentials(Some(&scheme), "me.cookie");
        } else {
            let note = Note::guess("the cookie has no name that is known, so all of them are kept");
            self.paper.line("credentials.jar", "true", &note);
        }
        id.is_some()
    }

    /// What every request carries.
    fn write_credentials(&mut self, scheme: Option<&SecurityScheme>, value: &str) {
        let value = braces(value);
        match scheme {
            Some(SecurityScheme::Header(name)) => {
                let line = format!("credentials.header.{}", key(name));
                self.paper.line(&line, &quoted(&value), &Note::None);
            }
            Some(SecurityScheme::Query(name)) => {
                let line = format!("credentials.query.{}", key(name));
                self.paper.line(&line, &quoted(&value), &Note::None);
            }
            Some(SecurityScheme::Cookie(name, beside)) => {
                let line = format!("credentials.cookie.{}", key(name));
                self.paper.line(&line, &quoted(&value), &Note::None);
                for header in beside {
                    let note = Note::guess(
                        "its description says that a change with the cookie needs this header too",
                    );
                    let line = format!("credentials.header.{}", key(header));
                    self.paper.line(&line, &quoted("bystander"), &note);
                }
            }
            Some(SecurityScheme::Basic) => {
                let both = "Basic {{ (me.email ~ ':' ~ me.password) | base64 }}";
                self.paper
                    .line("credentials.header.Authorization", &quoted(both), &Note::None);
            }
            Some(SecurityScheme::Bearer) => {
                let line = format!("Bearer {value}");
                self.paper
                    .line("credentials.header.Authorization", &quoted(&line), &Note::None);
            }
            Some(SecurityScheme::Other(_)) | None => {
                let note = Note::guess("tokens mostly go there");
                let line = format!("Bearer {value}");
                self.paper
                    .line("credentials.header.Authorization", &quoted(&line), &note);
            }
        }
    }

    /// Who one is, signing out, being taken away.
    fn write_being(&mut self, knows_id: bool, first: bool) {
        let guess = |why: String| if first { Note::guess(why) } else { Note::None };
        if let Some(index) = self.people.whoami {
            let operation = self.operation(index).clone();
            let id = id_in(&operation).filter(|_| knows_id);
            let email = leaf_in(&operation, words::EMAIL);
            let (expect, why) = match (id, email) {
                (Some((path, _)), _) => (same(&path, "me.id"), "the id that they have got"),
                (None, Some(path)) => (same(&path, "me.email"), "the address that they signed in with"),
                (None, None) => ("status == 200".to_owned(), "nothing in it says whose it is"),
            };
            let mut step = self.step(index, StepPurpose::Being);
            step.entries.retain(|(name, _)| *name != "expect");
            step.entries.push(("expect", quoted(&expect)));
            let note = guess(format!("says who is signed in; {why}"));
            self.paper.line("whoami", &step.text(), &note);
        } else if first {
            let note = Note::fill_in(
                "`whoami`, a request that shows whose session it is: without it nobody can tell a refusal from a dead session",
            );
            self.paper.note(&note);
        }
        if let Some(index) = self.people.logout {
            let step = self.step(index, StepPurpose::Being);
            self.paper.steps("logout", &[step.text()], &Note::None);
        }
        if let Some(index) = self.people.remove.filter(|_| knows_id) {
            let mut step = self.step(index, StepPurpose::Being);
            step.entries.retain(|(name, _)| *name != "expect");
            step.entries
                .push(("expect", quoted("status < 300 or status == 404")));
            self.paper.steps(
                "remove",
                &[step.text()],
                &guess("deletes what signing up made".to_owned()),
            );
        }
    }

    /// The same person in a browser.
    fn write_web(&mut self, role: &str, index: usize) {
        let cookie = self.operation(index).sets_cookie().flatten().map(str::to_owned);
        let scheme = self.people.scheme(self.contract, true).cloned();
        let named = match (&scheme, cookie) {
            (Some(SecurityScheme::Cookie(name, beside)), _) => Some((name.clone(), beside.clone())),
            (_, Some(name)) => Some((name, Vec::new())),
            _ => None,
        };
        let note = if self.people.roles.first().is_some_and(|(first, _)| first == role) {
            Note::guess("the same person in a browser: a cookie instead of a token")
        } else {
            Note::None
        };
        self.paper
            .section(&format!("role.{}.session.web", key(role)), &note);
        let step = self.step(index, StepPurpose::Being);
        match named {
            Some((name, beside)) => {
                let captures = [("cookie", format!("cookie {name}"))];
                let login = step.capturing(&captures).text();
                self.paper.steps("login", &[login], &Note::None);
                self.write_credentials(Some(&SecurityScheme::Cookie(name, beside)), "me.cookie");
            }
            None => {
                self.paper.steps("login", &[step.text()], &Note::None);
                self.paper.line("credentials", "{ jar = true }", &Note::None);
            }
        }
    }

    /// What later requests take from the answer of signing in beside what is captured already, with names for it.
    fn wanted_of(&mut self, index: usize, captured: &[(&str, String)]) -> Vec<(String, String)> {
        let mut wanted: Vec<(String, String)> = Vec::new();
        for operation in &self.contract.operations {
            let parameters = operation.parameters.iter().map(|one| one.leaf.from.as_ref());
            let body = operation.body.iter().flat_map(|body| body.shape.leaves());
            let origins = parameters
                .chain(body.map(|(_, leaf)| leaf.from.as_ref()))
                .flatten();
            for origin in origins.filter(|origin| origin.operation == index) {
                let known = captured.iter().any(|(_, place)| *place == origin.place)
                    || wanted.iter().any(|(_, place)| *place == origin.place)
                    || self.known.get(origin).is_some_and(|name| name == "me.id");
                if origin.place.starts_with('$') && !known {
                    let last = origin.place.rsplit('.').next().unwrap_or_default();
                    wanted.push((variable(last), origin.place.clone()));
                }
            }
        }
        for (name, place) in &wanted {
            self.learn(index, place, &format!("me.{name}"));
        }
        wanted
    }

    /// Remembers what a captured value is called in templates.
    pub(crate) fn learn(&mut self, operation: usize, place: &str, name: &str) {
        let origin = ValueOrigin {
            operation,
            place: place.to_owned(),
        };
        self.known.entry(origin).or_insert_with(|| name.to_owned());
    }

    /// Says what of a step was taken from an example, and what is left to fill in.
    pub(crate) fn record_step(&mut self, step: &StepText, place: &str) {
        for blank in &step.blanks {
            self.paper.note(&Note::fill_in(format!("{blank} in `{place}`")));
        }
        if !step.taken.is_empty() {
            self.paper.note(&Note::guess(step.taken.join(", ")));
        }
    }
}

fn same(path: &str, name: &str) -> String {
    format!("status == 200 and json('{}') == {name}", path.replace('\'', "\""))
}
