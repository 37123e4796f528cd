//! Lists: the vocabulary, the faults, the techniques.

use crate::judge::exit;
use crate::probe::CATALOGUE;
use crate::steps::{Keyword, VOCABULARY};

/// Prints the vocabulary.
pub(super) fn steps() -> u8 {
    println!(
        "Sentences that a scenario can be written with; names, numbers and what stands in quotes are yours."
    );
    println!("A doctor's name begins with `Dr`; everybody else is a patient.");
    for (keyword, word) in [
        (Keyword::Given, "Given"),
        (Keyword::When, "When"),
        (Keyword::Then, "Then"),
    ] {
        println!();
        for known in VOCABULARY.iter().filter(|known| known.keyword == keyword) {
            println!("{word} {}\n      {}", known.example, known.help);
        }
    }
    exit::HELD
}

/// Prints the clinic's faults.
pub(super) fn faults() -> u8 {
    println!("Faults of the reference clinic: start it with one by `bystander run --fault ID`.");
    for fault in bystander_clinic::faults::catalogue() {
        let weaknesses: Vec<String> = fault.cwe.iter().map(|number| format!("CWE-{number}")).collect();
        println!(
            "\n{}\n      {}\n      when it shows: {}",
            fault.id.as_str(),
            fault.sentence,
            fault.trigger
        );
        println!("      {}", weaknesses.join(", "));
    }
    exit::HELD
}

/// Prints what bystanders try.
pub(super) fn techniques() -> u8 {
    println!("What bystanders try, by temperament.");
    for technique in &CATALOGUE {
        println!(
            "\n{} ({})\n      {}",
            technique.name, technique.temperament, technique.about
        );
    }
    exit::HELD
}
