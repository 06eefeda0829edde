//! What words may speak of: for each kind of notice a fixed list of values.

use chrono::{DateTime, Utc};

use crate::{
    notify::message::{Message, News, Sender, reason_in_words},
    words::{
        Lang,
        instant::minute,
        money::won_plain,
        number::{grouped, ordinal},
    },
};

/// Every notice knows these.
const ALWAYS: [&str; 5] = ["municipality", "site", "contact", "title", "receipt"];
/// The code that previews show.
pub const SAMPLE_CODE: &str = "7K3M-9QXA";

/// A kind of notice that clerks may word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An entry is recorded.
    Entered,
    /// An entry is withdrawn.
    Withdrawn,
    /// It is told things elsewhere; to where it was told them before.
    Readdressed,
    /// The pool is fixed. What it proves stands below the words, whatever they are.
    Sealed,
    /// The round is void.
    Voided,
    /// A minute and an amount.
    Assigned,
    /// No place for now.
    Waitlisted,
    /// One's own minute comes.
    Reminder,
    /// It came, and the place is still held.
    Open,
    /// A second time.
    CaughtUp,
    /// A place that came free.
    Offered,
    /// The time begins later.
    Later,
    /// The place is held for longer.
    Longer,
    /// The amount went on.
    Lapsed,
    /// It was given back.
    Returned,
    /// Found ineligible.
    Ended,
}

impl Kind {
    /// Every kind but codes, which are not worded by clerks.
    pub const ALL: [Self; 16] = [
        Self::Entered,
        Self::Withdrawn,
        Self::Readdressed,
        Self::Sealed,
        Self::Voided,
        Self::Assigned,
        Self::Waitlisted,
        Self::Reminder,
        Self::Open,
        Self::CaughtUp,
        Self::Offered,
        Self::Later,
        Self::Longer,
        Self::Lapsed,
        Self::Returned,
        Self::Ended,
    ];

    /// As in a file.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Withdrawn => "withdrawn",
            Self::Readdressed => "readdressed",
            Self::Sealed => "sealed",
            Self::Voided => "voided",
            Self::Assigned => "assigned",
            Self::Waitlisted => "waitlisted",
            Self::Reminder => "reminder",
            Self::Open => "open",
            Self::CaughtUp => "caught_up",
            Self::Offered => "offered",
            Self::Later => "later",
            Self::Longer => "longer",
            Self::Lapsed => "lapsed",
            Self::Returned => "returned",
            Self::Ended => "ended",
        }
    }

    /// The kind of a notice.
    pub const fn of(message: &Message) -> Option<Self> {
        Some(match message {
            Message::Code { .. } => return None,
            Message::Entered { .. } => Self::Entered,
            Message::Withdrawn { .. } => Self::Withdrawn,
            // Clerks' words say that the entry stands.
            Message::Readdressed(told) if told.withdrawn => return None,
            Message::Readdressed(_) => Self::Readdressed,
            Message::Sealed { .. } => Self::Sealed,
            Message::Voided { .. } => Self::Voided,
            Message::Assigned { .. } => Self::Assigned,
            Message::Waitlisted { .. } => Self::Waitlisted,
            Message::Reminder { .. } => Self::Reminder,
            Message::StillOpen { .. } => Self::Open,
            Message::After(after) => match after.news {
                News::CaughtUp(_) => Self::CaughtUp,
                News::Offered(_) => Self::Offered,
                News::Later(..) => Self::Later,
                News::Longer(..) => Self::Longer,
                News::Lapsed => Self::Lapsed,
                News::Returned(_) => Self::Returned,
                News::Ended(..) => Self::Ended,
            },
        })
    }

    /// What it may speak of.
    pub fn known(self) -> Vec<&'static str> {
        let more: &[&str] = match self {
            Self::Entered => &["amount", "closes", "results"],
            Self::Readdressed => &["changed"],
            Self::Withdrawn | Self::Sealed | Self::Voided | Self::Lapsed => &[],
            Self::Assigned => &["start", "until", "amount", "rank", "count"],
            Self::Reminder | Self::Open | Self::CaughtUp | Self::Offered => &["start", "until", "amount"],
            Self::Later | Self::Longer => &["start", "until", "amount", "why"],
            Self::Waitlisted => &["position", "count"],
            Self::Returned => &["free"],
            Self::Ended => &["why"],
        };
        ALWAYS.iter().chain(more).copied().collect()
    }

    /// What nobody could act without.
    pub const fn needed(self) -> &'static [&'static str] {
        match self {
            Self::Assigned | Self::CaughtUp | Self::Offered => &["start", "until", "amount"],
            Self::Reminder | Self::Later => &["start", "until"],
            Self::Open | Self::Longer => &["until"],
            Self::Waitlisted => &["position"],
            Self::Entered => &["receipt"],
            Self::Readdressed => &["changed", "contact", "receipt"],
            Self::Ended => &["why"],
            Self::Withdrawn | Self::Sealed | Self::Voided | Self::Lapsed | Self::Returned => &[],
        }
    }
}

/// The values of a notice.
pub(super) fn values(message: &Message, lang: Lang, from: &Sender) -> Vec<(&'static str, String)> {
    let mut values = vec![
        ("municipality", from.municipality.clone()),
        ("site", from.site_in_words.clone()),
        ("contact", from.contact.clone()),
    ];
    let mut place = |starts_at: &DateTime<Utc>, until: &DateTime<Utc>, amount: u64| {
        values.push(("start", minute(*starts_at, lang)));
        values.push(("until", minute(*until, lang)));
        values.push(("amount", won_plain(amount, lang)));
    };
    let (title, receipt) = match message {
        Message::Code { .. } => return values,
        Message::Entered { title, receipt, want, closes_at, results_at } => {
            values.push(("amount", won_plain(*want, lang)));
            values.push(("closes", minute(*closes_at, lang)));
            values.push(("results", minute(*results_at, lang)));
            (title, receipt)
        }
        Message::Assigned { title, receipt, starts_at, until, amount, rank, count } => {
            place(starts_at, until, *amount);
            values.push(("rank", ordinal(*rank, lang)));
            values.push(("count", grouped(*count)));
            (title, receipt)
        }
        Message::Reminder { title, receipt, starts_at, until, amount }
        | Message::StillOpen { title, receipt, starts_at, until, amount } => {
            place(starts_at, until, *amount);
            (title, receipt)
        }
        Message::Waitlisted { title, receipt, position, count } => {
            values.push(("position", ordinal(*position, lang)));
            values.push(("count", grouped(*count)));
            (title, receipt)
        }
        Message::Withdrawn { title, receipt }
        | Message::Sealed { title, receipt, .. }
        | Message::Voided { title, receipt } => (title, receipt),
        Message::Readdressed(told) => {
            values.push(("changed", minute(told.at, lang)));
            (&told.title, &told.receipt)
        }
        Message::After(after) => {
            if let Some(held) = after.held() {
                place(&held.starts_at, &held.until, held.amount);
            }
            match &after.news {
                News::Later(_, why) | News::Longer(_, why) => values.push(("why", why.clone())),
                News::Returned(free) => values.push(("free", minute(*free, lang))),
                News::Ended(reason, _) => values.push(("why", reason_in_words(*reason, lang))),
                News::CaughtUp(_) | News::Offered(_) | News::Lapsed => {}
            }
            (&after.title, &after.receipt)
        }
    };
    values.push(("title", title.clone()));
    values.push(("receipt", receipt.clone()));
    values
}
