//! What every page has in common.

use chrono::{DateTime, TimeDelta, Utc};

use super::Ending;
use crate::words::{Lang, instant, money, number};

/// The frame around every page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The reader's language.
    pub lang: Lang,
    /// The path of a page that can be fetched with GET; the language switch leads there.
    pub path: String,
    /// Who runs this deployment.
    pub municipality: String,
    /// The help desk, in words, at the same place on every page.
    pub contact: String,
    /// The server's time: the only one that counts, so it is shown.
    pub now: DateTime<Utc>,
    /// Set in a rehearsal: a banner says that nothing is sold, followed by this text (may be empty).
    pub rehearsal: Option<String>,
    /// Whether this browser has passed the identity check.
    pub signed_in: bool,
    /// What ends soon, and when.
    pub ending: Option<Ending>,
}

// Short forms for templates, so that none of them passes the language around.
impl Page {
    /// Where the language switch leads.
    pub fn switch(&self, lang: Lang) -> String {
        let joint = if self.path.contains('?') { '&' } else { '?' };
        format!("{}{joint}lang={}", self.path, lang.tag())
    }

    /// Date, weekday and minute.
    pub fn minute(&self, at: DateTime<Utc>) -> String {
        instant::minute(at, self.lang)
    }

    /// Date and weekday.
    pub fn date(&self, at: DateTime<Utc>) -> String {
        instant::date(at, self.lang)
    }

    /// Date and weekday with the year.
    pub fn long_date(&self, at: DateTime<Utc>) -> String {
        instant::long_date(at, self.lang)
    }

    /// The time of day alone.
    pub fn clock(&self, at: DateTime<Utc>) -> String {
        instant::clock(at, self.lang)
    }

    /// From when until when.
    pub fn span(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> String {
        instant::span(from, until, self.lang)
    }

    /// A length of time.
    pub fn minutes(&self, minutes: u64) -> String {
        instant::duration(TimeDelta::minutes(i64::try_from(minutes).unwrap_or(i64::MAX / 60_000)), self.lang)
    }

    /// The value of a `datetime` attribute.
    pub fn machine(&self, at: DateTime<Utc>) -> String {
        instant::machine(at)
    }

    /// An amount.
    pub fn won(&self, amount: u64) -> String {
        money::won(amount, self.lang)
    }

    /// A large amount.
    pub fn budget(&self, amount: u64) -> String {
        money::budget(amount, self.lang)
    }

    /// A count.
    pub fn count(&self, number: u64) -> String {
        number::grouped(number)
    }

    /// A place in an order.
    pub fn ordinal(&self, number: u64) -> String {
        number::ordinal(number, self.lang)
    }
}
