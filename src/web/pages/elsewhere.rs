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
    identity::{Bridge, Door, Oidc, Person, Refused, Returned, StatementRefused, load},
    web::{
        answer::{Answer, Trouble},
        caller::Caller,
        path::Path,
        view::{DoorTrouble, Leaving, Purpose},
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

/// Sends somebody to a door. By a page of its own, which leads on by itself: a form that ends at another site's address
/// is stopped by browsers, as it should be.
///
/// # Errors
/// The answer to give instead.
pub async fn leave(
    visit: &Visit,
    round: &Round,
    mut visitor: Visitor,
    (door, label): (Kind, String),
    (purpose, consent_digest): (Purpose, String),
) -> Result<Answer, Answer> {
    let slug = round.row.slug.clone();
    let asked = match door {
        Kind::Oidc => match Oidc::of(&visit.app) {
            Some(oidc) => {
                oidc.ask(visit.lang.tag(), visit.now).await.map(|(url, asked)| (url, Place::Oidc(asked)))
            }
            None => Err(Refused::Away),
        },
        _ => match Bridge::of(&visit.app) {
            Some(bridge) => {
                bridge.leave(visit.lang.tag(), visit.now).map(|(url, left)| (url, Place::Bridge(left)))
            }
            None => Err(Refused::Away),
        },
    };
    let (href, place) = asked.map_err(|refused| turned_away(visit, &slug, purpose, refused))?;
    visitor.away = Some(Away { place, slug, purpose: purpose.key().to_owned(), consent_digest });
    Ok(visit.with(&visitor, visit.show(&Leaving { page: visit.page_of(round), label, href, back: false })))
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
    let (Some(bridge), Place::Bridge(left)) = (Bridge::of(&visit.app), away.place.clone()) else {
        return Err(none(&visit));
    };
    let admitted = bridge.admit((left, ticket), visit.now).await;
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
    visitor.away = None;
    match admitted {
        Ok(person) => {
            let round = round_for(visit, &away.slug, purpose).await?;
            let counted = load::count_arrived(&visit.app, &round, caller, &person, visit.now).await;
            counted.map_err(|error| visit.failed(error))?;
            admit(visit, &round, visitor, person, (purpose, away.consent_digest.clone())).await
        }
        Err(refused) => {
            let answer = turned_away(visit, &away.slug, purpose, refused);
            Err(visit.with(&visitor, answer))
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

fn turned_away(visit: &Visit, slug: &str, purpose: Purpose, refused: Refused) -> Answer {
    let trouble = match refused {
        Refused::Database(error) => return visit.failed(error),
        Refused::Away => DoorTrouble::Away,
        Refused::Declined => DoorTrouble::Declined,
        Refused::Unproven(what) => {
            tracing::warn!(what, "what was said of somebody does not hold");
            DoorTrouble::Unproven
        }
        _ => DoorTrouble::Spent,
    };
    let href = format!("/rounds/{slug}/enter?purpose={}&other=yes", purpose.key());
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
            tracing::warn!(why = %refused, "a statement of the city's system was not taken");
            let body = json!({ "error": refused.to_string() }).to_string();
            (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
    }
}
