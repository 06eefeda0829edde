//! What comes back of a list: it is ticked by one, and confirmed by another.

use askama::Template;
use chrono_tz::Asia::Seoul;

use super::{super::super::Bar, SheetLine, SheetPart, SheetRow, TakenPart, Waiting, Waits, named};
use crate::{
    web::view::{FieldError, Page, assets, errors::FieldErrors},
    words::Lang,
};

/// A part of a list that came back.
#[derive(Debug, Template)]
#[template(path = "pages/console/counter/back.html")]
pub struct CounterBack {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// The list.
    pub line: SheetLine,
    /// Which part of it.
    pub part: SheetPart,
    /// The lines of the part.
    pub rows: Vec<SheetRow>,
    /// Ticked before: nobody bought.
    pub nobody: bool,
    /// What was ticked before, and waits.
    pub waits: Option<Waits>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl CounterBack {
    fn heading(&self) -> String {
        t!(self.page, "counter-back", day = self.page.date(self.line.day))
    }

    fn who(&self, waits: &Waits) -> String {
        waits.name(&self.page)
    }

    /// As the field of the time wants it.
    fn start(&self, row: &SheetRow) -> String {
        row.starts_at.with_timezone(&Seoul).format("%H:%M").to_string()
    }

    fn is_wrong(&self, row: &SheetRow) -> bool {
        self.errors.on(&format!("sold_{}", row.number)).is_some()
    }
}

/// What a colleague ticked on a part, to be confirmed or sent back, and what came of it.
#[derive(Debug, Template)]
#[template(path = "pages/console/counter/ticked.html")]
pub struct CounterTicked {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// The list.
    pub line: SheetLine,
    /// Which part of it.
    pub part: SheetPart,
    /// What waits.
    pub waits: Option<Waiting>,
    /// What was taken in before.
    pub taken: Option<TakenPart>,
    /// As typed before.
    pub words: String,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl CounterTicked {
    fn heading(&self) -> String {
        t!(self.page, "counter-ticked", day = self.page.date(self.line.day))
    }

    fn who(&self, waiting: &Waiting) -> String {
        waiting.who.name(&self.page)
    }

    fn by(&self, taken: &TakenPart) -> String {
        let (who, by) = (named(&taken.ticked_by, &self.page), named(&taken.confirmed_by, &self.page));
        t!(self.page, "counter-ticked-in", at = self.page.minute(taken.at), who = who, by = by)
    }
}
