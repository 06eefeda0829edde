//! The database: one code path for SQLite and PostgreSQL, using only what both do alike.
//!
//! Functions take the connection or transaction they run on, so that a caller decides what belongs
//! together; verbs are those of the vocabulary (`find`, `get`, `list`, `insert`, `settle`).

pub mod access;
pub mod account;
pub mod assignment;
pub mod attended;
mod away;
pub mod batch;
pub mod bought;
pub mod bulk;
pub mod ceremony;
pub mod certificate;
pub mod checkpoint;
pub mod clerk;
pub mod code;
pub mod consent;
pub mod counted;
pub mod day_sheet;
mod db;
pub mod draft;
pub mod drill;
pub mod entry;
pub mod erase;
pub mod erasing;
pub mod export;
pub mod fact;
mod gather;
pub mod handover;
pub mod inbox;
pub mod incident;
pub mod journal;
pub mod lease;
pub mod ledger;
pub mod load;
pub mod mail;
pub mod member;
pub mod miss;
pub mod notice;
pub mod offer;
pub mod plan;
mod primary;
pub mod proposal;
pub mod rate;
pub mod readdressed;
pub mod reminded;
pub mod reservation;
pub mod roster;
pub mod round;
pub mod round_roster;
pub mod seller;
pub mod shift;
pub mod sign_in;
pub mod spent;
pub mod statement;
pub mod taken_back;
pub mod tally;
pub mod telling;
pub mod ticked;
pub mod vendor;
pub mod want;
pub mod webhook;
pub mod wording;

pub use away::{is_away, outlast};
pub use db::{BATCH_BINDS, Db, migrate, migrations_pending};
pub use gather::Gathered;
