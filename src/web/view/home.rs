//! `GET /`: what is on offer.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Page, State, assets};
use crate::words::Lang;

/// The first page.
#[derive(Debug, Template)]
#[template(path = "pages/home.html")]
pub struct Home {
    /// The frame.
    pub page: Page,
    /// The rounds to show, the one that matters most first.
    pub rounds: Vec<RoundLine>,
    /// Where those go on that have no room here: the number of the last one shown.
    pub older: Option<i32>,
}

/// A round in the list.
#[derive(Clone, Debug)]
pub struct RoundLine {
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// When registration begins.
    pub opens_at: DateTime<Utc>,
    /// When registration ends.
    pub closes_at: DateTime<Utc>,
}

impl Home {
    fn heading(&self) -> String {
        t!(self.page, "home-heading")
    }
}
