//! The room `plant`: canaries, synthetic recordings that carry them, and finding them again in any bytes.
//!
//! A [`canary::Canary`] is minted for each recording and [`facet::Facet`] and entered in the run's
//! [`registry::Registry`]; [`media`] makes the files that carry it; a [`scan::Scanner`] looks at whatever comes
//! out of a stack and says whose canaries stood in it, in whatever form they had taken on the way.

pub mod canary;
pub mod facet;
pub mod form;
mod ids;
pub mod media;
pub mod pieces;
pub mod planting;
mod recording;
pub mod registry;
pub mod scan;
pub mod token;
mod tones;
pub mod unfinished;
