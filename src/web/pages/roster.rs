//! Is one on the list? Asked once, after the identity check: until then people on it and people who are
//! not get the same answers.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    admit::{remember, revive, told_at},
    identity::next,
};
use crate::{
    app::Round,
    domain::{
        contact::is_registration_number,
        roster::{MatchBy, MemberKey, birth, name_key},
        who::Household,
    },
    identity::{Listed, find_listed, is_theirs, may_act, names},
    web::{
        answer::{Answer, Trouble},
        caller::Caller,
        form::{NAMES_THE_FIELD, Posted},
        path::Path,
        view::{Purpose, RosterPage, errors},
        visit::Visit,
        visitor::Proven,
    },
};
use axum::extract::{Query, rejection::QueryRejection};

/// What one comes for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Aim {
    purpose: String,
}

/// The form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    purpose: String,
    name: String,
    birth: String,
}

/// A round with a roster needs to know who on it somebody is before it lets them go on.
///
/// Whoever has said a name before its owner entered is not its owner: where a roster knows people by names alone, it is
/// looked each time whether the entry is that of whoever asks.
///
/// # Errors
/// The answer to give instead.
pub async fn listed(visit: &Visit, round: &Round, proven: &Proven, purpose: Purpose) -> Result<(), Answer> {
    if round.roster.is_none() {
        return Ok(());
    }
    let to = || visit.go(&format!("/rounds/{}/roster?purpose={}", round.row.slug, purpose.key()));
    let Some(listed) = proven.listed(round) else { return Err(to()) };
    if match_by(round) != Some(MatchBy::Name) || listed.by_address || proven.person.named().is_some() {
        return Ok(());
    }
    let theirs = is_theirs(&visit.app, round, listed, &proven.person).await;
    if theirs.map_err(|error| visit.failed(error))? != Some(false) {
        return Ok(());
    }
    let mut visitor = visit.visitor();
    if let Some(proven) = &mut visitor.proven {
        proven.listed = None;
    }
    (visitor.draft, visitor.kept) = (None, None);
    Err(visit.with(&visitor, to()))
}

/// `GET /rounds/{slug}/roster`
pub async fn show(
    visit: Visit,
    Path(slug): Path<String>,
    aim: Result<Query<Aim>, QueryRejection>,
) -> Result<Answer, Answer> {
    let purpose = aim.map(|Query(aim)| aim.purpose).unwrap_or_default();
    let round = visit.kept_round(&slug).await?;
    let form = Form { purpose, ..Form::default() };
    let Some(proven) = visit.proven().cloned() else {
        return Err(visit.trouble(Trouble::SignedOut(&slug, purpose_of(&form))));
    };
    match match_by(&round) {
        None => Ok(visit.go(&next(&slug, purpose_of(&form)))),
        Some(by) => match known_by(&visit, &round, &proven, by, purpose_of(&form))? {
            None => Ok(visit.show(&page(&visit, &round, form, false, Vec::new()))),
            Some(known_by) => go_on(&visit, &round, proven, &known_by, form).await,
        },
    }
}

/// What the roster is asked for; `None` where somebody has to say it first. Who comes by a door that does not know
/// people by what the roster does, is looked for by where they are told things.
fn known_by(
    visit: &Visit,
    round: &Round,
    proven: &Proven,
    by: MatchBy,
    purpose: Purpose,
) -> Result<Option<MemberKey>, Answer> {
    let person = &proven.person;
    let prefix = match by {
        MatchBy::Name => return Ok(person.named().map(|named| MemberKey(named.to_owned()))),
        MatchBy::Phone => "phone:",
        MatchBy::Email => "email:",
    };
    if person.key().starts_with(prefix) {
        return Ok(Some(MemberKey(person.key().to_owned())));
    }
    let contact = told_at(visit, round, proven, purpose)?;
    Ok(Some(MemberKey(contact.person_key())))
}

/// `POST /rounds/{slug}/roster`: name and birth date.
pub async fn check(
    Path(slug): Path<String>,
    Caller(caller): Caller,
    Posted(visit, form): Posted<Form, NAMES_THE_FIELD>,
) -> Result<Answer, Answer> {
    let round = visit.kept_round(&slug).await?;
    let Some(proven) = visit.proven().cloned() else {
        return Err(visit.trouble(Trouble::SignedOut(&slug, purpose_of(&form))));
    };
    if purpose_of(&form) != Purpose::My {
        visit.ends_with(&round);
    }
    let lang = visit.lang;
    let name = form.name.trim();
    let number = is_registration_number(&form.birth) || is_registration_number(name);
    let birth = birth::parse(form.birth.trim());
    let mut errors = Vec::new();
    if number {
        errors.push(errors::resident_number(lang, "birth"));
    } else {
        if name.is_empty() {
            errors.push(errors::name_missing(lang));
        }
        if birth.is_none() {
            errors.push(errors::birth_invalid(lang));
        }
    }
    let Some(birth) = birth.filter(|_| errors.is_empty()) else {
        let form = if number { Form { purpose: form.purpose, ..Form::default() } } else { form };
        return Ok(visit.show_again(&page(&visit, &round, form, false, errors)));
    };
    // Names and birth dates can be guessed: an address has one try in each minute of the clock, and a network some in a day.
    let may = names::may_try(&visit.app, &proven.person, &caller, visit.now).await;
    if !may.map_err(|error| visit.failed(error))? {
        return Ok(visit.show_again(&page(&visit, &round, form, false, vec![errors::roster_wait(lang)])));
    }
    let known_by = name_key(name, birth);
    let answer = go_on(&visit, &round, proven, &known_by, form).await?;
    if answer.status().is_redirection() {
        // They are found, and go on: at worst one name too many counts as wrong.
        if let Err(error) = names::settle_right(&visit.app, &known_by, &caller, visit.now).await {
            tracing::warn!(%error, "a name that opened could not be counted as right");
        }
    } else {
        let settled = names::settle_wrong(&visit.app, visit.now).await;
        settled.map_err(|error| visit.failed(error))?;
    }
    Ok(answer)
}

fn purpose_of(form: &Form) -> Purpose {
    Purpose::from_key(&form.purpose).unwrap_or(Purpose::Enter)
}

/// By what somebody on the roster of a round is known; `None` for a round without one.
pub fn match_by(round: &Round) -> Option<MatchBy> {
    let used = round.roster.as_ref()?;
    // Without a roster in use nobody is on it; what is asked then does not matter.
    Some(used.current.as_ref().and_then(|(_, by)| by.parse().ok()).unwrap_or(MatchBy::Phone))
}

async fn go_on(
    visit: &Visit,
    round: &Round,
    proven: Proven,
    known_by: &MemberKey,
    form: Form,
) -> Result<Answer, Answer> {
    let found = find_listed(&visit.app, round, known_by).await.map_err(|error| visit.failed(error))?;
    match found {
        None => {
            if match_by(round) == Some(MatchBy::Name) {
                // What is asked about a name on the list is asked about one that is not: nobody can tell by the work.
                let nobody = Listed {
                    slug: round.row.slug.clone(),
                    person_key: proven.person.key().to_owned(),
                    household_key: None,
                    fields: BTreeMap::new(),
                    by_address: false,
                };
                let asked = may_act(&visit.app, round, known_by, nobody, &proven.person).await;
                asked.map_err(|error| visit.failed(error))?;
            }
            // With 200, and on no page of its own: what was typed of somebody stands in no address and no memory of ours.
            // Sent again it is another try, which counts as one; nothing is changed.
            Ok(visit.show(&page(visit, round, form, true, Vec::new())))
        }
        Some(listed) => {
            let may = match match_by(round) {
                Some(MatchBy::Name) => may_act(&visit.app, round, known_by, listed, &proven.person).await,
                _ => Ok(Some(listed)),
            };
            let Some(listed) = may.map_err(|error| visit.failed(error))? else {
                // As for somebody who is not on it: whose neighbour is, and who has entered, nobody learns here.
                return Ok(visit.show(&page(visit, round, form, true, Vec::new())));
            };
            let mut visitor = visit.visitor();
            let mut proven = Proven { listed: Some(listed), ..proven };
            remember(visit, round, &mut proven).await?;
            revive(visit, round, &proven).await?;
            visitor.proven = Some(proven);
            Ok(visit.with(&visitor, visit.go(&next(&round.row.slug, purpose_of(&form)))))
        }
    }
}

fn page(
    visit: &Visit,
    round: &Round,
    form: Form,
    unknown: bool,
    errors: Vec<crate::web::view::FieldError>,
) -> RosterPage {
    RosterPage {
        page: visit.page_of(round),
        slug: round.row.slug.clone(),
        title: visit.title(round),
        csrf: visit.csrf(&visit.visitor()),
        purpose: purpose_of(&form),
        by_name: match_by(round) == Some(MatchBy::Name),
        masked: visit.proven().map(|proven| proven.person.masked()).unwrap_or_default(),
        name: form.name,
        birth: form.birth,
        closes_at: round.row.closes_at,
        open: visit.now < round.row.closes_at,
        unknown,
        // Said to whoever is not found, on the list or not: nobody learns who has entered.
        household: round.who.household == Household::One,
        errors,
    }
}
