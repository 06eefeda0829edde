//! The way in, and out.

use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::{
    desk::{Desk, Device, Sent, token, with_token},
    rule::{Route, Who},
};
use crate::{
    staff::{Outcome, Stage, Try, sign_in, signed_in},
    web::{
        answer::Answer,
        caller::address,
        form::{Posted, Press},
        view::{FieldError, SignIn, errors},
        visit::Visit,
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/sign-in", Who::Anybody, show),
        Route::take("/console/sign-in", Who::Anybody, check),
        Route::take("/console/sign-out", Who::ALL, out),
        Route::take("/console/sign-out-everywhere", Who::ALL, out_everywhere),
    ]
}

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    name: String,
    password: String,
    code: String,
}

async fn show(visit: Visit) -> Answer {
    let visitor = visit.visitor();
    let page = page(&visit, String::new(), Vec::new());
    visit.with(&visitor, visit.show(&SignIn { csrf: visit.csrf(&visitor), ..page }))
}

async fn check(
    headers: HeaderMap,
    peer: axum::http::Extensions,
    Posted(visit, form): Posted<Form>,
) -> Answer {
    let (app, device) = (visit.app.clone(), Device::of(&visit.app, &headers));
    let (address, before) = (address(&app, &headers, &peer), token(&app, &headers));
    let tried = Try {
        name: &form.name,
        password: &form.password,
        code: &form.code,
        address: &address,
        device: device.known_to(&app, &form.name),
        before: before.as_deref(),
    };
    let error = match sign_in(&app, tried, visit.now).await {
        Ok(Outcome::In(token, stage)) => {
            let to = if stage == Stage::In { "/console" } else { "/console/enrol" };
            let answer = device.with(&app, &form.name, visit.go(to));
            return with_token(&app, answer, &token);
        }
        Ok(Outcome::Wrong) => errors::sign_in_wrong(visit.lang),
        Ok(Outcome::Wait(until)) => errors::sign_in_wait(visit.lang, until - visit.now),
        Ok(Outcome::Busy) => errors::sign_in_busy(visit.lang),
        Err(error) => return visit.failed(error),
    };
    let page = page(&visit, form.name, vec![error]);
    let mut answer = visit.show_again(&page);
    if matches!(page.errors.first(), Some(error) if error.field == "form") {
        *answer.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    }
    answer
}

fn page(visit: &Visit, name: String, errors: Vec<FieldError>) -> SignIn {
    let account = super::account::label(visit);
    SignIn { page: visit.page(), csrf: visit.csrf(&visit.visitor()), name, account, errors }
}

async fn out(Sent(desk, _): Sent<Press>) -> Answer {
    sign_out(&desk, false).await
}

async fn out_everywhere(Sent(desk, _): Sent<Press>) -> Answer {
    sign_out(&desk, true).await
}

async fn sign_out(desk: &Desk, everywhere: bool) -> Answer {
    match signed_in::end(&desk.visit.app, &desk.signed, everywhere, &desk.address).await {
        Ok(()) => with_token(&desk.visit.app, desk.visit.go("/console/sign-in"), ""),
        Err(error) => desk.visit.failed(error),
    }
}
