//! Lists: the vocabulary, the faults, the techniques.

use crate::judge::exit;
use crate::probe::CATALOGUE;
use crate::steps::{Keyword, VOCABULARY};

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
pub(super) fn faults() -> u8 {
    crate::cli::say_line!("Faults of the reference clinic: start it with one by `bystander run --fault ID`.");
    for fault in bystander_clinic::faults::catalogue() {
        let weaknesses: Vec<String> = fault.cwe.iter().map(|number| format!("CWE-{number}")).collect();
        crate::cli::say_line!(
            "\n{}\n      {}\n      when it shows: {}",
            fault.id.as_str(),
            fault.sentence,
            fault.trigger
        );
        crate::cli::say_line!("      {}", weaknesses.join(", "));
    }
    exit::HELD
}

/// Prints what bystanders try.
pub(super) fn techniques() -> u8 {
    crate::cli::say_line!("What bystanders try, by temperament.");
    for technique in &CATALOGUE {
        crate::cli::say_line!(
            "\n{} ({})\n      {}",
            technique.name,
            technique.temperament,
            technique.about
        );
    }
    exit::HELD
}
