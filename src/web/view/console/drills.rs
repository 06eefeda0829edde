//! The list of drills.

use askama::Template;
use chrono::{DateTime, Utc};

use super::Bar;
use crate::{
    web::view::{Page, assets},
    words::Lang,
};

/// What came of a drill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameOf {
    /// The round held.
    Held,
    /// It did not.
    NotHeld,
    /// Neither: the drill came to a halt, so that it did not.
    Halted,
}

/// A report in the list.
#[derive(Clone, Debug)]
pub struct DrillLine {
    /// Its number.
    pub id: i64,
    /// The draft's title; empty where it was not kept.
    pub title: String,
    /// When the drill came to its end, or to a halt.
    pub at: DateTime<Utc>,
    /// Which jebi drilled; empty where it was not kept.
    pub version: String,
    /// What came of it.
    pub came_of: CameOf,
    /// The round that was announced on it, slug and title.
    pub round: Option<(String, String)>,
}

/// A page of them.
#[derive(Debug, Template)]
#[template(path = "pages/console/drills.html")]
pub struct DrillsPage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The latest first.
    pub drills: Vec<DrillLine>,
    /// Where older ones begin.
    pub older: Option<i64>,
}

impl DrillsPage {
    fn heading(&self) -> String {
        t!(self.page, "console-drills")
    }

    fn name(&self, drill: &DrillLine) -> String {
        t!(self.page, "console-drills-one", id = drill.id)
    }

    fn came_of(&self, drill: &DrillLine) -> String {
        match drill.came_of {
            CameOf::Held => t!(self.page, "console-drills-held"),
            CameOf::NotHeld => t!(self.page, "console-drills-not-held"),
            CameOf::Halted => t!(self.page, "console-drills-halted"),
        }
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::{
        domain::staff::Role,
        web::view::samples::{Samples, at},
    };

    /// Calls `add` for each.
    pub fn add_pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
        let line = |id, came_of, round| DrillLine {
            id,
            title: samples.title(),
            at: at("2026-11-28T01:00:00Z"),
            version: samples.word("0.1.0"),
            came_of,
            round,
        };
        let of_unknown =
            DrillLine { title: String::new(), version: String::new(), ..line(1, CameOf::NotHeld, None) };
        let drills = DrillsPage {
            page: samples.desk("/console/drills"),
            bar: samples.bar(Role::Observer),
            drills: vec![
                line(4, CameOf::Held, Some((samples.slug(), samples.title()))),
                line(3, CameOf::Halted, None),
                line(2, CameOf::Held, None),
                of_unknown,
            ],
            older: Some(1),
        };
        add("console-drills", &drills);
        add("console-drills-none", &DrillsPage { drills: Vec::new(), older: None, ..drills });
    }
}
