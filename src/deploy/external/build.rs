//! The images of a profile's containers: used, pulled, or built from a Dockerfile beside the profile.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::error::ExternalStackError;
use super::spec::{ContainerSource, ContainerSpec};
use crate::deploy::builder::{self, ImageBuild};
use crate::deploy::engine::{DockerEngine, failed, is_missing};
use crate::deploy::error::DeployError;
use crate::deploy::lock::HostLock;
use crate::deploy::{Progress, base, label};

/// The image that a container is started from. One that is not there is built; one of somebody else's is pulled at the start.
///
/// # Errors
/// [`TargetError::Image`] with the end of the build's output; [`DeployError::NoBase`] when it stands on our base image, and that
/// cannot be had.
pub(super) async fn ready(
    engine: &DockerEngine,
    spec: &ContainerSpec,
    progress: &dyn Progress,
) -> Result<String, DeployError> {
    match &spec.source {
        ContainerSource::Image(image) => {
            if image == base::IMAGE {
                bring_base(engine, progress).await?;
            }
            Ok(image.clone())
        }
        ContainerSource::Dockerfile { text, context } => {
            build(engine, &spec.name, text, context, progress).await
        }
    }
}

/// Sees to it that the base image is there, which is the clinic's as well.
pub(super) async fn bring_base(
    engine: &DockerEngine,
    progress: &dyn Progress,
) -> Result<String, DeployError> {
    if let Some(id) = base::present(engine).await? {
        return Ok(id);
    }
    let _lock = HostLock::acquire("bystander-images", || {
        progress.say("waiting for another run that makes the images")
    })
    .await?;
    base::bring(engine, true, progress).await
}

/// Whether a Dockerfile stands on our base image.
pub(super) fn uses_base_image(dockerfile: &str) -> bool {
    dockerfile.lines().any(|line| {
        let mut words = line.split_whitespace();
        let instruction = words.next().unwrap_or_default();
        match instruction.to_ascii_uppercase().as_str() {
            "FROM" => words.any(|word| word == base::IMAGE),
            "ARG" => words.any(|word| {
                word.split_once('=')
                    .is_some_and(|(_, value)| value.trim_matches('"') == base::IMAGE)
            }),
            _ => false,
        }
    })
}

async fn build(
    engine: &DockerEngine,
    name: &str,
    dockerfile: &str,
    context: &BTreeMap<String, std::path::PathBuf>,
    progress: &dyn Progress,
) -> Result<String, DeployError> {
    let fails = |said: String, output| {
        DeployError::Target(ExternalStackError::Image {
            part: name.to_owned(),
            said,
            output,
        })
    };
    let base = if uses_base_image(dockerfile) {
        bring_base(engine, progress).await?
    } else {
        String::new()
    };
    let archive = archive(dockerfile, context)
        .await
        .map_err(|error| fails(format!("its context cannot be read: {error}"), Default::default()))?;
    let image = format!("bystander/target-{name}:{}", tag(&archive, &base));
    // two runs at once would make the same image twice, on the same processors
    let _lock = HostLock::acquire(&format!("bystander-image-{name}"), || {
        progress.say("waiting for another run that makes the same image")
    })
    .await?;
    match engine.docker.inspect_image(&image).await {
        Ok(_) => return Ok(image),
        Err(error) if is_missing(&error) => {}
        Err(error) => return Err(failed(format!("looking for the image of `{name}`"))(error)),
    }
    progress.say(&format!("building the image of `{name}`"));
    let build = ImageBuild {
        image: image.clone(),
        context: archive,
        arguments: builder::proxies(),
        labels: HashMap::from([(label::IMAGE.to_owned(), name.to_owned())]),
    };
    builder::build(engine, build)
        .await
        .map_err(|not| fails(not.said, not.output))?;
    Ok(image)
}

/// Follows everything that goes in, so that an image is never stale.
fn tag(archive: &[u8], base: &str) -> String {
    let mut hash = Sha256::new();
    hash.update((archive.len() as u64).to_be_bytes());
    hash.update(archive);
    hash.update(base);
    hex::encode(hash.finalize()).chars().take(12).collect()
}

/// The Dockerfile and the files as the engine takes them, the same bytes for the same files.
async fn archive(
    dockerfile: &str,
    context: &BTreeMap<String, std::path::PathBuf>,
) -> std::io::Result<Vec<u8>> {
    let mut archive = tokio_tar::Builder::new(Vec::new());
    append(&mut archive, "Dockerfile", dockerfile.as_bytes(), false).await?;
    for (name, path) in context {
        let mut waiting = vec![(name.clone(), path.clone())];
        while let Some((name, path)) = waiting.pop() {
            if path.is_dir() {
                let mut inside = std::fs::read_dir(&path)?
                    .map(|entry| {
                        entry.map(|entry| {
                            (
                                format!("{name}/{}", entry.file_name().to_string_lossy()),
                                entry.path(),
                            )
                        })
                    })
                    .collect::<std::io::Result<Vec<_>>>()?;
                inside.sort();
                waiting.extend(inside.into_iter().rev());
            } else {
                let content = tokio::fs::read(&path).await?;
                append(&mut archive, &name, &content, is_executable(&path)).await?;
            }
        }
    }
    archive.into_inner().await
}

async fn append(
    archive: &mut tokio_tar::Builder<Vec<u8>>,
    name: &str,
    content: &[u8],
    executable: bool,
) -> std::io::Result<()> {
    let mut header = tokio_tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(if executable { 0o755 } else { 0o644 });
    archive.append_data(&mut header, name, content).await
}

fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|meta| meta.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::{archive, tag, uses_base_image};
    use std::collections::BTreeMap;

    #[test]
    fn the_base_image_is_seen_in_either_place() {
        assert!(uses_base_image("FROM debian:trixie-slim AS build\n"));
        assert!(uses_base_image("arg BASE=debian:trixie-slim\nFROM ${BASE}\n"));
        assert!(!uses_base_image(
            "FROM debian:trixie\n# FROM debian:trixie-slim\n"
        ));
    }

    #[tokio::test]
    async fn the_tag_follows_the_files_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("conf");
        std::fs::create_dir(&path).unwrap();
        std::fs::write(path.join("a"), "1").unwrap();
        let context = BTreeMap::from([("conf".to_owned(), path.clone())]);
        let now = async || tag(&archive("FROM x\n", &context).await.unwrap(), "base");
        let first = now().await;
        std::fs::write(path.join("a"), "1").unwrap();
        assert_eq!(now().await, first, "written again, with another time");
        std::fs::write(path.join("b"), "").unwrap();
        assert_ne!(now().await, first);
    }
}
