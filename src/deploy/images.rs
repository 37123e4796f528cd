//! The images of the clinic: those that are missing are built, side by side.

use std::collections::HashMap;

use futures::future::try_join_all;

use super::Progress;
use super::base;
use super::builder::{self, ImageBuild};
use super::engine::{DockerEngine, failed, is_missing};
use super::error::DeployError;
use super::label;
use super::lock::HostLock;
use super::recipe::{ALL, CACHE, DATABASE, GATEWAY, ImageRecipe, RECORDER};
use super::tail::OutputTail;

/// The names of the images that a stack is started from.
#[derive(Debug, Clone)]
pub(super) struct ClinicImages {
    /// The roles run on the base image as it is.
    pub(super) roles: String,
    /// PostgreSQL.
    pub(super) database: String,
    /// Valkey.
    pub(super) cache: String,
    /// nginx.
    pub(super) gateway: String,
    /// FFmpeg.
    pub(super) recorder: String,
}

/// Sees to it that every image is there.
///
/// # Errors
/// [`DeployError::NoBase`] or [`DeployError::Tool`] when the base image cannot be had, [`DeployError::Image`] when
/// a build fails.
pub(super) async fn ready(
    engine: &DockerEngine,
    may_make: bool,
    progress: &dyn Progress,
) -> Result<ClinicImages, DeployError> {
    if let Some(base) = base::present(engine).await?
        && missing(engine, &base).await?.is_empty()
    {
        return Ok(names(&base));
    }
    // Two runs at once would make the same images twice, on the same processors.
    let _lock = HostLock::acquire("bystander-images", || {
        progress.say("waiting for another run that makes the images")
    })
    .await?;
    let base = base::bring(engine, may_make, progress).await?;
    try_join_all(
        missing(engine, &base)
            .await?
            .into_iter()
            .map(|recipe| build(engine, recipe, &base, progress)),
    )
    .await?;
    Ok(names(&base))
}

/// The images' names on this base.
fn names(base: &str) -> ClinicImages {
    ClinicImages {
        roles: base::IMAGE.to_owned(),
        database: DATABASE.image(base),
        cache: CACHE.image(base),
        gateway: GATEWAY.image(base),
        recorder: RECORDER.image(base),
    }
}

/// What has to be built.
async fn missing(engine: &DockerEngine, base: &str) -> Result<Vec<ImageRecipe>, DeployError> {
    let mut missing = Vec::new();
    for recipe in ALL {
        match engine.docker.inspect_image(&recipe.image(base)).await {
            Ok(_) => {}
            Err(error) if is_missing(&error) => missing.push(recipe),
            Err(error) => {
                return Err(failed(format!("looking for the image of the {}", recipe.part))(
                    error,
                ));
            }
        }
    }
    Ok(missing)
}

/// Builds one image.
async fn build(
    engine: &DockerEngine,
    recipe: ImageRecipe,
    base: &str,
    progress: &dyn Progress,
) -> Result<(), DeployError> {
    progress.say(&format!("building the image of the {}", recipe.part));
    let fails = |said: String, output: OutputTail| DeployError::Image {
        part: recipe.part,
        said,
        output,
    };
    let context = recipe
        .context()
        .await
        .map_err(|error| fails(error.to_string(), OutputTail::default()))?;
    let arguments = builder::proxies()
        .into_iter()
        .chain([("BASE".to_owned(), base.to_owned())])
        .collect();
    let build = ImageBuild {
        image: recipe.image(base),
        context,
        arguments,
        labels: HashMap::new(),
    };
    builder::build(engine, build)
        .await
        .map_err(|not| fails(not.said, not.output))?;
    progress.say(&format!("the image of the {} is built", recipe.part));
    Ok(())
}

/// Removes every image that was made here, and gives their number.
///
/// # Errors
/// [`DeployError::Engine`] when one cannot be removed, for instance because it is in use.
pub(super) async fn remove(engine: &DockerEngine) -> Result<usize, DeployError> {
    use testcontainers::bollard::query_parameters::{ListImagesOptionsBuilder, RemoveImageOptionsBuilder};

    let ours = HashMap::from([("label", vec![label::IMAGE])]);
    let list = ListImagesOptionsBuilder::new().filters(&ours).build();
    let mut images = engine
        .docker
        .list_images(Some(list))
        .await
        .map_err(failed("listing the images"))?;
    // Those that stand on the base image first.
    images.sort_by_key(|image| image.labels.get(label::IMAGE).is_some_and(|part| part == "base"));
    let mut removed = 0;
    for image in &images {
        // What a build that was cut off has left carries no name.
        let name = image
            .repo_tags
            .iter()
            .find(|name| !name.starts_with("<none>"))
            .unwrap_or(&image.id);
        let options = RemoveImageOptionsBuilder::new().force(false).build();
        match engine.docker.remove_image(name, Some(options), None).await {
            Ok(_) => removed += 1,
            Err(error) if is_missing(&error) => {}
            Err(error) => return Err(failed(format!("removing the image `{name}`"))(error)),
        }
    }
    Ok(removed)
}
