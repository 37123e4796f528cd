//! The base image of all containers: used, else pulled, else made from the distribution's mirror.

mod make;
mod mirror;
mod pull;
mod tool;

use std::path::Path;

use super::Progress;
use super::engine::{DockerEngine, failed, is_missing};
use super::error::DeployError;
use make::BootstrapTool;

/// Its name. If it is made here, it is given the same name, and the next run finds it.
pub(super) const IMAGE: &str = "debian:trixie-slim";

/// What is known on the way to a base image.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct BaseImageFacts {
    /// The engine has it.
    present: bool,
    /// It was asked for at the registry, and refused with these words.
    refused: Option<String>,
    /// It may be made here.
    may_make: bool,
    /// `mmdebstrap` is on the PATH.
    mmdebstrap: bool,
    /// `debootstrap` is on the PATH.
    debootstrap: bool,
    /// We are root, which `debootstrap` and `apt-get` need.
    root: bool,
    /// This is a Debian or something like it: there is `apt-get`.
    debian: bool,
    /// Installing `mmdebstrap` was tried, and did not bring it.
    not_installed: Option<String>,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
enum BaseImageStep {
    /// It is here.
    Use,
    /// Ask the registry.
    Pull,
    /// Install `mmdebstrap` with the system's packages.
    Install,
    /// Make it.
    Make(BootstrapTool),
    /// There is no way.
    GiveUp {
        /// What was tried, and why it did not do.
        tried: String,
        /// What would help.
        mend: &'static str,
    },
}

/// The next step, from what is known.
fn next(facts: &BaseImageFacts) -> BaseImageStep {
    let Some(refused) = (if facts.present {
        return BaseImageStep::Use;
    } else {
        facts.refused.as_deref()
    }) else {
        return BaseImageStep::Pull;
    };
    let give_up = |why: &str, mend| BaseImageStep::GiveUp {
        tried: format!("it could not be pulled ({refused}), and {why}"),
        mend,
    };
    if !facts.may_make {
        return give_up(
            "`--no-bootstrap` forbids making it",
            "bring it with `docker pull` or `docker load`, or leave `--no-bootstrap` out",
        );
    }
    if facts.mmdebstrap {
        return BaseImageStep::Make(BootstrapTool::Mmdebstrap);
    }
    if facts.debootstrap && facts.root {
        return BaseImageStep::Make(BootstrapTool::Debootstrap);
    }
    if let Some(said) = &facts.not_installed {
        return give_up(
            &format!("`mmdebstrap`, which would make it, could not be installed: {said}"),
            "install `mmdebstrap` by hand, or bring the image with `docker load`",
        );
    }
    if facts.root && facts.debian {
        return BaseImageStep::Install;
    }
    if facts.debian {
        return give_up(
            "neither `mmdebstrap` nor root's `debootstrap` is here to make it",
            "`apt-get install mmdebstrap` as root",
        );
    }
    give_up(
        "this system has no `mmdebstrap` to make it",
        "install `mmdebstrap`, or bring the image from another machine with `docker save` and `docker load`",
    )
}

/// The id of the base image, if the engine has it.
///
/// # Errors
/// [`DeployError::Engine`] when the engine cannot say.
pub(super) async fn present(engine: &DockerEngine) -> Result<Option<String>, DeployError> {
    match engine.docker.inspect_image(IMAGE).await {
        Ok(image) => Ok(image.id),
        Err(error) if is_missing(&error) => Ok(None),
        Err(error) => Err(failed(format!("looking for `{IMAGE}`"))(error)),
    }
}

/// Brings the base image, by whichever way there is, and gives its id.
///
/// # Errors
/// [`DeployError::NoBase`] when there is no way, [`DeployError::Tool`] when making it failed.
pub(super) async fn bring(
    engine: &DockerEngine,
    may_make: bool,
    progress: &dyn Progress,
) -> Result<String, DeployError> {
    let mut facts = BaseImageFacts {
        may_make,
        root: is_root(),
        debian: on_path("apt-get"),
        ..BaseImageFacts::default()
    };
    loop {
        let found = present(engine).await?;
        facts.present = found.is_some();
        facts.mmdebstrap = on_path("mmdebstrap");
        facts.debootstrap = on_path("debootstrap");
        match (next(&facts), found) {
            (_, Some(id)) => return Ok(id),
            (BaseImageStep::Use | BaseImageStep::Pull, None) => {
                progress.say(&format!("pulling `{IMAGE}`"));
                facts.refused = pull::pull(engine)
                    .await
                    .err()
                    .or_else(|| Some("it was not there afterwards".to_owned()));
            }
            (BaseImageStep::Install, None) => {
                progress.say("installing `mmdebstrap` with `apt-get install`, to make the base image");
                let said = tool::install().await.err().map(|error| error.to_string());
                facts.not_installed = said.or_else(|| Some("it was not there afterwards".to_owned()));
            }
            (BaseImageStep::Make(maker), None) => {
                progress.say(&format!(
                    "making `{IMAGE}` from the distribution's mirror with `{}`",
                    maker.program()
                ));
                return make::make(engine, maker).await;
            }
            (BaseImageStep::GiveUp { tried, mend }, None) => {
                return Err(DeployError::NoBase {
                    image: IMAGE,
                    tried,
                    mend: mend.to_owned(),
                });
            }
        }
    }
}

/// Whether a program can be found.
fn on_path(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// Whether we are root: whoever we are owns the folder of our process.
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    Path::new("/proc/self").metadata().is_ok_and(|own| own.uid() == 0)
}

#[cfg(test)]
mod tests;
