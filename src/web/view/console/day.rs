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

    fn length(&self, minutes: i64) -> String {
        self.page.minutes(u64::try_from(minutes).unwrap_or_default())
    }
}
