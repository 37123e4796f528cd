//! The parts of the stack, as data: image, command, environment, what it needs first, how its health is asked.

use super::images::ClinicImages;
use super::secret::Secret;
use super::{gateway, recipe};

/// The port that everything of ours listens on inside its container.
pub(super) const PORT: u16 = 8080;

/// Where the roles' executable is inside a container.
pub(super) const EXECUTABLE: &str = "/usr/local/bin/bystander";

/// Where the roles that keep files keep them.
const DATA: &str = "/var/lib/clinic";
/// Where the gateway keeps answers, and what is too long to be held at once.
const SCRATCH: &str = "/tmp";
/// Where the database's cluster is while it runs; the image's own is copied there.
const CLUSTER: &str = "/var/lib/postgresql/run";

/// How far a part has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PartStage {
    /// Nothing yet.
    Waiting,
    /// Its container runs, so its name can be looked up.
    Started,
    /// It answers that it is healthy.
    Healthy,
}

/// How a part is asked whether it is well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HealthCheck {
    /// `GET /health` on its published port.
    Http,
    /// This command inside its container.
    Command(&'static [&'static str]),
}

/// One container of the stack.
#[derive(Debug, Clone)]
pub(super) struct StackPart {
    /// What it is called in messages.
    pub(super) name: &'static str,
    /// What it is started from.
    pub(super) image: String,
    /// What is run in it; empty: what the image says.
    pub(super) command: Vec<String>,
    /// The roles' configuration.
    pub(super) environment: Vec<(&'static str, String)>,
    /// Files that are put into it before it starts.
    pub(super) files: Vec<(&'static str, String)>,
    /// Directories that are kept in memory: nothing there outlives a run, and an engine's layers are slow to write to.
    pub(super) in_memory: &'static [&'static str],
    /// Whether it runs our own executable.
    pub(super) runs_us: bool,
    /// What has to have come how far before it is started.
    pub(super) after: Vec<(&'static str, PartStage)>,
    /// How its health is asked.
    pub(super) check: HealthCheck,
}

/// What is the same for every part of one stack.
#[derive(Debug)]
pub(super) struct PartsConfig<'run> {
    /// The run's id.
    pub(super) run: &'run str,
    /// What to start from.
    pub(super) images: &'run ClinicImages,
    /// The faults of the clinic, if any.
    pub(super) faults: &'run [String],
    /// The key of the admin endpoints.
    pub(super) admin_key: &'run Secret,
    /// The key between roles.
    pub(super) service_key: &'run Secret,
}

/// The name of a part's container, which is also its host name on the run's network.
pub(super) fn container(run: &str, part: &str) -> String {
    format!("bystander-{run}-{part}")
}

/// The name of the run's network.
pub(super) fn network(run: &str) -> String {
    format!("bystander-{run}")
}

/// All parts of the clinic.
///
/// # Errors
/// When the gateway's template does not fit.
pub(super) fn parts(plan: &PartsConfig<'_>) -> Result<Vec<StackPart>, minijinja::Error> {
    let name = |part| container(plan.run, part);
    let apis = ["api-1", "api-2"];
    let recorder = name(recipe::RECORDER.part);
    let configuration = gateway::configuration(&apis.map(name), &name("objects"), Some(&recorder), PORT)?;
    let mut parts = vec![
        StackPart {
            in_memory: &[CLUSTER],
            ..service(
                recipe::DATABASE.part,
                &plan.images.database,
                &["pg_isready", "--quiet", "--host=127.0.0.1"],
            )
        },
        service(recipe::CACHE.part, &plan.images.cache, &["valkey-cli", "ping"]),
        role(
            plan,
            "flags",
            "flags",
            &[("CLINIC_ADMIN_KEY", plan.admin_key.reveal())],
            &[],
        ),
        StackPart {
            in_memory: &[DATA],
            ..role(plan, "objects", "objects", &[("CLINIC_DATA_DIR", DATA)], &[])
        },
        recorder_of(plan),
        StackPart {
            name: recipe::GATEWAY.part,
            image: plan.images.gateway.clone(),
            command: Vec::new(),
            environment: Vec::new(),
            files: vec![(gateway::PATH, configuration)],
            in_memory: &[SCRATCH],
            runs_us: false,
            after: ["api-1", "api-2", "objects", recipe::RECORDER.part]
                .map(|part| (part, PartStage::Started))
                .to_vec(),
            check: HealthCheck::Http,
        },
    ];
    for api in apis {
        let own = [
            (
                "CLINIC_DATABASE_URL",
                format!("postgres://clinic@{}:5432/clinic", name("database")),
            ),
            ("CLINIC_OBJECTS_URL", format!("http://{}:{PORT}", name("objects"))),
            ("CLINIC_ADMIN_KEY", plan.admin_key.reveal().to_owned()),
        ];
        let own: Vec<_> = own.iter().map(|(key, value)| (*key, value.as_str())).collect();
        // The schema is made at start, which needs the database; all else may come in any order.
        let after = [("database", PartStage::Healthy)];
        parts.push(role(plan, api, "api", &own, &after));
    }
    let link_key = Secret::random();
    for part in parts
        .iter_mut()
        .filter(|part| part.runs_us && part.name != "flags" && part.name != recipe::RECORDER.part)
    {
        part.environment
            .push(("CLINIC_LINK_KEY", link_key.reveal().to_owned()));
    }
    Ok(parts)
}

/// A part that is one of the distribution's packages, and is not published.
fn service(name: &'static str, image: &str, check: &'static [&'static str]) -> StackPart {
    StackPart {
        name,
        image: image.to_owned(),
        command: Vec::new(),
        environment: Vec::new(),
        files: Vec::new(),
        in_memory: &[],
        runs_us: false,
        after: Vec::new(),
        check: HealthCheck::Command(check),
    }
}

/// The recorder: our executable beside FFmpeg. It speaks to the api as others do, through the gateway.
fn recorder_of(plan: &PartsConfig<'_>) -> StackPart {
    let name = recipe::RECORDER.part;
    let api = format!("http://{}:{PORT}", container(plan.run, recipe::GATEWAY.part));
    let own = [("CLINIC_DATA_DIR", DATA), ("CLINIC_API_URL", &api)];
    let mut part = role(plan, name, name, &own, &[]);
    part.image.clone_from(&plan.images.recorder);
    part.in_memory = &[DATA, SCRATCH];
    part
}

/// A part that is one of our own roles.
fn role(
    plan: &PartsConfig<'_>,
    name: &'static str,
    role: &str,
    own: &[(&'static str, &str)],
    after: &[(&'static str, PartStage)],
) -> StackPart {
    let mut environment = vec![
        ("CLINIC_LISTEN", format!("0.0.0.0:{PORT}")),
        ("CLINIC_IN_CONTAINER", "1".to_owned()),
        ("CLINIC_NAME", name.to_owned()),
    ];
    if role != "flags" && role != recipe::RECORDER.part {
        environment.extend([
            (
                "CLINIC_CACHE_URL",
                format!("redis://{}:6379", container(plan.run, "cache")),
            ),
            (
                "CLINIC_FLAGS_URL",
                format!("http://{}:{PORT}", container(plan.run, "flags")),
            ),
        ]);
    }
    if role != "flags" {
        environment.push(("CLINIC_SERVICE_KEY", plan.service_key.reveal().to_owned()));
        if !plan.faults.is_empty() {
            environment.push(("CLINIC_FAULT", plan.faults.join(",")));
        }
    }
    environment.extend(own.iter().map(|(key, value)| (*key, (*value).to_owned())));
    StackPart {
        name,
        image: plan.images.roles.clone(),
        command: [EXECUTABLE, "clinic", role].map(str::to_owned).to_vec(),
        environment,
        files: Vec::new(),
        in_memory: &[],
        runs_us: true,
        after: after.to_vec(),
        check: HealthCheck::Http,
    }
}

#[cfg(test)]
mod tests;
