//! `bystander init`: what it writes from the clinic's own OpenAPI document, and from recordings of people at the clinic, runs after
//! a few lines of edits, holds on a sound clinic and finds the leak of one with a fault.

pub(crate) mod bench;
mod documents;
mod others;
mod recorder;
mod recordings;
mod sources;
