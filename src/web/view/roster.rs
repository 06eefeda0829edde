//! `/rounds/{slug}/roster`: rounds for people on a list.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{FieldError, Page, Purpose, assets, errors::FieldErrors};
use crate::words::Lang;

/// Who one is on the list, or that one is not.
#[derive(Debug, Template)]
#[template(path = "pages/roster.html")]
pub struct RosterPage {
    /// The frame.
    pub page: Page,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// The form's token.
    pub csrf: String,
    /// What one came for.
    pub purpose: Purpose,
    /// Whether people are looked for by name and birth date.
    pub by_name: bool,
    /// The verified address or number with most of it hidden.
    pub masked: String,
    /// As typed before.
    pub name: String,
    /// As typed before.
    pub birth: String,
    /// Until when the list can be put right.
    pub closes_at: DateTime<Utc>,
    /// Whether that is still to come.
    pub open: bool,
    /// Whether one was looked for and not found.
    pub unknown: bool,
    /// Whether a household has one entry, and somebody else of it may have entered.
    pub household: bool,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl RosterPage {
    fn heading(&self) -> String {
        match self.unknown {
            true => t!(self.page, "roster-unknown-heading"),
            false => t!(self.page, "roster-heading"),
        }
    }
}
