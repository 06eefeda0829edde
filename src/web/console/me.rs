//! One's own account: password, and being signed out everywhere.

use serde::Deserialize;

use super::{
    desk::{Desk, Sent, with_token},
    rule::{Route, Who},
};
use crate::{
    staff::enrol::{PasswordError, change_password},
    store,
    web::{
        answer::Answer,
        view::{FieldError, Me, errors},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![Route::show("/console/me", Who::ALL, show), Route::take("/console/me", Who::ALL, change)]
}

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    password: String,
    new: String,
    code: String,
}

async fn show(desk: Desk) -> Answer {
    match page(&desk, Vec::new()).await {
        Ok(page) => desk.visit.show(&page),
        Err(answer) => answer,
    }
}

async fn change(Sent(desk, form): Sent<Form>) -> Answer {
    let (app, lang) = (&desk.visit.app, desk.visit.lang);
    let fields = [form.password.as_str(), &form.new, &form.code];
    let error = match change_password(app, &desk.signed, fields, &desk.address, desk.visit.now).await {
        Ok(Ok(token)) => return with_token(app, desk.visit.go("/console/codes"), &token),
        Ok(Err(PasswordError::Wrong)) => errors::password_wrong(lang),
        Ok(Err(PasswordError::Short)) => errors::password_short(lang),
        Ok(Err(PasswordError::Wait(until))) => {
            let wait = errors::sign_in_wait(lang, until - desk.visit.now);
            FieldError { field: "password".into(), ..wait }
        }
        Err(error) => return desk.visit.failed(error),
    };
    match page(&desk, vec![error]).await {
        Ok(page) => desk.visit.show_again(&page),
        Err(answer) => answer,
    }
}

async fn page(desk: &Desk, errors: Vec<FieldError>) -> Result<Me, Answer> {
    let left = store::clerk::count_recovery(desk.visit.app.db.read(), desk.signed.person.id).await;
    let left = left.map_err(|error| desk.visit.failed(error))?;
    Ok(Me { page: desk.page(), bar: desk.bar(), left, errors })
}
