//! Counts of a round.

use askama::Template;
use chrono::{DateTime, Utc};

use super::Bar;
use crate::{
    domain::staff::Role,
    web::view::{Page, assets},
    words::Lang,
};

/// One line.
#[derive(Clone, Debug)]
pub struct CountRow {
    /// What these have in common.
    pub value: String,
    /// Of each column; `None`: left out.
    pub cells: Option<Vec<u64>>,
    /// In all.
    pub total: u64,
}

/// One table.
#[derive(Clone, Debug)]
pub struct CountTable {
    /// What it is by.
    pub caption: String,
    /// Outcomes.
    pub columns: Vec<String>,
    /// Values.
    pub rows: Vec<CountRow>,
    /// Of each column.
    pub totals: Vec<u64>,
    /// Of all; `None`: there are too few for a table.
    pub total: Option<u64>,
}

/// All of them.
#[derive(Debug, Template)]
#[template(path = "pages/console/statistics.html")]
pub struct StatisticsPage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The round.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Smaller numbers are not shown.
    pub least: u64,
    /// What happened before then is counted.
    pub until: DateTime<Utc>,
    /// Whether results were public by then.
    pub published: bool,
    /// The tables.
    pub tables: Vec<CountTable>,
}

impl StatisticsPage {
    /// Whether the reader may take them away as a file.
    fn takes(&self) -> bool {
        !matches!(self.bar.role, Role::Observer)
    }

    fn heading(&self) -> String {
        t!(self.page, "statistics")
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::web::view::samples::Samples;

    /// Calls `add` for each.
    pub fn add_pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
        let row = |value: &str, cells, total| CountRow { value: samples.word(value), cells, total };
        let table = CountTable {
            caption: samples.text("사는 곳", "Where you live"),
            columns: vec![samples.text("구매 완료", "done"), samples.text("예비", "waitlisted")],
            rows: vec![row("중앙동", Some(vec![1_203, 40]), 1_243), row("욕지면", None, 17)],
            totals: vec![1_215, 45],
            total: Some(1_260),
        };
        let few = CountTable { total: None, rows: Vec::new(), ..table.clone() };
        let page = |published, tables| StatisticsPage {
            page: samples.desk("/console/rounds/tongyeong-2026-12/statistics"),
            bar: samples.bar(Role::Observer),
            slug: samples.slug(),
            title: samples.title(),
            least: 5,
            until: crate::web::view::samples::at("2026-12-01T15:00:00Z"),
            published,
            tables,
        };
        add("console-statistics", &page(true, vec![table, few]));
        add("console-statistics-none", &page(false, Vec::new()));
    }
}
