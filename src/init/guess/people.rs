//! Who signs in how.

use super::super::contract::{ApiContract, ApiOperation, BodyKind, SecurityScheme, ShapeValue};
use super::words::{self, is, says};
use indexmap::IndexMap;

/// Who signs in how.
#[derive(Debug, Default)]
pub(crate) struct SignInGuess {
    /// How one signs in.
    pub(crate) login: Option<usize>,
    /// How one signs in with a browser, beside that.
    pub(crate) web_login: Option<usize>,
    /// How one comes to exist.
    pub(crate) sign_up: Option<usize>,
    /// How one is taken away.
    pub(crate) remove: Option<usize>,
    /// Who is signed in.
    pub(crate) whoami: Option<usize>,
    /// How one signs out.
    pub(crate) logout: Option<usize>,
    /// Roles of people: the name in the profile to the stack's own word.
    pub(crate) roles: IndexMap<String, Option<String>>,
    /// Schemes that open things to people.
    pub(crate) schemes: Vec<String>,
    /// Roles of services and administrators, by the scheme that opens things to them.
    pub(crate) services: IndexMap<String, String>,
}

impl SignInGuess {
    /// Finds out.
    pub(crate) fn find(contract: &ApiContract) -> Self {
        let operations = &contract.operations;
        let mut logins: Vec<(i32, usize)> = ranked(operations, login);
        let login = (!logins.is_empty()).then(|| logins.remove(0).1);
        let web_login = logins.iter().map(|(_, index)| *index).find(|index| {
            operations[*index].sets_cookie().is_some()
                && login.is_some_and(|main| token(&operations[main]).is_some())
        });
        let is_login = |index: usize| Some(index) == login || logins.iter().any(|(_, other)| *other == index);
        let sign_up = ranked(operations, sign_up)
            .into_iter()
            .map(|(_, index)| index)
            .find(|index| !is_login(*index));
        let mut people = Self {
            login,
            web_login,
            sign_up,
            whoami: best(operations, whoami),
            logout: best(operations, logout),
            remove: sign_up.and_then(|made| {
                let at = format!("{}/{{", operations[made].path);
                operations.iter().position(|operation| {
                    operation.method == "DELETE"
                        && operation.path.starts_with(&at)
                        && operation.holes() == operations[made].holes() + 1
                        && operation.ends_with_parameter()
                })
            }),
            ..Self::default()
        };
        people.find_roles(contract);
        people.find_schemes(contract);
        people
    }

    /// The roles that somebody can be signed up in.
    fn find_roles(&mut self, contract: &ApiContract) {
        let fields = self.sign_up.and_then(|index| contract.operations[index].fields());
        let choices = fields
            .into_iter()
            .flatten()
            .filter(|(name, _)| says(name, &["role", "type", "kind", "group"]))
            .find_map(|(_, field)| match &field.shape {
                super::super::contract::Shape::Leaf(leaf) if !leaf.choices.is_empty() => Some(&leaf.choices),
                _ => None,
            });
        for choice in choices.into_iter().flatten() {
            let name = if is(choice, words::PATIENT) {
                "patient"
            } else if is(choice, words::CLINICIAN) {
                "clinician"
            } else if says(choice, words::ADMIN) {
                continue;
            } else {
                choice
            };
            self.roles
                .entry(name.to_lowercase())
                .or_insert_with(|| Some(choice.clone()));
        }
        if !self.roles.contains_key("patient") {
            self.roles.shift_insert(0, "patient".to_owned(), None);
        }
    }

    /// Schemes of people are those of what everybody does; the others are of services.
    fn find_schemes(&mut self, contract: &ApiContract) {
        let operations = &contract.operations;
        let of_people = [self.whoami, self.logout];
        for index in of_people.into_iter().flatten() {
            self.take_schemes(&operations[index]);
        }
        if self.schemes.is_empty() {
            let mut counts: IndexMap<&String, usize> = IndexMap::new();
            for name in operations
                .iter()
                .filter(|operation| operation.method == "GET")
                .flat_map(|operation| &operation.security)
            {
                *counts.entry(name).or_default() += 1;
            }
            let most = counts.into_iter().max_by_key(|(_, count)| *count);
            self.schemes.extend(most.map(|(name, _)| name.clone()));
        }
        for name in operations.iter().flat_map(|operation| &operation.security) {
            if !self.schemes.contains(name) && !self.services.contains_key(name) {
                let mut role = service(name);
                if self.services.values().any(|other| *other == role) || self.roles.contains_key(&role) {
                    role = format!("{role}-service");
                }
                self.services.insert(name.clone(), role);
            }
        }
    }

    fn take_schemes(&mut self, operation: &ApiOperation) {
        for name in &operation.security {
            if !self.schemes.contains(name) {
                self.schemes.push(name.clone());
            }
        }
    }

    /// The role that asks for an operation on somebody's behalf; none when they do so themselves.
    pub(crate) fn role_for(&self, operation: &ApiOperation) -> Option<String> {
        if operation.security.is_empty() || operation.security.iter().any(|name| self.schemes.contains(name))
        {
            return None;
        }
        operation
            .security
            .iter()
            .find_map(|name| self.services.get(name))
            .cloned()
    }

    /// Whether there are clinicians.
    pub(crate) fn has_clinician(&self) -> bool {
        self.roles.contains_key("clinician")
    }

    /// Whether people are what is at this path.
    pub(crate) fn lives_at(&self, contract: &ApiContract, path: &str) -> bool {
        self.sign_up
            .is_some_and(|index| contract.operations[index].path == path)
    }

    /// The scheme that goes with the token or the cookie of signing in.
    pub(crate) fn scheme<'a>(&self, contract: &'a ApiContract, cookie: bool) -> Option<&'a SecurityScheme> {
        let of_people = self.schemes.iter().filter_map(|name| contract.schemes.get(name));
        let fits = |scheme: &&SecurityScheme| matches!(scheme, SecurityScheme::Cookie(..)) == cookie;
        of_people.clone().find(fits).or_else(|| {
            let all = contract.schemes.iter();
            all.filter(|(name, _)| !self.services.contains_key(*name))
                .map(|(_, scheme)| scheme)
                .find(fits)
        })
    }
}

/// The token in an answer, with its place.
pub(crate) fn token(operation: &ApiOperation) -> Option<String> {
    let leaves = operation.json()?.leaves();
    let name = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
    words::TOKEN.iter().find_map(|wanted| {
        leaves
            .iter()
            .find(|(path, _)| is(&name(path), &[wanted]))
            .map(|(path, _)| path.clone())
    })
}

/// The id in an answer, with its place: `$.id`, `$.user.id`, `$.user_id`.
pub(crate) fn id_in(operation: &ApiOperation) -> Option<(String, &ShapeValue)> {
    let mut leaves = operation.json()?.leaves();
    leaves.sort_by_key(|(path, _)| path.matches('.').count());
    let found = leaves.iter().position(|(path, _)| {
        let name = path.rsplit('.').next().unwrap_or_default();
        is(name, words::ID)
    });
    let ends = || {
        leaves.iter().position(|(path, _)| {
            let name = path.rsplit('.').next().unwrap_or_default();
            words::words(name).last().is_some_and(|word| word == "id")
        })
    };
    let found = found.or_else(ends)?;
    Some(leaves.swap_remove(found))
}

/// The leaf of an answer with one of these names.
pub(crate) fn leaf_in(operation: &ApiOperation, list: &[&str]) -> Option<String> {
    let leaves = operation.json()?.leaves();
    leaves
        .into_iter()
        .map(|(path, _)| path)
        .find(|path| is(path.rsplit('.').next().unwrap_or_default(), list))
}

fn has_password(operation: &ApiOperation) -> bool {
    operation
        .fields()
        .is_some_and(|fields| fields.keys().any(|name| says(name, words::PASSWORD)))
}

fn login(operation: &ApiOperation) -> i32 {
    if operation.method != "POST" || !has_password(operation) {
        return 0;
    }
    let path = &operation.path;
    let gives = i32::from(token(operation).is_some()) * 5 + i32::from(operation.sets_cookie().is_some()) * 3;
    let named = i32::from(says(path, words::SIGN_IN)) * 4;
    let fields = operation.fields().map_or(0, indexmap::IndexMap::len);
    let many = i32::from(fields > 3) * 3;
    let json = i32::from(
        operation
            .body
            .as_ref()
            .is_some_and(|body| body.kind == BodyKind::Json),
    );
    let guarded = i32::from(!operation.security.is_empty()) * 3;
    (gives + named + json - many - guarded - 3).max(0)
}

fn sign_up(operation: &ApiOperation) -> i32 {
    if operation.method != "POST" || !has_password(operation) {
        return 0;
    }
    let named = i32::from(says(&operation.path, words::SIGN_UP)) * 3;
    let gives = i32::from(id_in(operation).is_some()) * 2;
    1 + named + gives
}

fn whoami(operation: &ApiOperation) -> i32 {
    if operation.method != "GET" || operation.holes() > 0 || operation.json().is_none() {
        return 0;
    }
    let last = operation.last_word();
    let at_end = operation
        .segments()
        .last()
        .is_some_and(|segment| is(segment, words::ONESELF));
    if at_end || is(last, words::ONESELF) {
        3 + i32::from(id_in(operation).is_some())
    } else {
        i32::from(is(last, &["profile", "account"]) && id_in(operation).is_some())
    }
}

fn logout(operation: &ApiOperation) -> i32 {
    let last = operation.last_word();
    match operation.method.as_str() {
        "POST" | "DELETE" | "GET" if is(last, words::SIGN_OUT) => 3,
        "DELETE" if is(last, &["session", "token", "login"]) && operation.holes() == 0 => 2,
        _ => 0,
    }
}

fn service(scheme: &str) -> String {
    let dull = [
        "key", "token", "auth", "api", "header", "x", "secret", "bearer", "security", "scheme", "basic",
    ];
    let words: Vec<String> = words::words(scheme)
        .into_iter()
        .filter(|word| !dull.contains(&word.as_str()))
        .collect();
    if words.is_empty() {
        "admin".to_owned()
    } else {
        words.join("-")
    }
}

/// Those with a score, the best first; of equals the first.
fn ranked(operations: &[ApiOperation], score: impl Fn(&ApiOperation) -> i32) -> Vec<(i32, usize)> {
    let mut ranked: Vec<(i32, usize)> = operations
        .iter()
        .enumerate()
        .map(|(index, operation)| (score(operation), index))
        .filter(|(score, _)| *score > 0)
        .collect();
    ranked.sort_by_key(|(score, index)| (-score, *index));
    ranked
}

/// The best, if any is good at all.
pub(crate) fn best(operations: &[ApiOperation], score: impl Fn(&ApiOperation) -> i32) -> Option<usize> {
    ranked(operations, score).first().map(|(_, index)| *index)
}
