//! `GET /rounds/{slug}/gate/wait/{lang}`: the same for everybody, so that a storm of reloads costs cached bytes.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Page, assets};
use crate::words::Lang;

/// Waiting before the gate.
#[derive(Debug, Template)]
#[template(path = "pages/gate.html")]
pub struct GateWait {
    /// The frame.
    pub page: Page,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// Sellers that do not sell now, and when they open; `None`: what they had is sold.
    pub shut: Vec<(String, Option<DateTime<Utc>>)>,
    /// Whether all of those behind a gate are shut: then nothing goes on by itself.
    pub all: bool,
}

impl GateWait {
    fn heading(&self) -> String {
        if self.all { t!(self.page, "gate-shut-heading") } else { t!(self.page, "gate-heading") }
    }
}
