//! "When is my turn?" Found by receipt or by birth date and phone, masked, and each look-up is noted before anything
//! is shown.

use axum::http::HeaderMap;
use chrono_tz::Asia::Seoul;
use serde::Deserialize;

use super::{
    super::{
        desk::{Desk, Sent},
        rule::{Route, Who},
    },
    case::{Kept, Shown},
    seen::seen,
    slip::note,
    whose::{Whose, whose},
};
use crate::{
    app::Round,
    domain::{
        contact::{Channel, Contact, is_registration_number},
        counter::{scanned, tail},
        roster::{MatchBy, MemberKey, birth, name_key},
    },
    identity::{find_listed, person_key},
    lifecycle::counter::look_key,
    store,
    web::{
        answer::Answer,
        form::NAMES_THE_FIELD,
        pages::roster::match_by,
        path::Path,
        view::{CounterFind, FieldError, Seen, errors},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/counter/{slug}/find", Who::COUNTER, show),
        Route::take("/console/counter/{slug}/find", Who::COUNTER, look),
    ]
}

/// How somebody was found, as the access log has it: by a receipt alone …
const BY_RECEIPT: &str = "receipt";
/// … by a whole number, from which the receipt of an entry from the web comes, whatever date was typed …
const BY_PHONE: &str = "phone";
/// … by what a counter has noted …
const BY_BIRTH: &str = "birth date";
const BY_BOTH: &str = "birth date and phone";
/// … or as the roster knows them.
const BY_NAME: &str = "name and birth date";

/// The form: a receipt, or a birth date and a phone.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    receipt: String,
    born: String,
    phone: String,
    name: String,
}

/// A receipt, and how it was found.
type Hit = (String, &'static str);

async fn show(Path(slug): Path<String>, desk: Desk) -> Result<Answer, Answer> {
    let round = desk.visit.round(&slug).await?;
    Ok(desk.visit.show(&page(&desk, &round, Form::default(), None, Vec::new())))
}

/// Answered as it is sent, with 200, and not by another page: what was typed of somebody stands in no address and no memory of
/// ours, and what was found is for this look alone, which is noted. Sent again it is one look more; nothing is changed.
async fn look(
    headers: HeaderMap,
    Path(slug): Path<String>,
    Sent(desk, form): Sent<Form, NAMES_THE_FIELD>,
) -> Result<Answer, Answer> {
    let round = desk.visit.round(&slug).await?;
    let (by, hits) = match find(&desk, &round, &form).await? {
        Ok(found) => found,
        Err(errors) => return Ok(desk.visit.show_again(&page(&desk, &round, form, None, errors))),
    };
    let mut found = Vec::new();
    for (receipt, by) in &hits {
        found.extend(seen(&desk, &round, receipt, None).await?.map(|(_, seen)| (seen, *by)));
    }
    // Whom it was about, or that nobody was found: a clerk who tries out birth dates leaves lines.
    if found.is_empty() {
        note(&desk, "looked", &format!("{}: nobody", round.row.slug), by).await?;
    }
    for (seen, by) in &found {
        note(&desk, "looked", &seen.own, by).await?;
    }
    // A receipt is public, a number can be said by anybody, and of two who are alike nobody knows which it is: then what
    // may be done to an entry is asked again.
    // Nor does what a counter has noted show it, of an entry that was made anew on the web since.
    let known = match found.as_slice() {
        [(seen, by)] => match *by == BY_NAME || stands(&desk, &round, (seen.own.as_str(), *by)).await? {
            true => vec![seen.own.clone()],
            false => Vec::new(),
        },
        _ => Vec::new(),
    };
    let found = found.into_iter().map(|(seen, _)| seen).collect();
    let kept = Kept { found: known, ..Kept::of(&desk, &headers, &round) };
    Ok(kept.with(&desk, desk.visit.show(&page(&desk, &round, form, Some(found), Vec::new()))))
}

/// How it was looked for, and the receipts that may be theirs, with how each was found.
async fn find(
    desk: &Desk,
    round: &Round,
    form: &Form,
) -> Result<Result<(&'static str, Vec<Hit>), Vec<FieldError>>, Answer> {
    let (visit, app, lang) = (&desk.visit, &desk.visit.app, desk.visit.lang);
    if [&form.receipt, &form.born, &form.phone, &form.name].iter().any(|typed| is_registration_number(typed))
    {
        return Ok(Err(vec![errors::resident_number(lang, "born")]));
    }
    if !form.receipt.trim().is_empty() {
        let (other, receipt) = scanned(&form.receipt);
        return Ok(match other {
            Some(other) if other != round.row.slug => Err(vec![errors::counter_other_round(lang)]),
            _ => Ok((BY_RECEIPT, vec![(receipt, BY_RECEIPT)])),
        });
    }
    let Some(born) = birth::parse(form.born.trim()) else {
        return Ok(Err(vec![errors::counter_look_missing(lang)]));
    };
    let today = visit.now.with_timezone(&Seoul).date_naive();
    if born > today {
        return Ok(Err(vec![errors::counter_look_missing(lang)]));
    }
    let key = look_key(app, round, born, &tail(&form.phone));
    let rows = store::attended::list_by_look(app.db.read(), round.row.id, &key).await;
    let rows = rows.map_err(|error| visit.failed(error))?;
    let by = if tail(&form.phone).is_empty() { BY_BIRTH } else { BY_BOTH };
    let mut hits: Vec<Hit> = rows.into_iter().map(|row| (row.receipt, by)).collect();
    // Of whoever entered by themselves no birth date is known, but a whole number leads to their entry.
    let phone = Contact::parse(Channel::Sms, &form.phone).ok();
    let listed = match (match_by(round), &phone) {
        (Some(MatchBy::Name), _) if !form.name.trim().is_empty() => Some(name_key(form.name.trim(), born)),
        (Some(MatchBy::Phone), Some(phone)) => Some(MemberKey(phone.person_key())),
        _ => None,
    };
    let listed = match listed {
        Some(key) => find_listed(app, round, &key).await.map_err(|error| visit.failed(error))?,
        None => None,
    };
    let known_by = phone.as_ref().map(Contact::person_key).filter(|_| listed.is_none());
    let by_list = if match_by(round) == Some(MatchBy::Name) && listed.is_some() { BY_NAME } else { BY_PHONE };
    let key = match (&listed, &known_by) {
        (None, None) => None,
        (listed, known_by) => {
            Some(person_key(round, listed.as_ref(), known_by.as_deref().unwrap_or_default()))
        }
    };
    let own = key.and_then(|key| round.receipt(key)).map(|receipt| receipt.to_string());
    if by_list == BY_NAME {
        // Of two ways the one by name shows more.
        hits.retain(|(receipt, _)| Some(receipt) != own.as_ref());
    }
    let own = own.filter(|own| hits.iter().all(|(receipt, _)| receipt != own));
    hits.extend(own.map(|own| (own, by_list)));
    let by = if form.name.trim().is_empty() { by } else { BY_NAME };
    Ok(Ok((by, hits)))
}

/// Whether somebody was found by what a counter has noted of the entry as it stands.
async fn stands(desk: &Desk, round: &Round, (receipt, by): (&str, &str)) -> Result<bool, Answer> {
    if by == BY_RECEIPT || by == BY_PHONE {
        return Ok(false);
    }
    let shown = Shown::of(receipt.to_owned(), false);
    Ok(matches!(whose(desk, round, &shown).await?, Whose::Noted { .. }))
}

fn page(
    desk: &Desk,
    round: &Round,
    form: Form,
    found: Option<Vec<Seen>>,
    errors: Vec<FieldError>,
) -> CounterFind {
    // A registration number is not even shown back.
    let kept = |typed: String| if is_registration_number(&typed) { String::new() } else { typed };
    let visit = &desk.visit;
    CounterFind {
        page: desk.page_of(round),
        bar: desk.bar(),
        slug: round.row.slug.clone(),
        title: visit.title(round),
        by_name: match_by(round) == Some(MatchBy::Name),
        receipt: kept(form.receipt),
        born: kept(form.born),
        phone: kept(form.phone),
        name: kept(form.name),
        found,
        errors,
    }
}
