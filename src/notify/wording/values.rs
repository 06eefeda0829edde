//! What words may speak of: for each kind of notice a fixed list of values.

use chrono::{DateTime, Utc};

use crate::{
    notify::letter::{Sender, Words},
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
    /// The round is void.
    Voided,
    /// A minute and an amount.
    Assigned,
    /// No place for now.
    Waitlisted,
}

impl Kind {
    /// Every kind. Codes are not worded by clerks, and the seal's mail is evidence.
    pub const ALL: [Self; 5] =
        [Self::Entered, Self::Withdrawn, Self::Voided, Self::Assigned, Self::Waitlisted];

    /// As in a file.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Withdrawn => "withdrawn",
            Self::Voided => "voided",
            Self::Assigned => "assigned",
            Self::Waitlisted => "waitlisted",
        }
    }

    /// The kind of a notice.
    pub const fn of(words: &Words) -> Option<Self> {
        match words {
            Words::Entered { .. } => Some(Self::Entered),
            Words::Withdrawn { .. } => Some(Self::Withdrawn),
            Words::Voided { .. } => Some(Self::Voided),
            Words::Assigned { .. } => Some(Self::Assigned),
            Words::Waitlisted { .. } => Some(Self::Waitlisted),
            _ => None,
        }
    }

    /// What it may speak of.
    pub fn known(self) -> Vec<&'static str> {
        let more: &[&str] = match self {
            Self::Entered => &["amount", "closes", "results"],
            Self::Withdrawn | Self::Voided => &[],
            Self::Assigned => &["start", "until", "amount", "rank", "count"],
            Self::Waitlisted => &["position", "count"],
        };
        ALWAYS.iter().chain(more).copied().collect()
    }

    /// What nobody could act without.
    pub const fn needed(self) -> &'static [&'static str] {
        match self {
            Self::Assigned => &["start", "until", "amount"],
            Self::Waitlisted => &["position"],
            Self::Entered => &["receipt"],
            Self::Withdrawn | Self::Voided => &[],
        }
    }
}

/// The values of a notice.
pub(super) fn values(words: &Words, lang: Lang, from: &Sender) -> Vec<(&'static str, String)> {
    let mut values = vec![
        ("municipality", from.municipality.clone()),
        ("site", from.site_in_words.clone()),
        ("contact", from.contact.clone()),
    ];
    let (title, receipt) = match words {
        Words::Entered { title, receipt, want, closes_at, results_at } => {
            values.push(("amount", won_plain(*want, lang)));
            values.push(("closes", minute(*closes_at, lang)));
            values.push(("results", minute(*results_at, lang)));
            (title, receipt)
        }
        Words::Assigned { title, receipt, starts_at, until, amount, rank, count } => {
            values.push(("start", minute(*starts_at, lang)));
            values.push(("until", minute(*until, lang)));
            values.push(("amount", won_plain(*amount, lang)));
            values.push(("rank", ordinal(*rank, lang)));
            values.push(("count", grouped(*count)));
            (title, receipt)
        }
        Words::Waitlisted { title, receipt, position, count } => {
            values.push(("position", ordinal(*position, lang)));
            values.push(("count", grouped(*count)));
            (title, receipt)
        }
        Words::Withdrawn { title, receipt } | Words::Voided { title, receipt } => (title, receipt),
        _ => return values,
    };
    values.push(("title", title.clone()));
    values.push(("receipt", receipt.clone()));
    values
}

/// A notice to look at, with long values: what fits them fits all.
pub fn sample(kind: Kind, lang: Lang) -> Words {
    let title = if lang.is_korean() {
        "통영사랑상품권 2026년 12월"
    } else {
        "Tongyeong voucher, December 2026"
    };
    let (title, receipt) = (title.to_owned(), "famx-6k54-dc9p-a7yz".to_owned());
    // Noon of a two-digit day in December: dates are never longer.
    let at = |hours: i64| DateTime::<Utc>::UNIX_EPOCH + chrono::TimeDelta::hours(499_323 + hours);
    match kind {
        Kind::Entered => {
            Words::Entered { title, receipt, want: 250_000, closes_at: at(0), results_at: at(48) }
        }
        Kind::Withdrawn => Words::Withdrawn { title, receipt },
        Kind::Voided => Words::Voided { title, receipt },
        Kind::Assigned => Words::Assigned {
            title,
            receipt,
            starts_at: at(0),
            until: at(30),
            amount: 250_000,
            rank: 104_312,
            count: 179_304,
        },
        Kind::Waitlisted => Words::Waitlisted { title, receipt, position: 101_203, count: 134_319 },
    }
}
