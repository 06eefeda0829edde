//! Drafts: written as text, looked at line by line, cloned from the last round, put forward.

use axum::{
    extract::DefaultBodyLimit,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::IntoResponse,
};
use chrono::{DateTime, Utc};
use entities::draft;
use serde::Deserialize;

use super::{
    desk::{Desk, Sent},
    public_notice,
    rule::{Route, Who},
    shown::{drawn, title_of},
    wizard,
};
use crate::{
    domain::{
        draft::{Draft, Serves, edit::edited},
        plan::edits,
        proposal::Act,
    },
    lifecycle::announce::look,
    staff::{
        acts::ActError,
        clone::next_month,
        diff::{diff, near},
        proposals,
    },
    store,
    web::{
        answer::{Answer, Trouble},
        form::Press,
        path::Path,
        view::{DraftLine, DraftPage, DraftsPage, FieldError, Sentence, days_lines, errors, group_label},
    },
};

/// The example that a first draft begins with.
const EXAMPLE: &str = include_str!("../../../docs/round.example.toml");
/// The longest draft, in bytes; a city's with all its dong has a tenth of it.
pub(super) const LONGEST: usize = 200_000;

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/drafts", Who::OFFICE, list),
        Route::take("/console/drafts", Who::DESK, begin),
        Route::show("/console/drafts/{id}", Who::OFFICE, show),
        // As a form it is up to three times as long.
        Route::take("/console/drafts/{id}", Who::DESK, save).with(DefaultBodyLimit::max(4 * LONGEST)),
        Route::take("/console/drafts/{id}/remove", Who::DESK, remove),
        Route::take("/console/drafts/{id}/change", Who::DESK, change),
        Route::take("/console/drafts/{id}/propose", Who::DESK, propose),
        Route::show("/console/drafts/{id}/notice", Who::OFFICE, notice),
        Route::show("/console/drafts/{id}/round.toml", Who::OFFICE, file),
    ]
}

/// A change that would make the plan safe.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Changed {
    change: String,
}

/// What a draft begins with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Begin {
    /// The round it is cloned from; empty for the example.
    from: String,
}

/// The text.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    text: String,
    /// As of when it was read, in microseconds.
    seen: String,
    /// As of when what somebody else wrote meanwhile was read beside it, in microseconds.
    over: String,
}

/// Throwing a draft away.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Away {
    seen: String,
    /// Though somebody else wrote it.
    sure: String,
}

/// An instant that a page was served with.
pub(super) fn instant(micros: &str) -> DateTime<Utc> {
    micros.parse().ok().and_then(DateTime::<Utc>::from_timestamp_micros).unwrap_or_default()
}

async fn list(desk: Desk) -> Result<Answer, Answer> {
    let app = &desk.visit.app;
    let failed = |error| desk.visit.failed(error);
    let people = store::clerk::list(app.db.read()).await.map_err(failed)?;
    let line = |row: draft::Model| DraftLine {
        id: row.id,
        title: title_of(&row.text).unwrap_or_else(|| row.id.to_string()),
        at: row.changed_at,
        by: people.iter().find(|person| Some(person.id) == row.changed_by).map(|person| person.name.clone()),
    };
    let drafts = store::draft::list_open(app.db.read(), 50).await.map_err(failed)?;
    let mut rounds = Vec::new();
    for round in app.rounds.list().await.map_err(failed)? {
        if store::draft::find_of(app.db.read(), round.row.id).await.map_err(failed)?.is_some() {
            rounds.push((round.row.slug.clone(), desk.visit.title(&round)));
        }
        if rounds.len() == 12 {
            break;
        }
    }
    Ok(desk.visit.show(&DraftsPage {
        page: desk.page_at("/console/drafts"),
        bar: desk.bar(),
        writes: desk.signed.role.may_propose(),
        drafts: drafts.into_iter().map(line).collect(),
        rounds,
    }))
}

async fn begin(Sent(desk, form): Sent<Begin>) -> Result<Answer, Answer> {
    let (app, now) = (&desk.visit.app, desk.visit.now);
    let failed = |error| desk.visit.failed(error);
    let (text, from) = if form.from.is_empty() {
        (EXAMPLE.to_owned(), None)
    } else {
        let round = desk.visit.round(&form.from).await?;
        let kept = store::draft::find_of(app.db.read(), round.row.id).await.map_err(failed)?;
        let kept = kept.ok_or_else(|| desk.visit.trouble(Trouble::NotFound))?;
        (next_month(&kept.text, now), Some(round.row.id))
    };
    let made = async {
        let txn = app.db.begin().await?;
        let id = store::draft::insert(&txn, &text, from, Some(desk.signed.person.id), now).await?;
        desk.note(&txn, ["draft_begun", &id.to_string(), ""]).await?;
        txn.commit().await.map(|()| id)
    };
    let id = made.await.map_err(failed)?;
    Ok(desk.visit.go(&format!("/console/drafts/{id}")))
}

/// One of them.
pub(super) async fn find(desk: &Desk, id: i64) -> Result<draft::Model, Answer> {
    let found =
        store::draft::find(desk.visit.app.db.read(), id).await.map_err(|error| desk.visit.failed(error))?;
    found.ok_or_else(|| desk.visit.trouble(Trouble::NotFound))
}

async fn show(desk: Desk, Path(id): Path<i64>) -> Result<Answer, Answer> {
    let row = find(&desk, id).await?;
    Ok(desk.visit.show(&page(&desk, &row, row.text.clone(), Vec::new()).await?))
}

/// As `jebi drill FILE` takes it.
async fn file(desk: Desk, Path(id): Path<i64>) -> Result<Answer, Answer> {
    let row = find(&desk, id).await?;
    let named = format!("attachment; filename=\"draft-{id}.toml\"");
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, named)];
    Ok((headers, row.text).into_response())
}

async fn save(Path(id): Path<i64>, Sent(desk, form): Sent<Form>) -> Result<Answer, Answer> {
    let mut row = find(&desk, id).await?;
    // Browsers send lines with carriage returns.
    let text = form.text.replace("\r\n", "\n");
    let (lang, now) = (desk.visit.lang, desk.visit.now);
    if text.len() > LONGEST {
        return Ok(desk.visit.show_again(&page(&desk, &row, text, vec![errors::draft_long(lang)]).await?));
    }
    let seen = instant(if form.over.is_empty() { &form.seen } else { &form.over });
    let failed = |error| desk.visit.failed(error);
    let saved = async {
        let txn = desk.visit.app.db.begin().await?;
        let saved = store::draft::update(&txn, id, seen, &text, desk.signed.person.id, now).await?;
        if saved {
            desk.note(&txn, ["draft_changed", &id.to_string(), ""]).await?;
        }
        txn.commit().await.map(|()| saved)
    };
    if !saved.await.map_err(failed)? {
        row = find(&desk, id).await?;
        // Sent twice, it is saved already.
        if row.round_id.is_some() || row.text != text {
            let compared = near(diff(&row.text, &text), 3);
            let mut page = page(&desk, &row, text, vec![errors::draft_changed(lang)]).await?;
            page.theirs = Some(compared);
            // What somebody else wrote is not seen by being told of it: this page saves with the other button alone.
            page.seen = instant(&form.seen).timestamp_micros();
            return Ok(desk.visit.show_again(&page));
        }
    }
    Ok(desk.visit.go(&format!("/console/drafts/{id}")))
}

async fn remove(Path(id): Path<i64>, Sent(desk, form): Sent<Away>) -> Result<Answer, Answer> {
    let row = find(&desk, id).await?;
    let again = async |errors| -> Result<Answer, Answer> {
        let row = find(&desk, id).await?;
        Ok(desk.visit.show_again(&page(&desk, &row, row.text.clone(), errors).await?))
    };
    if row.changed_by != Some(desk.signed.person.id) && form.sure.is_empty() {
        return again(vec![errors::draft_sure(desk.visit.lang)]).await;
    }
    let removed = async {
        let txn = desk.visit.app.db.begin().await?;
        let removed = store::draft::remove(&txn, id, instant(&form.seen)).await?;
        if removed {
            let about = format!("{id} {}", title_of(&row.text).unwrap_or_default());
            desk.note(&txn, ["draft_removed", about.trim(), ""]).await?;
        }
        txn.commit().await.map(|()| removed)
    };
    match removed.await.map_err(|error| desk.visit.failed(error))? {
        true => Ok(desk.visit.go("/console/drafts")),
        false => {
            let error = errors::draft_changed(desk.visit.lang);
            again(vec![FieldError { field: "form".into(), ..error }]).await
        }
    }
}

/// Makes the smallest change that a plan has found: the one that was looked at, or none.
async fn change(Path(id): Path<i64>, Sent(desk, form): Sent<Changed>) -> Result<Answer, Answer> {
    let (row, lang) = (find(&desk, id).await?, desk.visit.lang);
    let (me, now) = (desk.signed.person.id, desk.visit.now);
    let stale = || FieldError { field: "form".into(), ..errors::draft_changed(lang) };
    let made = async {
        let draft = Draft::parse(&row.text).ok()?;
        let plan = look(&desk.visit.app, &draft).await.ok()?.plan?;
        let changes = plan.refusals.iter().flat_map(|refusal| &refusal.changes);
        let change = changes.into_iter().find(|change| change.key() == form.change)?;
        edited(&row.text, &edits(&draft, change)).ok().filter(|text| *text != row.text)
    };
    let Some(text) = made.await else {
        return Ok(desk.visit.show_again(&page(&desk, &row, row.text.clone(), vec![stale()]).await?));
    };
    let saved = async {
        let txn = desk.visit.app.db.begin().await?;
        let saved = store::draft::update(&txn, id, row.changed_at, &text, me, now).await?;
        if saved {
            desk.note(&txn, ["draft_changed", &id.to_string(), ""]).await?;
        }
        txn.commit().await.map(|()| saved)
    };
    match saved.await.map_err(|error| desk.visit.failed(error))? {
        true => Ok(desk.visit.go(&format!("/console/drafts/{id}"))),
        false => Ok(desk.visit.show_again(&page(&desk, &row, row.text.clone(), vec![stale()]).await?)),
    }
}

async fn propose(Path(id): Path<i64>, Sent(desk, _): Sent<Press>) -> Result<Answer, Answer> {
    let row = find(&desk, id).await?;
    let act = Act::Announce { draft_id: Some(id), text: row.text.clone(), words: None };
    match proposals::note(&desk.visit.app, &desk.signed, &act, None, desk.visit.now).await {
        Ok(number) => Ok(desk.visit.go(&format!("/console/proposals/{number}"))),
        Err(ActError::Database(error)) => Err(desk.visit.failed(error)),
        // The page of the draft says why.
        Err(_) => Ok(desk.visit.show_again(
            &page(&desk, &row, row.text.clone(), vec![errors::draft_refused(desk.visit.lang)]).await?,
        )),
    }
}

async fn notice(desk: Desk, Path(id): Path<i64>) -> Result<Answer, Answer> {
    let row = find(&desk, id).await?;
    let draft = Draft::parse(&row.text).map_err(|_| desk.visit.trouble(Trouble::NotFound))?;
    let looked = look(&desk.visit.app, &draft).await.map_err(|error| desk.visit.failed(error))?;
    let rules = looked.rules.ok_or_else(|| desk.visit.trouble(Trouble::NotFound))?;
    let beside = public_notice::Beside {
        title: draft.title_ko.clone(),
        price_percent: draft.price_percent.into(),
        listed: draft.roster.is_some(),
        served: draft.serves == Serves::Roster,
        sellers: draft.seller.iter().map(|seller| seller.name.clone()).collect(),
        asks: !draft.seller.is_empty() && draft.seller.iter().all(|seller| seller.level == 3),
        retention_days: draft.retention_days.into(),
    };
    let page = public_notice::page(&desk, &rules, &draft.who(), beside);
    Ok(desk.visit.show(&page))
}

async fn page(
    desk: &Desk,
    row: &draft::Model,
    text: String,
    errors: Vec<FieldError>,
) -> Result<DraftPage, Answer> {
    let app = &desk.visit.app;
    let last = match row.changed_by {
        Some(last) => store::clerk::find_by_id(app.db.read(), last).await,
        None => Ok(None),
    };
    let last = last.map_err(|error| desk.visit.failed(error))?;
    let mut page = DraftPage {
        page: desk.page_at(&format!("/console/drafts/{}", row.id)),
        bar: desk.bar(),
        id: row.id,
        title: title_of(&text).unwrap_or_default(),
        seen: row.changed_at.timestamp_micros(),
        last: last.map(|last| (last.name, row.changed_at)),
        is_own: row.changed_by == Some(desk.signed.person.id),
        theirs: None,
        over: row.changed_at.timestamp_micros(),
        unreadable: None,
        refusals: Vec::new(),
        advice: Vec::new(),
        hours: Vec::new(),
        plan: None,
        round: None,
        writes: row.round_id.is_none() && desk.signed.role.may_propose(),
        is_sound: false,
        steps: Vec::new(),
        text,
        errors,
    };
    if let Some(round_id) = row.round_id {
        let rounds = app.rounds.list().await.map_err(|error| desk.visit.failed(error))?;
        page.round = rounds.iter().find(|round| round.row.id == round_id).map(|round| round.row.slug.clone());
        return Ok(page);
    }
    let draft = match Draft::parse(&page.text) {
        Ok(draft) => draft,
        Err(problem) => {
            page.unreadable = Some(problem);
            return Ok(page);
        }
    };
    let mut looked = look(app, &draft).await.map_err(|error| desk.visit.failed(error))?;
    if let Some(rules) = &looked.rules {
        let who = draft.who();
        let lang = desk.visit.lang;
        let hours = rules.cohorts().into_iter().map(|cohort| {
            let days = crate::domain::who::cohort::days(rules, cohort);
            (group_label(&who, cohort, lang), days_lines(&days, lang))
        });
        page.hours = hours.collect();
    }
    page.is_sound = looked.refusals.is_empty();
    if page.writes
        && let Ok(table) = page.text.parse::<toml::Table>()
    {
        page.steps = wizard::list(desk, row.id, &table, &looked.refusals);
    }
    page.plan = drawn(&looked, &page.page);
    // What the plan refuses stands there once, in the reader's language.
    let planned = looked.plan.iter().flat_map(|plan| &plan.refusals).map(ToString::to_string);
    let planned: Vec<String> = planned.collect();
    looked.refusals.retain(|refusal| !planned.contains(refusal));
    page.refusals = Sentence::list(&looked.refusals, desk.visit.lang);
    page.advice = Sentence::list(&looked.advice, desk.visit.lang);
    Ok(page)
}
