//! What a failed step means: the table from (where, how) to [`Outcome`].

use crate::notify::outcome::Outcome;
use std::{error::Error as _, time::Duration};

/// Where in the dialogue a step failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// `MAIL FROM`: about us as a sender.
    Sender,
    /// `RCPT TO`: about this recipient.
    Recipient,
    /// `DATA` and the text up to, but not including, the final dot: the server must forget the mail
    /// (RFC 5321 section 4.1.1.4).
    Text,
    /// The final dot may have been sent: from here silence means "unknown" (RFC 1047).
    Dot,
}

/// How a step failed.
#[derive(Debug)]
pub(super) enum Fault {
    /// A reply of 4yz or 5yz.
    Reply { code: u16, text: String },
    /// No reply in time.
    Silence(Duration),
    /// The connection broke, or the reply was not SMTP.
    Broken(String),
}

impl Fault {
    pub fn of(error: &lettre::transport::smtp::Error) -> Self {
        match error.status() {
            Some(code) => {
                let text = error.source().map(ToString::to_string).unwrap_or_default();
                Self::Reply { code: code.into(), text }
            }
            None => Self::Broken(error.to_string()),
        }
    }

    /// Whether the connection cannot be used any more. 421 announces that the server closes it.
    pub const fn ends_connection(&self) -> bool {
        !matches!(self, Self::Reply { code, .. } if *code != 421)
    }

    /// `recipient` is taken out of the server's words: they go to logs and screens.
    pub fn outcome(&self, stage: Stage, recipient: &str) -> Outcome {
        let reason = format!("{}: {}", stage.words(), self.words(recipient));
        match (self, stage) {
            // RFC 4954 section 6: it is our credentials that are missing or wrong, whatever the command.
            (Self::Reply { code: 530 | 534 | 535 | 538, .. }, _) => Outcome::hold(reason),
            (Self::Reply { code: 500.., .. }, Stage::Sender) => Outcome::hold(reason),
            (Self::Reply { code: 500.., .. }, _) => Outcome::permanent(reason),
            (Self::Reply { .. }, _) => Outcome::later(reason),
            (_, Stage::Dot) => Outcome::unknown(reason),
            (_, Stage::Sender | Stage::Recipient | Stage::Text) => Outcome::later(reason),
        }
    }

    fn words(&self, recipient: &str) -> String {
        match self {
            Self::Reply { code, text } => format!("{code} {}", tidy(text, recipient)),
            Self::Silence(patience) => format!("no answer within {} ms", patience.as_millis()),
            Self::Broken(what) => tidy(what, recipient),
        }
    }
}

impl Stage {
    const fn words(self) -> &'static str {
        match self {
            Self::Sender => "sender",
            Self::Recipient => "recipient",
            Self::Text => "text",
            Self::Dot => "after the final dot",
        }
    }
}

/// A server's words on one line, without the recipient's address, at most 200 characters.
pub(super) fn tidy(text: &str, recipient: &str) -> String {
    let one_line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut clean = String::with_capacity(one_line.len());
    for word in one_line.split_whitespace() {
        if !clean.is_empty() {
            clean.push(' ');
        }
        let (lower, address) = (word.to_lowercase(), recipient.to_lowercase());
        clean.push_str(if !address.is_empty() && lower.contains(&address) { "<recipient>" } else { word });
    }
    clean.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn reply(code: u16) -> Fault {
        Fault::Reply { code, text: "5.1.1 <Kim@Example.org>: no\r\nsuch user".into() }
    }

    #[test]
    fn every_cell_of_the_table() {
        use Stage::{Dot, Recipient, Sender, Text};
        let word = |fault: &Fault, stage| match fault.outcome(stage, "kim@example.org") {
            Outcome::Rejected { permanent: true, .. } => "permanent",
            Outcome::Rejected { permanent: false, .. } => "later",
            other => other.word(),
        };
        let broken = Fault::Broken("connection reset".into());
        let silent = Fault::Silence(Duration::from_secs(1));
        for (fault, expected) in [
            (&reply(450), ["later", "later", "later", "later"]),
            (&reply(421), ["later", "later", "later", "later"]),
            (&reply(550), ["hold", "permanent", "permanent", "permanent"]),
            (&reply(530), ["hold", "hold", "hold", "hold"]),
            (&broken, ["later", "later", "later", "unknown"]),
            (&silent, ["later", "later", "later", "unknown"]),
        ] {
            assert_eq!([Sender, Recipient, Text, Dot].map(|stage| word(fault, stage)), expected, "{fault:?}");
        }
    }

    #[test]
    fn a_reason_does_not_quote_the_recipient() {
        let Outcome::Rejected { reason, .. } = reply(550).outcome(Stage::Recipient, "kim@example.org") else {
            panic!("550 is a rejection");
        };
        assert_eq!(reason, "recipient: 550 5.1.1 <recipient> no such user");
    }
}
