//! How many, by what people have in common: nothing in it tells of a few.

use super::{
    desk::Desk,
    rule::{Route, Who},
};
use crate::{
    staff::statistics::{self, Table},
    store::access,
    web::{
        answer::Answer,
        path::Path,
        view::{CountRow, CountTable, StatisticsPage},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![Route::show("/console/rounds/{slug}/statistics", Who::ROUND, show)]
}

async fn show(desk: Desk, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let visit = &desk.visit;
    let round = visit.round(&slug).await?;
    // The same until midnight, however often it is looked at: once is enough to find it again.
    let (did, since) = (("statistics", slug.as_str()), statistics::counted_until(visit.now));
    let known = access::is_known(visit.app.db.read(), did, desk.signed.person.id, since).await;
    if !known.map_err(|error| visit.failed(error))? {
        desk.noted(["statistics", &slug, ""]).await?;
    }
    let tables = statistics::tables(&visit.app, &round, visit.now).await;
    let statistics::Counted { until, tables, .. } = tables.map_err(|error| visit.failed(error))?;
    let lang = visit.lang;
    let view = |Table { by, table }: Table| {
        let caption = statistics::by_label(&round, &by, lang);
        let Some(table) = table else {
            return CountTable {
                caption,
                columns: Vec::new(),
                rows: Vec::new(),
                totals: Vec::new(),
                total: None,
            };
        };
        let used: Vec<(usize, String)> = statistics::columns(&table)
            .map(|(at, joined)| (at, statistics::outcomes_label(joined, lang)))
            .collect();
        let pick = |cells: &[u64]| used.iter().filter_map(|(at, _)| cells.get(*at).copied()).collect();
        let rows = table.rows.iter().map(|row| CountRow {
            value: statistics::values_label(&round, &by, &row.values, lang),
            cells: row.cells.as_deref().map(pick),
            total: row.total,
        });
        CountTable {
            caption,
            rows: rows.collect(),
            totals: pick(&table.totals),
            total: Some(table.total),
            columns: used.into_iter().map(|(_, label)| label).collect(),
        }
    };
    Ok(visit.show(&StatisticsPage {
        page: desk.page_at(&format!("/console/rounds/{slug}/statistics")),
        bar: desk.bar(),
        title: visit.title(&round),
        least: statistics::least(&round),
        until,
        published: round.is_published(until),
        tables: tables.into_iter().map(view).collect(),
        slug,
    }))
}
