//! `bystander clean`.

mod ledger;

use super::Failure;
use super::arguments::CleanArguments;
use super::progress::ProgressLine;
use crate::deploy;
use crate::judge::exit;

/// Removes what killed runs left behind.
pub(super) async fn clean(arguments: &CleanArguments) -> Result<u8, Failure> {
    if let Some(ledger) = &arguments.ledger {
        return ledger::clean(ledger, arguments).await;
    }
    let line = ProgressLine::new(false);
    let cleaned = deploy::clean(arguments.run.as_deref(), &line).await;
    line.clear();
    let cleaned = cleaned.map_err(|error| Failure::with(exit::STACK, &error))?;
    crate::cli::say_line!(
        "removed {} and {}",
        count(cleaned.containers, "container"),
        count(cleaned.networks, "network")
    );
    for left in &cleaned.left {
        crate::cli::say_line!(
            "left run {} alone: {}\nhint: `bystander clean {}` removes it all the same",
            left.run,
            left.why,
            left.run
        );
    }
    if arguments.images {
        let images = deploy::clean_images(&line).await;
        line.clear();
        let images = images.map_err(|error| Failure::with(exit::STACK, &error))?;
        crate::cli::say_line!("removed {}", count(images, "image"));
    }
    Ok(exit::HELD)
}

/// "1 network", "2 networks".
fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
