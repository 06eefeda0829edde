//! The answers once more, read out to the visitor; then they are entered.

use axum::http::HeaderMap;
use entities::entry;
use serde::Deserialize;

use super::{
    super::{
        desk::{Desk, Sent},
        rule::{Route, Who},
    },
    case::{Case, Kept, Shown},
    open_round, slip,
};
use crate::{
    app::Round,
    domain::{event::Wanted, who::Household},
    lifecycle::{
        counter::{self, Attended, Refused},
        misses, together,
    },
    notify::words::CONTACT,
    store,
    web::{
        answer::{Answer, Trouble},
        form::Guarded,
        pages::{mine::MyEntry, round::price_percent},
        path::Path,
        view::{CounterCheck, FieldError, answers, errors, own_days},
    },
};

/// The form: what the page has shown, and whether it said that there is an entry already.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    csrf: String,
    seen: String,
    change: String,
}

impl Guarded for Form {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/counter/{slug}/check", Who::COUNTER, show),
        Route::take("/console/counter/{slug}/entry", Who::COUNTER, enter),
    ]
}

async fn show(headers: HeaderMap, Path(slug): Path<String>, desk: Desk) -> Result<Answer, Answer> {
    let round = open_round(&desk, &slug).await?;
    match Kept::of(&desk, &headers, &round).case {
        Some(case) => Ok(desk.visit.show(&page(&desk, &round, &case, Vec::new()).await?)),
        None => Ok(desk.visit.go(&format!("/console/counter/{slug}"))),
    }
}

async fn enter(
    headers: HeaderMap,
    Path(slug): Path<String>,
    Sent(desk, form): Sent<Form>,
) -> Result<Answer, Answer> {
    let round = open_round(&desk, &slug).await?;
    let mut kept = Kept::of(&desk, &headers, &round);
    let Some(case) = kept.case.take() else {
        let is_done = |shown: &Shown| !shown.of.is_empty() && shown.of == form.seen;
        return match kept.shown.as_ref().is_some_and(is_done) {
            // Pressed twice: what was done is shown.
            true => Ok(desk.visit.go(&format!("/console/counter/{slug}/slip"))),
            false => slip::another(&desk, &round, &kept).await,
        };
    };
    // One browser holds one visitor, however many tabs it has: nobody is entered but whom the page showed.
    let before = find(&desk, &round, &case).await?;
    if form.seen != case.seen(&desk.visit.app, before.as_ref()) {
        let wrong = vec![errors::counter_other_check(desk.visit.lang)];
        return Ok(desk.visit.show_again(&page(&desk, &round, &case, wrong).await?));
    }
    // The case is in the browser: pressing again sends the same.
    let fields = [("csrf", &form.csrf), ("seen", &form.seen), ("change", &form.change)];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.clone())).into();
    let again = (format!("/console/counter/{slug}/entry"), fields);
    match settle(&desk, &round, &case, !form.change.is_empty(), again).await? {
        Ok(shown) => {
            let shown = Shown { of: form.seen, ..shown };
            kept = Kept { shown: Some(shown), ..Kept::new(&desk, &round) };
            Ok(kept.with(&desk, desk.visit.go(&format!("/console/counter/{slug}/slip"))))
        }
        Err(error) => {
            let error = FieldError { field: "form".into(), ..error };
            Ok(desk.visit.show_again(&page(&desk, &round, &case, vec![error]).await?))
        }
    }
}

/// Enters whoever stands there; `told` says that the clerk knows of an entry that this changes. The last is the form to
/// send again where the database is away.
///
/// # Errors
/// The answer to give instead; inside, what keeps them from it.
pub async fn settle(
    desk: &Desk,
    round: &Round,
    case: &Case,
    told: bool,
    (action, fields): (String, Vec<(String, String)>),
) -> Result<Result<Shown, FieldError>, Answer> {
    let (visit, app, lang) = (&desk.visit, &desk.visit.app, desk.visit.lang);
    let receipt = |key: &str| round.receipt(key).map(|receipt| receipt.to_string());
    let Some(own) = case.receipt(round) else {
        return Err(visit.ended(round, Trouble::CounterClosed(round)).await);
    };
    // Only whoever agrees is remembered, and only then are earlier rounds looked at.
    let miss_key = if case.remember { misses::key(app, case.checked().key()) } else { String::new() };
    let (_, weight) = misses::weight(app, round, &miss_key).await.map_err(|error| visit.failed(error))?;
    let sealed = case.contact.as_ref().map(|contact| app.keys.people().seal(CONTACT, contact));
    let channel = case.contact.as_ref().map(|contact| contact.channel);
    let want = i64::try_from(case.want).unwrap_or_default();
    let wanted = Wanted {
        weight: i32::try_from(weight).unwrap_or(1),
        fields: case.fields.clone(),
        miss_key,
        attended: true,
        consent_digest: case.consent_digest.clone(),
        ..Wanted::alone(want, case.wish.clone(), sealed.unwrap_or_default(), channel, &case.lang)
    };
    let household = case.listed.as_ref().and_then(|listed| listed.household_key.as_deref());
    let household = household.filter(|_| round.who.household == Household::Together);
    let attended = Attended {
        clerk_id: desk.signed.person.id,
        address: &desk.address,
        person: &case.person,
        receipt: own.clone(),
        tail: case.tail(),
        helper: case.helper.as_ref(),
        paper: &case.paper,
        consent_digest: case.consent_digest.clone(),
        household: household.and_then(|key| receipt(&format!("household:{key}"))),
        with: case.with.as_deref(),
        told,
    };
    let done = match counter::enter(app, round, attended, wanted).await {
        Ok(done) => done,
        Err(Refused::Helped) => {
            return Ok(Err(errors::counter_helped(lang, app.config.counter.most_per_helper.into())));
        }
        Err(Refused::Before) => return Ok(Err(errors::counter_before(lang))),
        Err(Refused::Known) => return Ok(Err(errors::counter_known(lang))),
        Err(Refused::Anothers) => return Ok(Err(errors::counter_anothers(lang))),
        Err(Refused::Together(together::Refused::NotOpen)) => {
            return Err(visit.ended(round, Trouble::CounterClosed(round)).await);
        }
        Err(Refused::Together(together::Refused::Database(error))) => {
            return Err(visit.database(error, &action, fields));
        }
        Err(Refused::Together(refused)) => {
            let error = match refused {
                together::Refused::Full => errors::link_full(lang),
                together::Refused::Own => errors::link_own(lang),
                together::Refused::Others => errors::link_others(lang),
                _ => errors::person_elsewhere(lang),
            };
            return Ok(Err(FieldError { field: "form".into(), ..error }));
        }
    };
    let entry = MyEntry {
        receipt: own.clone(),
        want: case.want,
        wish: case.wish.clone(),
        fields: case.fields.clone(),
        seats: done.seats,
        weight,
        lead: (done.entry != own).then_some(done.entry),
        at: done.at,
        withdrawn: false,
        consent_digest: case.consent_digest.clone(),
    };
    Ok(Ok(Shown { entry: Some(entry), fresh: true, ..Shown::of(own, true) }))
}

/// The entry that they have already, if they have.
async fn find(desk: &Desk, round: &Round, case: &Case) -> Result<Option<entry::Model>, Answer> {
    let Some(receipt) = case.receipt(round) else { return Ok(None) };
    let found = store::entry::find(desk.visit.app.db.read(), round.row.id, &receipt).await;
    found.map_err(|error| desk.visit.failed(error))
}

async fn page(
    desk: &Desk,
    round: &Round,
    case: &Case,
    errors: Vec<FieldError>,
) -> Result<CounterCheck, Answer> {
    let visit = &desk.visit;
    let before = find(desk, round, case).await?;
    Ok(CounterCheck {
        page: desk.page_of(round),
        bar: desk.bar(),
        slug: round.row.slug.clone(),
        title: visit.title(round),
        masked: case.person.masked(),
        born: case.person.born(),
        contact: case.contact.as_ref().map(crate::domain::contact::Contact::masked),
        want: case.want,
        price_percent: price_percent(round),
        asks_amount: round.rules.lists("want"),
        wishes: case.wish.split('+').map(str::to_owned).collect(),
        answers: answers(&round.who, &case.fields, visit.lang),
        days: match round.who.fields.is_empty() {
            true => Vec::new(),
            false => own_days(&round.rules, &case.fields, visit.lang),
        },
        helper: case.helper.as_ref().map(|helper| (helper.relation, helper.person.masked())),
        with: case.with.is_some(),
        seen: case.seen(&visit.app, before.as_ref()),
        change: before.is_some_and(|entry| entry.withdrawn_at.is_none()),
        closes_at: round.row.closes_at,
        errors,
    })
}
