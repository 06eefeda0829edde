//! What a colleague ticked on a part of a day sheet: looked at line by line, and confirmed or sent back; and what came of
//! it. Whoever sent a form is led here, so that it may be read again as often as one likes.

use std::{collections::HashMap, sync::Arc};

use entities::{day_sheet, taken_in, ticked};
use serde::Deserialize;

use super::{
    super::{
        desk::{Desk, Sent},
        rule::{Route, Who},
    },
    back::{self, Sold},
    part::{self, Asked, at, frame},
    sheet::{line, named, one},
    slip::note,
};
use crate::{
    app::Round,
    domain::because::Because,
    lifecycle::{
        LifecycleError,
        day_part::Part,
        day_sheet::{Maker, read},
        ticked::{self as ticks, Came},
    },
    store::{self, ticked::Key},
    web::{
        answer::Answer,
        path::Path,
        view::{
            CounterTicked, FieldError, Sentence, SheetReport, TakenPart, TickedRow, Waiting, Waits, errors,
        },
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
    seen: String,
    words: String,
}

/// A part of a list, and the round it is of.
struct Of {
    round: Arc<Round>,
    sheet: day_sheet::Model,
    part: Part,
}

impl Of {
    async fn find(desk: &Desk, (slug, id): (String, i64), asked: Asked) -> Result<Self, Answer> {
        let (round, sheet) = one(desk, &slug, id).await?;
        let part = part::find(desk, &sheet, asked)?;
        Ok(Self { round, sheet, part })
    }

    fn key(&self) -> Key {
        key(&self.sheet, &self.part)
    }

    fn at(&self, page: &str) -> String {
        at(&self.round, &self.sheet, page, &self.part)
    }
}

async fn show(Path(of): Path<(String, i64)>, asked: Asked, desk: Desk) -> Result<Answer, Answer> {
    let of = Of::find(&desk, of, asked).await?;
    let about = format!("day sheet {} {}", of.round.row.slug, of.sheet.day);
    note(&desk, "looked", &about, &of.sheet.reason).await?;
    match page(&desk, &of, String::new(), Vec::new()).await? {
        Some(page) => Ok(desk.visit.show(&page)),
        None => Ok(desk.visit.go(&of.at("/back"))),
    }
}

async fn confirm(
    Path(of): Path<(String, i64)>,
    asked: Asked,
    Sent(desk, form): Sent<Form>,
) -> Result<Answer, Answer> {
    let of = Of::find(&desk, of, asked).await?;
    let visit = &desk.visit;
    let maker = Maker { clerk_id: desk.signed.person.id, address: &desk.address, reason: "" };
    let (sheet, part) = (&of.sheet, of.part.number);
    match ticks::confirm(&visit.app, &of.round, (sheet, part), &form.seen, maker, visit.now).await {
        Ok(_) => Ok(visit.go(&of.at("/ticked"))),
        // Sent twice, or by two who saw the same: it is done, and here is what came of it.
        Err(LifecycleError::Refused(Because::OtherTicks))
            if taken(&desk, of.key()).await?.is_some_and(|taken| taken.digest == form.seen) =>
        {
            Ok(visit.go(&of.at("/ticked")))
        }
        Err(error) => refused(&desk, &of, form.words, error).await,
    }
}

async fn send_back(
    Path(of): Path<(String, i64)>,
    asked: Asked,
    Sent(desk, form): Sent<Form>,
) -> Result<Answer, Answer> {
    let of = Of::find(&desk, of, asked).await?;
    let visit = &desk.visit;
    let words: String = form.words.trim().chars().filter(|c| !c.is_control()).take(200).collect();
    if words.is_empty() {
        let wrong = vec![errors::counter_words_missing(visit.lang)];
        return match page(&desk, &of, form.words, wrong).await? {
            Some(page) => Ok(visit.show_again(&page)),
            None => Ok(visit.go(&of.at("/back"))),
        };
    }
    let maker = Maker { clerk_id: desk.signed.person.id, address: &desk.address, reason: &words };
    let (sheet, part) = (&of.sheet, of.part.number);
    match ticks::send_back(&visit.app, &of.round, (sheet, part), &form.seen, maker, visit.now).await {
        Ok(()) => Ok(visit.go(&of.at("/back"))),
        Err(error) => refused(&desk, &of, form.words, error).await,
    }
}

/// Why it was not done, above what waits now.
async fn refused(desk: &Desk, of: &Of, words: String, error: LifecycleError) -> Result<Answer, Answer> {
    let visit = &desk.visit;
    let why = match error {
        LifecycleError::Refused(why) => why,
        error @ LifecycleError::Database(_) => return Err(visit.failed(error)),
    };
    let wrong = vec![errors::counter_refused(visit.lang, &why)];
    match page(desk, of, words, wrong.clone()).await? {
        Some(page) => Ok(visit.show_again(&page)),
        None => {
            let sold = sold(desk, &of.sheet, &of.part).await?;
            Ok(visit.show_again(&back::page(desk, &of.round, &of.sheet, &of.part, &sold, wrong).await?))
        }
    }
}

fn key(sheet: &day_sheet::Model, part: &Part) -> Key {
    (sheet.round_id, sheet.id, part.number)
}

async fn find(desk: &Desk, key: Key) -> Result<Option<ticked::Model>, Answer> {
    let found = store::ticked::find(desk.visit.app.db.read(), key).await;
    found.map_err(|error| desk.visit.failed(error))
}

async fn taken(desk: &Desk, key: Key) -> Result<Option<taken_in::Model>, Answer> {
    let found = store::taken_in::find(desk.visit.app.db.read(), key).await;
    found.map_err(|error| desk.visit.failed(error))
}

/// What is ticked on a part now, as its form has it: whoever puts it right goes on from there.
pub(super) async fn sold(desk: &Desk, sheet: &day_sheet::Model, part: &Part) -> Result<Sold, Answer> {
    let ticked = find(desk, key(sheet, part)).await?;
    Ok(ticked.map_or_else(Sold::default, |row| Sold::of(part, &read(&row.lines))))
}

/// Who put ticks forward, and how far they have come.
pub(super) async fn waits(
    desk: &Desk,
    sheet: &day_sheet::Model,
    part: &Part,
) -> Result<Option<Waits>, Answer> {
    let Some(row) = find(desk, key(sheet, part)).await? else { return Ok(None) };
    waits_of(desk, &row).await.map(Some)
}

async fn waits_of(desk: &Desk, row: &ticked::Model) -> Result<Waits, Answer> {
    let lines = read(&row.lines);
    Ok(Waits {
        who: name(desk, row.clerk_id).await?,
        at: row.at,
        count: lines.len() as u64,
        won: lines.iter().map(|line| line.amount).sum(),
        is_own: row.clerk_id == desk.signed.person.id,
        sent_back: row.sent_back.clone(),
    })
}

/// Somebody of the staff; empty if they are no more.
async fn name(desk: &Desk, clerk_id: i64) -> Result<String, Answer> {
    let person = store::clerk::find_by_id(desk.visit.app.db.read(), clerk_id).await;
    let person = person.map_err(|error| desk.visit.failed(error))?;
    Ok(person.map(|person| person.name).unwrap_or_default())
}

/// By receipt, in the reader's language.
fn report(desk: &Desk, came: Came) -> SheetReport {
    let said = |(receipt, why): (String, String)| (receipt, Sentence::of(&why, desk.visit.lang).text);
    SheetReport {
        kept: came.kept as u64,
        known: came.known as u64,
        refused: came.refused.into_iter().map(said).collect(),
    }
}

/// What waits, line by line, and what would come of it now.
async fn waiting(desk: &Desk, of: &Of, row: ticked::Model) -> Result<Waiting, Answer> {
    let lines = read(&row.lines);
    let names: HashMap<String, String> = named(desk, &of.round, lines.iter()).await?;
    let would = ticks::would_come(&desk.visit.app, of.round.clone(), &lines, desk.visit.now).await;
    let would = match would {
        Ok(came) => Some(report(desk, came)),
        Err(LifecycleError::Refused(_)) => None,
        Err(error) => return Err(desk.visit.failed(error)),
    };
    let rows = lines.into_iter().map(|line| {
        let on_sheet = of.part.find(&line.receipt);
        let known = on_sheet.map(|(_, known)| known.amount);
        TickedRow {
            number: on_sheet.map_or(0, |(number, _)| *number),
            name: names.get(&line.receipt).cloned().unwrap_or_default(),
            at: line.starts_at,
            amount: line.amount,
            less_than: known.filter(|amount| *amount != line.amount),
            receipt: line.receipt,
        }
    });
    let rows = rows.collect();
    Ok(Waiting { who: waits_of(desk, &row).await?, rows, seen: row.digest, would })
}

/// What waits and what came of what was taken in before; `None` if there is neither.
async fn page(
    desk: &Desk,
    of: &Of,
    words: String,
    errors: Vec<FieldError>,
) -> Result<Option<CounterTicked>, Answer> {
    let row = find(desk, of.key()).await?.filter(|row| row.sent_back.is_none());
    let taken = taken(desk, of.key()).await?;
    if row.is_none() && taken.is_none() {
        return Ok(None);
    }
    let waits = match row {
        Some(row) => Some(waiting(desk, of, row).await?),
        None => None,
    };
    let taken = match taken {
        Some(row) => Some(TakenPart {
            at: row.at,
            ticked_by: name(desk, row.ticked_by).await?,
            confirmed_by: name(desk, row.confirmed_by).await?,
            is_none: ticks::is_none(&row.digest),
            came: Came::read(&row).map(|came| report(desk, came)),
        }),
        None => None,
    };
    Ok(Some(CounterTicked {
        page: frame(desk, &of.round, of.at("/ticked")),
        bar: desk.bar(),
        slug: of.round.row.slug.clone(),
        title: desk.visit.title(&of.round),
        line: line(desk, &of.round, &of.sheet),
        part: part::shown(&of.sheet, &of.part),
        waits,
        taken,
        words,
        errors,
    }))
}
