//! Notices: from the outbox to a mail server or an SMS gateway.

pub mod outcome;
pub mod sms;
pub mod smtp;
