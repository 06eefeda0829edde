//! One round as staff see it.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Bar, ForecastView, PlanView, proposal::act_label};
use crate::{
    domain::staff::Role,
    notify::queue::{Queue, WaitsFor},
    web::view::{In, Page, State, StatusLine, assets, event_label},
    words::{Lang, instant},
};

/// How full a cohort is.
#[derive(Clone, Debug)]
pub struct FillRow {
    /// Whose.
    pub whom: String,
    /// People who have entered; not for everybody.
    pub people: Option<u64>,
    /// Seats there are.
    pub seats: u64,
    /// People as percent of seats.
    pub percent: u64,
}

#[cfg(test)]
impl FillRow {
    /// Fuller than it should be.
    pub(super) fn full(whom: String) -> Self {
        Self { whom, people: Some(4_312), seats: 4_000, percent: 107 }
    }
}

/// What waits in one queue.
#[derive(Clone, Debug)]
pub struct QueueRow {
    /// Channel and class.
    pub name: String,
    /// Due, and not sent.
    pub due: u64,
    /// Planned for later.
    pub planned: u64,
    /// What may leave in a minute.
    pub per_minute: i64,
    /// What the first waits for.
    pub why: String,
    /// When all will have left.
    pub empty: String,
    /// Whether somebody should look.
    pub wrong: bool,
}

/// A queue in the reader's words.
pub fn queue_row(queue: &Queue, lang: Lang) -> QueueRow {
    let here = In { lang };
    QueueRow {
        name: queue_name(queue, &here),
        due: queue.due,
        planned: queue.planned,
        per_minute: queue.per_minute,
        why: match queue.waits_for {
            WaitsFor::Nothing => t!(here, "live-waits-nothing"),
            WaitsFor::ItsSecond => t!(here, "live-waits-second"),
            WaitsFor::Morning => t!(here, "live-waits-morning"),
            WaitsFor::Staff => t!(here, "live-waits-staff"),
            WaitsFor::Vendor => t!(here, "live-waits-vendor"),
            WaitsFor::Rate => t!(here, "live-waits-rate"),
        },
        empty: match queue.empty_at.filter(|_| queue.waits_for != WaitsFor::Nothing) {
            Some(at) => instant::minute(at, lang),
            None => "-".to_owned(),
        },
        wrong: matches!(queue.waits_for, WaitsFor::Staff | WaitsFor::Vendor),
    }
}

fn queue_name(queue: &Queue, here: &In) -> String {
    let class = match queue.class {
        "auth" => t!(here, "console-queue-auth"),
        "ad" => t!(here, "console-queue-ad"),
        _ => t!(here, "console-queue-notice"),
    };
    match queue.channel {
        "sms" => t!(here, "console-queue-sms", class = class),
        _ => t!(here, "console-queue-email", class = class),
    }
}

/// One event of the journal.
#[derive(Clone, Debug)]
pub struct JournalLine {
    /// When.
    pub at: DateTime<Utc>,
    /// As everybody can read it.
    pub line: String,
    /// On whose word; empty for the clock.
    pub staff: String,
}

/// A round.
#[derive(Debug, Template)]
#[template(path = "pages/console/round.html")]
pub struct RoundDesk {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// What it is, where it stands, what comes next.
    pub line: StatusLine,
    /// Entries so far.
    pub entered: u64,
    /// Cohort by cohort.
    pub fills: Vec<FillRow>,
    /// At the close.
    pub forecast: Option<ForecastView>,
    /// Why there is no forecast, while there could be.
    pub no_forecast: Option<String>,
    /// What it was planned with.
    pub plan: Option<PlanView>,
    /// The report of the drill on which it was announced.
    pub drill: Option<i64>,
    /// What waits to be sent.
    pub queues: Vec<QueueRow>,
    /// Why it is held.
    pub bias: Vec<String>,
    /// What happened.
    pub journal: Vec<JournalLine>,
    /// Whether its people are erased, and there is a certificate of it.
    pub erased: bool,
    /// Whether a file can tell of its purchases.
    pub takes_files: bool,
    /// What the reader can propose.
    pub forms: Vec<&'static str>,
}

impl RoundDesk {
    fn heading(&self) -> String {
        self.line.title.clone()
    }

    fn is_office(&self) -> bool {
        matches!(self.bar.role, Role::Clerk | Role::Approver | Role::Auditor)
    }

    fn next(&self) -> Option<(String, DateTime<Utc>)> {
        self.line.next.map(|(event, at)| (event_label(event, &self.page), at))
    }

    fn act(&self, kind: &str) -> String {
        act_label(kind, &self.page)
    }

    fn has_day(&self) -> bool {
        matches!(self.line.state, State::Drawn | State::Serving)
    }
}
