//! The second factor at the first sign-in: a code to scan, the first code typed back, recovery codes.

use axum::http::HeaderMap;
use serde::Deserialize;

use super::{
    desk::{Desk, Sent, token, with_token},
    rule::{Route, Who},
};
use crate::{
    secret::{totp_typed, totp_uri},
    staff::{Stage, enrol},
    web::{
        answer::Answer,
        form::Press,
        view::{Enrol, FieldError, RecoveryCodes, errors, square},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/enrol", Who::At(Stage::Enrol), show),
        Route::take("/console/enrol", Who::At(Stage::Enrol), check),
        Route::show("/console/codes", Who::At(Stage::Codes), codes),
        Route::take("/console/codes", Who::At(Stage::Codes), seen),
    ]
}

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    code: String,
}

async fn show(desk: Desk) -> Answer {
    match page(&desk, Vec::new()).await {
        Ok(page) => desk.visit.show(&page),
        Err(answer) => answer,
    }
}

async fn check(headers: HeaderMap, Sent(desk, form): Sent<Form>) -> Answer {
    let app = &desk.visit.app;
    let before = token(app, &headers).unwrap_or_default();
    match enrol::enrol(app, &desk.signed, &before, &form.code, &desk.address, desk.visit.now).await {
        Ok(Some(token)) => with_token(app, desk.visit.go("/console/codes"), &token),
        Ok(None) => match page(&desk, vec![errors::totp_wrong(desk.visit.lang)]).await {
            Ok(page) => desk.visit.show_again(&page),
            Err(answer) => answer,
        },
        Err(error) => desk.visit.failed(error),
    }
}

async fn page(desk: &Desk, errors: Vec<FieldError>) -> Result<Enrol, Answer> {
    let app = &desk.visit.app;
    let secret = enrol::offered(app, &desk.signed).await.map_err(|error| desk.visit.failed(error))?;
    let uri = totp_uri(&secret, &desk.signed.person.name, &format!("{} jebi", app.config.municipality.name));
    let (size, path) = square(&uri).unwrap_or_default();
    let (csrf, typed) = (desk.csrf(), totp_typed(&secret));
    Ok(Enrol { page: desk.page(), csrf, size, path, typed, errors })
}

async fn codes(desk: Desk) -> Answer {
    let codes = enrol::shown(&desk.visit.app, &desk.signed);
    desk.visit.show(&RecoveryCodes { page: desk.page(), csrf: desk.csrf(), codes })
}

async fn seen(Sent(desk, _): Sent<Press>) -> Answer {
    match enrol::seen(&desk.visit.app, &desk.signed).await {
        Ok(()) => desk.visit.go("/console"),
        Err(error) => desk.visit.failed(error),
    }
}
