//! The day of purchase.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Bar, QueueRow};
use crate::{
    web::view::{IncidentLine, Page, assets},
    words::Lang,
};

/// One hour of it.
#[derive(Clone, Copy, Debug)]
pub struct HourRow {
    /// From when on.
    pub from: DateTime<Utc>,
    /// Whose minute begins in it.
    pub planned: u64,
    /// What sellers say was bought in it.
    pub bought: u64,
    /// The planned ones as percent of the fullest hour.
    pub bar: u64,
    /// Whether it is over.
    pub past: bool,
}

/// A seller, and how far its system goes along.
#[derive(Clone, Debug)]
pub struct SellerRow {
    /// Its name.
    pub name: String,
    /// 0 notice, 1 gate, 2 list, 3 pass API.
    pub level: u8,
    /// People a minute, as planned for now.
    pub per_minute: u64,
    /// Whom the gate let through, where there is one.
    pub passed: Option<u64>,
    /// Who bought, where it tells us at once.
    pub bought: Option<u64>,
    /// What its system has not taken yet, where it wants to be told.
    pub untold: Option<u64>,
}

/// What is held and bought of what there is, in won.
#[derive(Clone, Copy, Debug)]
pub struct LedgerView {
    /// What there is.
    pub most: u64,
    /// Held while somebody pays.
    pub held: u64,
    /// Bought.
    pub redeemed: u64,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "pages/console/day.html")]
pub struct DayPage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The round's title.
    pub title: String,
    /// Its name in addresses.
    pub slug: String,
    /// Which day.
    pub day: DateTime<Utc>,
    /// Its hours in which anything happens.
    pub hours: Vec<HourRow>,
    /// Whose minute begins within an hour.
    pub next_hour: u64,
    /// Within ten minutes.
    pub next_ten: u64,
    /// Up to when sellers have told what was bought.
    pub known_until: Option<DateTime<Utc>>,
    /// What goes wrong.
    pub incidents: Vec<IncidentLine>,
    /// Who sells.
    pub sellers: Vec<SellerRow>,
    /// The round's ledger, once anybody has bought.
    pub ledger: Option<LedgerView>,
    /// What waits to be sent.
    pub queues: Vec<QueueRow>,
    /// When time stood still, for how many minutes, why.
    pub shifts: Vec<(DateTime<Utc>, i64, String)>,
    /// Whether the reader can propose anything.
    pub acts: bool,
}

impl DayPage {
    fn heading(&self) -> String {
        t!(self.page, "console-day")
    }

    fn level(&self, level: u8) -> String {
        match level {
            0 => t!(self.page, "console-level-notice"),
            1 => t!(self.page, "console-level-gate"),
            2 => t!(self.page, "console-level-list"),
            _ => t!(self.page, "console-level-api"),
        }
    }

    fn length(&self, minutes: i64) -> String {
        self.page.minutes(u64::try_from(minutes).unwrap_or_default())
    }
}
