//! A page between us and a door that is elsewhere: it leads on by itself.

use askama::Template;

use super::{Page, assets};
use crate::words::Lang;

/// On the way to a door, or back from it.
#[derive(Debug, Template)]
#[template(path = "pages/crossing.html")]
pub struct Crossing {
    /// The frame.
    pub page: Page,
    /// What the door is called; empty on the way back.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// Whether somebody is back already.
    pub back: bool,
}

impl Crossing {
    fn heading(&self) -> String {
        match self.back {
            true => t!(self.page, "crossing-back"),
            false => t!(self.page, "crossing-to", door = self.label.as_str()),
        }
    }
}
