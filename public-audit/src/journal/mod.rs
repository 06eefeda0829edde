//! The journal: everything that happens to a municipality's rounds, one line each, in an
//! append-only Merkle log which anybody can follow.
//!
//! * [`event`] – a line, and [`batch`] – what an `entered` line stands for,
//! * [`checkpoint`] – the signed state of the log, [`tiles`] – how it is published,
//! * [`excerpt`] – a round's own lines with their paths, in its record,
//! * [`paths`] – the few hashes with which a phone checks one entry,
//! * [`cosignature`], [`witness`], [`rounds`] – what those do who follow the whole log,
//! * [`plain`] – the journal of a round in which everything went as planned.

pub mod batch;
mod blocks;
pub mod checkpoint;
pub mod cosignature;
pub mod event;
pub mod excerpt;
mod fold;
pub mod paths;
pub mod plain;
mod reader;
pub mod rounds;
pub mod tiles;
pub mod witness;

pub use batch::Batch;
pub use checkpoint::Checkpoint;
pub use event::{Act, Event};
pub use excerpt::{Excerpt, Logged};
pub use paths::Paths;
pub use tiles::TilePath;
