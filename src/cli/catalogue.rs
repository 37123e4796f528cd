//! Lists: the vocabulary, the faults, the techniques, the fields of a profile.

use super::arguments::{ListFormat, SchemaOf};
use crate::judge::exit;
use crate::profile::Profile;
use crate::prove::{DetectionPower, SabotageReport};
use crate::steps::{Keyword, VOCABULARY};
use crate::technique::CATALOGUE;

/// Prints the vocabulary.
pub(super) fn steps() -> u8 {
    crate::cli::say_line!(
        "Sentences that a scenario can be written with; names, numbers and what stands in quotes are yours."
    );
    crate::cli::say_line!("A doctor's name begins with `Dr`; everybody else is a patient.");
    for (keyword, word) in [
        (Keyword::Given, "Given"),
        (Keyword::When, "When"),
        (Keyword::Then, "Then"),
    ] {
        crate::cli::say_line!("");
        for known in VOCABULARY.iter().filter(|known| known.keyword == keyword) {
            crate::cli::say_line!("{word} {}\n      {}", known.example, known.help);
        }
    }
    exit::HELD
}

/// Prints the clinic's faults.
pub(super) fn faults(format: ListFormat) -> u8 {
    if format == ListFormat::Markdown {
        crate::cli::say(&bystander_clinic::faults::page());
        return exit::HELD;
    }
    crate::cli::say_line!("Faults of the reference clinic: start it with one by `bystander run --fault ID`.");
    for fault in bystander_clinic::faults::catalogue() {
        let weaknesses = fault.cwe.iter().map(|number| format!("CWE-{number}"));
        let requirements = fault.asvs.iter().map(|number| format!("ASVS v5.0.0-{number}"));
        let broken: Vec<String> = weaknesses.chain(requirements).collect();
        crate::cli::say_line!(
            "\n{} ({})\n      {}\n      when it shows: {}",
            fault.id.as_str(),
            fault.class,
            fault.sentence,
            fault.trigger
        );
        crate::cli::say_line!("      {}", broken.join(", "));
    }
    exit::HELD
}

/// Prints what bystanders try.
pub(super) fn techniques() -> u8 {
    crate::cli::say_line!("What bystanders try, by temperament.");
    for technique in CATALOGUE {
        crate::cli::say_line!(
            "\n{} ({})\n      {}",
            technique.name,
            technique.temperament,
            technique.about
        );
    }
    exit::HELD
}

/// Prints a JSON Schema.
pub(super) fn schema(of: SchemaOf) -> u8 {
    let schema = match of {
        SchemaOf::Profile => Profile::schema(),
        SchemaOf::Power => DetectionPower::schema(),
        SchemaOf::Sabotage => SabotageReport::schema(),
    };
    crate::cli::say_line!("{schema:#}");
    exit::HELD
}
