//! Letting the sale stand still.

use askama::Template;
use chrono::{DateTime, Utc};

use super::Bar;
use crate::{
    lifecycle::after::late::Late,
    web::view::{FieldError, Page, assets, errors::FieldErrors},
    words::Lang,
};

/// What a pause would do.
#[derive(Clone, Debug)]
pub struct Paused {
    /// It ends by itself then.
    pub until: DateTime<Utc>,
    /// How many can buy when it begins.
    pub open: u64,
    /// How many begin while it lasts.
    pub soon: u64,
    /// Places that go on at a later offer than they would.
    pub late: Option<Late>,
    /// What everybody reads, by language: on the status page, and on one's own.
    pub reads: Vec<(Lang, Vec<String>)>,
}

/// The form, or what it would do, or what it did.
#[derive(Debug, Template)]
#[template(path = "pages/console/pause.html")]
pub struct PausePage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The round.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Minutes that are offered.
    pub lengths: Vec<u64>,
    /// As chosen before.
    pub minutes: String,
    /// As typed before.
    pub reason: String,
    /// It stands still until then.
    pub paused_until: Option<DateTime<Utc>>,
    /// What it would do, once that was asked.
    pub to_come: Option<Paused>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl PausePage {
    fn heading(&self) -> String {
        t!(self.page, "console-act-pause")
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::{
        domain::staff::Role,
        web::view::{
            Fault,
            samples::{Samples, at},
        },
    };

    /// Calls `add` for each.
    pub fn add_pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
        let until = at("2026-12-02T02:00:00Z");
        let page = |paused_until, to_come| PausePage {
            page: samples.desk("/console/rounds/tongyeong-2026-12/pause"),
            bar: samples.bar(Role::Clerk),
            slug: samples.slug(),
            title: samples.title(),
            lengths: vec![10, 20, 30, 60],
            minutes: "30".into(),
            reason: samples.word("은행이 멈췄습니다"),
            paused_until,
            to_come,
            errors: Vec::new(),
        };
        let fault = Fault { words: samples.word("은행이 멈췄습니다"), until: Some(until) };
        let shown = samples.desk("/console/rounds/tongyeong-2026-12/pause");
        let late = Some(Late { places: 12, at: until, next: Some(until) });
        let own = vec![(shown.lang, fault.sentences(&samples.assigned(), &shown))];
        let to_come = Paused { until, open: 1_203, soon: 240, late, reads: own };
        add("console-pause", &page(None, None));
        add("console-pause-seen", &page(None, Some(to_come)));
        add("console-paused", &page(Some(until), None));
    }
}
