//! `/sent`: was this notice from us?

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Page, assets};
use crate::words::Lang;

/// What a notice was about, without saying what it said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToldOf {
    /// An entry or its change.
    Entry,
    /// The sealed pool.
    Seal,
    /// The result.
    Result,
    /// That the round is void.
    Void,
    /// A change of time, a place that became free, a reminder.
    Change,
}

impl ToldOf {
    /// The kind of a reason in the outbox.
    pub fn from_reason(reason: &str) -> Self {
        match reason {
            "entered" | "withdrawn" | "readdressed" => Self::Entry,
            "sealed" => Self::Seal,
            "result" => Self::Result,
            "voided" => Self::Void,
            _ => Self::Change,
        }
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SentAnswer {
    /// We sent it.
    Yes {
        /// About what.
        of: ToldOf,
        /// When; the page says the day alone.
        at: DateTime<Utc>,
    },
    /// We did not.
    No,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "pages/sent.html")]
pub struct Sent {
    /// The frame.
    pub page: Page,
    /// The form's token.
    pub csrf: String,
    /// What was typed.
    pub typed: String,
    /// The answer to it.
    pub answer: Option<SentAnswer>,
}

impl Sent {
    fn heading(&self) -> String {
        t!(self.page, "sent-heading")
    }

    fn of(&self, of: ToldOf) -> String {
        match of {
            ToldOf::Entry => t!(self.page, "sent-of-entry"),
            ToldOf::Seal => t!(self.page, "sent-of-seal"),
            ToldOf::Result => t!(self.page, "sent-of-result"),
            ToldOf::Void => t!(self.page, "sent-of-void"),
            ToldOf::Change => t!(self.page, "sent-of-change"),
        }
    }
}
