//! `GET /status`: what is going on, for everybody.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Page, State, assets};
use crate::words::Lang;

/// What a round waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextEvent {
    /// Registration begins.
    Opens,
    /// Registration ends.
    Closes,
    /// The pool is fixed.
    Seals,
    /// The organiser's seed is published.
    Reveals,
    /// The public chance comes out.
    Pulse,
    /// The results can be seen.
    Results,
    /// The first personal minute.
    FirstSlot,
    /// The end of the last slot.
    LastSlotEnds,
}

/// A round on the status page.
#[derive(Clone, Debug)]
pub struct StatusLine {
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// What comes next and when; `None` once all is over.
    pub next: Option<(NextEvent, DateTime<Utc>)>,
}

/// The public status.
#[derive(Debug, Template)]
#[template(path = "pages/status.html")]
pub struct Status {
    /// The frame.
    pub page: Page,
    /// The rounds.
    pub rounds: Vec<StatusLine>,
    /// Whether the database answers.
    pub database_ok: bool,
}

impl Status {
    fn heading(&self) -> String {
        t!(self.page, "status-heading")
    }

    fn event(&self, event: NextEvent) -> String {
        match event {
            NextEvent::Opens => t!(self.page, "time-opens"),
            NextEvent::Closes => t!(self.page, "time-closes"),
            NextEvent::Seals => t!(self.page, "time-seals"),
            NextEvent::Reveals => t!(self.page, "time-reveals"),
            NextEvent::Pulse => t!(self.page, "time-pulse"),
            NextEvent::Results => t!(self.page, "time-results"),
            NextEvent::FirstSlot => t!(self.page, "time-first-slot"),
            NextEvent::LastSlotEnds => t!(self.page, "time-last-slot"),
        }
    }
}
