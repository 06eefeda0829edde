//! The public notice (공고문), for printing.

use askama::Template;
use chrono::{DateTime, Utc};

use crate::{
    domain::who::Household,
    web::view::{Page, assets},
    words::{Lang, instant, money},
};

/// More lots for those who drew in vain.
#[derive(Clone, Copy, Debug)]
pub struct Lots {
    /// For each time.
    pub each: u64,
    /// In all.
    pub most: u64,
    /// Of so many rounds.
    pub rounds: u64,
}

/// What is announced. In Korean whoever looks: it is an official document.
#[derive(Debug, Template)]
#[template(path = "pages/console/notice.html")]
pub struct PublicNotice {
    /// The frame.
    pub page: Page,
    /// The address of the site, as one writes it on paper.
    pub site: String,
    /// The round.
    pub title: String,
    /// Won.
    pub unit: u64,
    /// Won.
    pub budget: u64,
    /// Won.
    pub cap: u64,
    /// What a buyer pays for goods worth 100.
    pub price_percent: u64,
    /// Why the draw decides who, if it does.
    pub lottery: Option<String>,
    /// Whether everybody gets an equal share at most.
    pub shares: bool,
    /// Entering begins.
    pub opens_at: DateTime<Utc>,
    /// Entering ends.
    pub closes_at: DateTime<Utc>,
    /// The pool is fixed.
    pub seals_at: DateTime<Utc>,
    /// Chance comes out.
    pub pulse_at: DateTime<Utc>,
    /// Results are told.
    pub results_at: DateTime<Utc>,
    /// From the first minute to the end of the last.
    pub buys: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Whose days, and which.
    pub hours: Vec<(String, Vec<String>)>,
    /// Days of whoever misses theirs.
    pub second: Vec<(String, Vec<String>)>,
    /// When what is left is offered to whoever waits.
    pub offers: Vec<DateTime<Utc>>,
    /// Places set aside.
    pub reserves: Vec<(String, u64)>,
    /// Where money comes from: for whom, won for each person, won in all.
    pub funds: Vec<(String, u64, u64)>,
    /// Whether there is a list of those who may enter.
    pub listed: bool,
    /// What a household may do.
    pub household: Household,
    /// How many may come together by a code.
    pub joint_most: u64,
    /// How many minors one may enter with themselves.
    pub minors_most: u64,
    /// How many adults.
    pub adults_most: u64,
    /// More lots for those who drew in vain.
    pub lots: Option<Lots>,
    /// Where it is bought.
    pub sellers: Vec<String>,
    /// Whether we hear of every payment that failed.
    pub asks: bool,
    /// How long people are kept after the end, in days.
    pub retention_days: u64,
    /// How long a place is held.
    pub grace_hours: u64,
    /// Public values that chance comes from.
    pub declared: Option<String>,
    /// Whether everybody on a list is served, and nobody enters.
    pub served: bool,
    /// Nothing is sold.
    pub rehearsal: bool,
}

impl PublicNotice {
    fn heading(&self) -> String {
        format!("{} 구매 시간 추첨 공고", self.title)
    }

    fn at(&self, at: DateTime<Utc>) -> String {
        format!("{} {}", instant::long_date(at, Lang::Ko), instant::clock(at, Lang::Ko))
    }

    fn won(&self, amount: u64) -> String {
        money::won(amount, Lang::Ko)
    }

    fn is_one_household(&self) -> bool {
        self.household == Household::One
    }

    fn is_together(&self) -> bool {
        self.household == Household::Together
    }

    fn percent_off(&self) -> u64 {
        100_u64.saturating_sub(self.price_percent)
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::web::view::samples::{Samples, at};

    /// Calls `add` for each.
    pub fn add_pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
        let now = at("2026-12-02T01:40:00Z");
        let notice = PublicNotice {
            page: Page { lang: samples.lang, ..samples.desk("/console/rounds/a/notice") },
            site: samples.word("jebi.example"),
            title: samples.title(),
            unit: 10_000,
            budget: 1_250_000_000,
            cap: 250_000,
            price_percent: 90,
            lottery: None,
            shares: true,
            opens_at: now,
            closes_at: now,
            seals_at: now,
            pulse_at: now,
            results_at: now,
            buys: Some((now, now)),
            hours: vec![(samples.word("누구나"), vec![samples.word("12월 2일(수)")])],
            second: vec![(samples.word("누구나"), vec![samples.word("12월 4일(금)")])],
            offers: vec![now, now],
            reserves: vec![(samples.word("중앙동"), 200)],
            funds: vec![(samples.word("누구나"), 100_000, 1_000_000)],
            listed: true,
            household: Household::One,
            joint_most: 4,
            minors_most: 2,
            adults_most: 1,
            lots: Some(Lots { each: 1, most: 3, rounds: 3 }),
            sellers: vec![samples.word("은행")],
            asks: true,
            retention_days: 90,
            grace_hours: 24,
            declared: Some(samples.word("로또")),
            served: false,
            rehearsal: false,
        };
        add("console-notice", &notice);
        let lottery = Some(samples.word("자리가 적습니다."));
        add(
            "console-notice-lottery",
            &PublicNotice {
                lottery,
                asks: false,
                shares: false,
                declared: None,
                rehearsal: true,
                served: true,
                household: Household::Together,
                second: Vec::new(),
                ..notice
            },
        );
    }
}
