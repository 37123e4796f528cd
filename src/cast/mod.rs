//! Personas and their sessions: synthetic people, seeded and reproducible, new for every scenario.

mod company;
mod device;
mod error;
mod known;
mod nhs;
mod people;
mod persona;
mod removal;
mod session;
mod traits;
mod wrong;

pub use company::{Cast, PersonaSpec};
pub use error::CastError;
pub use nhs::nhs_number;
pub use people::{Identity, LentPeopleLease, People};
pub use persona::{NOBODY, Persona, WRONG_CREDENTIALS};
pub use traits::traits;
