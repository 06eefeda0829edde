//! The tables of jebi, one file each, named by the words of the vocabulary.
//!
//! Keys begin with the round wherever a row belongs to one, so that a distributed PostgreSQL can
//! keep a round together. Instants (`_at`) are UTC; money is whole won; text is never compared by
//! locale. Nothing here knows how to do anything: that is `store`.

#![allow(missing_docs, reason = "columns are documented where their meaning is not their name")]

pub mod access;
pub mod account;
pub mod assignment;
pub mod attempt;
pub mod attended;
pub mod batch;
pub mod bought;
pub mod bounce;
pub mod ceremony;
pub mod certificate;
pub mod change;
pub mod checkpoint;
pub mod clerk;
pub mod code;
pub mod consent;
pub mod counted;
pub mod day_sheet;
pub mod dead_address;
pub mod draft;
pub mod drill;
pub mod entry;
pub mod erasing;
pub mod extension;
pub mod fact;
pub mod guess;
pub mod handover;
pub mod idempotency;
pub mod inbox;
pub mod incident;
pub mod journal;
pub mod lease;
pub mod ledger;
pub mod load;
pub mod member;
pub mod miss;
pub mod moved;
pub mod notice;
pub mod offer;
pub mod plan;
pub mod proposal;
pub mod rate;
pub mod readdressed;
pub mod recovery_code;
pub mod reminded;
pub mod reservation;
pub mod roster;
pub mod roster_member;
pub mod round;
pub mod round_roster;
pub mod round_seller;
pub mod sales;
pub mod seller;
pub mod seller_key;
pub mod shift;
pub mod sign_in;
pub mod slowdown;
pub mod spent;
pub mod statement;
pub mod taken_back;
pub mod tally;
pub mod telling;
pub mod ticked;
pub mod unmailed;
pub mod vendor;
pub mod webhook;
pub mod wording;
