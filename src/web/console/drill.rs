//! The report of a drill, as it was written and signed.

use axum::{
    http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    response::IntoResponse,
};

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
    vec![Route::show("/console/drills/{id}", Who::ROUND, show)]
}

async fn show(desk: Desk, Path(id): Path<i64>) -> Result<Answer, Answer> {
    let visit = &desk.visit;
    let kept = store::drill::find(visit.app.db.read(), id).await.map_err(|error| visit.failed(error))?;
    let kept = kept.ok_or_else(|| visit.trouble(Trouble::NotFound))?;
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, POLICY)];
    Ok((headers, kept.page).into_response())
}
