//! Doors that are elsewhere: an identity provider, the city's own system. People go there and come back.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use serde::Deserialize;
use serde_json::json;

use super::{admit::admit, identity::round_for};
use crate::{
    app::{App, Round},
    config::Door as Kind,
    identity::{Bridge, Door, Oidc, Person, Refused, Returned, StatementRefused, again, misuse},
    web::{
        answer::{Answer, Trouble},
        caller::Caller,
        path::Path,
        view::{Crossing, DoorTrouble, Purpose},
        visit::Visit,
        visitor::{Away, Place, Visitor},
    },
};

/// The doors of residents that are elsewhere and open, with what their buttons say.
pub fn doors(visit: &Visit) -> Vec<(Kind, String)> {
    let (identity, korean) = (&visit.app.config.identity, visit.lang.is_korean());
    let label = |ko: &str, en: &str| if korean { ko.to_owned() } else { en.to_owned() };
    let named = |door: Kind| match door {
        Kind::Oidc => identity.oidc.as_ref().map(|one| (door, label(&one.label, &one.label_en))),
        Kind::Bridge => identity.bridge.as_ref().map(|one| (door, label(&one.label, &one.label_en))),
        Kind::Sms | Kind::Email => None,
    };
    visit.app.config.doors().into_iter().filter_map(named).collect()
}

/// Sends somebody to a door.
///
/// # Errors
/// The answer to give instead.
pub async fn send(
    visit: &Visit,
    round: &Round,
    mut visitor: Visitor,
    door: Kind,
    (purpose, consent_digest): (Purpose, String),
) -> Result<Answer, Answer> {
    let slug = round.row.slug.clone();
    let (lang, now) = (visit.lang.tag(), visit.now);
    let asked = match door {
        Kind::Oidc => match Oidc::of(&visit.app) {
            Some(oidc) => oidc.ask(lang, now).await.map(|(url, asked)| (url, Place::Oidc(asked))),
            None => Err(Refused::Silent),
        },
        _ => match Bridge::of(&visit.app) {
            Some(bridge) => bridge.ask(lang, now).map(|(url, carried)| (url, Place::Bridge(carried))),
            None => Err(Refused::Silent),
        },
    };
    let (href, place) = asked.map_err(|refused| turned_away(visit, refused, doors_of(&slug, purpose)))?;
    visitor.away = Some(Away { place, href, slug, purpose: purpose.key().to_owned(), consent_digest });
    Ok(visit.with(&visitor, visit.go("/identity/away")))
}

/// `GET /identity/away`: on the way to a door. A page of its own, which leads on by itself: a form that ends at another
/// site's address is stopped by browsers, as it should be.
pub async fn cross(visit: Visit) -> Result<Answer, Answer> {
    let (_, away) = away(&visit)?;
    let door = match away.place {
        Place::Oidc(_) => Kind::Oidc,
        Place::Bridge(_) => Kind::Bridge,
        Place::Staff(_) => return Err(none(&visit)),
    };
    let round = visit.round(&away.slug).await?;
    let label = doors(&visit).into_iter().find(|(open, _)| *open == door).map(|(_, label)| label);
    let Some(label) = label else { return Err(none(&visit)) };
    Ok(visit.show(&Crossing { page: visit.page_of(&round), label, href: away.href, back: false }))
}

/// `GET /identity/back`: from the identity provider.
pub async fn back(
    Caller(caller): Caller,
    visit: Visit,
    returned: Result<Query<Returned>, QueryRejection>,
) -> Result<Answer, Answer> {
    let (visitor, away) = away(&visit)?;
    let (Some(oidc), Place::Oidc(asked)) = (Oidc::of(&visit.app), away.place.clone()) else {
        return Err(none(&visit));
    };
    let returned = returned.map(|Query(returned)| returned).unwrap_or_default();
    let admitted = oidc.admit((asked, returned), visit.now).await;
    arrive(&visit, &caller, visitor, &away, admitted).await
}

/// `GET /identity/bridge/{ticket}`: from the city's own system.
pub async fn ticket(
    Caller(caller): Caller,
    visit: Visit,
    Path(ticket): Path<String>,
) -> Result<Answer, Answer> {
    let (visitor, away) = away(&visit)?;
    let (Some(bridge), Place::Bridge(carried)) = (Bridge::of(&visit.app), away.place.clone()) else {
        return Err(none(&visit));
    };
    let admitted = bridge.admit((carried, ticket), visit.now).await;
    arrive(&visit, &caller, visitor, &away, admitted).await
}

async fn arrive(
    visit: &Visit,
    caller: &str,
    mut visitor: Visitor,
    away: &Away,
    admitted: Result<Person, Refused>,
) -> Result<Answer, Answer> {
    let purpose = Purpose::from_key(&away.purpose).unwrap_or(Purpose::Enter);
    let (app, now) = (&visit.app, visit.now);
    let admitted = match admitted {
        Err(refused @ (Refused::Spent | Refused::Twice)) => {
            let again = match refused {
                Refused::Twice => again::wait(app, &away.href, now).await,
                _ => again::find(app, &away.href, now).await,
            };
            again.map_err(|error| visit.failed(error))?.ok_or(Refused::Spent)
        }
        Ok(person) => {
            let kept = again::keep(app, &away.href, &person, now).await;
            kept.map(|()| person).map_err(Refused::Database)
        }
        refused => refused,
    };
    match admitted {
        Ok(person) => {
            visitor.away = None;
            let round = round_for(visit, &away.slug, purpose).await?;
            let counted = misuse::count_arrived(app, &round, caller, &person, now).await;
            counted.map_err(|error| visit.failed(error))?;
            admit(visit, &round, visitor, person, (purpose, away.consent_digest.clone())).await
        }
        Err(refused) => {
            // A link of anybody's ends nobody's way: only what came of one's own does.
            let ends = !matches!(refused, Refused::Spent | Refused::Twice | Refused::Database(_));
            let answer = turned_away(visit, refused, doors_of(&away.slug, purpose));
            if ends {
                visitor.away = None;
            }
            Err(if ends { visit.with(&visitor, answer) } else { answer })
        }
    }
}

/// Who went away from this browser and comes back; nobody else can.
fn away(visit: &Visit) -> Result<(Visitor, Away), Answer> {
    let visitor = visit.visitor.clone().ok_or_else(|| none(visit))?;
    let away = visitor.away.clone().ok_or_else(|| none(visit))?;
    Ok((visitor, away))
}

fn none(visit: &Visit) -> Answer {
    visit.trouble(Trouble::Door(DoorTrouble::Spent, "/".to_owned()))
}

/// Where the doors of a round are, whoever is known.
fn doors_of(slug: &str, purpose: Purpose) -> String {
    format!("/rounds/{slug}/enter?purpose={}&other=yes", purpose.key())
}

/// Why a door has let nobody in, and where one begins again: for residents and staff.
pub fn turned_away(visit: &Visit, refused: Refused, href: String) -> Answer {
    let trouble = match refused {
        Refused::Database(error) => return visit.failed(error),
        Refused::Silent => DoorTrouble::Silent,
        Refused::Declined => DoorTrouble::Declined,
        Refused::Unproven(what) => {
            tracing::warn!(what, "what was said of somebody does not hold");
            DoorTrouble::Unproven
        }
        _ => DoorTrouble::Spent,
    };
    visit.trouble(Trouble::Door(trouble, href))
}

/// A statement, as a browser or the city's own server brings it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Brought {
    statement: String,
}

/// `POST /identity/bridge`: no token of a form, since it comes from elsewhere; the signature is its proof, and it opens
/// nothing but for the browser that left with its nonce.
pub async fn statement(
    State(app): State<App>,
    headers: HeaderMap,
    brought: Result<axum::Form<Brought>, axum::extract::rejection::FormRejection>,
) -> Answer {
    let now = app.clock.now();
    let Some(bridge) = Bridge::of(&app) else { return StatusCode::NOT_FOUND.into_response() };
    let token = brought.map(|axum::Form(brought)| brought.statement).unwrap_or_default();
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match bridge.take(&token, now).await {
        Ok(ticket) => {
            let to = format!("/identity/bridge/{ticket}");
            // A browser goes on by itself; a server sends its browser there.
            let status =
                if accept.contains("text/html") { StatusCode::SEE_OTHER } else { StatusCode::CREATED };
            let body = json!({ "location": format!("{}{to}", app.config.public_url) }).to_string();
            let json = "application/json".to_owned();
            (status, [(header::LOCATION, to), (header::CONTENT_TYPE, json)], body).into_response()
        }
        Err(refused) => {
            let status = match &refused {
                StatementRefused::Used => StatusCode::CONFLICT,
                StatementRefused::Database(_) => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::BAD_REQUEST,
            };
            // Anybody may send anything here: it is said once a minute.
            if app.complaints.may(&format!("statement {refused}"), now) {
                tracing::warn!(why = %refused, "a statement of the city's system was not taken");
            }
            let body = json!({ "error": refused.to_string() }).to_string();
            (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
    }
}
