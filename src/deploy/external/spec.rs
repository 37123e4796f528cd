//! One container of the profile, with everything filled in and every file found.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use super::command::name_address;
use super::error::ExternalStackError;
use super::filled::TemplateFiller;
use crate::profile::{ContainerPart, HumanDuration, Vars};

/// How long a part may take to come up when the profile does not say.
pub(super) const UP_WITHIN: Duration = Duration::from_secs(60);

/// What a container is started from.
#[derive(Debug, Clone)]
pub(super) enum ContainerSource {
    /// An image that somebody else has made.
    Image(String),
    /// A Dockerfile, and the files that it copies by their names in its context.
    Dockerfile {
        text: String,
        context: BTreeMap<String, PathBuf>,
    },
}

/// When it is up; everything that is said must be so.
#[derive(Debug, Clone, Default)]
pub(super) struct ReadyConditions {
    /// A text in its log.
    pub(super) log: Option<String>,
    /// A port of the host, and a path at which it answers with a status below 400.
    pub(super) http: Option<(u16, String)>,
    /// Its own health check passes.
    pub(super) healthy: bool,
    /// Somebody in the container listens behind these ports of the host.
    pub(super) listens: Vec<u16>,
}

/// One container.
#[derive(Debug, Clone)]
pub(super) struct ContainerSpec {
    /// What it is called in the profile, and by the others.
    pub(super) name: String,
    /// What it is started from.
    pub(super) source: ContainerSource,
    /// Environment variables.
    pub(super) environment: BTreeMap<String, String>,
    /// Port in the container, and the port of 127.0.0.1 that leads to it.
    pub(super) ports: BTreeMap<u16, u16>,
    /// Files by their path in the container.
    pub(super) files: BTreeMap<String, PathBuf>,
    /// A command instead of the image's own; empty: that.
    pub(super) command: Vec<String>,
    /// Containers that must be up before.
    pub(super) after: BTreeSet<String>,
    /// When it is up.
    pub(super) wanted: ReadyConditions,
    /// How long that may take.
    pub(super) within: Duration,
}

/// Free ports of 127.0.0.1 for every address that the containers have, so that each may be told where the others are reached from
/// outside before any of them is started.
///
/// # Errors
/// When two addresses have the same name, or there is no port.
pub(super) fn allot(
    images: &BTreeMap<String, ContainerPart>,
    mut vars: Vars,
) -> Result<Vars, ExternalStackError> {
    let mut held = Vec::new();
    for (name, image) in images {
        for address in image.port.keys() {
            let bad = |why: String| ExternalStackError::Part {
                place: format!("deploy.image.{name}.port.{address}"),
                why,
            };
            if vars.get(address).is_some() {
                return Err(bad("another container has an address of this name".to_owned()));
            }
            let (listener, port) = free().map_err(|error| bad(format!("there is no free port: {error}")))?;
            held.push(listener);
            name_address(&mut vars, address, port);
        }
    }
    Ok(vars)
}

/// A free port of 127.0.0.1, held until it is dropped.
pub(super) fn free() -> std::io::Result<(TcpListener, u16)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = listener.local_addr()?.port();
    Ok((listener, port))
}

/// All containers, in an order in which none comes before those that must be up before it.
///
/// # Errors
/// With the place in the profile of what cannot be used.
pub(super) fn read(
    images: &BTreeMap<String, ContainerPart>,
    vars: &Vars,
    filler: &TemplateFiller<'_>,
) -> Result<Vec<ContainerSpec>, ExternalStackError> {
    let mut waiting = images
        .iter()
        .map(|(name, image)| one(name, image, images, vars, filler))
        .collect::<Result<Vec<_>, _>>()?;
    let mut ordered: Vec<ContainerSpec> = Vec::new();
    while !waiting.is_empty() {
        let up: BTreeSet<String> = ordered.iter().map(|spec| spec.name.clone()).collect();
        let (next, rest): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|spec: &ContainerSpec| spec.after.is_subset(&up));
        if next.is_empty() {
            let names: Vec<_> = rest.iter().map(|spec| spec.name.as_str()).collect();
            return Err(ExternalStackError::Part {
                place: format!("deploy.image.{}.after", names.first().unwrap_or(&"")),
                why: format!("{} wait for each other", names.join(" and ")),
            });
        }
        ordered.extend(next);
        waiting = rest;
    }
    Ok(ordered)
}

fn one(
    name: &str,
    image: &ContainerPart,
    all: &BTreeMap<String, ContainerPart>,
    vars: &Vars,
    filler: &TemplateFiller<'_>,
) -> Result<ContainerSpec, ExternalStackError> {
    let place = |field: &str| format!("deploy.image.{name}.{field}");
    let bad = |field: &str, why: String| ExternalStackError::Part {
        place: place(field),
        why,
    };
    let can_be_a_host = !name.is_empty()
        && name.len() <= 40
        && name
            .bytes()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-')
        && !name.starts_with('-');
    if !can_be_a_host {
        return Err(ExternalStackError::Part {
            place: format!("deploy.image.{name}"),
            why: "the others find it by its name: expected small letters, digits and hyphens".to_owned(),
        });
    }
    let source = match (&image.image, &image.dockerfile) {
        (Some(image), None) => ContainerSource::Image(filler.text(&place("image"), image)?),
        (None, Some(dockerfile)) => {
            let path = filler.path(&place("dockerfile"), dockerfile)?;
            let text = std::fs::read_to_string(&path)
                .map_err(|error| bad("dockerfile", format!("`{}`: {error}", path.display())))?;
            let mut context = BTreeMap::new();
            for (file, from) in &image.context {
                let field = format!("context.{file}");
                context.insert(file.clone(), found(filler, &place(&field), from)?);
            }
            ContainerSource::Dockerfile { text, context }
        }
        _ => {
            return Err(bad(
                "image",
                "expected either `image = \"NAME:TAG\"` or `dockerfile = \"FILE\"`".to_owned(),
            ));
        }
    };
    let mut after = BTreeSet::new();
    for other in &image.after {
        let other = filler.text(&place("after"), other)?;
        if !all.contains_key(&other) || other == name {
            let known: Vec<_> = all
                .keys()
                .filter(|known| *known != name)
                .map(String::as_str)
                .collect();
            return Err(bad(
                "after",
                format!(
                    "there is no other container `{other}`, expected one of: {}",
                    known.join(", ")
                ),
            ));
        }
        after.insert(other);
    }
    let published = |address: &str| {
        let port = vars
            .get(&format!("{address}_port"))
            .and_then(serde_json::Value::as_u64);
        port.and_then(|port| u16::try_from(port).ok())
    };
    let ports: BTreeMap<u16, u16> = image
        .port
        .iter()
        .filter_map(|(address, port)| Some((*port, published(address)?)))
        .collect();
    let mut files = BTreeMap::new();
    for (target, from) in &image.files {
        let field = format!("files.{target}");
        files.insert(target.clone(), found(filler, &place(&field), from)?);
    }
    let log = image
        .wait
        .log
        .as_ref()
        .map(|log| filler.text(&place("wait.log"), log))
        .transpose()?;
    let http = match &image.wait.http {
        None => None,
        Some(text) => {
            let text = filler.text(&place("wait.http"), text)?;
            let asked = text.split_once(' ').and_then(|(address, path)| {
                let port = image
                    .port
                    .contains_key(address)
                    .then(|| published(address))
                    .flatten()?;
                path.starts_with('/').then(|| (port, path.to_owned()))
            });
            Some(asked.ok_or_else(|| {
                let known: Vec<_> = image.port.keys().map(String::as_str).collect();
                bad(
                    "wait.http",
                    format!(
                        "expected `NAME /path`, NAME being one of its ports: {}",
                        known.join(", ")
                    ),
                )
            })?)
        }
    };
    // what else tells that it is up is better than that somebody listens
    let listens = if log.is_none() && http.is_none() && !image.wait.healthy {
        ports.values().copied().collect()
    } else {
        Vec::new()
    };
    Ok(ContainerSpec {
        name: name.to_owned(),
        source,
        environment: filler.table(&place("environment"), &image.environment)?,
        ports,
        files,
        command: filler.texts(&place("command"), &image.command)?,
        after,
        wanted: ReadyConditions {
            log,
            http,
            healthy: image.wait.healthy,
            listens,
        },
        within: image.wait.within.map_or(UP_WITHIN, |HumanDuration(time)| time),
    })
}

/// A file or a directory that is there.
fn found(
    filler: &TemplateFiller<'_>,
    place: &str,
    from: &crate::profile::Text,
) -> Result<PathBuf, ExternalStackError> {
    let path = filler.path(place, from)?;
    match path.metadata() {
        Ok(_) => Ok(path),
        Err(error) => Err(ExternalStackError::Part {
            place: place.to_owned(),
            why: format!("`{}`: {error}", path.display()),
        }),
    }
}
