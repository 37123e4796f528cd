//! Bystander.

pub mod deploy;
