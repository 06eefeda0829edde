//! The list of a day without network.

mod back;

use askama::Template;
use chrono::{DateTime, Utc};

pub use self::back::{CounterBack, CounterTicked};
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

/// Which part of a list.
#[derive(Clone, Copy, Debug)]
pub struct SheetPart {
    /// From 1.
    pub number: i64,
    /// Of how many.
    pub count: i64,
    /// The number of its first line.
    pub first: usize,
    /// The number of its last line.
    pub last: usize,
}

impl SheetPart {
    /// What stands behind the address of its pages.
    pub fn query(&self) -> String {
        if self.is_one_of_several() { format!("?part={}", self.number) } else { String::new() }
    }

    fn is_one_of_several(&self) -> bool {
        self.count > 1
    }

    /// `Part 2 of 3`, with its lines.
    fn words(&self, page: &Page) -> String {
        let [number, count] = [self.number, self.count].map(|number| number.to_string());
        let [first, last] = [self.first, self.last].map(|number| number.to_string());
        t!(page, "counter-part", number = number, count = count, first = first, last = last)
    }

    fn before(&self) -> Option<i64> {
        (self.number > 1).then(|| self.number - 1)
    }

    fn next(&self) -> Option<i64> {
        (self.number < self.count).then(|| self.number + 1)
    }
}

/// How far the parts of a list have come. One that was taken in may wait again.
#[derive(Clone, Debug)]
pub struct SheetStands {
    /// Taken in.
    pub taken: Vec<i64>,
    /// Ticked, and wait for a second person.
    pub waiting: Vec<i64>,
    /// Sent back, and wait for whoever puts them right.
    pub returned: Vec<i64>,
    /// Nothing is ticked.
    pub missing: Vec<i64>,
}

/// A list among others, and how far it has come.
#[derive(Clone, Debug)]
pub struct ListedSheet {
    /// The list.
    pub line: SheetLine,
    /// How many parts it has.
    pub parts: i64,
    /// How many of them were taken in.
    pub taken: i64,
    /// The first part that waits for a second person.
    pub waits: Option<i64>,
}

impl ListedSheet {
    /// When it came back, or how much of it has.
    fn came(&self, page: &Page) -> Option<String> {
        let at = self.line.settled_at.filter(|_| self.taken > 0)?;
        let (taken, parts) = (self.taken.to_string(), self.parts.to_string());
        Some(match self.taken < self.parts {
            true => t!(page, "counter-sheet-parts-in", taken = taken, count = parts),
            false => t!(page, "counter-sheet-settled", at = page.minute(at)),
        })
    }

    fn part_of(&self, part: &i64) -> String {
        SheetPart { number: *part, count: self.parts, first: 0, last: 0 }.query()
    }
}

/// A line of a list.
#[derive(Clone, Debug)]
pub struct SheetRow {
    /// Its number on the whole list.
    pub number: usize,
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
    /// Purchases kept now.
    pub kept: u64,
    /// Purchases known before.
    pub known: u64,
    /// Receipts that were not kept, and why.
    pub refused: Vec<(String, String)>,
}

impl SheetReport {
    /// Of what was taken in, or of what would be.
    fn words(&self, is_kept: bool, page: &Page) -> String {
        let (kept, known) = (page.count(self.kept), page.count(self.known));
        let refused = page.count(self.refused.len() as u64);
        match is_kept {
            true => t!(page, "counter-back-report", kept = kept, known = known, refused = refused),
            false => t!(page, "counter-back-would", kept = kept, known = known, refused = refused),
        }
    }
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
        named(&self.who, page)
    }
}

fn named(who: &str, page: &Page) -> String {
    if who.is_empty() { t!(page, "counter-ticked-gone") } else { who.to_owned() }
}

/// Ticks that wait for a second person, line by line.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Who ticked.
    pub who: Waits,
    /// Exactly what would be taken in.
    pub rows: Vec<TickedRow>,
    /// Names the ticks that are looked at.
    pub seen: String,
    /// What would come of them now.
    pub would: Option<SheetReport>,
}

/// A part that was taken in.
#[derive(Clone, Debug)]
pub struct TakenPart {
    /// When.
    pub at: DateTime<Utc>,
    /// Who ticked; empty if they are gone.
    pub ticked_by: String,
    /// Who confirmed; empty if they are gone.
    pub confirmed_by: String,
    /// Whether both said that nobody bought.
    pub is_none: bool,
    /// What came of it, where that was kept.
    pub came: Option<SheetReport>,
}

/// A ticked line, as the second person sees it.
#[derive(Clone, Debug)]
pub struct TickedRow {
    /// Its number on the whole list.
    pub number: usize,
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
    pub sheets: Vec<ListedSheet>,
    /// The last of them, if there are older ones.
    pub older: Option<i64>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl CounterSheets {
    fn heading(&self) -> String {
        t!(self.page, "counter-sheets")
    }
}

/// A part of a list, to be printed, and how far the others have come.
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
    /// Which part of it.
    pub part: SheetPart,
    /// How far each part has come.
    pub stands: SheetStands,
    /// The lines of the part.
    pub rows: Vec<SheetRow>,
    /// What was signed, with its signature: the whole list.
    pub note: String,
}

impl CounterSheet {
    fn heading(&self) -> String {
        t!(self.page, "counter-sheet", day = self.page.date(self.line.day))
    }

    /// Where the parts stand: in words, the page that shows it, and which.
    fn groups(&self) -> Vec<(String, &'static str, &[i64])> {
        let SheetStands { taken, waiting, returned, missing } = &self.stands;
        let groups: [(String, &'static str, &[i64]); 4] = [
            (t!(self.page, "counter-parts-in"), "ticked", taken),
            (t!(self.page, "counter-parts-wait"), "ticked", waiting),
            (t!(self.page, "counter-parts-returned"), "back", returned),
            (t!(self.page, "counter-parts-missing"), "back", missing),
        ];
        groups.into_iter().filter(|(.., parts)| !parts.is_empty()).collect()
    }

    /// What a link to a part is called: its number, or, where there is but one, what can be done there.
    fn leads(&self, number: &i64, leads: &str) -> String {
        match (self.part.is_one_of_several(), leads) {
            (true, _) => number.to_string(),
            (false, "back") => t!(self.page, "counter-sheet-back"),
            (false, _) if self.stands.waiting.contains(number) => t!(self.page, "counter-ticked-look"),
            (false, _) => t!(self.page, "counter-part-came"),
        }
    }
}
