//! The public notice (공고문), for printing.

use askama::Template;
use chrono::{DateTime, Utc};

use crate::{
    web::view::{Page, assets},
    words::{Lang, instant, money},
};

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
    /// Places set aside.
    pub reserves: Vec<(String, u64)>,
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

    fn percent_off(&self) -> u64 {
        100_u64.saturating_sub(self.price_percent)
    }
}
