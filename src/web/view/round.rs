//! `GET /rounds/{slug}`: one round, for someone who has never heard of it.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Beacon, DayPart, Mode, Page, State, assets, people::limits};
use crate::words::{Lang, money::percent_of};

/// What is sold.
#[derive(Clone, Copy, Debug)]
pub struct Goods {
    /// The smallest amount, in won.
    pub unit: u64,
    /// All there is, in won.
    pub budget: u64,
    /// The most one person may have, in won.
    pub cap: u64,
    /// What a buyer pays, per cent of the amount: 90 is a discount of 10 %.
    pub price_percent: u64,
}

impl Goods {
    /// What a buyer pays for an amount.
    pub fn price(&self, amount: u64) -> u64 {
        percent_of(amount, self.price_percent)
    }
}

/// Everything that happens at a stated time.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Registration begins.
    pub opens_at: DateTime<Utc>,
    /// Registration ends.
    pub closes_at: DateTime<Utc>,
    /// The pool is fixed and published.
    pub seals_at: DateTime<Utc>,
    /// The organiser's seed is published.
    pub reveals_at: DateTime<Utc>,
    /// The public chance comes out.
    pub pulse_at: DateTime<Utc>,
    /// The results can be seen.
    pub results_at: DateTime<Utc>,
    /// The first personal minute.
    pub first_slot_at: DateTime<Utc>,
    /// The end of the last slot.
    pub last_slot_ends_at: DateTime<Utc>,
}

/// What time standing still did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoodStill {
    /// What had not begun begins later.
    Shifted,
    /// Nobody begins later; who could buy may do so for longer.
    Extended,
    /// The same, and for so many minutes nobody could buy.
    Paused(u64),
}

/// What happens after the draw, for everybody to read.
#[derive(Clone, Debug, Default)]
pub struct AfterDraw {
    /// Whether who misses a time has a second one.
    pub catches_up: bool,
    /// The offers, made or to come.
    pub offers: Vec<OfferLine>,
    /// When time stood still, for how many minutes people are waited for, and why.
    pub shifts: Vec<(StoodStill, DateTime<Utc>, u64, String)>,
}

/// An offer.
#[derive(Clone, Debug)]
pub struct OfferLine {
    /// Its time in the rules.
    pub at: DateTime<Utc>,
    /// What came of it, once it is made: second times, places, given back, ended, ineligible.
    pub made: Option<[u64; 5]>,
}

/// One round.
#[derive(Debug, Template)]
#[template(path = "pages/round.html")]
pub struct RoundPage {
    /// The frame.
    pub page: Page,
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// Whether it is for people on a roster; `true` inside: they need not enter.
    pub roster: Option<bool>,
    /// What is sold.
    pub goods: Goods,
    /// Who gets how much.
    pub mode: Mode,
    /// Where it stands.
    pub state: State,
    /// When everything happens.
    pub times: Times,
    /// The parts of the day one may wish for.
    pub parts: Vec<DayPart>,
    /// Who can buy when: whom, and days in lines; empty if everybody has the same days.
    pub cohorts: Vec<(String, Vec<String>)>,
    /// For whom places are set aside, and how many, in order.
    pub reserves: Vec<(String, u64)>,
    /// Who pays, and how much for each person.
    pub funds: Vec<(String, u64)>,
    /// Whether several people can come together by a code.
    pub joint: bool,
    /// Why the draw decides who, and not only when.
    pub lottery_because: Option<String>,
    /// How many minors and adults one may enter besides oneself.
    pub helped: (u64, u64),
    /// For how many others one person may come at a counter.
    pub per_helper: u64,
    /// How many entered; only after the close.
    pub entrants: Option<u64>,
    /// The digest published before anybody registered, in hex.
    pub commitment: String,
    /// Where the public chance comes from.
    pub beacon: Beacon,
    /// Whether the record can be fetched.
    pub record_ready: bool,
    /// The organiser's seed, once it is revealed.
    pub seed: Option<String>,
    /// The pool is fixed: seal and pool are public.
    pub sealed: bool,
    /// The pulse is due and not to be had: the draw waits for it.
    pub pulse_late: bool,
    /// The bias guard holds the result, and its hour has come.
    pub held: bool,
    /// Why it is void, in the clerks' words.
    pub void_reason: Option<String>,
    /// What happens after the draw.
    pub after: AfterDraw,
}

impl RoundPage {
    fn heading(&self) -> String {
        self.title.clone()
    }

    fn stood_still(&self, kind: &StoodStill, at: &DateTime<Utc>, minutes: &u64, reason: &str) -> String {
        let (at, length) = (self.page.minute(*at), self.page.minutes(*minutes));
        match kind {
            StoodStill::Shifted => t!(self.page, "round-shift", at = at, length = length, reason = reason),
            StoodStill::Extended => {
                t!(self.page, "round-extended", at = at, length = length, reason = reason)
            }
            StoodStill::Paused(stood) => {
                let stood = self.page.minutes(*stood);
                t!(self.page, "round-paused", at = at, length = stood, longer = length, reason = reason)
            }
        }
    }

    fn helps(&self) -> bool {
        self.helped.0 + self.helped.1 > 0
    }

    fn limits(&self) -> String {
        limits(&self.page, self.helped.0, self.helped.1)
    }

    /// The schedule: what, when. The three middle ones are the draw's own and explain themselves in the text.
    fn schedule(&self) -> [(String, DateTime<Utc>); 8] {
        let times = &self.times;
        [
            (t!(self.page, "time-opens"), times.opens_at),
            (t!(self.page, "time-closes"), times.closes_at),
            (t!(self.page, "time-seals"), times.seals_at),
            (t!(self.page, "time-reveals"), times.reveals_at),
            (t!(self.page, "time-pulse"), times.pulse_at),
            (t!(self.page, "time-results"), times.results_at),
            (t!(self.page, "time-first-slot"), times.first_slot_at),
            (t!(self.page, "time-last-slot"), times.last_slot_ends_at),
        ]
    }

    /// Whether this line of the schedule is what comes next; none is once all is past or the round is void.
    fn is_next(&self, index: usize) -> bool {
        self.state != State::Voided
            && self.schedule().iter().position(|(_, at)| *at > self.page.now) == Some(index)
    }
}
