//! `GET /privacy` and `GET /accessibility`: what anybody may know without asking.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Page, assets};
use crate::words::Lang;

/// Until when the people of a round are kept.
#[derive(Clone, Debug)]
pub struct Keeping {
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// When they are erased, or were.
    pub at: DateTime<Utc>,
    /// Whether they are erased already.
    pub erased: bool,
}

/// Rights, and what is kept of whom.
#[derive(Debug, Template)]
#[template(path = "pages/privacy.html")]
pub struct Privacy {
    /// The frame.
    pub page: Page,
    /// The rounds, the latest first.
    pub rounds: Vec<Keeping>,
}

impl Privacy {
    fn heading(&self) -> String {
        t!(self.page, "privacy-heading")
    }

    fn any_erased(&self) -> bool {
        self.rounds.iter().any(|round| round.erased)
    }
}

/// For whom these pages work, and for whom not yet.
#[derive(Debug, Template)]
#[template(path = "pages/accessibility.html")]
pub struct Accessibility {
    /// The frame.
    pub page: Page,
}

impl Accessibility {
    fn heading(&self) -> String {
        t!(self.page, "accessibility-heading")
    }
}
