//! How the stack is brought up.

use super::step::StepContext;
use super::{CheckResult, Checker, KnownNames, keys};
use crate::profile::parts::{CommandPart, ComposePart, ContainerPart};
use std::collections::BTreeMap;

impl Checker<'_> {
    pub(super) fn deploy(&self) -> CheckResult {
        let Some(deploy) = &self.profile.deploy else {
            return Ok(());
        };
        let what = [
            ("compose", deploy.compose.is_some()),
            ("image", !deploy.image.is_empty()),
            ("command", deploy.command.is_some()),
        ];
        // a stack that is up, or will be, needs no way of its own, but something to wait for
        if deploy.ready.is_empty() || what.iter().any(|(_, is)| *is) {
            self.one_of(self.source.key(&["deploy"]), "`[deploy]`", &what)?;
        }
        self.steps(&deploy.ready, &StepContext::alone())?;
        if let Some(compose) = &deploy.compose {
            self.compose(compose)?;
        }
        for (name, image) in &deploy.image {
            self.image(name, image, &deploy.image)?;
        }
        deploy
            .command
            .as_ref()
            .map_or(Ok(()), |command| self.command(command))
    }

    fn compose(&self, compose: &ComposePart) -> CheckResult {
        self.template(&compose.file)?;
        self.templates(compose.environment.values())?;
        for address in compose.port.values() {
            let form = address.rsplit_once(':').is_some_and(|(service, port)| {
                !service.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0)
            });
            if !form {
                let what = format!("`{address}` is no service with its port");
                let hint = "write it as `gateway:8080`, with the port on which the service itself listens"
                    .to_owned();
                return self.fail(address.span(), what, "expected SERVICE:PORT", hint);
            }
        }
        Ok(())
    }

    fn image(&self, name: &str, image: &ContainerPart, all: &BTreeMap<String, ContainerPart>) -> CheckResult {
        let place = self.source.key(&["deploy", "image", name]);
        let what = [
            ("image", image.image.is_some()),
            ("dockerfile", image.dockerfile.is_some()),
        ];
        self.one_of(place.clone(), &format!("the container `{name}`"), &what)?;
        if image.dockerfile.is_none() && !image.context.is_empty() {
            return self.fail(place, "`context` goes with `dockerfile` only", "in here", None);
        }
        self.templates(image.image.iter().chain(&image.dockerfile).chain(&image.command))?;
        let maps = [&image.context, &image.environment, &image.files];
        self.templates(maps.into_iter().flat_map(|map| map.values()))?;
        let others = KnownNames {
            kind: "container",
            names: keys(all),
        };
        image
            .after
            .iter()
            .try_for_each(|after| self.known(after, &others))?;
        let Some(http) = &image.wait.http else {
            return Ok(());
        };
        let Some((port, path)) = http
            .split_once(' ')
            .filter(|(_, path)| path.trim().starts_with('/'))
        else {
            let what = format!("`{http}` is no address to wait for");
            let hint = "write it as `api /health`, with the name of one of the container's ports".to_owned();
            return self.fail(http.span(), what, "expected NAME and path", hint);
        };
        let ports = KnownNames {
            kind: "port",
            names: keys(&image.port),
        };
        self.known_at(http.span(), port, &ports)?;
        self.template(&crate::profile::Text::at(http.span(), path))
    }

    fn command(&self, command: &CommandPart) -> CheckResult {
        if command.up.is_empty() {
            let place = self.source.key(&["deploy", "command", "up"]);
            return self.fail(place, "`up` is no command: it is empty", "in here", None);
        }
        self.templates(command.up.iter().chain(&command.down).chain(&command.directory))?;
        self.templates(command.environment.values())?;
        for port in &command.ports {
            let is_name = port
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
            if port.is_empty() || !is_name {
                let what = format!("`{port}` cannot stand in a template");
                return self.fail(port.span(), what, "letters, digits and `_`", None);
            }
        }
        Ok(())
    }
}
