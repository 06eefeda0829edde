//! Notices: from the outbox to a mail server or an SMS gateway.
