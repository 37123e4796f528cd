//! `bystander init`: what it writes from the clinic's own OpenAPI document, and from recordings of people at the clinic, runs after
//! a few lines of edits, holds on a sound clinic and finds the leak of one with a fault.

#[path = "init/bench.rs"]
mod bench;
#[path = "binary/mod.rs"]
#[expect(dead_code, reason = "nothing is disturbed here")]
mod binary;
#[path = "init/documents.rs"]
mod documents;
#[path = "init/others.rs"]
mod others;
#[path = "init/recorder.rs"]
mod recorder;
#[path = "init/recordings.rs"]
mod recordings;
#[path = "init/sources.rs"]
mod sources;
