//! Finding a person: masked, and what they have been told. Their address is shown for a reason, which is kept.

use serde::Deserialize;

use super::{
    desk::{Desk, Sent},
    rule::{Route, Who},
};
use crate::{
    app::Round,
    staff::people::{self, Asked, FindError, Found, MOST},
    web::{
        answer::{Answer, Trouble},
        pages::{mine::struck, place::place_of},
        view::{FieldError, FindPage, FoundLine, MineState, PersonPage, errors, stands},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/find", Who::FINDERS, show),
        Route::take("/console/find", Who::FINDERS, find),
        Route::take("/console/find/person", Who::DESK, unmask),
    ]
}

/// What is known of somebody. Sent as a form, not in an address: addresses are written down everywhere.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    round: String,
    what: String,
    name: String,
    birth: String,
}

/// Whose address is to be shown, and why.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Why {
    round: String,
    receipt: String,
    reason: String,
}

async fn show(desk: Desk) -> Result<Answer, Answer> {
    Ok(desk.visit.show(&page(&desk, Form::default(), None, Vec::new()).await?))
}

async fn find(Sent(desk, form): Sent<Form>) -> Result<Answer, Answer> {
    let round = desk.visit.round(&form.round).await?;
    let Some(asked) = Asked::read(&form.what, &form.name, &form.birth) else {
        let wrong = vec![errors::find_invalid(desk.visit.lang)];
        return Ok(desk.visit.show_again(&page(&desk, form, None, wrong).await?));
    };
    let found = match people::find(&desk.visit.app, &round, &asked).await {
        Ok(found) => found,
        Err(FindError::TooMany) => {
            let wrong = vec![errors::find_too_many(desk.visit.lang)];
            return Ok(desk.visit.show_again(&page(&desk, form, None, wrong).await?));
        }
        Err(error) => return Err(desk.visit.failed(error)),
    };
    let about = format!("{} {} ({})", round.row.slug, asked.key(), found.len());
    desk.noted(["searched", &about, ""]).await?;
    Ok(desk.visit.show(&page(&desk, form, Some((&round, found)), Vec::new()).await?))
}

async fn unmask(Sent(desk, form): Sent<Why>) -> Result<Answer, Answer> {
    let round = desk.visit.round(&form.round).await?;
    let Some(asked @ Asked::Receipt(_)) = Asked::read(&form.receipt, "", "") else {
        return Err(desk.visit.trouble(Trouble::NotFound));
    };
    let found = people::find(&desk.visit.app, &round, &asked).await;
    let found = found.map_err(|error| desk.visit.failed(error))?.pop();
    let Some(found) = found else { return Err(desk.visit.trouble(Trouble::NotFound)) };
    let reason = form.reason.trim();
    let has_reason = !reason.is_empty() && reason.chars().count() <= 500;
    let mut person = PersonPage {
        page: desk.page_at("/console/find"),
        bar: desk.bar(),
        slug: round.row.slug.clone(),
        title: desk.visit.title(&round),
        line: line(&desk, &round, &found).await?,
        entered_at: found.entry.entered_at,
        address: None,
        errors: Vec::new(),
    };
    if !has_reason {
        person.errors.push(errors::look_reason_missing(desk.visit.lang));
        return Ok(desk.visit.show_again(&person));
    }
    // Written down before anything is shown.
    desk.noted(["looked", &format!("{} {}", round.row.slug, found.entry.receipt), reason]).await?;
    person.address = found.contact.map(|contact| contact.address);
    Ok(desk.visit.show(&person))
}

/// Where an entry stands, as its owner is told it.
async fn line(desk: &Desk, round: &Round, found: &Found) -> Result<FoundLine, Answer> {
    let (visit, entry) = (&desk.visit, &found.entry);
    let is_member = entry.lead.is_some();
    let state = match entry.withdrawn_at {
        Some(at) => match struck(visit, round, &entry.receipt, is_member).await? {
            Some(reason) => MineState::Ineligible { reason, until: None },
            None => MineState::Withdrawn { at },
        },
        None if round.row.voided_at.is_some() => MineState::Voided,
        None if round.is_held() && visit.now >= round.row.results_at => MineState::Held,
        // Nobody knows a result before everybody does.
        None if !round.is_published(visit.now) => MineState::Entered,
        None => {
            let receipt = entry.lead.as_deref().unwrap_or(&entry.receipt);
            place_of(visit, round, receipt, is_member).await?.state
        }
    };
    Ok(FoundLine {
        receipt: entry.receipt.clone(),
        masked: found.contact.as_ref().map(|contact| contact.masked()).unwrap_or_default(),
        stands: stands(&state, round.row.results_at, &desk.page()),
    })
}

async fn page(
    desk: &Desk,
    form: Form,
    found: Option<(&Round, Vec<Found>)>,
    errors: Vec<FieldError>,
) -> Result<FindPage, Answer> {
    let visit = &desk.visit;
    let rounds = visit.app.rounds.list().await.map_err(|error| visit.failed(error))?;
    let times = desk.signed.role.is_told_times();
    let (mut lines, mut many) = (None, false);
    if let Some((round, found)) = found {
        // Where a time is all that is said, several would be a guess: they ask for more.
        many = found.len() > if times { 1 } else { MOST };
        let mut all = Vec::new();
        for one in found.iter().filter(|_| !many) {
            all.push(line(desk, round, one).await?);
        }
        lines = Some(all);
    }
    Ok(FindPage {
        page: desk.page_at("/console/find"),
        bar: desk.bar(),
        rosters: rounds.iter().any(|round| round.roster.is_some()),
        rounds: rounds.iter().map(|round| (round.row.slug.clone(), visit.title(round))).collect(),
        slug: form.round,
        what: form.what,
        name: form.name,
        birth: form.birth,
        times,
        many,
        lines,
        errors,
    })
}
