//! Equal shares, a lottery and first come, side by side.

use askama::Template;

use super::Bar;
use crate::{
    domain::compare::{Comparison, Way},
    web::view::{Page, assets},
    words::Lang,
};

/// What one way gives.
#[derive(Clone, Debug)]
pub struct CompareRow {
    /// Which way.
    pub name: String,
    /// People who get nothing.
    pub nothing: u64,
    /// The same as percent of all.
    pub percent: u64,
    /// People who get less than they want.
    pub less: u64,
    /// People who get all of it.
    pub all: u64,
    /// What the one in the middle gets, won.
    pub middle: u64,
}

/// The three of them.
#[derive(Clone, Debug)]
pub struct CompareView {
    /// People.
    pub people: u64,
    /// What they want in all, won.
    pub wanted: u64,
    /// What there is, won.
    pub budget: u64,
    /// Equal shares, lottery, first come.
    pub rows: Vec<CompareRow>,
    /// Whether it was reckoned with a part of the people and as large a part of the money.
    pub is_part: bool,
}

/// A comparison in the reader's words.
pub fn compare_view(found: &Comparison, is_part: bool, page: &Page) -> CompareView {
    let row = |given: &crate::domain::compare::Given| CompareRow {
        name: match given.way {
            Way::Share => t!(page, "compare-share"),
            Way::Lottery => t!(page, "compare-lottery"),
            Way::FirstCome => t!(page, "compare-first"),
        },
        nothing: given.nothing,
        percent: (given.nothing * 100).checked_div(found.people).unwrap_or(0),
        less: given.less,
        all: given.all,
        middle: given.middle,
    };
    let (people, wanted, budget) = (found.people, found.wanted, found.budget);
    CompareView { people, wanted, budget, rows: found.ways.iter().map(row).collect(), is_part }
}

/// The page of a round.
#[derive(Debug, Template)]
#[template(path = "pages/console/compare.html")]
pub struct ComparePage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The round's title.
    pub title: String,
    /// Its name in addresses.
    pub slug: String,
    /// Entries so far; without any, it is about those who were expected.
    pub entered: u64,
    /// Side by side.
    pub compared: Option<CompareView>,
}

impl ComparePage {
    fn heading(&self) -> String {
        t!(self.page, "compare-heading")
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::{domain::staff::Role, web::view::samples::Samples};

    /// Calls `add` for each.
    pub fn add_pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
        let bar = || samples.bar(Role::Clerk);
        let compared = CompareView {
            people: 10_000,
            wanted: 2_500_000_000,
            budget: 1_250_000_000,
            rows: vec![CompareRow {
                name: samples.word("추첨"),
                nothing: 5_000,
                percent: 50,
                less: 0,
                all: 5_000,
                middle: 250_000,
            }],
            is_part: true,
        };
        let mut compare = ComparePage {
            page: samples.desk("/console/rounds/a/compare"),
            bar: bar(),
            title: samples.title(),
            slug: samples.slug(),
            entered: 10_000,
            compared: Some(compared),
        };
        add("console-compare", &compare);
        (compare.entered, compare.compared) = (0, None);
        add("console-compare-none", &compare);
    }
}
