//! The report of a drill, as it was written and signed: the page, its figures, and the note over both.

use axum::{
    http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    response::IntoResponse,
};
use entities::drill::Model;

use super::{
    desk::Desk,
    rule::{Route, Who},
};
use crate::{
    store,
    web::{
        answer::{Answer, Trouble},
        path::Path,
    },
};

/// It runs nothing and loads nothing; its style stands in it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/drills/{id}", Who::ROUND, show),
        Route::show("/console/drills/{id}/report.json", Who::ROUND, figures),
        Route::show("/console/drills/{id}/report.note", Who::ROUND, note),
    ]
}

async fn find(desk: &Desk, id: i64) -> Result<Model, Answer> {
    let visit = &desk.visit;
    let kept = store::drill::find(visit.app.db.read(), id).await.map_err(|error| visit.failed(error))?;
    kept.ok_or_else(|| visit.trouble(Trouble::NotFound))
}

async fn show(desk: Desk, Path(id): Path<i64>) -> Result<Answer, Answer> {
    let kept = find(&desk, id).await?;
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, POLICY)];
    Ok((headers, kept.page).into_response())
}

async fn figures(desk: Desk, Path(id): Path<i64>) -> Result<Answer, Answer> {
    let named = "attachment; filename=\"report.json\"";
    let headers = [(CONTENT_TYPE, "application/json"), (CONTENT_DISPOSITION, named)];
    Ok((headers, find(&desk, id).await?.report).into_response())
}

async fn note(desk: Desk, Path(id): Path<i64>) -> Result<Answer, Answer> {
    let named = "attachment; filename=\"report.note\"";
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CONTENT_DISPOSITION, named)];
    Ok((headers, find(&desk, id).await?.note).into_response())
}
