//! A household in one visit: a child or a parent who does not come, and others who stand there as well.

use axum::http::HeaderMap;
use chrono_tz::Asia::Seoul;
use serde::Deserialize;

use super::{
    super::{
        desk::{Desk, Sent},
        rule::{Route, Who},
    },
    case::{Kept, Shown},
    open_round,
    seen::seen,
    slip,
    whose::{Said, Whose, is_noted, whose},
};
use crate::{
    app::Round,
    domain::{
        contact::is_registration_number,
        who::helped::{Helped, HelpedError},
    },
    identity::helped_key,
    lifecycle::{
        helped::{self, By},
        together::Refused,
    },
    store::member,
    web::{
        answer::{Answer, Trouble},
        form::NAMES_THE_FIELD,
        pages::mine::MyEntry,
        path::Path,
        view::{CounterHousehold, FieldError, Person, errors},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![Route::take("/console/counter/{slug}/people", Who::COUNTER, change)]
}

/// The forms of the page; which of them it is says `act`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    /// The receipt on the slip that the page showed.
    seen: String,
    /// `add` a person, `remove` one, or `with`: the next one comes into this entry. `whose`: it is shown to be theirs.
    act: String,
    name: String,
    born: String,
    evidence: String,
    who: String,
    /// Where only a receipt was brought: phone or address, beside the birth date.
    contact: String,
    /// Whoever was entered by somebody else is taken out there.
    take_out: String,
}

async fn change(
    headers: HeaderMap,
    Path(slug): Path<String>,
    Sent(desk, form): Sent<Form, NAMES_THE_FIELD>,
) -> Result<Answer, Answer> {
    let round = open_round(&desk, &slug).await?;
    let visit = &desk.visit;
    let (mut kept, shown) = slip::meant(&desk, &headers, &round, &form.seen).await?;
    let to = visit.go(&format!("/console/counter/{slug}/slip"));
    if !shown.shown {
        let noted = whose(&desk, &round, &shown).await?;
        if form.act != "whose" || !matches!(noted, Whose::Noted { .. }) {
            return Ok(to);
        }
        let said = Said { born: &form.born, contact: &form.contact, name: &form.name };
        if !is_noted(&desk, &round, &noted, &said) {
            slip::note(&desk, "looked", &shown.receipt, "not shown to be theirs").await?;
            let wrong = FieldError { field: "whose".into(), ..errors::counter_not_theirs(visit.lang) };
            let form = Form { name: String::new(), born: String::new(), ..form };
            return again(&desk, &round, &shown, &form, vec![wrong]).await;
        }
        kept.shown = Some(Shown { shown: true, ..shown });
        return Ok(kept.with(&desk, to));
    }
    let found = seen(&desk, &round, &shown.receipt, shown.entry.clone()).await?;
    let Some((mine, _)) = found else { return Err(visit.trouble(Trouble::NotFound)) };
    // Who brings the slip may be in the entry of another: others come into that one, and only who opened it says who
    // is in it without coming.
    let (entry, opens) = (&mine.receipt, mine.lead.is_none());
    let done = match form.act.as_str() {
        "with" if round.who.joint_most > 1 => {
            kept = Kept { with: Some(entry.clone()), ..Kept::new(&desk, &round) };
            return Ok(kept.with(&desk, visit.go(&format!("/console/counter/{slug}?with=yes"))));
        }
        "remove" if opens => {
            slip::note(&desk, "attended", entry, "household, one less").await?;
            helped::unhelp(&visit.app, &round, entry, &form.who).await
        }
        "add" if opens && round.who.helps() => match read(&desk, &form) {
            Ok(person) => {
                let listed = helped_key(&visit.app, &round, &person).await;
                let Some(key) = listed.map_err(|error| visit.failed(error))? else {
                    let unlisted = errors::counter_unlisted(visit.lang);
                    return again(&desk, &round, &shown, &form, vec![unlisted]).await;
                };
                slip::note(&desk, "attended", entry, "household, one more, evidence seen").await?;
                let by = By { clerk_id: desk.signed.person.id, address: &desk.address };
                let done = match form.take_out.is_empty() {
                    true => helped::help(&visit.app, &round, entry, &person, Some(&key)).await,
                    false => helped::take_over(&visit.app, &round, entry, (&person, key.as_str()), by).await,
                };
                match done {
                    Err(Refused::Elsewhere) if taken(&desk, &round, &person).await?.is_some() => {
                        return again(&desk, &round, &shown, &form, vec![errors::counter_taken(visit.lang)])
                            .await;
                    }
                    done => done,
                }
            }
            Err(wrong) => return again(&desk, &round, &shown, &form, wrong).await,
        },
        _ => return Ok(to),
    };
    let error = match done {
        Ok(done) => {
            if let Some(MyEntry { seats, at, .. }) =
                kept.shown.as_mut().and_then(|shown| shown.entry.as_mut())
            {
                (*seats, *at) = (done.seats, done.at);
            }
            return Ok(kept.with(&desk, to));
        }
        // Removed twice, it is removed.
        Err(Refused::NoEntry) => return Ok(to),
        Err(Refused::NotOpen) => return Err(visit.ended(&round, Trouble::CounterClosed(&round)).await),
        Err(Refused::Database(error)) => return Err(visit.failed(error)),
        Err(Refused::Full) => errors::person_full(visit.lang),
        Err(_) => FieldError { field: "name".into(), ..errors::counter_elsewhere(visit.lang) },
    };
    again(&desk, &round, &shown, &form, vec![error]).await
}

async fn again(
    desk: &Desk,
    round: &Round,
    shown: &Shown,
    form: &Form,
    wrong: Vec<FieldError>,
) -> Result<Answer, Answer> {
    Ok(desk.visit.show_again(&slip::page(desk, round, shown, (&form.name, &form.born), wrong).await?))
}

fn read(desk: &Desk, form: &Form) -> Result<Helped, Vec<FieldError>> {
    let (lang, today) = (desk.visit.lang, desk.visit.now.with_timezone(&Seoul).date_naive());
    let said = |error| match error {
        HelpedError::NameMissing => errors::person_name_missing(lang),
        HelpedError::NameInvalid => errors::name_invalid(lang),
        HelpedError::RegistrationNumber => errors::resident_number(lang, "name"),
        HelpedError::BornMissing => errors::born_missing(lang),
        HelpedError::BornInvalid => errors::born_invalid(lang),
    };
    let helped = Helped::parse(&form.name, &form.born, today);
    let evidence = form.evidence.is_empty().then(|| errors::counter_evidence_missing(lang));
    match (helped, evidence) {
        (Ok(helped), None) => Ok(helped),
        (helped, evidence) => Err(helped.err().into_iter().flatten().map(said).chain(evidence).collect()),
    }
}

/// The row of whoever is helped by who stands there, in the entry of somebody who has entered them by name and birth date.
async fn taken(
    desk: &Desk,
    round: &Round,
    person: &Helped,
) -> Result<Option<entities::member::Model>, Answer> {
    let (visit, app) = (&desk.visit, &desk.visit.app);
    let listed = helped_key(app, round, person).await.map_err(|error| visit.failed(error))?;
    let keys = [Some(person.person_key()), listed].into_iter().flatten();
    let receipts: Vec<String> =
        keys.filter_map(|key| round.receipt(&key)).map(|receipt| receipt.to_string()).collect();
    let receipts: Vec<&str> = receipts.iter().map(String::as_str).collect();
    let found = helped::find_helped(app.db.read(), round, &receipts).await;
    found.map_err(|error| visit.failed(error))
}

/// Who is in the entry, and who may come into it.
///
/// # Errors
/// The answer to give instead.
pub async fn household(
    desk: &Desk,
    round: &Round,
    mine: &MyEntry,
    (name, born): (&str, &str),
) -> Result<CounterHousehold, Answer> {
    let all = member::list(desk.visit.app.db.read(), round.row.id, &mine.receipt).await;
    let all = all.map_err(|error| desk.visit.failed(error))?;
    let is_helped = |row: &&entities::member::Model| helped::is_helped(row);
    let joint = all.iter().filter(|row| matches!(row.kind.as_str(), "own" | "joined")).count() as u64;
    let joint_most = u64::from(round.who.joint_most);
    let opens = mine.lead.is_none();
    let kept = |typed: &str| if is_registration_number(typed) { String::new() } else { typed.to_owned() };
    Ok(CounterHousehold {
        opens,
        people: all
            .iter()
            .filter(is_helped)
            .map(|row| Person { receipt: row.receipt.clone(), minor: row.kind == "minor", at: row.at })
            .collect(),
        minors_most: if opens { u64::from(round.who.minors_most) } else { 0 },
        adults_most: if opens { u64::from(round.who.adults_most) } else { 0 },
        can_join: joint_most > 1 && joint < joint_most,
        joint,
        joint_most,
        name: kept(name),
        born: kept(born),
    })
}
