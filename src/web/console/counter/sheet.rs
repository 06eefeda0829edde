//! A day without network: the signed list, made and printed before.

use std::collections::HashMap;

use axum::extract::{Query, rejection::QueryRejection};
use chrono::{NaiveDate, TimeZone};
use chrono_tz::Asia::Seoul;
use entities::day_sheet;
use serde::Deserialize;

use super::{
    super::{
        desk::{Desk, Sent},
        rule::{Route, Who},
    },
    back::{self, Sold},
    part::{self, Asked, at, frame},
    slip::note,
};
use crate::{
    app::Round,
    domain::roster::birth,
    lifecycle::{
        counter::NAME,
        day_part::count,
        day_sheet::{self as sheets, Line, Maker},
    },
    store,
    web::{
        answer::{Answer, Trouble},
        path::Path,
        view::{
            CounterSheet, CounterSheets, FieldError, ListedSheet, SheetLine, SheetStands, errors,
            field_label, value_label,
        },
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/counter/{slug}/sheets", Who::COUNTER, list),
        Route::take("/console/counter/{slug}/sheets", Who::COUNTER, make),
        Route::show("/console/counter/{slug}/sheets/{id}", Who::COUNTER, show),
    ]
}

/// Lists on one page: more would make it heavy, and the latest are what is looked for.
const MOST: usize = 20;

/// The list after which older ones are shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Aim {
    before: Option<i64>,
}

/// Which day, and why.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    day: String,
    only: String,
    reason: String,
}

async fn list(
    Path(slug): Path<String>,
    aim: Result<Query<Aim>, QueryRejection>,
    desk: Desk,
) -> Result<Answer, Answer> {
    let round = published(&desk, &slug).await?;
    let today = desk.visit.now.with_timezone(&Seoul).date_naive();
    let form = Form { day: birth::text(today), ..Form::default() };
    let before = aim.ok().and_then(|Query(aim)| aim.before);
    Ok(desk.visit.show(&page(&desk, &round, form, before, Vec::new()).await?))
}

async fn make(Path(slug): Path<String>, Sent(desk, form): Sent<Form>) -> Result<Answer, Answer> {
    let round = published(&desk, &slug).await?;
    let (visit, lang) = (&desk.visit, desk.visit.lang);
    let day = birth::parse(&form.day).filter(|day| sheets::days(&round).contains(day));
    let known = form.only.is_empty() || onlys(&desk, &round).iter().any(|(value, _)| *value == form.only);
    let mut wrong = Vec::new();
    if day.is_none() || !known {
        wrong.push(errors::counter_day_missing(lang));
    }
    let reason: String = form.reason.trim().chars().filter(|c| !c.is_control()).take(200).collect();
    if reason.is_empty() {
        wrong.push(errors::counter_reason_missing(lang));
    }
    let (Some(day), true) = (day, wrong.is_empty()) else {
        return Ok(visit.show_again(&page(&desk, &round, form, None, wrong).await?));
    };
    let maker = Maker { clerk_id: desk.signed.person.id, address: &desk.address, reason: &reason };
    let made = sheets::make(&visit.app, &round, day, &form.only, maker, visit.now).await;
    let id = made.map_err(|error| visit.failed(error))?;
    Ok(visit.go(&format!("/console/counter/{slug}/sheets/{id}")))
}

async fn show(Path((slug, id)): Path<(String, i64)>, asked: Asked, desk: Desk) -> Result<Answer, Answer> {
    let (round, sheet) = one(&desk, &slug, id).await?;
    let part = part::find(&desk, &sheet, asked)?;
    note(&desk, "looked", &format!("day sheet {slug} {}", sheet.day), &sheet.reason).await?;
    Ok(desk.visit.show(&CounterSheet {
        page: frame(&desk, &round, at(&round, &sheet, "", &part)),
        bar: desk.bar(),
        slug,
        title: desk.visit.title(&round),
        line: line(&desk, &round, &sheet),
        part: part::shown(&sheet, &part),
        stands: stands(&desk, &sheet).await?,
        rows: back::rows(&desk, &round, &part, &Sold::default()).await?,
        note: sheet.note,
    }))
}

/// How far each part of a list has come.
async fn stands(desk: &Desk, sheet: &day_sheet::Model) -> Result<SheetStands, Answer> {
    let (db, failed) = (desk.visit.app.db.read(), |error| desk.visit.failed(error));
    let ticked = store::ticked::list_of(db, sheet.round_id, sheet.id).await.map_err(failed)?;
    let taken = store::taken_in::list_of(db, sheet.round_id, sheet.id).await.map_err(failed)?;
    let of = |is_returned: bool| {
        let of = ticked.iter().filter(move |row| row.sent_back.is_some() == is_returned);
        of.map(|row| row.part).collect::<Vec<i64>>()
    };
    let is_missing = |part: &i64| !taken.contains(part) && ticked.iter().all(|row| row.part != *part);
    let missing = (1..=count(&sheet.lines)).filter(is_missing).collect();
    Ok(SheetStands { waiting: of(false), returned: of(true), missing, taken })
}

/// A round whose results are out: before that nobody has a time.
async fn published(desk: &Desk, slug: &str) -> Result<std::sync::Arc<Round>, Answer> {
    let round = desk.visit.round(slug).await?;
    match round.is_published(desk.visit.now) {
        true => Ok(round),
        false => Err(desk.visit.trouble(Trouble::NotFound)),
    }
}

pub(super) async fn one(
    desk: &Desk,
    slug: &str,
    id: i64,
) -> Result<(std::sync::Arc<Round>, day_sheet::Model), Answer> {
    let round = published(desk, slug).await?;
    let sheet = store::day_sheet::find(desk.visit.app.db.read(), round.row.id, id).await;
    match sheet.map_err(|error| desk.visit.failed(error))? {
        Some(sheet) => Ok((round, sheet)),
        None => Err(desk.visit.trouble(Trouble::NotFound)),
    }
}

/// The masked names of those of some lines who were entered at a counter, by receipt.
pub(super) async fn named(
    desk: &Desk,
    round: &Round,
    lines: impl Iterator<Item = &Line>,
) -> Result<HashMap<String, String>, Answer> {
    let app = &desk.visit.app;
    let receipts: Vec<String> = lines.map(|line| line.receipt.clone()).collect();
    let known = store::attended::list(app.db.read(), round.row.id, &receipts).await;
    let known = known.map_err(|error| desk.visit.failed(error))?;
    let name = |row: &entities::attended::Model| app.keys.people().open::<String>(NAME, &row.name_sealed);
    Ok(known.iter().filter_map(|(receipt, row)| Some((receipt.clone(), name(row)?))).collect())
}

/// The values of fields by which a list can be made smaller.
fn onlys(desk: &Desk, round: &Round) -> Vec<(String, String)> {
    let lang = desk.visit.lang;
    let of = |field: &crate::domain::who::Field| {
        let label = field_label(field, lang);
        let pair = |value: &crate::domain::who::Value| {
            let words = value_label(field, &value.name, lang);
            (format!("{}={}", field.name, value.name), format!("{label}: {words}"))
        };
        field.values.iter().map(pair).collect::<Vec<_>>()
    };
    round.who.fields.iter().flat_map(of).collect()
}

pub(super) fn line(desk: &Desk, round: &Round, sheet: &day_sheet::Model) -> SheetLine {
    let all = onlys(desk, round);
    SheetLine {
        id: sheet.id,
        day: noon(birth::parse(&sheet.day)).unwrap_or(sheet.made_at),
        only: all.into_iter().find(|(value, _)| *value == sheet.only).map(|(_, words)| words),
        made_at: sheet.made_at,
        count: sheet.lines.lines().count() as u64,
        digest: sheet.digest.clone(),
        settled_at: sheet.settled_at,
    }
}

/// An instant that shows a day.
fn noon(day: Option<NaiveDate>) -> Option<chrono::DateTime<chrono::Utc>> {
    Seoul.from_local_datetime(&day?.and_hms_opt(12, 0, 0)?).single().map(|at| at.to_utc())
}

async fn page(
    desk: &Desk,
    round: &Round,
    form: Form,
    before: Option<i64>,
    errors: Vec<FieldError>,
) -> Result<CounterSheets, Answer> {
    let visit = &desk.visit;
    let made = store::day_sheet::list(visit.app.db.read(), round.row.id, before, MOST as u64 + 1).await;
    let mut made = made.map_err(|error| visit.failed(error))?;
    let has_older = made.len() > MOST;
    made.truncate(MOST);
    let ticked = store::ticked::list(visit.app.db.read(), round.row.id).await;
    let ticked = ticked.map_err(|error| visit.failed(error))?;
    let taken = store::taken_in::list(visit.app.db.read(), round.row.id).await;
    let taken = taken.map_err(|error| visit.failed(error))?;
    let listed = |sheet: &day_sheet::Model| ListedSheet {
        line: line(desk, round, sheet),
        parts: count(&sheet.lines),
        taken: taken.iter().filter(|id| **id == sheet.id).count() as i64,
        waits: ticked
            .iter()
            .find(|row| row.sheet_id == sheet.id && row.sent_back.is_none())
            .map(|row| row.part),
    };
    let days = sheets::days(round).into_iter().filter_map(|day| Some((birth::text(day), noon(Some(day))?)));
    Ok(CounterSheets {
        page: desk.page_of(round),
        bar: desk.bar(),
        slug: round.row.slug.clone(),
        title: visit.title(round),
        days: days.collect(),
        day: form.day,
        onlys: onlys(desk, round),
        only: form.only,
        reason: form.reason,
        sheets: made.iter().map(listed).collect(),
        older: made.last().map(|sheet| sheet.id).filter(|_| has_older),
        errors,
    })
}
