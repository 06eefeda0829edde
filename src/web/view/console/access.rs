//! What staff did.

use askama::Template;
use chrono::{DateTime, Utc};

use super::Bar;
use crate::{
    web::view::{Page, assets},
    words::Lang,
};

/// One thing somebody did.
#[derive(Clone, Debug)]
pub struct AccessLine {
    /// When.
    pub at: DateTime<Utc>,
    /// Who; `None` for nobody we know.
    pub name: Option<String>,
    /// What, as the table has it.
    pub kind: String,
    /// About what.
    pub about: String,
    /// From where.
    pub address: String,
    /// Why.
    pub reason: String,
}

/// A page of them.
#[derive(Debug, Template)]
#[template(path = "pages/console/access.html")]
pub struct AccessPage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// What was taken back at counters lately: on which day, by whom, how often.
    pub undone: Vec<(DateTime<Utc>, String, u64)>,
    /// The latest first.
    pub lines: Vec<AccessLine>,
    /// Where older ones begin.
    pub older: Option<i64>,
}

impl AccessLine {
    /// The proposal it was about, if it was about one.
    fn proposal(&self) -> Option<i64> {
        let is_about =
            matches!(self.kind.as_str(), "noted" | "proposed" | "approved" | "withdrawn" | "declined");
        self.about.rsplit(' ').next().filter(|_| is_about)?.parse().ok()
    }
}

impl AccessPage {
    fn heading(&self) -> String {
        t!(self.page, "console-access")
    }

    fn what(&self, kind: &str) -> String {
        match kind {
            "signed_in" => t!(self.page, "console-did-signed-in"),
            "signed_out" => t!(self.page, "console-did-signed-out"),
            "refused" => t!(self.page, "console-did-refused"),
            "held_off" => t!(self.page, "console-did-held-off"),
            "refused_rest" => t!(self.page, "console-did-refused-rest"),
            "enrolled" => t!(self.page, "console-did-enrolled"),
            "password" => t!(self.page, "console-did-password"),
            "added" => t!(self.page, "console-did-added"),
            "account" => t!(self.page, "console-did-account"),
            "role" => t!(self.page, "console-did-role"),
            "reset" => t!(self.page, "console-did-reset"),
            "removed" => t!(self.page, "console-did-removed"),
            "noted" => t!(self.page, "console-did-noted"),
            "key_given" => t!(self.page, "console-did-key-given"),
            "key_ended" => t!(self.page, "console-did-key-ended"),
            "purchases" => t!(self.page, "console-did-purchases"),
            "purchases_wanted" => t!(self.page, "console-did-purchases-wanted"),
            "roster_read" => t!(self.page, "console-did-roster-read"),
            "statistics" => t!(self.page, "console-did-statistics"),
            "proposed" => t!(self.page, "console-did-proposed"),
            "approved" => t!(self.page, "console-did-approved"),
            "draft_begun" => t!(self.page, "console-did-draft-begun"),
            "draft_changed" => t!(self.page, "console-did-draft-changed"),
            "draft_removed" => t!(self.page, "console-did-draft-removed"),
            "searched" => t!(self.page, "console-did-searched"),
            "observed" => t!(self.page, "console-did-observed"),
            "took" => t!(self.page, "console-did-took"),
            "withdrawn" => t!(self.page, "console-did-withdrawn"),
            "declined" => t!(self.page, "console-did-declined"),
            "attended" => t!(self.page, "console-did-attended"),
            "undone" => t!(self.page, "console-did-undone"),
            "looked" => t!(self.page, "console-did-looked"),
            "printed" => t!(self.page, "console-did-printed"),
            "downloaded" => t!(self.page, "console-did-downloaded"),
            "reconciled" => t!(self.page, "console-did-reconciled"),
            "ticked" => t!(self.page, "console-did-ticked"),
            "sent_back" => t!(self.page, "console-did-sent-back"),
            "paused" => t!(self.page, "console-did-paused"),
            "resumed" => t!(self.page, "console-did-resumed"),
            other => other.to_owned(),
        }
    }
}
