//! Making the base image from the distribution's mirror, and giving it to the engine.

use std::path::Path;

use futures::TryStreamExt as _;
use testcontainers::bollard::body_try_stream;
use testcontainers::bollard::query_parameters::CreateImageOptions;
use tokio_util::io::ReaderStream;

use super::{IMAGE, mirror, present, tool};
use crate::deploy::engine::{DockerEngine, failed};
use crate::deploy::error::DeployError;
use crate::deploy::label;

/// The distribution that `IMAGE` is.
const SUITE: &str = "trixie";

/// A program that makes a Debian from its mirror.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BootstrapTool {
    /// Works for everybody.
    Mmdebstrap,
    /// Works for root.
    Debootstrap,
}

impl BootstrapTool {
    /// What it is called.
    pub(super) fn program(self) -> &'static str {
        match self {
            Self::Mmdebstrap => "mmdebstrap",
            Self::Debootstrap => "debootstrap",
        }
    }
}

/// Makes the image with `maker`, and gives its id.
///
/// # Errors
/// [`DeployError::Tool`] with the end of what the program said; [`DeployError::Engine`] when the import fails.
pub(super) async fn make(engine: &DockerEngine, maker: BootstrapTool) -> Result<String, DeployError> {
    // The program works inside this folder too, so that nothing stays if it is stopped half-way.
    let folder = tempfile::Builder::new()
        .prefix("bystander-base-")
        .tempdir()
        .map_err(|source| DeployError::File {
            path: std::env::temp_dir(),
            source,
        })?;
    let archive = folder.path().join("base.tar");
    let mirror = mirror::host_mirror();
    let options = ["--variant=minbase", "--include=ca-certificates", SUITE].map(str::to_owned);
    match maker {
        BootstrapTool::Mmdebstrap => {
            let arguments = options
                .into_iter()
                .chain([text(&archive)])
                .chain(mirror)
                .collect();
            tool::run("mmdebstrap", arguments, folder.path()).await?;
        }
        BootstrapTool::Debootstrap => {
            let root = folder.path().join("root");
            let arguments = options.into_iter().chain([text(&root)]).chain(mirror).collect();
            tool::run("debootstrap", arguments, folder.path()).await?;
            let arguments =
                ["--numeric-owner", "-C", &text(&root), "-cf", &text(&archive), "."].map(str::to_owned);
            tool::run("tar", arguments.to_vec(), folder.path()).await?;
        }
    }
    import(engine, &archive).await
}

/// Gives the engine a root file system as an image.
async fn import(engine: &DockerEngine, archive: &Path) -> Result<String, DeployError> {
    let doing = || format!("importing `{IMAGE}`");
    let file = tokio::fs::File::open(archive)
        .await
        .map_err(|source| DeployError::File {
            path: archive.to_owned(),
            source,
        })?;
    let options = CreateImageOptions {
        from_src: Some("-".to_owned()),
        repo: Some(IMAGE.to_owned()),
        changes: vec![
            format!("LABEL {}=base", label::IMAGE),
            r#"CMD ["bash"]"#.to_owned(),
        ],
        ..CreateImageOptions::default()
    };
    let body = body_try_stream(ReaderStream::with_capacity(file, 1 << 18));
    engine
        .docker
        .create_image(Some(options), Some(body), None)
        .try_collect::<Vec<_>>()
        .await
        .map_err(failed(doing()))?;
    present(engine).await?.ok_or_else(|| DeployError::Engine {
        doing: doing(),
        said: "it was not there afterwards".to_owned(),
    })
}

/// A path as an argument.
fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
