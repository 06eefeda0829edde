//! A day without network: the signed list to be printed before, and who bought with it, ticked after.

use std::collections::{BTreeMap, HashMap};

use axum::extract::DefaultBodyLimit;
use chrono::{NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Asia::Seoul;
use entities::day_sheet;
use serde::Deserialize;

use super::{
    super::{
        desk::{Desk, Sent},
        rule::{Route, Who},
    },
    slip::note,
    ticked,
};
use crate::{
    app::Round,
    domain::roster::birth,
    lifecycle::{
        LifecycleError,
        after::bought::Report,
        counter::NAME,
        day_sheet::{self as sheets, Line, Maker},
        ticked::put_forward as put,
    },
    store,
    web::{
        answer::{Answer, Trouble},
        form::Guarded,
        path::Path,
        view::{
            CounterBack, CounterSheet, CounterSheets, FieldError, Sentence, SheetLine, SheetReport, SheetRow,
            errors, field_label, value_label,
        },
    },
};

/// The largest form: some ten thousand lines, all ticked.
const DAY: usize = 1 << 20;

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/counter/{slug}/sheets", Who::COUNTER, list),
        Route::take("/console/counter/{slug}/sheets", Who::COUNTER, make),
        Route::show("/console/counter/{slug}/sheets/{id}", Who::COUNTER, show),
        Route::show("/console/counter/{slug}/sheets/{id}/back", Who::COUNTER, back),
        Route::take("/console/counter/{slug}/sheets/{id}/back", Who::COUNTER, put_forward)
            .with(DefaultBodyLimit::max(DAY)),
    ]
}

/// Which day, and why.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    csrf: String,
    day: String,
    only: String,
    reason: String,
}

impl Guarded for Form {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// Which lines were bought: a box, an amount and a time for each.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sold {
    csrf: String,
    #[serde(flatten)]
    typed: BTreeMap<String, String>,
}

impl Guarded for Sold {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

impl Sold {
    /// What was ticked before, with amount and time where they are not those of the list.
    pub(super) fn of(list: &[Line], ticked: &[Line]) -> Self {
        let mut typed = BTreeMap::new();
        for line in ticked {
            let known = list.iter().find(|known| known.receipt == line.receipt);
            typed.insert(format!("sold_{}", line.receipt), "yes".to_owned());
            if known.is_none_or(|known| known.amount != line.amount) {
                typed.insert(format!("amount_{}", line.receipt), line.amount.to_string());
            }
            if known.is_none_or(|known| known.starts_at != line.starts_at) {
                let at = line.starts_at.with_timezone(&Seoul).format("%H:%M").to_string();
                typed.insert(format!("at_{}", line.receipt), at);
            }
        }
        Self { csrf: String::new(), typed }
    }

    fn get(&self, what: &str, receipt: &str) -> &str {
        self.typed.get(&format!("{what}_{receipt}")).map_or("", |typed| typed.trim())
    }
}

async fn list(Path(slug): Path<String>, desk: Desk) -> Result<Answer, Answer> {
    let round = published(&desk, &slug).await?;
    let today = desk.visit.now.with_timezone(&Seoul).date_naive();
    let form = Form { day: birth::text(today), ..Form::default() };
    Ok(desk.visit.show(&page(&desk, &round, form, Vec::new()).await?))
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
        return Ok(visit.show_again(&page(&desk, &round, form, wrong).await?));
    };
    let maker = Maker { clerk_id: desk.signed.person.id, address: &desk.address, reason: &reason };
    let made = sheets::make(&visit.app, &round, day, &form.only, maker, visit.now).await;
    let id = made.map_err(|error| visit.failed(error))?;
    Ok(visit.go(&format!("/console/counter/{slug}/sheets/{id}")))
}

async fn show(Path((slug, id)): Path<(String, i64)>, desk: Desk) -> Result<Answer, Answer> {
    let (round, sheet) = one(&desk, &slug, id).await?;
    note(&desk, "looked", &format!("day sheet {slug} {}", sheet.day), &sheet.reason).await?;
    let rows = rows(&desk, &round, &sheet, &Sold::default()).await?;
    Ok(desk.visit.show(&CounterSheet {
        page: desk.page_of(&round),
        bar: desk.bar(),
        slug,
        title: desk.visit.title(&round),
        line: line(&desk, &round, &sheet),
        note: sheet.note,
        rows,
    }))
}

async fn back(Path((slug, id)): Path<(String, i64)>, desk: Desk) -> Result<Answer, Answer> {
    let (round, sheet) = one(&desk, &slug, id).await?;
    note(&desk, "looked", &format!("day sheet {slug} {}", sheet.day), &sheet.reason).await?;
    let sold = ticked::sold(&desk, &round, &sheet).await?;
    Ok(desk.visit.show(&back_page(&desk, &round, sheet, &sold, None, Vec::new()).await?))
}

async fn put_forward(
    Path((slug, id)): Path<(String, i64)>,
    Sent(desk, sold): Sent<Sold>,
) -> Result<Answer, Answer> {
    let (round, sheet) = one(&desk, &slug, id).await?;
    let visit = &desk.visit;
    let lines = match read(&desk, &sheet, &sold) {
        Ok(lines) => lines,
        Err(wrong) => {
            return Ok(visit.show_again(&back_page(&desk, &round, sheet, &sold, None, wrong).await?));
        }
    };
    let maker = Maker { clerk_id: desk.signed.person.id, address: &desk.address, reason: "" };
    let report = match put(&visit.app, &round, &sheet, &lines, maker, visit.now).await {
        Ok(report) => report_of(&desk, report, &lines, false),
        Err(LifecycleError::Refused(reason)) => {
            let wrong = vec![errors::counter_refused(visit.lang, &reason)];
            return Ok(visit.show_again(&back_page(&desk, &round, sheet, &sold, None, wrong).await?));
        }
        Err(error) => return Err(visit.failed(error)),
    };
    Ok(visit.show(&back_page(&desk, &round, sheet, &sold, Some(report), Vec::new()).await?))
}

/// What came of ticks, or would come of them, by receipt.
pub(super) fn report_of(desk: &Desk, report: Report, lines: &[Line], is_kept: bool) -> SheetReport {
    let said = |all: Vec<(usize, String)>| {
        let said = all.into_iter().map(|(number, why)| {
            let receipt = lines.get(number.saturating_sub(1)).map_or("", |line| line.receipt.as_str());
            (receipt.to_owned(), Sentence::of(&why, desk.visit.lang).text)
        });
        said.collect()
    };
    SheetReport {
        is_kept,
        kept: report.kept as u64,
        known: report.known as u64,
        refused: said(report.refused),
        strange: said(report.strange),
    }
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

/// What was ticked, in the order of the list.
fn read(desk: &Desk, sheet: &day_sheet::Model, sold: &Sold) -> Result<Vec<Line>, Vec<FieldError>> {
    let (mut lines, mut wrong) = (Vec::new(), Vec::new());
    for line in sheets::read(&sheet.lines) {
        if sold.get("sold", &line.receipt).is_empty() {
            continue;
        }
        let amount = sold.get("amount", &line.receipt).replace([',', ' '], "");
        let amount = if amount.is_empty() { Some(line.amount) } else { amount.parse().ok() };
        let clock = sold.get("at", &line.receipt);
        let day = line.starts_at.with_timezone(&Seoul).date_naive();
        let starts_at = match clock {
            "" => Some(line.starts_at),
            clock => NaiveTime::parse_from_str(clock, "%H:%M")
                .ok()
                .and_then(|time| Seoul.from_local_datetime(&day.and_time(time)).single())
                .map(|at| at.to_utc()),
        };
        match (amount.filter(|amount| *amount > 0), starts_at) {
            // Nobody at one counter may use up what is another's.
            (Some(amount), _) if amount > line.amount => {
                wrong.push(errors::counter_line_over(desk.visit.lang, &line.receipt, line.amount));
            }
            (Some(amount), Some(starts_at)) => lines.push(Line { amount, starts_at, ..line }),
            _ => wrong.push(errors::counter_line_invalid(desk.visit.lang, &line.receipt)),
        }
    }
    if wrong.is_empty() { Ok(lines) } else { Err(wrong) }
}

/// The rows of a list, with the masked names of those who were entered at a counter.
async fn rows(
    desk: &Desk,
    round: &Round,
    sheet: &day_sheet::Model,
    sold: &Sold,
) -> Result<Vec<SheetRow>, Answer> {
    let lines = sheets::read(&sheet.lines);
    let names = named(desk, round, &lines).await?;
    let row = |line: Line| SheetRow {
        name: names.get(&line.receipt).cloned().unwrap_or_default(),
        sold: !sold.get("sold", &line.receipt).is_empty(),
        typed_amount: sold.get("amount", &line.receipt).to_owned(),
        typed_at: sold.get("at", &line.receipt).to_owned(),
        starts_at: line.starts_at,
        amount: line.amount,
        receipt: line.receipt,
    };
    Ok(lines.into_iter().map(row).collect())
}

/// The masked names of those of some lines who were entered at a counter, by receipt.
pub(super) async fn named(
    desk: &Desk,
    round: &Round,
    lines: &[Line],
) -> Result<HashMap<String, String>, Answer> {
    let app = &desk.visit.app;
    let receipts: Vec<String> = lines.iter().map(|line| line.receipt.clone()).collect();
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
    errors: Vec<FieldError>,
) -> Result<CounterSheets, Answer> {
    let visit = &desk.visit;
    let made = store::day_sheet::list(visit.app.db.read(), round.row.id).await;
    let made = made.map_err(|error| visit.failed(error))?;
    let ticked = store::ticked::list(visit.app.db.read(), round.row.id).await;
    let ticked = ticked.map_err(|error| visit.failed(error))?;
    let waits: Vec<i64> =
        ticked.iter().filter(|row| row.sent_back.is_none()).map(|row| row.sheet_id).collect();
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
        sheets: made.iter().map(|sheet| line(desk, round, sheet)).collect(),
        waits,
        errors,
    })
}

pub(super) async fn back_page(
    desk: &Desk,
    round: &Round,
    sheet: day_sheet::Model,
    sold: &Sold,
    report: Option<SheetReport>,
    errors: Vec<FieldError>,
) -> Result<CounterBack, Answer> {
    Ok(CounterBack {
        page: desk.page_of(round),
        bar: desk.bar(),
        slug: round.row.slug.clone(),
        title: desk.visit.title(round),
        rows: rows(desk, round, &sheet, sold).await?,
        line: line(desk, round, &sheet),
        waits: ticked::waits(desk, round, &sheet).await?,
        report,
        errors,
    })
}
