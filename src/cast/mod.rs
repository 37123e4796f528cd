//! Personas and their sessions: synthetic people, seeded and reproducible, new for every scenario.

mod nhs;
mod people;
mod persona;

pub use nhs::nhs_number;
pub use people::{Identity, People};
pub use persona::{Cast, CastError, NOBODY, Persona};
