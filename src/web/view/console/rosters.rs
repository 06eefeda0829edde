//! Rosters, and what reading one has found.

use askama::Template;
use chrono::{DateTime, Utc};

use super::Bar;
use crate::{
    web::view::{FieldError, Page, assets, errors::FieldErrors},
    words::Lang,
};

/// A roster.
#[derive(Clone, Debug)]
pub struct RosterLine {
    /// Its name.
    pub name: String,
    /// How many are on it.
    pub people: u64,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Whether it is in use.
    pub current: bool,
    /// Whether it waits for two people to replace the one in use.
    pub waits: bool,
}

/// What a file holds.
#[derive(Clone, Debug)]
pub struct RosterRead {
    /// Different people.
    pub people: u64,
    /// Lines.
    pub lines: u64,
    /// What is wrong: in words, how often, the first lines.
    pub wrong: Vec<(String, u64, String)>,
    /// `checked`, `current`, `complete` or `refused`.
    pub state: &'static str,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "pages/console/rosters.html")]
pub struct RostersPage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// Those that are in use or wait.
    pub rosters: Vec<RosterLine>,
    /// As typed before.
    pub name: String,
    /// As ticked before.
    pub leaves_out: bool,
    /// What was found.
    pub read: Option<RosterRead>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl RostersPage {
    fn heading(&self) -> String {
        t!(self.page, "rosters")
    }

    fn state(&self, read: &RosterRead) -> String {
        match read.state {
            "current" => t!(self.page, "rosters-current"),
            "complete" => t!(self.page, "rosters-complete"),
            "refused" => t!(self.page, "rosters-refused"),
            _ => t!(self.page, "rosters-checked"),
        }
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::{
        domain::staff::Role,
        web::view::{
            errors,
            samples::{Samples, at},
        },
    };

    /// Calls `add` for each.
    pub fn add_pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
        let line = |current| RosterLine {
            name: samples.word("members"),
            people: 41_000,
            at: at("2026-11-25T05:12:00Z"),
            current,
            waits: !current,
        };
        let read = |state| RosterRead {
            people: 41_000,
            lines: 41_020,
            wrong: vec![(samples.word("비어 있습니다"), 20, samples.word("3, 4"))],
            state,
        };
        let page = |read, errors| RostersPage {
            page: samples.desk("/console/rosters"),
            bar: samples.bar(Role::Clerk),
            rosters: vec![line(true), line(false)],
            name: samples.word("members"),
            leaves_out: true,
            read,
            errors,
        };
        add("console-rosters", &page(None, Vec::new()));
        add("console-rosters-checked", &page(Some(read("checked")), Vec::new()));
        add("console-rosters-current", &page(Some(read("current")), Vec::new()));
        add("console-rosters-complete", &page(Some(read("complete")), Vec::new()));
        let lang = samples.lang;
        let wrong = vec![
            errors::roster_name(lang),
            errors::roster_file(lang),
            errors::roster_lines(lang),
            errors::roster_unread(lang, &samples.word("PDF")),
        ];
        add("console-rosters-wrong", &page(Some(read("refused")), wrong));
    }
}
