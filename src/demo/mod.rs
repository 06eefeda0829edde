//! `jebi demo`: one real round on one machine, with synthetic residents.

pub mod mailbox;
