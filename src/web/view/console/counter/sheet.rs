//! The list of a day without network, and what comes back of it.

use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Asia::Seoul;

use super::super::Bar;
use crate::{
    web::view::{FieldError, Page, assets, errors::FieldErrors},
    words::Lang,
};

/// A list that was made.
#[derive(Clone, Debug)]
pub struct SheetLine {
    /// Its number.
    pub id: i64,
    /// An instant of its day.
    pub day: DateTime<Utc>,
    /// Of whom, if not of all.
    pub only: Option<String>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Lines.
    pub count: u64,
    /// SHA-256 of its lines, in hex.
    pub digest: String,
    /// When it came back.
    pub settled_at: Option<DateTime<Utc>>,
}

impl SheetLine {
    /// Enough of the digest to compare paper and screen.
    pub fn short(&self) -> &str {
        self.digest.get(..12).unwrap_or(&self.digest)
    }
}

/// A line of a list.
#[derive(Clone, Debug)]
pub struct SheetRow {
    /// Whose.
    pub receipt: String,
    /// The masked name, if they were entered at a counter; else empty.
    pub name: String,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// Won.
    pub amount: u64,
    /// Ticked before.
    pub sold: bool,
    /// As typed before.
    pub typed_amount: String,
    /// As typed before.
    pub typed_at: String,
}

/// What came of a list that came back.
#[derive(Clone, Debug, Default)]
pub struct SheetReport {
    /// Taken in; else it says what would be if somebody else confirmed it now.
    pub is_kept: bool,
    /// Purchases kept now.
    pub kept: u64,
    /// Purchases known before.
    pub known: u64,
    /// Receipts that were not kept, and why.
    pub refused: Vec<(String, String)>,
    /// Receipts that were kept, and what is strange.
    pub strange: Vec<(String, String)>,
}

/// Ticks that wait for a second person, or for whoever puts them right.
#[derive(Clone, Debug)]
pub struct Waits {
    /// Who ticked; empty if they are gone.
    pub who: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Lines.
    pub count: u64,
    /// Won.
    pub won: u64,
    /// Whoever looks at it ticked them: somebody else confirms.
    pub is_own: bool,
    /// Why they were sent back, if they were.
    pub sent_back: Option<String>,
}

impl Waits {
    fn name(&self, page: &Page) -> String {
        if self.who.is_empty() { t!(page, "counter-ticked-gone") } else { self.who.clone() }
    }
}

/// A ticked line, as the second person sees it.
#[derive(Clone, Debug)]
pub struct TickedRow {
    /// Whose.
    pub receipt: String,
    /// The masked name, if they were entered at a counter; else empty.
    pub name: String,
    /// When it was bought.
    pub at: DateTime<Utc>,
    /// Won.
    pub amount: u64,
    /// What stands on the list, where it is another amount.
    pub less_than: Option<u64>,
}

/// The lists of a round.
#[derive(Debug, Template)]
#[template(path = "pages/console/counter/sheets.html")]
pub struct CounterSheets {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// The days of the round: value, and an instant of each.
    pub days: Vec<(String, DateTime<Utc>)>,
    /// As chosen before.
    pub day: String,
    /// Whom a list can be of: value and words.
    pub onlys: Vec<(String, String)>,
    /// As chosen before.
    pub only: String,
    /// As typed before.
    pub reason: String,
    /// The lists, the latest first.
    pub sheets: Vec<SheetLine>,
    /// The numbers of those on which ticks wait for a second person.
    pub waits: Vec<i64>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl CounterSheets {
    fn heading(&self) -> String {
        t!(self.page, "counter-sheets")
    }
}

/// A list, to be printed.
#[derive(Debug, Template)]
#[template(path = "pages/console/counter/sheet.html")]
pub struct CounterSheet {
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
    /// Its lines.
    pub rows: Vec<SheetRow>,
    /// What was signed, with its signature.
    pub note: String,
}

impl CounterSheet {
    fn heading(&self) -> String {
        t!(self.page, "counter-sheet", day = self.page.date(self.line.day))
    }
}

/// A list that came back.
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
    /// Its lines.
    pub rows: Vec<SheetRow>,
    /// What was ticked before, and waits.
    pub waits: Option<Waits>,
    /// What came of it, or would.
    pub report: Option<SheetReport>,
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
        self.errors.on(&format!("sold_{}", row.receipt)).is_some()
    }
}

/// What a colleague ticked, to be confirmed or sent back.
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
    /// What waits.
    pub waits: Waits,
    /// Exactly what would be taken in.
    pub rows: Vec<TickedRow>,
    /// Names the ticks that are looked at.
    pub seen: String,
    /// As typed before.
    pub words: String,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl CounterTicked {
    fn heading(&self) -> String {
        t!(self.page, "counter-ticked", day = self.page.date(self.line.day))
    }

    fn who(&self) -> String {
        self.waits.name(&self.page)
    }
}
