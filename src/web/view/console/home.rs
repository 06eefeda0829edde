//! What there is to do.

use askama::Template;

use super::{Bar, ProposalLine};
use crate::{
    web::view::{FieldError, NextEvent, Page, StatusLine, assets, event_label},
    words::Lang,
};

/// The first page of staff.
#[derive(Debug, Template)]
#[template(path = "pages/console/home.html")]
pub struct ConsoleHome {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// What waits for a decision.
    pub waiting: Vec<ProposalLine>,
    /// Rosters that could replace the one in use: name, people.
    pub rosters: Vec<(String, u64)>,
    /// The rounds.
    pub rounds: Vec<StatusLine>,
    /// Whether rounds have a page for this role.
    pub sees_rounds: bool,
    /// What kept a roster from being replaced.
    pub errors: Vec<FieldError>,
}

impl ConsoleHome {
    fn heading(&self) -> String {
        t!(self.page, "console-home-heading")
    }

    fn event(&self, event: NextEvent) -> String {
        event_label(event, &self.page)
    }
}
