//! More time: whoever has passed the identity check goes on being known, without saying again who they are.

use axum::{http::header, response::IntoResponse};
use serde_json::json;

use crate::web::{
    answer::Answer,
    form::{Posted, Press},
    view::{Page, Stay},
    visit::Visit,
};

/// `GET /stay`
pub async fn show(visit: Visit) -> Answer {
    visit.show(&Stay { page: visit.page() })
}

/// `POST /stay`
pub async fn stay(Posted(mut visit, _): Posted<Press>) -> Answer {
    let now = visit.now;
    let Some(visitor) = visit.visitor.as_mut().filter(|visitor| visitor.proven.is_some()) else {
        return visit.go("/stay");
    };
    visitor.stay(now);
    let visitor = visitor.clone();
    let answer = if visit.wants_json { told(&visit, &visit.page()) } else { visit.go("/stay") };
    visit.with(&visitor, answer)
}

/// The same for a script: until when, and in which words.
pub fn told(visit: &Visit, page: &Page) -> Answer {
    let Some(ending) = &page.ending else { return visit.go("/stay") };
    let told = json!({
        "until": ending.until.timestamp_millis(),
        "now": visit.now.timestamp_millis(),
        "stated": ending.stated(page),
        "soon": ending.soon(page),
    });
    ([(header::CONTENT_TYPE, "application/json")], told.to_string()).into_response()
}
