//! What there is to say after the draw: a second time, a place that came free, a time that moved.

use chrono::{DateTime, Utc};
use i18n_embed_fl::fl;

use crate::words::{Lang, instant::minute, money::won_plain};

/// News of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// The round.
    pub title: String,
    /// The public code of the entry.
    pub receipt: String,
    /// What happened.
    pub news: News,
}

/// What happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The first time was missed, and nothing is lost.
    CaughtUp(Held),
    /// It waited, and a place came free.
    Offered(Held),
    /// Its time begins later.
    Later(Held, String),
    /// Its time had begun, and is held for longer.
    Longer(Held, String),
    /// Its amount went on.
    Lapsed,
    /// It was given back; others get it then.
    Returned(DateTime<Utc>),
    /// Members of staff found it ineligible. Why, and until when to object.
    Ended(Reason, Option<DateTime<Utc>>),
}

/// A place that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The personal minute.
    pub starts_at: DateTime<Utc>,
    /// The grace end.
    pub until: DateTime<Utc>,
    /// In won.
    pub amount: u64,
}

pub use crate::domain::ineligible::Reason;

/// Why an entry is ineligible, as its entrant reads it.
pub fn reason_in_words(reason: Reason, lang: Lang) -> String {
    match reason {
        Reason::Resident => fl!(lang.loader(), "ineligible-resident"),
        Reason::Twice => fl!(lang.loader(), "ineligible-twice"),
        Reason::Conditions => fl!(lang.loader(), "ineligible-conditions"),
        Reason::Joint => fl!(lang.loader(), "ineligible-joint"),
    }
}

impl After {
    /// The place it is about, if any is held.
    pub fn held(&self) -> Option<Held> {
        match &self.news {
            News::CaughtUp(held) | News::Offered(held) | News::Later(held, _) | News::Longer(held, _) => {
                Some(*held)
            }
            News::Lapsed | News::Returned(_) | News::Ended(..) => None,
        }
    }

    pub(super) fn subject(&self, lang: Lang, municipality: &str) -> String {
        let l = lang.loader();
        match self.news {
            News::CaughtUp(_) => fl!(l, "mail-caught-up-subject", municipality = municipality),
            News::Offered(_) => fl!(l, "mail-offered-subject", municipality = municipality),
            News::Later(..) => fl!(l, "mail-later-subject", municipality = municipality),
            News::Longer(..) => fl!(l, "mail-longer-subject", municipality = municipality),
            News::Lapsed => fl!(l, "mail-lapsed-subject", municipality = municipality),
            News::Returned(_) => fl!(l, "mail-returned-subject", municipality = municipality),
            News::Ended(..) => fl!(l, "mail-ended-subject", municipality = municipality),
        }
    }

    pub(super) fn text(&self, lang: Lang, municipality: &str) -> String {
        let l = lang.loader();
        let (title, receipt) = (self.title.as_str(), self.receipt.as_str());
        macro_rules! sms {
            ($key:literal, $held:expr) => {
                fl!(
                    l,
                    $key,
                    municipality = municipality,
                    title = title,
                    receipt = receipt,
                    start = minute($held.starts_at, lang),
                    until = minute($held.until, lang),
                    amount = won_plain($held.amount, lang)
                )
            };
        }
        match &self.news {
            News::CaughtUp(held) => sms!("sms-caught-up", held),
            News::Offered(held) => sms!("sms-offered", held),
            News::Later(held, _) => sms!("sms-later", held),
            News::Longer(held, _) => fl!(
                l,
                "sms-longer",
                municipality = municipality,
                title = title,
                receipt = receipt,
                until = minute(held.until, lang)
            ),
            News::Lapsed => {
                fl!(l, "sms-lapsed", municipality = municipality, title = title, receipt = receipt)
            }
            News::Returned(at) => fl!(
                l,
                "sms-returned",
                municipality = municipality,
                title = title,
                receipt = receipt,
                at = minute(*at, lang)
            ),
            News::Ended(reason, _) => fl!(
                l,
                "sms-ended",
                municipality = municipality,
                title = title,
                receipt = receipt,
                reason = reason_in_words(*reason, lang)
            ),
        }
    }
}
