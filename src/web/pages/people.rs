//! Who comes with me: a code for others, and people who do not come themselves.

use chrono_tz::Asia::Seoul;
use serde::Deserialize;

use super::mine::entry_of;
use crate::{
    app::Round,
    domain::{
        contact::is_registration_number,
        who::helped::{Helped, HelpedError},
    },
    identity::helping::Tries,
    lifecycle::{
        helped::is_helped,
        together::{self, Refused},
    },
    store::member,
    web::{
        answer::{Answer, Trouble},
        caller::Caller,
        form::{NAMES_THE_FIELD, Posted},
        path::Path,
        view::{FieldError, People, Person, Purpose, errors},
        visit::Visit,
    },
};

/// The forms of the page; which of them it is says `act`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    csrf: String,
    /// `open` a code, `add` a person, or `remove` one.
    act: String,
    name: String,
    born: String,
    /// The receipt of the person to be removed.
    who: String,
}

/// `GET /rounds/{slug}/people`
pub async fn show(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = visit.open_round(&slug).await?;
    let receipt = opener(&visit, &round).await?;
    Ok(visit.show(&page(&visit, &round, &receipt, Form::default(), Vec::new()).await?))
}

/// `POST /rounds/{slug}/people`
pub async fn change(
    Path(slug): Path<String>,
    Caller(caller): Caller,
    Posted(visit, form): Posted<Form, NAMES_THE_FIELD>,
) -> Result<Answer, Answer> {
    let round = visit.open_round(&slug).await?;
    let receipt = opener(&visit, &round).await?;
    let lang = visit.lang;
    let tries = Tries { app: &visit.app, round: &round, receipt: &receipt, caller: &caller };
    let done = match form.act.as_str() {
        "open" if round.who.joint_most > 1 => together::code(&visit.app, &round, &receipt).await.map(drop),
        "remove" => tries.remove(&form.who, visit.now).await,
        "add" if round.who.helps() => {
            let today = visit.now.with_timezone(&Seoul).date_naive();
            match Helped::parse(&form.name, &form.born, today) {
                Ok(helped) => tries.add(&helped, visit.now).await,
                Err(wrong) => {
                    let errors = wrong.into_iter().map(|error| said(&visit, error)).collect();
                    return Ok(visit.show_again(&page(&visit, &round, &receipt, form, errors).await?));
                }
            }
        }
        _ => Ok(()),
    };
    let to = format!("/rounds/{slug}/people");
    let error = match done {
        // Removed twice, it is removed.
        Ok(()) | Err(Refused::NoEntry) => return Ok(visit.go(&to)),
        Err(Refused::NotOpen) => return Err(visit.ended(&round, Trouble::Closed(&round)).await),
        Err(Refused::Database(error)) => return Err(visit.database(error, &to, fields(&form))),
        Err(Refused::Full) => errors::person_full(lang),
        Err(Refused::TooMany) => errors::person_too_many(lang),
        // Whether they are on the list or in an entry, nobody learns from what is said.
        Err(_) if round.knows_names() => errors::person_unknown(lang),
        Err(_) => errors::person_elsewhere(lang),
    };
    Ok(visit.show_again(&page(&visit, &round, &receipt, form, vec![error]).await?))
}

fn said(visit: &Visit, error: HelpedError) -> FieldError {
    match error {
        HelpedError::NameMissing => errors::person_name_missing(visit.lang),
        HelpedError::NameInvalid => errors::name_invalid(visit.lang),
        HelpedError::RegistrationNumber => errors::resident_number(visit.lang, "name"),
        HelpedError::BornMissing => errors::born_missing(visit.lang),
        HelpedError::BornInvalid => errors::born_invalid(visit.lang),
    }
}

fn fields(form: &Form) -> Vec<(String, String)> {
    let fields = [("csrf", &form.csrf), ("act", &form.act), ("name", &form.name), ("born", &form.born)];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect()
}

/// The receipt of whoever opened an entry that can hold several people; everybody else is at the wrong page.
async fn opener(visit: &Visit, round: &Round) -> Result<String, Answer> {
    let slug = &round.row.slug;
    if visit.proven().is_none() {
        return Err(visit.trouble(Trouble::SignedOut(slug, Purpose::My)));
    }
    match entry_of(visit, round).await? {
        Some(mine) if round.who.is_shared() && !mine.withdrawn && mine.lead.is_none() => Ok(mine.receipt),
        _ => Err(visit.go(&format!("/rounds/{slug}/my"))),
    }
}

async fn page(
    visit: &Visit,
    round: &Round,
    receipt: &str,
    form: Form,
    errors: Vec<FieldError>,
) -> Result<People, Answer> {
    let all = member::list(visit.app.db.read(), round.row.id, receipt).await;
    let all = all.map_err(|error| visit.failed(error))?;
    let person = |row: &&entities::member::Model| is_helped(row);
    let own = all.iter().find(|row| row.kind == "own");
    // A registration number is not even shown back.
    let kept = |typed: String| if is_registration_number(&typed) { String::new() } else { typed };
    Ok(People {
        page: visit.page_of(round),
        slug: round.row.slug.clone(),
        title: visit.title(round),
        csrf: visit.csrf(&visit.visitor()),
        code: own.and_then(|row| together::opened(&visit.app, row)),
        joint: all.iter().filter(|row| matches!(row.kind.as_str(), "own" | "joined")).count() as u64,
        joint_most: u64::from(round.who.joint_most),
        people: all
            .iter()
            .filter(person)
            .map(|row| Person { receipt: row.receipt.clone(), minor: row.kind == "minor", at: row.at })
            .collect(),
        minors_most: u64::from(round.who.minors_most),
        adults_most: u64::from(round.who.adults_most),
        name: kept(form.name),
        born: kept(form.born),
        closes_at: round.row.closes_at,
        errors,
    })
}
