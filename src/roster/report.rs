//! What is wrong, line by line, as a file for whoever mends the list: places and reasons, never what
//! stands there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

use crate::domain::{
    csv::csv_line,
    roster::{Columns, Reason, Wrong},
};

/// More than these would be mended by a new export, not by hand.
const LINES: usize = 10_000;

/// What was found so far.
#[derive(Debug, Default)]
pub struct Report {
    counts: BTreeMap<Reason, u64>,
    /// Line, column, reason, and the other line it is about.
    places: BTreeSet<(u64, usize, Reason, u64)>,
}

impl Report {
    /// Notes what is wrong with a line; `other` is the line it is compared with, or 0.
    pub fn note(&mut self, line: u64, wrong: Wrong, other: u64) {
        *self.counts.entry(wrong.reason).or_default() += 1;
        self.places.insert((line, wrong.column, wrong.reason, other));
        // The first lines are kept, in whatever order they come.
        if self.places.len() > LINES {
            self.places.pop_last();
        }
    }

    /// How often each thing was found.
    pub fn counts(&self) -> &BTreeMap<Reason, u64> {
        &self.counts
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The first lines with a reason.
    pub fn first(&self, reason: Reason, most: usize) -> Vec<u64> {
        let mut lines: Vec<u64> =
            self.places.iter().filter(|place| place.2 == reason).map(|place| place.0).collect();
        lines.dedup();
        lines.truncate(most);
        lines
    }

    /// Writes the report as CSV, readable in any spreadsheet.
    ///
    /// # Errors
    /// What the system said.
    pub fn write(&self, path: &Path, columns: &Columns) -> io::Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        file.write_all("\u{FEFF}".as_bytes())?;
        let heading = [
            "줄 line",
            "열 column",
            "항목 field",
            "문제",
            "할 일",
            "problem",
            "what to do",
            "앞줄 earlier line",
        ];
        file.write_all(csv_line(heading).as_bytes())?;
        for (line, column, reason, other) in &self.places {
            let [(wrong_ko, todo_ko), (wrong_en, todo_en)] = reason.words();
            let field = column.checked_sub(1).and_then(|at| columns.columns.get(at));
            let number = |number: u64| if number == 0 { String::new() } else { number.to_string() };
            let cells = [
                line.to_string(),
                number(*column as u64),
                field.map_or(String::new(), |field| field.key().to_owned()),
                wrong_ko.to_owned(),
                todo_ko.to_owned(),
                wrong_en.to_owned(),
                todo_en.to_owned(),
                number(*other),
            ];
            file.write_all(csv_line(cells.iter().map(String::as_str)).as_bytes())?;
        }
        file.into_inner()?.sync_all()
    }
}
