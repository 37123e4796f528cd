//! `bystander clean`.

use super::Failure;
use super::arguments::CleanArguments;
use super::progress::Line;
use crate::deploy;
use crate::judge::exit;

/// Removes what killed runs left behind.
pub(super) async fn clean(arguments: &CleanArguments) -> Result<u8, Failure> {
    let line = Line::new(false);
    let cleaned = deploy::clean(arguments.run.as_deref(), &line).await;
    line.clear();
    let cleaned = cleaned.map_err(|error| Failure::with(exit::STACK, &error))?;
    println!(
        "removed {} containers and {} networks",
        cleaned.containers, cleaned.networks
    );
    for left in &cleaned.left {
        println!(
            "left run {} alone: {}\nhint: `bystander clean {}` removes it all the same",
            left.run, left.why, left.run
        );
    }
    if arguments.images {
        let images = deploy::clean_images(&line).await;
        line.clear();
        println!(
            "removed {} images",
            images.map_err(|error| Failure::with(exit::STACK, &error))?
        );
    }
    Ok(exit::HELD)
}
