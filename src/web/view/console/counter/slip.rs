//! The slip that somebody takes home, and what a counter sees of an entry.

use askama::Template;
use chrono::{DateTime, Utc};

use super::super::Bar;
use crate::{
    web::view::{
        Fault, FieldError, MineState, Page, Person, StatusWord, assets, errors::FieldErrors,
        kinds::wishes_in_words,
    },
    words::{Lang, money::percent_of},
};

/// An entry as a counter sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The receipt of the entry.
    pub receipt: String,
    /// Their own receipt, also in the entry of others: what is done is done to them alone.
    pub own: String,
    /// The masked name, if they were entered at a counter.
    pub name: Option<String>,
    /// Where they are told things, masked.
    pub contact: Option<String>,
    /// Won in all.
    pub want: u64,
    /// What a buyer pays, per cent of the amount.
    pub price_percent: u64,
    /// Whether people choose an amount.
    pub asks_amount: bool,
    /// Keys of day parts, best first.
    pub wishes: Vec<String>,
    /// People in the entry.
    pub seats: u64,
    /// The days of the entrant's own cohort, in lines; until there is a minute.
    pub days: Vec<String>,
    /// Where it stands.
    pub state: MineState,
    /// What is out of order for them now.
    pub fault: Option<Fault>,
    /// Where to buy.
    pub sellers: Vec<String>,
    /// Until when the place can be given back.
    pub give_back_until: Option<DateTime<Utc>>,
    /// Until when it can be changed.
    pub closes_at: DateTime<Utc>,
    /// From when results can be seen.
    pub results_at: DateTime<Utc>,
}

impl Seen {
    /// One of the five words.
    pub fn word(&self, page: &Page) -> StatusWord {
        if self.fault.is_some() { StatusWord::Fault } else { self.state.word(page.now) }
    }

    /// What one must know, each with its name: in the largest type. Of everybody only their own.
    pub fn facts(&self, page: &Page) -> Vec<(String, String)> {
        let amount = |won: u64| match self.price_percent {
            100 => page.won(won),
            percent => {
                let price = page.won(percent_of(won, percent));
                t!(page, "amount-and-price", amount = page.won(won), price = price)
            }
        };
        match &self.state {
            MineState::Assigned { starts_at, until, amount: won, .. } => {
                let mut facts = vec![
                    (t!(page, "mine-start"), page.minute(*starts_at)),
                    (t!(page, "mine-until"), t!(page, "mine-until-text", at = page.minute(*until))),
                    (t!(page, "mine-amount"), amount(*won)),
                ];
                facts.extend(self.sellers.iter().map(|seller| (t!(page, "mine-seller"), seller.clone())));
                facts
            }
            MineState::Waitlisted { position, count } => {
                let (position, count) = (page.ordinal(*position), page.count(*count));
                vec![(
                    t!(page, "mine-position"),
                    t!(page, "mine-position-text", position = position, count = count),
                )]
            }
            MineState::Done { amount: won, at } => {
                vec![(t!(page, "mine-done-at"), page.minute(*at)), (t!(page, "mine-amount"), page.won(*won))]
            }
            MineState::Missed { next_offer_at } => {
                vec![(t!(page, "counter-second-time"), page.minute(*next_offer_at))]
            }
            MineState::Entered | MineState::Held => {
                let mut facts = vec![(t!(page, "time-results"), page.minute(self.results_at))];
                if self.asks_amount {
                    facts.push((t!(page, "mine-want"), amount(self.want)));
                }
                if self.seats > 1 {
                    let seats = page.count(self.seats);
                    facts.push((t!(page, "mine-seats"), t!(page, "mine-seats-text", count = seats)));
                }
                facts.push((t!(page, "mine-wish"), wishes_in_words(&self.wishes, page.lang)));
                facts
            }
            _ => Vec::new(),
        }
    }

    /// What to say, in a sentence or two.
    pub fn sentences(&self, page: &Page) -> Vec<String> {
        if let Some(fault) = &self.fault {
            return fault.sentences(&self.state, page);
        }
        let ended = || t!(page, "mine-ended-next");
        match &self.state {
            MineState::Assigned { starts_at, .. } => match self.word(page) {
                StatusWord::NotYet => {
                    vec![t!(page, "counter-not-yet", at = page.minute(*starts_at)), t!(page, "mine-no-hurry")]
                }
                StatusWord::YourTurn => vec![t!(page, "mine-your-turn"), t!(page, "mine-no-hurry")],
                _ => vec![t!(page, "mine-over"), ended()],
            },
            MineState::Entered if page.now < self.closes_at => vec![
                t!(page, "early"),
                t!(page, "counter-entered", at = page.minute(self.closes_at)),
                t!(page, "counter-come-again", at = page.minute(self.results_at)),
            ],
            MineState::Entered => {
                vec![
                    t!(page, "mine-entered-closed"),
                    t!(page, "counter-come-again", at = page.minute(self.results_at)),
                ]
            }
            MineState::Held => vec![t!(page, "round-held")],
            MineState::Waitlisted { .. } => vec![t!(page, "mine-waitlisted-next")],
            MineState::Done { .. } => vec![t!(page, "mine-done")],
            MineState::Missed { next_offer_at } => {
                vec![t!(page, "mine-missed", at = page.minute(*next_offer_at))]
            }
            MineState::Unplaced => vec![t!(page, "mine-unplaced"), ended()],
            MineState::Lapsed { .. } => vec![t!(page, "mine-lapsed"), ended()],
            MineState::Returned { .. } => vec![t!(page, "mine-returned"), ended()],
            MineState::Ineligible { reason, .. } => {
                vec![t!(page, "mine-ineligible", reason = reason.as_str())]
            }
            MineState::Withdrawn { .. } => vec![t!(page, "mine-withdrawn")],
            MineState::Voided => vec![t!(page, "mine-voided"), t!(page, "mine-voided-next")],
        }
    }
}

/// The household of an entry, while it can be changed.
#[derive(Clone, Debug, Default)]
pub struct CounterHousehold {
    /// Whether it is theirs who brought the slip, and not of another whom they joined.
    pub opens: bool,
    /// Those who did not come.
    pub people: Vec<Person>,
    /// How many minors may be entered.
    pub minors_most: u64,
    /// How many adults may be entered.
    pub adults_most: u64,
    /// Whether somebody who stands there can come into the entry.
    pub can_join: bool,
    /// How many came themselves.
    pub joint: u64,
    /// How many may.
    pub joint_most: u64,
    /// As typed before.
    pub name: String,
    /// As typed before.
    pub born: String,
}

/// How whoever brings a slip shows that it is theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlipWhose {
    /// They have.
    Shown,
    /// By what a counter has noted of them; where several are alike, by their name too.
    Noted {
        /// Whether several are.
        many: bool,
    },
    /// By a code.
    Code {
        /// Where it goes, masked.
        to: String,
        /// How many digits the one has that is on its way.
        digits: Option<u64>,
    },
    /// By nothing.
    Nobody,
}

/// The slip.
#[derive(Debug, Template)]
#[template(path = "pages/console/counter/slip.html")]
pub struct CounterSlip {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// Whether it was entered a moment ago.
    pub fresh: bool,
    /// How it is shown whose it is, before anything is taken back.
    pub whose: SlipWhose,
    /// Whether the next person can be entered.
    pub is_open: bool,
    /// The entry.
    pub seen: Seen,
    /// Modules of the code in a row, with its quiet zone.
    pub size: usize,
    /// The dark ones, as a path.
    pub path: String,
    /// The signed receipt's text; empty for none.
    pub signed_receipt: String,
    /// Who comes with them, while that can be changed.
    pub household: Option<CounterHousehold>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl CounterSlip {
    fn heading(&self) -> String {
        t!(self.page, "counter-slip")
    }

    /// What can be taken back: the act, what it means, and its button.
    fn undo(&self) -> Option<(&'static str, String, String)> {
        let (page, seen) = (&self.page, &self.seen);
        match (&seen.state, seen.give_back_until) {
            (MineState::Entered, _) if self.is_open => {
                // Who is in it with them is told on their own page, too.
                let others = match seen.own == seen.receipt {
                    true if seen.seats > 1 => t!(page, "withdraw-opener"),
                    true => t!(page, "withdraw-others"),
                    false => t!(page, "withdraw-member"),
                };
                let again = t!(page, "withdraw-again", at = page.minute(seen.closes_at));
                Some(("withdraw", format!("{others} {again}"), t!(page, "mine-withdraw")))
            }
            (MineState::Returned { until: Some(until) }, _) => {
                let text = t!(page, "mine-returned-until", at = page.minute(*until));
                Some(("keep", text, t!(page, "mine-keep")))
            }
            (MineState::Assigned { .. }, Some(until)) => {
                let text = t!(page, "mine-give-back-text", at = page.minute(until));
                Some(("return", text, t!(page, "mine-give-back-submit")))
            }
            _ => None,
        }
    }

    /// Whether it is asked for birth date and phone; and whether for the name.
    fn asks(&self) -> Option<bool> {
        match self.whose {
            SlipWhose::Noted { many } => Some(many),
            _ => None,
        }
    }

    /// Whether nothing that could be typed here shows whose it is.
    fn is_unknown(&self) -> bool {
        matches!(self.whose, SlipWhose::Code { .. } | SlipWhose::Nobody)
    }

    /// Where a code goes that shows whose it is, and how many digits the one has that is on its way.
    fn code(&self) -> Option<(&str, Option<u64>)> {
        match &self.whose {
            SlipWhose::Code { to, digits } => Some((to.as_str(), *digits)),
            _ => None,
        }
    }

    /// Whether something can be done once it is known whose it is.
    fn acts(&self) -> bool {
        self.household.is_some() || self.undo().is_some()
    }

    fn person(&self, index: &usize, person: &Person) -> String {
        let number = self.page.count(*index as u64);
        match person.minor {
            true => t!(self.page, "people-minor", number = number, at = self.page.minute(person.at)),
            false => t!(self.page, "people-adult", number = number, at = self.page.minute(person.at)),
        }
    }
}
