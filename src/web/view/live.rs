//! The live view for staff.

use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Asia::Seoul;
use i18n_embed_fl::fl;

use crate::{
    notify::queue::{Minute, State, WaitsFor},
    words::Lang,
};

/// What waits and what left, on one page.
#[derive(Template)]
#[template(path = "pages/live.html")]
pub struct Live {
    /// Korean unless asked for.
    pub lang: Lang,
    /// What waits.
    pub state: State,
    /// What left, newest first.
    pub minutes: Vec<Minute>,
}

impl Live {
    fn waits(&self, why: WaitsFor) -> String {
        let l = self.lang.loader();
        match why {
            WaitsFor::Nothing => fl!(l, "live-waits-nothing"),
            WaitsFor::ItsSecond => fl!(l, "live-waits-second"),
            WaitsFor::Morning => fl!(l, "live-waits-morning"),
            WaitsFor::Staff => fl!(l, "live-waits-staff"),
            WaitsFor::Vendor => fl!(l, "live-waits-vendor"),
            WaitsFor::Rate => fl!(l, "live-waits-rate"),
        }
    }

    /// Waits for hours are given as an instant, the rest as a clock time.
    fn at(&self, at: &Option<DateTime<Utc>>) -> String {
        at.map_or("–".to_owned(), |at| at.with_timezone(&Seoul).format("%m-%d %H:%M:%S").to_string())
    }

    fn now(&self) -> String {
        self.at(&Some(self.state.at))
    }

    fn clock(&self, at: &DateTime<Utc>) -> String {
        at.with_timezone(&Seoul).format("%H:%M").to_string()
    }

    /// Outcomes of a minute: `solapi accepted 58`.
    fn said(&self, minute: &Minute) -> String {
        let said =
            minute.outcomes.iter().map(|(vendor, outcome, count)| format!("{vendor} {outcome} {count}"));
        said.collect::<Vec<_>>().join(", ")
    }
}
