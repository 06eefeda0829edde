//! The jebi draw, and everything needed to recompute it.
//!
//! A round of jebi gives every entrant a personal purchase time. This crate **is** that draw: the
//! service calls the same functions as the newspaper which checks it. From the inside out:
//!
//! * [`receipt`], [`rules`], [`entry`], [`pool`] – what is known before chance exists,
//! * [`merkle`], [`note`], [`seal`] – how it is fixed in public,
//! * [`beacon`], [`seed`], [`lot`], [`draw`](mod@draw) – chance, and who goes when,
//! * [`after`] – who catches up, and to whom is offered what became free,
//! * [`journal`] – everything that happens, in an append-only log,
//! * [`result`], [`record`], [`verify`](mod@verify) – what is published, and how it is checked,
//! * [`scratch`] – room for what does not fit into memory, given by whoever calls,
//! * [`explain`](mod@explain), [`sample`](mod@sample) – for one resident, and for an inspection.
//!
//! What is *absent*: no clock, no network, no database, no file system, no randomness of the
//! operating system, no floating point, no person's name. The same bytes in give the same bytes
//! out, on every machine and in every year.
//!
//! It is not `no_std`: pools of millions are read through `std::io` and drawn by threads, and who has neither
//! draws no round.
//!
//! `SPEC.md` beside this crate states every format byte by byte.

#![deny(missing_docs)]
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod after;
pub mod beacon;
pub mod digest;
pub mod draw;
pub mod entry;
pub mod explain;
pub mod hex;
pub mod instant;
pub mod journal;
pub mod lot;
pub mod merkle;
pub mod note;
pub mod plain;
pub mod pool;
pub mod receipt;
pub mod record;
pub mod result;
pub mod rules;
pub mod sample;
pub mod scratch;
pub mod seal;
pub mod seed;
pub mod slug;
pub mod tamper;
pub mod verify;

pub use digest::Digest;
pub use draw::draw;
pub use entry::Entry;
pub use instant::Instant;
pub use pool::Pool;
pub use receipt::Receipt;
pub use rules::Rules;
pub use slug::Slug;
