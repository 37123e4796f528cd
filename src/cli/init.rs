//! `bystander init`: writes a first profile, and says what is left to do.

use super::Failure;
use super::arguments::InitArguments;
use crate::init::{self, DocumentSource, Draft};
use crate::judge::exit;

/// Writes the profile.
pub(super) async fn init(arguments: &InitArguments) -> Result<u8, Failure> {
    let usage = |error: init::InitError| Failure::with(exit::USAGE, &error);
    if arguments.out.exists() && !arguments.force {
        let path = arguments.out.clone();
        return Err(usage(init::InitError::Exists { path }));
    }
    let draft = if let Some(document) = &arguments.openapi {
        let source = DocumentSource::new(document, &arguments.allow_host).map_err(usage)?;
        init::from_openapi(&source).await
    } else if arguments.har.is_empty() {
        init::from_answers(&mut std::io::stdin().lock(), &mut std::io::stderr())
    } else {
        init::from_har(&arguments.har)
    };
    let draft = draft.map_err(usage)?;
    init::save(&draft, &arguments.out, arguments.force).map_err(usage)?;
    print_summary(&draft, arguments);
    Ok(exit::HELD)
}

fn print_summary(draft: &Draft, arguments: &InitArguments) {
    let out = arguments.out.display();
    let lines = draft.text.lines().count();
    let are = |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "es" });
    crate::cli::say_line!("wrote {out}: {lines} lines, {}", are(draft.guesses, "guess"));
    if !draft.blanks.is_empty() {
        crate::cli::say_line!("\nLeft to fill in:");
        for blank in &draft.blanks {
            crate::cli::say_line!("  {blank}");
        }
    }
    let mut variables: Vec<&str> = draft
        .text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| line.split("env.").skip(1))
        .filter_map(|rest| {
            let name = rest
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .next()?;
            let given = rest
                .trim_start_matches(name)
                .trim_start()
                .starts_with("| default");
            (!given && !name.is_empty()).then_some(name)
        })
        .collect();
    variables.sort_unstable();
    variables.dedup();
    if !variables.is_empty() {
        crate::cli::say_line!("\nIt reads these from the environment: {}", variables.join(", "));
    }
    crate::cli::say_line!("\nThen:");
    crate::cli::say_line!("  bystander check --profile {out}     # tries each part of it on the stack");
    crate::cli::say_line!("  bystander run --profile {out}");
}
