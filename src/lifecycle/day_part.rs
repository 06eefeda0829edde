//! A part of a day sheet. However long the list of a day is, a part of it fits on a page and on paper: it is ticked by one
//! and confirmed by another on its own, whatever becomes of the others.
//!
//! What is signed is the list: its lines never change, so neither does which of them are in a part.

use entities::day_sheet::Model;

use super::day_sheet::{Line, read};

/// Lines of a part. Rows in the database say which part they are of, so this never changes.
const LINES: usize = 20;

/// One part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which, from 1.
    pub number: i64,
    /// Its lines, each with its number on the whole list, from 1.
    pub lines: Vec<(usize, Line)>,
}

impl Part {
    /// The part of this number; `None` if the list has none.
    pub fn of(sheet: &Model, number: i64) -> Option<Self> {
        if !(1..=count(&sheet.lines)).contains(&number) {
            return None;
        }
        let skipped = usize::try_from(number - 1).ok()?.checked_mul(LINES)?;
        let lines = (1..).zip(read(&sheet.lines)).skip(skipped).take(LINES).collect();
        Some(Self { number, lines })
    }

    /// The line of a receipt, with its number.
    pub fn find(&self, receipt: &str) -> Option<&(usize, Line)> {
        self.lines.iter().find(|(_, line)| line.receipt == receipt)
    }
}

/// How many parts a list has; one without a line has one.
pub fn count(lines: &str) -> i64 {
    i64::try_from(lines.lines().count().div_ceil(LINES).max(1)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::lifecycle::day_sheet::text;

    fn sheet(lines: u32) -> Model {
        let line = |number: u32| Line {
            receipt: format!("receipt-{number}"),
            starts_at: DateTime::UNIX_EPOCH,
            amount: 10_000,
        };
        let lines = text(&(1..=lines).map(line).collect::<Vec<_>>());
        let (day, only, reason, digest, note) = Default::default();
        let (id, round_id, clerk_id, made_at, settled_at) = (1, 1, 1, DateTime::UNIX_EPOCH, None);
        Model { id, round_id, day, only, made_at, clerk_id, reason, lines, digest, note, settled_at }
    }

    #[test]
    fn every_line_is_in_one_part() {
        for (lines, parts) in [(0, 1), (1, 1), (20, 1), (21, 2), (40, 2), (50, 3)] {
            let sheet = sheet(lines);
            assert_eq!(count(&sheet.lines), parts);
            let all = (1..=parts).flat_map(|number| Part::of(&sheet, number).unwrap().lines);
            let (numbers, all): (Vec<usize>, Vec<Line>) = all.unzip();
            assert_eq!(numbers, (1..=lines as usize).collect::<Vec<_>>());
            assert_eq!(all, read(&sheet.lines));
            assert_eq!(
                [0, -1, parts + 1, i64::MAX].map(|number| Part::of(&sheet, number)),
                [const { None }; 4]
            );
        }
        let second = Part::of(&sheet(50), 2).unwrap();
        assert_eq!(second.find("receipt-40").unwrap().0, 40);
        assert!(second.find("receipt-41").is_none() && second.find("receipt-20").is_none());
    }
}
