//! "Did the city send me this?" A code that stands in every notice is answered with yes or no.

use serde::Deserialize;

use crate::{
    notify::tag,
    store,
    web::{
        answer::Answer,
        caller::Caller,
        form::{Guarded, Posted},
        view::{Sent, SentAnswer, ToldOf},
        visit::Visit,
    },
};

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    csrf: String,
    code: String,
}

impl Guarded for Form {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// What is typed is shown again, so it is cut.
const LONGEST: usize = 40;

/// `GET /sent`
pub async fn show(visit: Visit) -> Answer {
    let visitor = visit.visitor();
    let page = Sent { page: visit.page(), csrf: visit.csrf(&visitor), typed: String::new(), answer: None };
    visit.with(&visitor, visit.show(&page))
}

/// `POST /sent`: the answer has the same shape, whatever it is, and names nobody.
pub async fn check(Caller(address): Caller, Posted(visit, form): Posted<Form>) -> Result<Answer, Answer> {
    let typed: String = form.code.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    if !visit.app.guesses.may_try(&address, visit.now) {
        let fields = vec![("csrf".to_owned(), form.csrf), ("code".to_owned(), typed)];
        return Err(visit.busy("/sent".to_owned(), fields));
    }
    let answer = look(&visit, &typed).await.map_err(|error| visit.failed(error))?;
    if matches!(answer, SentAnswer::No) && !typed.is_empty() {
        visit.app.guesses.count(&address, visit.now);
    }
    let page =
        Sent { page: visit.page(), csrf: form.csrf, answer: (!typed.is_empty()).then_some(answer), typed };
    Ok(visit.show(&page))
}

async fn look(visit: &Visit, typed: &str) -> Result<SentAnswer, sea_orm::DbErr> {
    let db = visit.app.db.read();
    let Some(id) = tag::find_code(&visit.app.keys, typed) else { return Ok(SentAnswer::No) };
    let notice = store::mail::find_notice(db, id).await?.filter(|notice| notice.reason != "code");
    let (Some(notice), Some(at)) = (notice, store::mail::find_first_attempt(db, id).await?) else {
        return Ok(SentAnswer::No);
    };
    Ok(SentAnswer::Yes { of: ToldOf::from_reason(&notice.reason), at })
}
