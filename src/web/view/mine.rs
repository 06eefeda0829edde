//! `GET /rounds/{slug}/my`: my entry, in one of the five words.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Page, ShownPass, State, StatusWord, assets, kinds::wishes_in_words};
use crate::domain::status::Turn;
use crate::words::{Lang, money::percent_of};

/// What has become of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MineState {
    /// In the round, not drawn yet.
    Entered,
    /// Has a minute and an amount.
    Assigned {
        /// The personal minute.
        starts_at: DateTime<Utc>,
        /// The grace end: the place is held until then.
        until: DateTime<Utc>,
        /// In won.
        amount: u64,
        /// 1-based place in the order of lots.
        rank: u64,
        /// How many entered.
        count: u64,
    },
    /// Drawn, without a place for now.
    Waitlisted {
        /// 1-based place on the waitlist.
        position: u64,
        /// How many are on the waitlist.
        count: u64,
    },
    /// Still on the waitlist when the round ended.
    Unplaced,
    /// Bought.
    Done {
        /// In won.
        amount: u64,
        /// When.
        at: DateTime<Utc>,
    },
    /// Had a place and did not use it.
    Lapsed {
        /// When the place ended.
        at: DateTime<Utc>,
    },
    /// Its time has passed; at the next offer it has a second one.
    Missed {
        /// When it is given.
        next_offer_at: DateTime<Utc>,
    },
    /// Given back by the entrant.
    Returned {
        /// Until when it can be taken back, if it still can.
        until: Option<DateTime<Utc>>,
    },
    /// Two members of staff found it ineligible.
    Ineligible {
        /// Why, in words.
        reason: String,
        /// Until when to object, if that is not over.
        until: Option<DateTime<Utc>>,
    },
    /// Withdrawn by the entrant.
    Withdrawn {
        /// When.
        at: DateTime<Utc>,
    },
    /// Drawn, and two members of staff are looking at the result before it is published.
    Held,
    /// The round does not count.
    Voided,
}

/// Where somebody is told of their entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToldAt {
    /// An address or a number with most of it hidden.
    Contact(String),
    /// Nowhere else.
    Paper,
}

/// Something is out of order that concerns somebody's own turn; what they hold is theirs all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What, in words.
    pub words: String,
    /// Until when time stands still, if it does.
    pub until: Option<DateTime<Utc>>,
}

impl Fault {
    /// What it means for whoever stands there.
    pub fn sentences(&self, state: &MineState, page: &Page) -> Vec<String> {
        let mut said = vec![t!(page, "mine-fault", what = self.words.as_str())];
        said.push(match (state, self.until) {
            (MineState::Assigned { .. }, Some(at)) => t!(page, "mine-fault-still", at = page.minute(at)),
            (MineState::Assigned { .. }, None) => t!(page, "mine-fault-turn"),
            _ => t!(page, "mine-fault-next"),
        });
        said
    }
}

impl MineState {
    /// The status in one of the words, while nothing is out of order.
    pub fn word(&self, now: DateTime<Utc>) -> StatusWord {
        match *self {
            Self::Assigned { starts_at, until, .. } => Turn { starts_at, until }.status(now),
            Self::Entered | Self::Missed { .. } | Self::Waitlisted { .. } => StatusWord::NotYet,
            // It was to be there by now.
            Self::Held => StatusWord::Fault,
            Self::Done { .. } => StatusWord::Done,
            Self::Lapsed { .. }
            | Self::Unplaced
            | Self::Returned { .. }
            | Self::Ineligible { .. }
            | Self::Withdrawn { .. }
            | Self::Voided => StatusWord::Ended,
        }
    }
}

/// What was before, and why it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The first time was missed.
    Missed {
        /// When it began.
        at: DateTime<Utc>,
        /// When it was over.
        until: DateTime<Utc>,
    },
    /// A place came free.
    Offered {
        /// At the offer of then.
        at: DateTime<Utc>,
    },
    /// A purchase had been recorded wrongly.
    TakenBack {
        /// In won.
        amount: u64,
        /// When it was said to have been.
        bought_at: DateTime<Utc>,
        /// When it was taken back.
        at: DateTime<Utc>,
    },
    /// The time moved.
    Later {
        /// When it would have begun.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
    /// The place is held for longer.
    Longer {
        /// When it would have ended.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
}

/// One's own entry.
#[derive(Debug, Template)]
#[template(path = "pages/mine.html")]
pub struct Mine {
    /// The frame.
    pub page: Page,
    /// The round's name in addresses.
    pub slug: String,
    /// The form's token.
    pub csrf: String,
    /// The round's name for people.
    pub title: String,
    /// The public code of the entry.
    pub receipt: String,
    /// The amount wanted, in won.
    pub want: u64,
    /// What a buyer pays, per cent of the amount.
    pub price_percent: u64,
    /// Keys of day parts, best first; empty if any will do.
    pub wishes: Vec<String>,
    /// Questions and answers.
    pub answers: Vec<(String, String)>,
    /// The days of the entrant's own cohort, in lines; until there is a minute.
    pub days: Vec<String>,
    /// People in the entry.
    pub seats: u64,
    /// Lots, if it draws more than one.
    pub weight: Option<u64>,
    /// Whether it is remembered if it draws in vain; `None` where that does not count.
    pub remembered: Option<bool>,
    /// Where the reader is told of it; `None` where it is somebody else who is.
    pub told: Option<ToldAt>,
    /// Whether the entry is another's, whom the reader has joined.
    pub member: bool,
    /// Whether an entry of this round can hold several people.
    pub shared: bool,
    /// Whether people choose an amount.
    pub asks_amount: bool,
    /// When the entry, or its last change, was recorded.
    pub entered_at: DateTime<Utc>,
    /// The digest of what was agreed to; empty where nothing was asked.
    pub consent_digest: String,
    /// What has become of it.
    pub state: MineState,
    /// What is out of order for them now.
    pub fault: Option<Fault>,
    /// Whether it has just been recorded: says so at the top.
    pub fresh: bool,
    /// Whether the round is open, so that it can be changed or withdrawn (or entered again).
    pub changeable: bool,
    /// Until when it can be changed.
    pub closes_at: DateTime<Utc>,
    /// From when results can be seen.
    pub results_at: DateTime<Utc>,
    /// Where to buy, and the address there if it may be opened from here; shown with the personal minute.
    pub sellers: Vec<(String, Option<String>)>,
    /// The signed receipt's text.
    pub signed_receipt: String,
    /// What was before, oldest first.
    pub changes: Vec<Change>,
    /// The place can be given back until then.
    pub give_back_until: Option<DateTime<Utc>>,
    /// The pass, from one's own second on.
    pub pass: Option<ShownPass>,
    /// One's own second is to come.
    pub moment: Option<Moment>,
}

/// What a page that waits tells its script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// One's own second, in milliseconds since 1970.
    pub starts_at: i64,
    /// The server's time.
    pub now: i64,
    /// Another one than before: something was moved.
    pub version: String,
}

impl Mine {
    fn heading(&self) -> String {
        t!(self.page, "mine-heading")
    }

    /// The status in one of the five words.
    pub fn word(&self) -> StatusWord {
        if self.fault.is_some() { StatusWord::Fault } else { self.state.word(self.page.now) }
    }

    fn wish(&self) -> String {
        wishes_in_words(&self.wishes, self.page.lang)
    }

    fn price(&self, amount: u64) -> u64 {
        percent_of(amount, self.price_percent)
    }

    fn is_withdrawn(&self) -> bool {
        matches!(self.state, MineState::Withdrawn { .. })
    }
}

/// Signed in, but there is no entry in this round.
#[derive(Debug, Template)]
#[template(path = "pages/no_entry.html")]
pub struct NoEntry {
    /// The frame.
    pub page: Page,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// Where the round stands.
    pub state: State,
    /// When registration begins.
    pub opens_at: DateTime<Utc>,
    /// When registration ends.
    pub closes_at: DateTime<Utc>,
}

impl NoEntry {
    fn heading(&self) -> String {
        t!(self.page, "no-entry-heading")
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::Samples;
    use super::*;
    use crate::words::Lang;

    #[test]
    fn the_status_word_follows_the_clock() {
        let samples = Samples { lang: Lang::Ko, hostile: false };
        let word = |now| samples.mine(samples.assigned(), now).word();
        assert_eq!(word("2026-12-02T01:20:39Z"), StatusWord::NotYet);
        assert_eq!(word("2026-12-02T01:20:40Z"), StatusWord::YourTurn);
        assert_eq!(word("2026-12-03T08:59:59Z"), StatusWord::YourTurn);
        assert_eq!(word("2026-12-03T09:00:00Z"), StatusWord::Ended);
    }
}
