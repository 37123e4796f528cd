//! Bystander.

pub mod plant;
