//! What a colleague ticked on a day sheet: looked at line by line, and confirmed or sent back.

use entities::{day_sheet, ticked};
use serde::Deserialize;

use super::{
    super::{
        desk::{Desk, Sent},
        rule::{Route, Who},
    },
    sheet::{Sold, back_page, line, named, one, report_of},
    slip::note,
};
use crate::{
    app::Round,
    lifecycle::{
        LifecycleError,
        day_sheet::{Maker, read},
        ticked as ticks,
    },
    store,
    web::{
        answer::Answer,
        form::Guarded,
        path::Path,
        view::{CounterTicked, FieldError, TickedRow, Waits, errors},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/counter/{slug}/sheets/{id}/ticked", Who::COUNTER, show),
        Route::take("/console/counter/{slug}/sheets/{id}/ticked", Who::COUNTER, confirm),
        Route::take("/console/counter/{slug}/sheets/{id}/ticked/return", Who::COUNTER, send_back),
    ]
}

/// Which ticks were looked at, and what is wrong with them if anything is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    csrf: String,
    seen: String,
    words: String,
}

impl Guarded for Form {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

async fn show(Path((slug, id)): Path<(String, i64)>, desk: Desk) -> Result<Answer, Answer> {
    let (round, sheet) = one(&desk, &slug, id).await?;
    note(&desk, "looked", &format!("day sheet {slug} {}", sheet.day), &sheet.reason).await?;
    match page(&desk, &round, &sheet, String::new(), Vec::new()).await? {
        Some(page) => Ok(desk.visit.show(&page)),
        None => Ok(desk.visit.go(&format!("/console/counter/{slug}/sheets/{id}/back"))),
    }
}

async fn confirm(
    Path((slug, id)): Path<(String, i64)>,
    Sent(desk, form): Sent<Form>,
) -> Result<Answer, Answer> {
    let (round, sheet) = one(&desk, &slug, id).await?;
    let visit = &desk.visit;
    let maker = Maker { clerk_id: desk.signed.person.id, address: &desk.address, reason: "" };
    let lines = find(&desk, &round, &sheet).await?.map(|row| read(&row.lines)).unwrap_or_default();
    match ticks::confirm(&visit.app, &round, &sheet, &form.seen, maker, visit.now).await {
        Ok(report) => {
            let report = report_of(&desk, report, &lines, true);
            let (_, sheet) = one(&desk, &slug, id).await?;
            let page = back_page(&desk, &round, sheet, &Sold::default(), Some(report), Vec::new()).await?;
            Ok(visit.show(&page))
        }
        Err(error) => refused(&desk, &round, sheet, form.words, error).await,
    }
}

async fn send_back(
    Path((slug, id)): Path<(String, i64)>,
    Sent(desk, form): Sent<Form>,
) -> Result<Answer, Answer> {
    let (round, sheet) = one(&desk, &slug, id).await?;
    let visit = &desk.visit;
    let words: String = form.words.trim().chars().filter(|c| !c.is_control()).take(200).collect();
    if words.is_empty() {
        let wrong = vec![errors::counter_words_missing(visit.lang)];
        return match page(&desk, &round, &sheet, form.words, wrong).await? {
            Some(page) => Ok(visit.show_again(&page)),
            None => Ok(visit.go(&format!("/console/counter/{slug}/sheets/{id}/back"))),
        };
    }
    let maker = Maker { clerk_id: desk.signed.person.id, address: &desk.address, reason: &words };
    match ticks::send_back(&visit.app, &round, &sheet, &form.seen, maker, visit.now).await {
        Ok(()) => Ok(visit.go(&format!("/console/counter/{slug}/sheets/{id}/back"))),
        Err(error) => refused(&desk, &round, sheet, form.words, error).await,
    }
}

/// Why it was not done, above what waits now.
async fn refused(
    desk: &Desk,
    round: &Round,
    sheet: day_sheet::Model,
    words: String,
    error: LifecycleError,
) -> Result<Answer, Answer> {
    let visit = &desk.visit;
    let why = match error {
        LifecycleError::Refused(why) => why,
        error @ LifecycleError::Database(_) => return Err(visit.failed(error)),
    };
    let wrong = vec![errors::counter_refused(visit.lang, &why)];
    match page(desk, round, &sheet, words, wrong.clone()).await? {
        Some(page) => Ok(visit.show_again(&page)),
        None => {
            let sold = sold(desk, round, &sheet).await?;
            Ok(visit.show_again(&back_page(desk, round, sheet, &sold, None, wrong).await?))
        }
    }
}

async fn find(desk: &Desk, round: &Round, sheet: &day_sheet::Model) -> Result<Option<ticked::Model>, Answer> {
    let found = store::ticked::find(desk.visit.app.db.read(), round.row.id, sheet.id).await;
    found.map_err(|error| desk.visit.failed(error))
}

/// What is ticked on a sheet now, as its form has it: whoever puts it right goes on from there.
pub(super) async fn sold(desk: &Desk, round: &Round, sheet: &day_sheet::Model) -> Result<Sold, Answer> {
    let ticked = find(desk, round, sheet).await?;
    Ok(ticked.map_or_else(Sold::default, |row| Sold::of(&read(&sheet.lines), &read(&row.lines))))
}

/// Who put ticks forward, and how far they have come.
pub(super) async fn waits(
    desk: &Desk,
    round: &Round,
    sheet: &day_sheet::Model,
) -> Result<Option<Waits>, Answer> {
    let Some(row) = find(desk, round, sheet).await? else { return Ok(None) };
    waits_of(desk, row).await.map(Some)
}

async fn waits_of(desk: &Desk, row: ticked::Model) -> Result<Waits, Answer> {
    let person = store::clerk::find_by_id(desk.visit.app.db.read(), row.clerk_id).await;
    let person = person.map_err(|error| desk.visit.failed(error))?;
    let lines = read(&row.lines);
    Ok(Waits {
        who: person.map(|person| person.name).unwrap_or_default(),
        at: row.at,
        count: lines.len() as u64,
        won: lines.iter().map(|line| line.amount).sum(),
        is_own: row.clerk_id == desk.signed.person.id,
        sent_back: row.sent_back,
    })
}

/// What waits; `None` if nothing does.
async fn page(
    desk: &Desk,
    round: &Round,
    sheet: &day_sheet::Model,
    words: String,
    errors: Vec<FieldError>,
) -> Result<Option<CounterTicked>, Answer> {
    let waiting = find(desk, round, sheet).await?.filter(|row| row.sent_back.is_none());
    let Some(row) = waiting else { return Ok(None) };
    let (known, ticked) = (read(&sheet.lines), read(&row.lines));
    let names = named(desk, round, &ticked).await?;
    let rows = ticked.into_iter().map(|line| {
        let on_sheet = known.iter().find(|known| known.receipt == line.receipt);
        TickedRow {
            name: names.get(&line.receipt).cloned().unwrap_or_default(),
            at: line.starts_at,
            amount: line.amount,
            less_than: on_sheet.map(|known| known.amount).filter(|amount| *amount != line.amount),
            receipt: line.receipt,
        }
    });
    let slug = round.row.slug.clone();
    Ok(Some(CounterTicked {
        page: desk.page_at(&format!("/console/counter/{slug}/sheets/{}/ticked", sheet.id)),
        bar: desk.bar(),
        slug,
        title: desk.visit.title(round),
        line: line(desk, round, sheet),
        rows: rows.collect(),
        seen: row.digest.clone(),
        waits: waits_of(desk, row).await?,
        words,
        errors,
    }))
}
