//! The form of an act about a round.

use askama::Template;

use super::{Bar, proposal::act_label};
use crate::{
    web::view::{FieldError, Page, assets, errors::FieldErrors},
    words::Lang,
};

/// What, from when, for how long, why.
#[derive(Debug, Template)]
#[template(path = "pages/console/propose.html")]
pub struct ProposePage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The round's title.
    pub title: String,
    /// Its name in addresses.
    pub slug: String,
    /// Which act.
    pub kind: &'static str,
    /// As typed before.
    pub from: String,
    /// As chosen before.
    pub minutes: String,
    /// Minutes to choose from.
    pub lengths: Vec<u64>,
    /// As typed before.
    pub reason: String,
    /// As typed before.
    pub days: String,
    /// As typed before.
    pub receipt: String,
    /// As typed before: several.
    pub receipts: String,
    /// Reasons to choose from: key, words.
    pub categories: Vec<(&'static str, String)>,
    /// As chosen before.
    pub category: String,
    /// As typed before.
    pub values: String,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl ProposePage {
    fn heading(&self) -> String {
        act_label(self.kind, &self.page)
    }

    fn lead(&self) -> String {
        match self.kind {
            "shift" => t!(self.page, "console-lead-shift"),
            "extend" => t!(self.page, "console-lead-extend"),
            "void" => t!(self.page, "console-lead-void"),
            "release" => t!(self.page, "console-lead-release"),
            "ineligible" => t!(self.page, "console-lead-ineligible"),
            "take-back" => t!(self.page, "console-lead-take-back"),
            "strike" => t!(self.page, "console-lead-strike"),
            _ => t!(self.page, "console-lead-declare"),
        }
    }

    fn is_time(&self) -> bool {
        matches!(self.kind, "shift" | "extend")
    }

    fn names_entry(&self) -> bool {
        matches!(self.kind, "ineligible" | "strike")
    }

    fn asks_why(&self) -> bool {
        self.is_time() || matches!(self.kind, "void" | "release" | "take-back")
    }
}
