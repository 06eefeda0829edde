//! Whose an entry from the web is: a code goes to where its entrant is told things, and they type it at the counter
//! themselves, as its message says to tell it to nobody.

use axum::http::HeaderMap;
use serde::Deserialize;

use super::{
    super::{
        desk::{Desk, Sent},
        rule::{Route, Who},
    },
    case::{SentCode, Shown},
    slip,
    whose::{Whose, whose},
};
use crate::{
    app::Round,
    domain::contact::Contact,
    identity::{
        Codes, Door, Refused,
        codes::{self, Typed},
    },
    store,
    web::{
        answer::Answer,
        form::NAMES_THE_FIELD,
        pages::code::digit,
        path::Path,
        view::{FieldError, errors},
    },
    words::Lang,
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![Route::take("/console/counter/{slug}/code", Who::COUNTER, answer)]
}

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    csrf: String,
    /// The receipt on the slip that the page showed.
    seen: String,
    /// `send` one, or `check` what was typed.
    act: String,
    code: String,
}

async fn answer(
    headers: HeaderMap,
    Path(slug): Path<String>,
    Sent(desk, form): Sent<Form, NAMES_THE_FIELD>,
) -> Result<Answer, Answer> {
    let visit = &desk.visit;
    let round = visit.round(&slug).await?;
    let (mut kept, shown) = slip::meant(&desk, &headers, &round, &form.seen).await?;
    let to = visit.go(&format!("/console/counter/{slug}/slip"));
    let Whose::Code(contact) = whose(&desk, &round, &shown).await? else {
        // Pressed twice: the first has led on.
        let own = kept.case.as_ref().and_then(|case| case.receipt(&round));
        return Ok(match own.is_some() && kept.is_proven(own.as_deref()) {
            true => visit.go(&format!("/console/counter/{slug}/check")),
            false => to,
        });
    };
    let done = match form.act.as_str() {
        "send" => send(&desk, &round, shown.clone(), contact, &form).await?,
        _ => check(&desk, &round, shown.clone(), contact, &form).await?,
    };
    match done {
        Ok(shown) => {
            // Whoever was being entered goes on with the answers that they have given.
            let own = kept.case.as_ref().and_then(|case| case.receipt(&round));
            kept.shown = Some(shown);
            let to = match own.is_some() && kept.is_proven(own.as_deref()) {
                true => visit.go(&format!("/console/counter/{slug}/check")),
                false => to,
            };
            Ok(kept.with(&desk, to))
        }
        Err(wrong) => Ok(visit.show_again(&slip::page(&desk, &round, &shown, ("", ""), vec![wrong]).await?)),
    }
}

async fn send(
    desk: &Desk,
    round: &Round,
    shown: Shown,
    contact: Contact,
    form: &Form,
) -> Result<Result<Shown, FieldError>, Answer> {
    let (visit, app) = (&desk.visit, &desk.visit.app);
    let entry = store::entry::find(app.db.read(), round.row.id, &shown.receipt).await;
    let entry = entry.map_err(|error| visit.failed(error))?;
    // In the language in which they are told things, not in that of the clerk.
    let lang = entry.and_then(|entry| Lang::from_tag(&entry.lang)).unwrap_or(visit.lang);
    slip::note(desk, "looked", &shown.receipt, "code sent").await?;
    let action = format!("/console/counter/{}/code", round.row.slug);
    let fields = || {
        let fields = [("csrf", &form.csrf), ("seen", &form.seen), ("act", &form.act)];
        fields.map(|(name, value)| (name.to_owned(), value.clone())).into()
    };
    let codes = Codes { app, round };
    match codes.send(&contact, &desk.address, lang, visit.now).await {
        Ok(codes::Sent::On(id, digits)) => {
            Ok(Ok(Shown { code: Some(SentCode { id, digits, contact }), ..shown }))
        }
        // A counter helps: that is where they are.
        Ok(codes::Sent::TooOften(until)) => {
            let wrong = errors::code_too_often(visit.lang, until - visit.now, None);
            Ok(Err(FieldError { field: "code-send".into(), ..wrong }))
        }
        Ok(codes::Sent::Busy) => Err(visit.busy(action, fields())),
        Err(error) => Err(visit.database(error, &action, fields())),
    }
}

async fn check(
    desk: &Desk,
    round: &Round,
    shown: Shown,
    told: Contact,
    form: &Form,
) -> Result<Result<Shown, FieldError>, Answer> {
    let visit = &desk.visit;
    let typed: String = form.code.chars().filter_map(digit).collect();
    let sent = shown.code.as_ref().filter(|sent| sent.contact == told);
    let Some(SentCode { id, digits, contact }) = sent else {
        return Ok(Err(FieldError { field: "code-send".into(), ..errors::code_expired(visit.lang) }));
    };
    if typed.is_empty() {
        return Ok(Err(errors::code_missing(visit.lang)));
    }
    let evidence = Typed { code_id: id, contact, typed: &typed, digits: *digits };
    let codes = Codes { app: &visit.app, round };
    let admitted = codes.admit(evidence, visit.now).await;
    let wrong = match admitted {
        Ok(_) => {
            slip::note(desk, "looked", &shown.receipt, "code typed").await?;
            return Ok(Ok(Shown { shown: true, by_code: true, code: None, ..shown }));
        }
        Err(Refused::Wrong(left)) => errors::code_wrong(visit.lang, left),
        Err(Refused::TooMany) => errors::code_too_many(visit.lang),
        Err(Refused::Database(error)) => return Err(visit.failed(error)),
        Err(_) => errors::code_expired(visit.lang),
    };
    // Whoever tries out codes leaves lines.
    slip::note(desk, "looked", &shown.receipt, "not shown to be theirs").await?;
    Ok(Err(wrong))
}
