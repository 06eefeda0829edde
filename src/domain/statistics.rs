//! Counts that tell nothing about few people.
//!
//! The threshold rule: a number of people from 1 up to [`LEAST`] − 1 is not published, five being what statistical
//! offices commonly ask for (*Glossary of Statistical Disclosure Control*, UNECE/Eurostat 2005, "threshold rule";
//! *Handbook on Statistical Disclosure Control*, ESSnet, chapter 5). A round whose rules ask for larger cells gets
//! those. What is not published must not follow from what is, so:
//!
//! 1. Outcomes that few people share are counted together, and values that few people have likewise: every total is
//!    0 or at least the threshold.
//! 2. Where a cell of a value is small, all cells of that value are left out (its total stays), and with it those of
//!    others, the smallest first, until there are two such values and what is left out adds up to 0 or at least the
//!    threshold in each column (complementary suppression).
//!
//! With the sums of rows and columns of a block known and nothing else, its cell can be anything between
//! max(0, row + column − all) and min(row, column) (Fréchet's bounds, which are reached). Rows and columns being at
//! least the threshold, so is the upper bound: nobody can conclude that a number is small. Zeros are shown.
//! Two publications of a round that goes on may still be compared. So counts are those of the last midnight
//! (`staff::statistics`), and tables are published anew only if every cell of all of them, as it is counted together, has
//! become the same or the threshold more or less than it was for each publication before ([`Published::may_follow`]).
//! Else all of them stay. The price: on a day on which many buy and one of a rare language does, tables stay, and stay
//! until five of those have, which may be never: after the last day, too, they are as old as they say that they are.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// A smaller number of people is not published, unless it is none.
pub const LEAST: u64 = 5;

/// How many entries have a value, by outcome.
pub type Row = (String, Vec<u64>);

/// The same by value.
pub type Rows = BTreeMap<String, Vec<u64>>;

/// A table that can be published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// Which outcomes are counted together in each column.
    pub columns: Vec<Vec<usize>>,
    /// By value.
    pub rows: Vec<Line>,
    /// Of each column.
    pub totals: Vec<u64>,
    /// Of all.
    pub total: u64,
}

/// One line of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The values that are counted together.
    pub values: Vec<String>,
    /// Of each column; `None`: left out.
    pub cells: Option<Vec<u64>>,
    /// In all.
    pub total: u64,
}

impl Published {
    /// Whether nobody learns of a few by holding this table, counted from `then`, beside one that was counted from
    /// `before`: no number in it, nor what follows from them for the values that are left out, differs by a small one.
    pub fn may_follow(&self, before: &Rows, then: &Rows, least: u64) -> bool {
        let sum = |rows: &Rows, values: &[&String], columns: &[usize]| {
            let cells = values.iter().filter_map(|value| rows.get(*value));
            cells.flat_map(|cells| columns.iter().filter_map(|at| cells.get(*at))).sum::<u64>()
        };
        let differs = |values: &[&String], columns: &[usize]| {
            let change = sum(before, values, columns).abs_diff(sum(then, values, columns));
            is_small(change, least)
        };
        let every = self.columns.concat();
        let tells =
            |values: &[&String]| self.columns.iter().chain([&every]).any(|columns| differs(values, columns));
        let (shown, left_out): (Vec<_>, Vec<_>) = self.rows.iter().partition(|line| line.cells.is_some());
        let together: Vec<&String> = left_out.iter().flat_map(|line| &line.values).collect();
        let all: BTreeSet<&String> = before.keys().chain(then.keys()).collect();
        !shown.iter().any(|line| tells(&Vec::from_iter(&line.values)))
            && !left_out.iter().any(|line| differs(&Vec::from_iter(&line.values), &every))
            && !tells(&together)
            && !tells(&Vec::from_iter(all))
    }
}

/// What of a table can be published. Every row has `outcomes` cells. `None`: fewer people than that in all.
pub fn published(outcomes: usize, rows: &[Row], least: u64) -> Option<Published> {
    let least = least.max(1);
    let cell = |row: &Row, column: usize| row.1.get(column).copied().unwrap_or_default();
    let sums: Vec<u64> = (0..outcomes).map(|column| rows.iter().map(|row| cell(row, column)).sum()).collect();
    let total: u64 = sums.iter().sum();
    if is_small(total, least) {
        return None;
    }
    let columns = together(&sums, least);
    let of_rows: Vec<u64> =
        rows.iter().map(|row| (0..outcomes).map(|column| cell(row, column)).sum()).collect();
    let mut lines: Vec<(Vec<String>, Vec<u64>)> = together(&of_rows, least)
        .into_iter()
        .map(|members| {
            let some = || members.iter().filter_map(|at| rows.get(*at));
            let cells = columns.iter().map(|joined| {
                some().map(|row| joined.iter().map(|column| cell(row, *column)).sum::<u64>()).sum()
            });
            (some().map(|row| row.0.clone()).collect(), cells.collect())
        })
        .collect();
    let hidden = hidden(&lines.iter().map(|(_, cells)| cells.as_slice()).collect::<Vec<_>>(), least);
    let rows = lines.drain(..).zip(hidden).map(|((values, cells), hidden)| Line {
        values,
        total: cells.iter().sum(),
        cells: (!hidden).then_some(cells),
    });
    let totals = columns.iter().map(|joined| joined.iter().filter_map(|at| sums.get(*at)).sum());
    Some(Published { rows: rows.collect(), totals: totals.collect(), columns, total })
}

const fn is_small(count: u64, least: u64) -> bool {
    count > 0 && count < least
}

/// Groups of what is counted together: the small ones, and as many of the next larger as it takes. In the order of
/// their first members; the group that was made comes last.
fn together(sums: &[u64], least: u64) -> Vec<Vec<usize>> {
    let (mut small, mut rest): (Vec<usize>, Vec<usize>) =
        (0..sums.len()).partition(|at| sums.get(*at).is_some_and(|sum| is_small(*sum, least)));
    let sum_of = |some: &[usize]| some.iter().filter_map(|at| sums.get(*at)).sum::<u64>();
    while is_small(sum_of(&small), least) {
        let nonzero = rest.iter().enumerate().filter(|(_, at)| sums.get(**at).is_some_and(|sum| *sum > 0));
        let Some((place, _)) = nonzero.min_by_key(|(_, at)| sums.get(**at)) else { break };
        small.push(rest.remove(place));
    }
    small.sort_unstable();
    let mut groups: Vec<Vec<usize>> = rest.into_iter().map(|at| vec![at]).collect();
    if !small.is_empty() {
        groups.push(small);
    }
    groups
}

/// Which rows are left out.
fn hidden(rows: &[&[u64]], least: u64) -> Vec<bool> {
    let mut hidden: Vec<bool> =
        rows.iter().map(|row| row.iter().any(|count| is_small(*count, least))).collect();
    if !hidden.contains(&true) {
        return hidden;
    }
    let width = rows.first().map_or(0, |row| row.len());
    loop {
        let out = || rows.iter().zip(&hidden).filter(|(_, hidden)| **hidden).map(|(row, _)| row);
        let sum = |column: usize| out().filter_map(|row| row.get(column)).sum::<u64>();
        let short: Vec<usize> = (0..width).filter(|column| is_small(sum(*column), least)).collect();
        if short.is_empty() && out().count() > 1 {
            return hidden;
        }
        // First what helps where it is needed, then the smallest: it is missed least.
        let helps = |row: &[u64]| short.iter().any(|column| row.get(*column).is_some_and(|count| *count > 0));
        let size = |row: &[u64]| row.iter().sum::<u64>();
        let next = (0..rows.len())
            .filter(|at| !hidden.get(*at).copied().unwrap_or(true))
            .filter_map(|at| Some((at, *rows.get(at)?)))
            .filter(|(_, row)| size(row) > 0)
            .min_by_key(|(at, row)| (!helps(row), size(row), *at));
        match next.and_then(|(at, _)| hidden.get_mut(at)) {
            Some(row) => *row = true,
            None => return hidden,
        }
    }
}

#[cfg(test)]
mod tests;
