//! `GET /status`: what is going on, for everybody.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{IncidentLine, Page, State, assets};
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

impl StatusLine {
    /// Whether somebody may want to look into its list now.
    fn has_pool(&self) -> bool {
        matches!(self.state, State::Closed | State::Sealed | State::Drawn | State::Serving)
    }
}

/// The public status.
#[derive(Debug, Template)]
#[template(path = "pages/status.html")]
pub struct Status {
    /// The frame.
    pub page: Page,
    /// The rounds.
    pub rounds: Vec<StatusLine>,
    /// What went wrong lately, the latest first.
    pub incidents: Vec<IncidentLine>,
    /// Whether the database answers.
    pub database_ok: bool,
}

impl Status {
    fn heading(&self) -> String {
        t!(self.page, "status-heading")
    }

    fn is_well(&self) -> bool {
        self.database_ok && self.incidents.iter().all(|one| one.ended_at.is_some())
    }

    fn event(&self, event: NextEvent) -> String {
        event_label(event, &self.page)
    }
}

/// What happens, in words.
pub fn event_label(event: NextEvent, page: &Page) -> String {
    match event {
        NextEvent::Opens => t!(page, "time-opens"),
        NextEvent::Closes => t!(page, "time-closes"),
        NextEvent::Seals => t!(page, "time-seals"),
        NextEvent::Reveals => t!(page, "time-reveals"),
        NextEvent::Pulse => t!(page, "time-pulse"),
        NextEvent::Results => t!(page, "time-results"),
        NextEvent::FirstSlot => t!(page, "time-first-slot"),
        NextEvent::LastSlotEnds => t!(page, "time-last-slot"),
    }
}
