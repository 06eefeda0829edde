//! "Did the city send me this?" A code that stands in every notice is answered with yes or no.
//!
//! The form leads to a page that answers: it may be read again, and gone back to, and sends nothing.

use serde::Deserialize;

use crate::{
    notify::tag,
    store,
    web::{
        answer::Answer,
        caller::Caller,
        form::Posted,
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

const PATH: &str = "/sent";
/// What is typed is shown again, so it is cut.
const LONGEST: usize = 40;

/// `GET /sent`: the answer has the same shape, whatever it is, and names nobody. Only what was sent before and may be tried
/// is answered: a guess is a form.
pub async fn show(visit: Visit) -> Result<Answer, Answer> {
    let visitor = visit.visitor();
    let typed = visitor.looked_up(PATH).unwrap_or_default().to_owned();
    let answer = match typed.is_empty() {
        true => None,
        false => Some(look(&visit, &typed).await.map_err(|error| visit.failed(error))?),
    };
    let page = Sent { page: visit.page(), csrf: visit.csrf(&visitor), typed, answer };
    Ok(visit.show_own(&visitor, &page))
}

/// `POST /sent`
pub async fn check(Caller(address): Caller, Posted(visit, form): Posted<Form>) -> Result<Answer, Answer> {
    let typed: String = form.code.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    if !visit.app.guesses.may_try(&address, visit.now) {
        let fields = vec![("csrf".to_owned(), form.csrf), ("code".to_owned(), typed)];
        return Err(visit.busy(PATH.to_owned(), fields));
    }
    let answer = look(&visit, &typed).await.map_err(|error| visit.failed(error))?;
    if matches!(answer, SentAnswer::No) && !typed.is_empty() {
        visit.app.guesses.count(&address, visit.now);
    }
    let mut visitor = visit.visitor();
    visitor.look_up(PATH, typed, visit.now);
    Ok(visit.with(&visitor, visit.go(PATH)))
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
