//! Notices: from the outbox to a mail server or an SMS gateway.

pub mod bounce;
pub mod carriers;
pub mod content;
mod handful;
pub mod invite;
pub mod lookup;
pub mod mail;
pub mod message;
pub mod outcome;
pub mod paper;
mod plan;
pub mod queue;
mod reports;
pub mod sending;
pub mod sent_to;
mod settling;
pub mod sms;
pub mod smtp;
pub mod switch;
pub mod tag;
pub mod unreached;
pub mod vendor;
mod warnings;
pub mod wording;
