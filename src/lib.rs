//! Bystander.
