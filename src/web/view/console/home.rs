//! What there is to do.

use askama::Template;

use super::Bar;
use crate::{
    web::view::{NextEvent, Page, StatusLine, assets, event_label},
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
    /// The rounds.
    pub rounds: Vec<StatusLine>,
}

impl ConsoleHome {
    fn heading(&self) -> String {
        t!(self.page, "console-home-heading")
    }

    fn event(&self, event: NextEvent) -> String {
        event_label(event, &self.page)
    }
}
