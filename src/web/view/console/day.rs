//! The day of purchase.

use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};

use super::{Bar, QueueRow};
use crate::{
    domain::plan::{Ahead, number},
    web::view::{
        IncidentLine, Page, assets,
        chart::{Chart, pair},
    },
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

/// Ten minutes of it.
#[derive(Clone, Copy, Debug)]
pub struct TenRow {
    /// From when on.
    pub from: DateTime<Utc>,
    /// Whose minute begins in them.
    pub planned: u64,
    /// Who bought in them.
    pub bought: u64,
}

/// An hour back and an hour on, minute by minute.
#[derive(Clone, Debug)]
pub struct MinutesView {
    /// From when on.
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// Planned as an area, bought as a line.
    pub chart: Chart,
    /// The same in tens.
    pub tens: Vec<TenRow>,
}

/// A limit in the hour to come.
#[derive(Clone, Debug)]
pub struct AheadRow {
    /// Whose.
    pub name: String,
    /// Its tightest minute.
    pub at: DateTime<Utc>,
    /// What must be reckoned with then.
    pub load: String,
    /// What it can take then.
    pub limit: String,
    /// Load as percent of the limit.
    pub percent: u32,
    /// Whether it is too much.
    pub over: bool,
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
    /// Whose minute has begun and who have not bought, as far as is known: they could all come at once.
    pub begun: Option<u64>,
    /// Minute by minute; nothing far from the day.
    pub minutes: Option<MinutesView>,
    /// Each limit in the hour to come.
    pub ahead: Vec<AheadRow>,
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
    /// The sale stands still until then.
    pub paused_until: Option<DateTime<Utc>>,
    /// Whether the reader can propose anything.
    pub acts: bool,
}

/// How many begin, and how many bought, in each minute from an instant on.
#[allow(clippy::cast_precision_loss, reason = "people of a minute")]
pub fn minutes_view(from: DateTime<Utc>, planned: &[u64], bought: &[u64]) -> MinutesView {
    let values = |row: &[u64]| row.iter().map(|count| *count as f64).collect::<Vec<f64>>();
    let after = |minutes: usize| from + TimeDelta::minutes(i64::try_from(minutes).unwrap_or_default());
    let tens = planned.chunks(10).zip(bought.chunks(10)).enumerate();
    let row = |(at, (planned, bought)): (usize, (&[u64], &[u64]))| TenRow {
        from: after(at * 10),
        planned: planned.iter().sum(),
        bought: bought.iter().sum(),
    };
    MinutesView {
        from,
        until: after(planned.len()),
        chart: pair(&values(planned), &values(bought)),
        tens: tens.map(row).collect(),
    }
}

/// A limit in the hour to come, in numbers to read.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "percent of a load, cut")]
pub fn ahead_row(ahead: &Ahead) -> AheadRow {
    AheadRow {
        name: ahead.dependency.clone(),
        at: ahead.at,
        load: number(ahead.load),
        limit: number(ahead.limit),
        percent: (ahead.load / ahead.limit * 100.0).clamp(0.0, 9_999.0).round() as u32,
        over: ahead.is_over(),
    }
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
