//! The way in with an account of the city's identity provider.

use axum::{
    extract::{Query, rejection::QueryRejection},
    http::{HeaderMap, StatusCode},
};
use chrono::TimeDelta;
use serde::Deserialize;

use super::{
    desk::{Desk, Sent, token, with_token},
    rule::{Route, Who},
};
use crate::{
    identity::{Refused, Returned},
    staff::{
        Stage,
        account::{self, Arrived},
        sign_in::held_off,
    },
    web::{
        answer::{Answer, Trouble},
        caller::Caller,
        form::{Posted, Press},
        pages::elsewhere::turned_away,
        view::{Crossing, DoorTrouble, FieldError, SecondPage, errors},
        visit::Visit,
        visitor::{Away, Place},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/account", Who::Anybody, cross),
        Route::take("/console/account", Who::Anybody, send),
        Route::show("/console/back", Who::Anybody, back),
        Route::show("/console/code", Who::At(Stage::Code), show),
        Route::take("/console/code", Who::At(Stage::Code), check),
    ]
}

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    code: String,
}

/// What the button says, if there is a provider.
pub fn label(visit: &Visit) -> Option<String> {
    let staff = visit.app.config.identity.staff.as_ref()?;
    Some(if visit.lang.is_korean() { staff.label.clone() } else { staff.label_en.clone() })
}

async fn send(Posted(visit, _): Posted<Press>) -> Result<Answer, Answer> {
    let none = || visit.trouble(Trouble::NotFound);
    let provider = account::provider(&visit.app).ok_or_else(none)?;
    let asked = provider.ask(visit.lang.tag(), visit.now).await;
    let (href, asked) = asked.map_err(|refused| turned_away(&visit, refused, SIGN_IN.to_owned()))?;
    let mut visitor = visit.visitor();
    let (slug, purpose, consent_digest) = (String::new(), String::new(), String::new());
    visitor.away = Some(Away { place: Place::Staff(asked), href, slug, purpose, consent_digest });
    Ok(visit.with(&visitor, visit.go("/console/account")))
}

/// On the way to the provider: a page that leads on by itself.
async fn cross(visit: Visit) -> Answer {
    let away = visit.visitor.as_ref().and_then(|visitor| visitor.away.clone());
    let href = away.filter(|away| matches!(away.place, Place::Staff(_))).map(|away| away.href);
    match (href, label(&visit)) {
        (Some(href), Some(label)) => visit.show(&Crossing { page: visit.page(), label, href, back: false }),
        _ => visit.go(SIGN_IN),
    }
}

async fn back(
    headers: HeaderMap,
    Caller(address): Caller,
    visit: Visit,
    returned: Result<Query<Returned>, QueryRejection>,
) -> Result<Answer, Answer> {
    let spent = || visit.trouble(Trouble::Door(DoorTrouble::Spent, SIGN_IN.to_owned()));
    let mut visitor = visit.visitor.clone().ok_or_else(spent)?;
    let Some(Away { place: Place::Staff(asked), .. }) = visitor.away.take() else { return Err(spent()) };
    let returned = returned.map(|Query(returned)| returned).unwrap_or_default();
    let before = token(&visit.app, &headers);
    let arrived = account::arrive(&visit.app, (&asked, returned), (&address, before.as_deref()), visit.now);
    match arrived.await {
        Ok(Arrived::In(token, stage)) => {
            let href = match stage {
                Stage::In => "/console",
                Stage::Code => "/console/code",
                Stage::Enrol | Stage::Codes => "/console/enrol",
            };
            // The cookie of staff does not come along where somebody comes from another site: a page of ours leads on.
            let (label, href) = (String::new(), href.to_owned());
            let page = visit.show(&Crossing { page: visit.page(), label, href, back: true });
            Ok(with_token(&visit.app, visit.with(&visitor, page), &token))
        }
        Ok(Arrived::Nobody) => {
            let trouble = Trouble::Door(DoorTrouble::NoAccount, SIGN_IN.to_owned());
            Err(visit.with(&visitor, visit.trouble(trouble)))
        }
        // A link of anybody's ends nobody's way.
        Err(refused @ (Refused::Spent | Refused::Twice | Refused::Database(_))) => {
            Err(turned_away(&visit, refused, SIGN_IN.to_owned()))
        }
        Err(refused) => Err(visit.with(&visitor, turned_away(&visit, refused, SIGN_IN.to_owned()))),
    }
}

const SIGN_IN: &str = "/console/sign-in";

async fn show(desk: Desk) -> Answer {
    desk.visit.show(&page(&desk, Vec::new()))
}

async fn check(headers: HeaderMap, Sent(desk, form): Sent<Form>) -> Answer {
    let (app, now) = (&desk.visit.app, desk.visit.now);
    let before = token(app, &headers).unwrap_or_default();
    // Guessing is slowed down as at the other way in, where it is tried from.
    let who = app.keys.digest("sign-in code", &format!("{}\0{}", desk.signed.person.id, desk.address));
    let tried = async {
        if let Some(until) = held_off(app, &who, Some(&desk.signed.person), &desk.address, now).await? {
            return Ok(Err(until - now));
        }
        let from = (desk.address.as_str(), who.as_str());
        account::second(app, &desk.signed, &before, &form.code, from, now).await.map(Ok)
    };
    match tried.await {
        Ok(Ok(Some(token))) => with_token(app, desk.visit.go("/console"), &token),
        Ok(Ok(None)) => desk.visit.show_again(&page(&desk, vec![errors::totp_wrong(desk.visit.lang)])),
        Ok(Err(wait)) => slowed(&desk, wait),
        Err(error) => desk.visit.failed(error),
    }
}

fn slowed(desk: &Desk, wait: TimeDelta) -> Answer {
    let mut answer = desk.visit.show_again(&page(desk, vec![errors::sign_in_wait(desk.visit.lang, wait)]));
    *answer.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    answer
}

fn page(desk: &Desk, errors: Vec<FieldError>) -> SecondPage {
    SecondPage { page: desk.page(), csrf: desk.csrf(), errors }
}
