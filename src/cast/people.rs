//! Making people up: plausible, seeded, and recognisably nobody real.

use super::nhs::nhs_number;
use crate::undo::Membership;
use fake::Fake;
use fake::faker::name::en::{FirstName, LastName};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// A synthetic person. The password never prints.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// First and last name.
    pub full_name: String,
    /// At `example.test`, which belongs to nobody (RFC 2606).
    pub email: String,
    /// A secret.
    pub password: String,
    /// In the test range.
    pub nhs_number: String,
    /// The how-manieth of their role and tenant they are, from 0: it chooses among `vary` and `given`.
    pub turn: usize,
    /// What the scenario says of them besides.
    pub belonging: Membership,
}

impl Identity {
    /// The same as the how-manieth of their role in a scenario, from 0.
    #[must_use]
    pub fn in_turn(mut self, turn: usize) -> Self {
        self.turn = turn;
        self
    }
}

/// The right to use the people whom the profile lends: one scenario has it at a time.
#[derive(Debug, Clone)]
pub struct LentPeopleLease(
    #[expect(dead_code, reason = "it is held, and given back when it is dropped")] Arc<OwnedMutexGuard<()>>,
);

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.full_name)
    }
}

/// Makes people up for one run: the same seed makes the same people, whatever runs beside them.
#[derive(Debug, Clone)]
pub struct People {
    seed: u64,
    run: String,
    lent: Arc<Mutex<()>>,
}

impl People {
    /// For a run. Addresses carry the run's name, so that a stack that is kept never sees the same address twice.
    #[must_use]
    pub fn new(seed: u64, run: &str) -> Self {
        Self {
            seed,
            run: run.to_owned(),
            lent: Arc::default(),
        }
    }

    /// The right to use the people whom the profile lends; waits until no other scenario has it.
    pub async fn lease(&self) -> LentPeopleLease {
        LentPeopleLease(Arc::new(Arc::clone(&self.lent).lock_owned().await))
    }

    /// The person whom a scenario calls `name`: `Ada` gets a last name, `Dr Evans` a first name.
    #[must_use]
    pub fn person(&self, scenario: u32, name: &str) -> Identity {
        let mut random = self.random(scenario, name);
        let full_name = match name.strip_prefix("Dr ") {
            Some(last) => format!("{} {last}", FirstName().fake_with_rng::<String, _>(&mut random)),
            None if name.contains(' ') => name.to_owned(),
            None => format!("{name} {}", LastName().fake_with_rng::<String, _>(&mut random)),
        };
        let local: String = full_name
            .to_lowercase()
            .chars()
            .map(|letter| {
                if letter.is_ascii_alphanumeric() {
                    letter
                } else {
                    '.'
                }
            })
            .collect();
        let email = format!("{local}.{}-{scenario}@example.test", self.run);
        let password: String = (0..20)
            .map(|_| char::from(random.random_range(b'a'..=b'z')))
            .collect();
        Identity {
            full_name,
            email,
            password,
            nhs_number: nhs_number(&mut random),
            turn: 0,
            belonging: Membership::default(),
        }
    }

    /// The same as the how-manieth of their role and tenant in a scenario, with what that says of them besides.
    #[must_use]
    pub fn introduced(&self, scenario: u32, name: &str, turn: usize, belonging: &Membership) -> Identity {
        let mut identity = self.person(scenario, name).in_turn(turn);
        if let Some(other) = &belonging.number_of {
            identity.nhs_number = self.person(scenario, other).nhs_number;
        }
        identity.belonging = belonging.clone();
        identity
    }

    fn random(&self, scenario: u32, name: &str) -> ChaCha8Rng {
        let mut hash = Sha256::new();
        hash.update(self.seed.to_le_bytes());
        hash.update(scenario.to_le_bytes());
        hash.update(name.as_bytes());
        ChaCha8Rng::from_seed(hash.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_people_and_another_makes_others() {
        let one = People::new(1, "r").person(3, "Ada");
        assert_eq!(one, People::new(1, "r").person(3, "Ada"));
        assert_ne!(one.nhs_number, People::new(2, "r").person(3, "Ada").nhs_number);
        assert_ne!(one.email, People::new(1, "r").person(4, "Ada").email);
        assert!(one.full_name.starts_with("Ada "));
        assert!(one.email.ends_with("@example.test"));
    }

    #[test]
    fn a_doctor_keeps_the_last_name_of_the_scenario() {
        let doctor = People::new(1, "r").person(1, "Dr Evans");
        assert!(doctor.full_name.ends_with(" Evans"), "{}", doctor.full_name);
    }

    #[test]
    fn nothing_of_an_identity_prints_but_the_name() {
        let ada = People::new(1, "r").person(1, "Ada");
        assert_eq!(format!("{ada:?}"), ada.full_name);
    }
}
