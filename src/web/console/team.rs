//! Who is on the staff, and another role for somebody: proposed by one, decided by another, as everything is that gives
//! power. Accounts are made and taken away at the server.

use serde::Deserialize;

use super::{
    desk::{Desk, Sent},
    rule::{Route, Who},
};
use crate::{
    domain::{proposal::Act, staff::Role},
    staff::{acts::ActError, proposals},
    store,
    web::{
        answer::Answer,
        view::{FieldError, TeamLine, TeamPage, errors, role_label},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![Route::show("/console/staff", Who::OFFICE, show), Route::take("/console/staff", Who::DESK, propose)]
}

/// Who should be what.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    name: String,
    role: String,
}

async fn show(desk: Desk) -> Result<Answer, Answer> {
    Ok(desk.visit.show(&page(&desk, Vec::new()).await?))
}

async fn propose(Sent(desk, form): Sent<Form>) -> Result<Answer, Answer> {
    let act = Act::Role { name: form.name, role: form.role };
    match proposals::note(&desk.visit.app, &desk.signed, &act, None, desk.visit.now).await {
        Ok(id) => Ok(desk.visit.go(&format!("/console/proposals/{id}"))),
        Err(ActError::Refused(why)) => {
            let errors = why.iter().map(|why| errors::act_refused(desk.visit.lang, why)).collect();
            Ok(desk.visit.show_again(&page(&desk, errors).await?))
        }
        Err(error) => Err(desk.visit.failed(error)),
    }
}

async fn page(desk: &Desk, errors: Vec<FieldError>) -> Result<TeamPage, Answer> {
    let people = store::clerk::list(desk.visit.app.db.read()).await;
    let people = people.map_err(|error| desk.visit.failed(error))?;
    let page = desk.page_at("/console/staff");
    let line = |person: entities::clerk::Model| TeamLine {
        role: Role::from_key(&person.role).map(|role| role_label(role, &page)).unwrap_or_default(),
        enrolled: person.enrolled_at.is_some(),
        name: person.name,
    };
    Ok(TeamPage {
        bar: desk.bar(),
        people: people.into_iter().filter(|person| person.removed_at.is_none()).map(line).collect(),
        roles: Role::ALL.map(|role| (role.key(), role_label(role, &page))).into(),
        proposes: desk.signed.role.may_propose(),
        errors,
        page,
    })
}
