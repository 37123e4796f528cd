//! Feature flags: set, seen to have settled, and put back.

use super::ToggleError;
use super::change::settle;
use crate::cast::Persona;
use crate::http::{
    ActingAs, Credentials, Payload, ResponseView, StackClient, StepRunner, StepSender, Transport,
};
use crate::profile::{FlagPart, HumanDuration, Step, Vars};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

/// The flags that a scenario has touched, as they were before.
#[derive(Debug, Default)]
pub struct Flags {
    before: BTreeMap<String, FlagBefore>,
}

/// For whom a flag is set, where not for everybody.
#[derive(Debug, Clone)]
pub enum FlagAudience {
    /// For one person.
    Person(Arc<Persona>),
    /// For the people of one tenant, by its name in the profile.
    Tenant(String),
}

/// How a flag was.
#[derive(Debug)]
struct FlagBefore {
    on: bool,
    /// What was captured when it was read.
    seen: Vars,
}

impl Flags {
    /// Sets a flag and waits until every replica uses the value.
    ///
    /// # Errors
    /// When the profile has no such flag, the stack refuses, or the change does not settle in time.
    pub async fn set(
        &mut self,
        site: &StackClient,
        carrier: &dyn Transport,
        flag: &str,
        on: bool,
    ) -> Result<Duration, ToggleError> {
        let part = part(site)?;
        self.note(site, carrier, part, (flag, on)).await?;
        let steps: [&[Step]; 2] = [&part.set, if on { &part.on } else { &part.off }];
        let doing = format!("turn the feature `{flag}` {}", if on { "on" } else { "off" });
        let settled = (part.settled.as_ref(), part.wait);
        change(site, carrier, &doing, steps, settled, vars(part, flag, on)?).await
    }

    /// Sets a flag for some, one after the other, and waits until every replica uses the value for each of them.
    ///
    /// # Errors
    /// As [`Self::set`], and when the profile does not say how a flag is set for those.
    pub async fn set_for(
        &mut self,
        site: &StackClient,
        carrier: &dyn Transport,
        flag: &str,
        on: bool,
        some: &[FlagAudience],
    ) -> Result<Duration, ToggleError> {
        let part = part(site)?;
        self.note(site, carrier, part, (flag, on)).await?;
        let mut waited = Duration::ZERO;
        for whom in some {
            let (name, how) = match whom {
                FlagAudience::Person(_) => ("person", &part.person),
                FlagAudience::Tenant(_) => ("tenant", &part.tenant),
            };
            let how = how.as_ref().ok_or_else(|| {
                ToggleError::Missing(
                    format!("flag.{name}"),
                    format!("turn features on and off for a {name}"),
                )
            })?;
            let mut vars = vars(part, flag, on)?;
            let whose = match whom {
                FlagAudience::Person(person) => {
                    vars.set("person", person.me().as_value());
                    &person.name
                }
                FlagAudience::Tenant(tenant) => {
                    vars.set("tenant", tenant.as_str());
                    tenant
                }
            };
            let steps: [&[Step]; 2] = [&how.set, if on { &how.on } else { &how.off }];
            let word = if on { "on" } else { "off" };
            let doing = format!("turn the feature `{flag}` {word} for {whose}");
            let settled = (how.settled.as_ref(), how.wait);
            waited += change(site, carrier, &doing, steps, settled, vars).await?;
        }
        Ok(waited)
    }

    /// Notes how a flag was before it is touched for the first time.
    async fn note(
        &mut self,
        site: &StackClient,
        carrier: &dyn Transport,
        part: &FlagPart,
        (flag, on): (&str, bool),
    ) -> Result<(), ToggleError> {
        if !self.before.contains_key(flag) {
            let before = match &part.read {
                Some(step) => read(site, carrier, part, step, flag).await?,
                // what cannot be read is put back to the other value
                None => FlagBefore {
                    on: !on,
                    seen: Vars::default(),
                },
            };
            carrier.undo().flag(flag, before.on, &before.seen);
            self.before.insert(flag.to_owned(), before);
        }
        Ok(())
    }

    /// Puts every touched flag back.
    ///
    /// # Errors
    /// With the first that could not be put back; the others are put back all the same.
    pub async fn put_back(&mut self, site: &StackClient, carrier: &dyn Transport) -> Result<(), ToggleError> {
        let mut first = Ok(());
        for (flag, before) in std::mem::take(&mut self.before) {
            let back = put_one_back(site, carrier, &flag, &before).await;
            if back.is_ok() {
                carrier.undo().flag_done(&flag);
            }
            first = first.and(back);
        }
        first
    }

    /// As an earlier run left them: it turned this one, which had that value before; `seen` is what was captured then.
    #[must_use]
    pub fn that_was(flag: &str, on: bool, seen: Vars) -> Self {
        Self {
            before: BTreeMap::from([(flag.to_owned(), FlagBefore { on, seen })]),
        }
    }
}

async fn put_one_back(
    site: &StackClient,
    carrier: &dyn Transport,
    flag: &str,
    before: &FlagBefore,
) -> Result<(), ToggleError> {
    let part = part(site)?;
    let vars = vars(part, flag, before.on)?.with("before", before.seen.as_value());
    let usual = if before.on { &part.on } else { &part.off };
    let steps: [&[Step]; 2] = if part.back.is_empty() {
        [&part.set, usual]
    } else {
        [&part.back, &[]]
    };
    let doing = format!("put the feature `{flag}` back");
    let settled = (part.settled.as_ref(), part.wait);
    change(site, carrier, &doing, steps, settled, vars)
        .await
        .map(drop)
}

async fn read(
    site: &StackClient,
    carrier: &dyn Transport,
    part: &FlagPart,
    step: &Step,
    flag: &str,
) -> Result<FlagBefore, ToggleError> {
    let doing = format!("read the feature `{flag}`");
    let mut seen = vars(part, flag, false)?;
    let reply = traveller(site, carrier, &doing).step(step, &mut seen).await?;
    let on = match &part.is_on {
        Some(expression) => ResponseView::new(&reply)
            .holds(&site.templates, expression, &seen)
            .map_err(crate::http::StackClientError::from)?,
        None => seen
            .get("enabled")
            .and_then(serde_json::Value::as_bool)
            .ok_or_else(|| ToggleError::Unread(flag.to_owned()))?,
    };
    Ok(FlagBefore { on, seen })
}

async fn change(
    site: &StackClient,
    carrier: &dyn Transport,
    doing: &str,
    steps: [&[Step]; 2],
    (settled, wait): (Option<&Step>, Option<HumanDuration>),
    mut vars: Vars,
) -> Result<Duration, ToggleError> {
    let traveller = traveller(site, carrier, doing);
    for steps in steps {
        traveller.run(steps, &mut vars).await?;
    }
    let began = Instant::now();
    settle(&traveller, settled, wait, &mut vars).await?;
    Ok(began.elapsed())
}

fn part(site: &StackClient) -> Result<&FlagPart, ToggleError> {
    site.profile
        .flag
        .as_ref()
        .ok_or_else(|| ToggleError::Missing("flag".to_owned(), "turn features on and off".to_owned()))
}

fn vars(part: &FlagPart, flag: &str, on: bool) -> Result<Vars, ToggleError> {
    let name = match &part.names {
        None => flag,
        Some(names) => names
            .get(flag)
            .ok_or_else(|| ToggleError::Flag(flag.to_owned()))?,
    };
    Ok(Vars::default().with("flag", name).with("wanted", on))
}

pub(super) fn traveller<'a>(
    site: &'a StackClient,
    carrier: &'a dyn Transport,
    doing: &'a str,
) -> StepRunner<'a> {
    static NONE: LazyLock<Credentials> = LazyLock::new(Credentials::none);
    static NO_PAYLOADS: BTreeMap<&str, Payload> = BTreeMap::new();
    static NO_PARTIES: ActingAs = ActingAs::new();
    StepRunner {
        site,
        carrier,
        caller: StepSender {
            who: "admin",
            keys: &NONE,
        },
        doing,
        payloads: &NO_PAYLOADS,
        parties: &NO_PARTIES,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use crate::http::remembering::RememberingTransport;
    use crate::profile::Profile;
    use std::fs;
    use std::path::Path;
    use std::sync::Arc;

    /// Flags in a file; one that is stuck cannot be turned.
    fn site(folder: &Path, back: &str) -> StackClient {
        let text = format!(
            r#"
[target]
name = "flags in a file"
[base]
api = "http://127.0.0.1:1"
[role.admin]
[role.patient]
[flag]
set = [
  {{ run = ["test", "!", "-e", "{{{{ flag }}}}.stuck"] }},
  {{ edit = {{ file = "flags.json", pointer = "/{{{{ flag }}}}/on", to = "{{{{ wanted }}}}" }} }},
  {{ edit = {{ file = "flags.json", pointer = "/{{{{ flag }}}}/by", to = "us" }} }},
]
read = {{ read = "flags.json", capture = {{ enabled = "$['{{{{ flag }}}}'].on", by = "$['{{{{ flag }}}}'].by" }} }}
{back}
wait = "1ms"
"#
        );
        let mut profile = Profile::parse("flags.toml", &text).unwrap();
        profile.directory = folder.to_path_buf();
        StackClient::new(Arc::new(profile), &Vars::default()).unwrap()
    }

    const FIRST: &str = r#"{"one": {"on": false, "by": "them"}, "two": {"on": true, "by": "them"}}"#;

    async fn turned(folder: &Path, site: &StackClient) -> Flags {
        fs::write(folder.join("flags.json"), FIRST).unwrap();
        let (mut flags, carrier) = (Flags::default(), RememberingTransport::new());
        flags.set(site, &carrier, "one", true).await.unwrap();
        flags.set(site, &carrier, "two", false).await.unwrap();
        flags.set(site, &carrier, "two", true).await.unwrap();
        flags.set(site, &carrier, "two", false).await.unwrap();
        flags
    }

    fn now(folder: &Path) -> String {
        fs::read_to_string(folder.join("flags.json")).unwrap()
    }

    #[tokio::test]
    async fn each_flag_is_put_back_to_what_it_was_first_also_when_another_cannot_be() {
        let folder = tempfile::tempdir().unwrap();
        let site = site(folder.path(), "");
        let mut flags = turned(folder.path(), &site).await;
        fs::write(folder.path().join("one.stuck"), "").unwrap();
        let error = flags
            .put_back(&site, &RememberingTransport::new())
            .await
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("cannot put the feature `one` back")
                && error.contains("test ! -e {{ flag }}.stuck"),
            "{error}"
        );
        let left = FIRST.replace(r#""on": false, "by": "them""#, r#""on": true, "by": "us""#);
        let left = left.replace(
            r#""two": {"on": true, "by": "them""#,
            r#""two": {"on": true, "by": "us""#,
        );
        assert_eq!(now(folder.path()), left);
    }

    #[tokio::test]
    async fn a_way_back_of_its_own_knows_how_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let back = "back = [{ edit = { file = \"flags.json\", pointer = \"/{{ flag }}\", to = { on = \"{{ before.enabled }}\", by = \"{{ before.by }}\" } } }]";
        let site = site(folder.path(), back);
        let mut flags = turned(folder.path(), &site).await;
        assert!(now(folder.path()).contains("us"));
        flags.put_back(&site, &RememberingTransport::new()).await.unwrap();
        let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(json(&now(folder.path())), json(FIRST));
    }
}
