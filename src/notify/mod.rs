//! Notices: from the outbox to a mail server or an SMS gateway.

pub mod carriers;
pub mod bounce;
pub mod invite;
pub mod letter;
pub mod mail;
pub mod outcome;
mod plan;
pub mod sending;
pub mod sms;
pub mod smtp;
pub mod tag;
pub mod vendor;
pub mod words;
