//! What went wrong, in public.

use chrono::{DateTime, Utc};

use super::Page;
use crate::domain::incident::Kind;

/// One of them.
#[derive(Clone, Debug)]
pub struct IncidentLine {
    /// What.
    pub words: String,
    /// Since when.
    pub began_at: DateTime<Utc>,
    /// Until when; `None` while it goes on.
    pub ended_at: Option<DateTime<Utc>>,
}

/// What went wrong, in words. `title` knows rounds by their names in addresses.
pub fn incident_words(
    kind: Kind,
    about: &str,
    title: impl Fn(&str) -> Option<String>,
    page: &Page,
) -> String {
    let (slug, of) = about.split_once(' ').unwrap_or((about, ""));
    let round = title(slug).unwrap_or_else(|| slug.to_owned());
    match kind {
        Kind::Errors => t!(page, "incident-errors"),
        Kind::Notices if about == "sms" => t!(page, "incident-sms"),
        Kind::Notices => t!(page, "incident-email"),
        Kind::Paused => t!(page, "incident-paused", round = round),
        Kind::Over => t!(page, "incident-over", round = round, name = of),
        Kind::Late => {
            let step = match of {
                "closes" => t!(page, "time-closes"),
                "seals" => t!(page, "time-seals"),
                "reveals" => t!(page, "time-reveals"),
                "pulse" => t!(page, "time-pulse"),
                "offer" => t!(page, "incident-offer"),
                _ => t!(page, "incident-results"),
            };
            t!(page, "incident-late", round = round, step = step)
        }
    }
}

#[cfg(test)]
impl super::samples::Samples {
    /// Of every kind, the latest still going on.
    pub(super) fn incidents(&self) -> Vec<IncidentLine> {
        let (page, at) = (self.page("/status"), super::samples::at);
        let abouts = [
            (Kind::Errors, ""),
            (Kind::Notices, "sms"),
            (Kind::Notices, "email"),
            (Kind::Over, "a 판매처"),
            (Kind::Late, "a seals"),
            (Kind::Late, "a results"),
            (Kind::Paused, "a"),
        ];
        let line = |(kind, about)| IncidentLine {
            words: incident_words(kind, about, |_| Some(self.title()), &page),
            began_at: at("2026-12-02T01:20:00Z"),
            ended_at: (kind != Kind::Errors).then(|| at("2026-12-02T01:31:00Z")),
        };
        abouts.map(line).into()
    }
}
