//! Notices: from the outbox to a mail server or an SMS gateway.

pub mod bounce;
pub mod carriers;
pub mod invite;
pub mod letter;
pub mod mail;
pub mod outcome;
pub mod paper;
mod plan;
pub mod sending;
pub mod sms;
pub mod smtp;
pub mod tag;
pub mod vendor;
pub mod wording;
pub mod words;
