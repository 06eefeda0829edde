//! `GET /rounds/{slug}/gate/wait/{lang}`: the same for everybody, so that a storm of reloads costs cached bytes.

use askama::Template;

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
}

impl GateWait {
    fn heading(&self) -> String {
        t!(self.page, "gate-heading")
    }
}
