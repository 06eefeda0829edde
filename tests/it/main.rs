//! Everything that needs sockets, processes or a database, as one binary: it links once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod after;
mod audit;
mod beacon;
mod busy;
mod codes;
mod cosigned;
mod edges;
mod edges_headers;
mod forecast;
mod forms;
mod full;
mod guard;
mod journal;
mod kill;
mod layers;
mod letters;
mod mail;
mod mailbox;
mod notices;
mod outbox;
mod peer;
mod privacy;
mod record;
mod roster;
mod round;
mod sms;
mod smtp;
mod start;
mod support;
mod time;
mod together;
mod vendors;
mod void;
mod who;
mod witness;
