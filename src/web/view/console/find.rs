//! Finding a person.

use askama::Template;
use chrono::{DateTime, Utc};

use super::Bar;
use crate::{
    web::view::{FieldError, MineState, Page, assets, errors::FieldErrors},
    words::Lang,
};

/// Somebody who was found.
#[derive(Clone, Debug)]
pub struct FoundLine {
    /// The public code.
    pub receipt: String,
    /// The address, masked; empty if none is known.
    pub masked: String,
    /// Where they stand.
    pub stands: String,
}

/// The form, and whom it found.
#[derive(Debug, Template)]
#[template(path = "pages/console/find.html")]
pub struct FindPage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// Whether any round is for a list of people.
    pub rosters: bool,
    /// Slug and title.
    pub rounds: Vec<(String, String)>,
    /// As chosen before.
    pub slug: String,
    /// As typed before.
    pub what: String,
    /// As typed before.
    pub name: String,
    /// As typed before.
    pub birth: String,
    /// Whether the reader is told the time alone.
    pub times: bool,
    /// Whether so many were found that it is nobody in particular.
    pub many: bool,
    /// Whom it found; `None` before.
    pub lines: Option<Vec<FoundLine>>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl FindPage {
    fn heading(&self) -> String {
        t!(self.page, "console-find")
    }
}

/// One person, with their address once there is a reason.
#[derive(Debug, Template)]
#[template(path = "pages/console/person.html")]
pub struct PersonPage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The round.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Who.
    pub line: FoundLine,
    /// Since when.
    pub entered_at: DateTime<Utc>,
    /// The address; `None` while no reason is given, or when it is erased.
    pub address: Option<String>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl PersonPage {
    fn heading(&self) -> String {
        self.line.receipt.clone()
    }
}

/// Where somebody stands, in a line.
pub fn stands(state: &MineState, results_at: DateTime<Utc>, page: &Page) -> String {
    match state {
        MineState::Entered => t!(page, "console-stands-entered", at = page.minute(results_at)),
        MineState::Assigned { starts_at, .. } => page.minute(*starts_at),
        MineState::Waitlisted { .. } => t!(page, "console-stands-waiting"),
        MineState::Done { .. } => t!(page, "status-done"),
        MineState::Missed { next_offer_at } => {
            t!(page, "console-stands-missed", at = page.minute(*next_offer_at))
        }
        MineState::Withdrawn { .. } => t!(page, "console-stands-withdrawn"),
        MineState::Voided => t!(page, "console-stands-voided"),
        MineState::Held => t!(page, "status-fault"),
        MineState::Unplaced
        | MineState::Lapsed { .. }
        | MineState::Returned { .. }
        | MineState::Ineligible { .. } => t!(page, "status-ended"),
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
        let now = at("2026-12-02T01:20:00Z");
        let found = |state: &MineState| FoundLine {
            receipt: "famx-6k54-dc9p-a7yz".to_owned(),
            masked: samples.word("010-····-5678"),
            stands: stands(state, now, &samples.desk("/console/find")),
        };
        let states = [
            MineState::Entered,
            MineState::Waitlisted { position: 1, count: 2 },
            MineState::Missed { next_offer_at: now },
            MineState::Withdrawn { at: now },
            MineState::Voided,
        ];
        let all = || states.iter().map(found).collect();
        let find = |role, many, lines, errors| FindPage {
            page: samples.desk("/console/find"),
            bar: samples.bar(role),
            rosters: true,
            rounds: vec![(samples.slug(), samples.title())],
            slug: samples.slug(),
            what: samples.word("5678"),
            name: samples.word("김민지"),
            birth: samples.word("1990-01-02"),
            times: role.is_told_times(),
            many,
            lines,
            errors,
        };
        let wrong = vec![errors::find_invalid(samples.lang)];
        add("console-find", &find(Role::Clerk, false, Some(all()), Vec::new()));
        add("console-find-counter", &find(Role::Counter, false, Some(all()), Vec::new()));
        add("console-find-call", &find(Role::CallCentre, false, Some(all()), Vec::new()));
        add("console-find-many", &find(Role::Counter, true, None, Vec::new()));
        add("console-find-none", &find(Role::Clerk, false, Some(Vec::new()), Vec::new()));
        add("console-find-wrong", &find(Role::Clerk, false, None, wrong));
        let large = vec![errors::find_too_many(samples.lang)];
        add("console-find-large", &find(Role::Clerk, false, None, large));
        let person = |address, errors| PersonPage {
            page: samples.desk("/console/find"),
            bar: samples.bar(Role::Clerk),
            slug: samples.slug(),
            title: samples.title(),
            line: found(&MineState::Entered),
            entered_at: now,
            address,
            errors,
        };
        let wrong = vec![errors::look_reason_missing(samples.lang)];
        add("console-person", &person(Some(samples.word("+821012345678")), Vec::new()));
        add("console-person-wrong", &person(None, wrong));
    }
}
