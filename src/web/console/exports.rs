//! Files that staff take away: which, of which round, and why. The reason is kept before a byte leaves.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::IntoResponse,
};
use serde::Deserialize;
use tokio_util::io::ReaderStream;

use super::{
    desk::{Desk, Sent},
    rule::{Route, Who},
};
use crate::{
    app::Round,
    staff::{
        export::{self, ExportError, Exported, Format, Kind, Taker},
        pack,
    },
    web::{
        answer::{Answer, Trouble},
        view::{ExportsPage, FieldError, errors},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/exports", Who::OFFICE, show),
        Route::take("/console/exports", Who::OFFICE, take),
        Route::take("/console/exports/pack", Who::AUDIT, take_pack),
    ]
}

/// What is wanted, and why.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    round: String,
    what: String,
    format: String,
    reason: String,
}

impl Form {
    /// Why, if it was said.
    fn reason(&self) -> Option<String> {
        let reason: String = self.reason.trim().chars().filter(|c| !c.is_control()).take(500).collect();
        (!reason.is_empty()).then_some(reason)
    }
}

async fn show(desk: Desk) -> Result<Answer, Answer> {
    Ok(desk.visit.show(&page(&desk, Form::default(), Vec::new()).await?))
}

async fn take(Sent(desk, form): Sent<Form>) -> Result<Answer, Answer> {
    let (visit, lang) = (&desk.visit, desk.visit.lang);
    let kind = Kind::from_key(&form.what);
    if kind.is_some_and(|kind| !kind.is_for(desk.signed.role)) {
        return Err(visit.trouble(Trouble::NotYours));
    }
    let round = round_of(&desk, &form, kind.is_none_or(Kind::is_of_round)).await?;
    let (format, reason) = (Format::from_key(&form.format), form.reason());
    let mut wrong = Vec::new();
    if kind.is_none() {
        wrong.push(errors::export_what_missing(lang));
    }
    if format.is_none() {
        wrong.push(errors::export_format_missing(lang));
    }
    if reason.is_none() {
        wrong.push(errors::export_reason_missing(lang));
    }
    let (Some(kind), Some(format), Some(reason)) = (kind, format, reason) else {
        return Ok(visit.show_again(&page(&desk, form, wrong).await?));
    };
    let taker = Taker::of(&desk.signed, &desk.address, &reason);
    let made = export::export(&visit.app, round.as_ref(), kind, (format, lang), taker, visit.now).await;
    match made {
        Ok(made) => Ok(attachment(made, format.media_type())),
        Err(ExportError::TooLarge) => {
            let wrong = vec![errors::export_too_large(lang)];
            Ok(visit.show_again(&page(&desk, form, wrong).await?))
        }
        Err(error) => Err(visit.failed(error)),
    }
}

async fn take_pack(Sent(desk, form): Sent<Form>) -> Result<Answer, Answer> {
    let visit = &desk.visit;
    let Some(round) = round_of(&desk, &form, true).await? else {
        return Err(visit.trouble(Trouble::NotFound));
    };
    let Some(reason) = form.reason() else {
        let wrong = vec![errors::pack_reason_missing(visit.lang)];
        return Ok(visit.show_again(&page(&desk, form, wrong).await?));
    };
    let taker = Taker::of(&desk.signed, &desk.address, &reason);
    let made = pack::pack(&visit.app, &round, taker, visit.now).await;
    Ok(attachment(made.map_err(|error| visit.failed(error))?, "application/zip"))
}

/// The round a form is about; none is chosen only where nothing is of a round, or nothing was chosen at all.
async fn round_of(desk: &Desk, form: &Form, needed: bool) -> Result<Option<Arc<Round>>, Answer> {
    match needed && !form.round.is_empty() {
        true => desk.visit.round(&form.round).await.map(Some),
        false if needed && !form.what.is_empty() => Err(desk.visit.trouble(Trouble::NotFound)),
        false => Ok(None),
    }
}

/// A file to be kept; its name is ours and ASCII.
fn attachment(made: Exported, media_type: &'static str) -> Answer {
    let body = Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(made.file)));
    let mut answer = ([(header::CONTENT_TYPE, media_type)], body).into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(made.bytes));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(named) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", made.name)) {
        headers.insert(header::CONTENT_DISPOSITION, named);
    }
    answer
}

async fn page(desk: &Desk, form: Form, errors: Vec<FieldError>) -> Result<ExportsPage, Answer> {
    let visit = &desk.visit;
    let rounds = visit.app.rounds.list().await.map_err(|error| visit.failed(error))?;
    let role = desk.signed.role;
    Ok(ExportsPage {
        page: desk.page_at("/console/exports"),
        bar: desk.bar(),
        rounds: rounds.iter().map(|round| (round.row.slug.clone(), visit.title(round))).collect(),
        kinds: Kind::ALL.into_iter().filter(|kind| kind.is_for(role)).collect(),
        slug: form.round,
        what: form.what,
        format: form.format,
        reason: form.reason,
        errors,
    })
}
