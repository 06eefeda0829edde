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
    whose::{Whose, whose},
};
use crate::{
    app::Round,
    domain::{event::Wanted, roster::MatchBy, who::Household},
    lifecycle::{
        counter::{self, Attended, Refused},
        misses, together,
    },
    notify::content::CONTACT,
    store,
    web::{
        answer::{Answer, Trouble},
        pages::{mine::MyEntry, roster::match_by, round::price_percent, told::Told},
        path::Path,
        view::{CounterCheck, FieldError, answers, errors, own_days},
    },
};

/// So many changes of an entry may lie between two taps.
const LOOKS_BACK: i32 = 16;

/// The form: what the page has shown, whether it said that there is an entry already, and whether somebody who was entered by
/// another is to be taken out there.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    csrf: String,
    seen: String,
    change: String,
    take_out: String,
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
    let mut kept = Kept::of(&desk, &headers, &round);
    match kept.case.take() {
        Some(case) => Ok(desk.visit.show(&page(&desk, &round, (&case, &kept), Vec::new()).await?)),
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
        if is_done(&desk, &round, &case, (before.as_ref(), form.seen.as_str())).await? {
            let receipt = before.map(|entry| entry.receipt).unwrap_or_default();
            let shown = Shown { fresh: true, of: form.seen, ..Shown::of(receipt, true) };
            let kept = Kept { shown: Some(shown), ..Kept::new(&desk, &round) };
            return Ok(kept.with(&desk, desk.visit.go(&format!("/console/counter/{slug}/slip"))));
        }
        let wrong = vec![errors::counter_other_check(desk.visit.lang)];
        return Ok(desk.visit.show_again(&page(&desk, &round, (&case, &kept), wrong).await?));
    }
    // The case is in the browser: pressing again sends the same.
    let fields =
        [("csrf", &form.csrf), ("seen", &form.seen), ("change", &form.change), ("take_out", &form.take_out)];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.clone())).into();
    let again = (format!("/console/counter/{slug}/entry"), fields);
    let proven = is_proven(&round, (&case, &kept));
    let knows = Knows { change: !form.change.is_empty(), proven, take_out: !form.take_out.is_empty() };
    match settle(&desk, &round, &case, knows, again).await? {
        Ok(shown) => {
            let shown = Shown { of: form.seen, ..shown };
            kept = Kept { shown: Some(shown), ..Kept::new(&desk, &round) };
            Ok(kept.with(&desk, desk.visit.go(&format!("/console/counter/{slug}/slip"))))
        }
        Err(error) => {
            let field = if error.field == "take_out" { error.field } else { "form".into() };
            let error = FieldError { field, ..error };
            Ok(desk.visit.show_again(&page(&desk, &round, (&case, &kept), vec![error]).await?))
        }
    }
}

/// What the clerk was told, and goes on.
#[derive(Clone, Copy, Debug)]
pub struct Knows {
    /// There is an entry that this changes.
    pub change: bool,
    /// It is shown that an entry from the web is theirs.
    pub proven: bool,
    /// They were entered by somebody else, out of whose entry they are taken.
    pub take_out: bool,
}

/// Enters whoever stands there. The last is the form to send again where the database is away.
///
/// # Errors
/// The answer to give instead; inside, what keeps them from it.
pub async fn settle(
    desk: &Desk,
    round: &Round,
    case: &Case,
    knows: Knows,
    (action, fields): (String, Vec<(String, String)>),
) -> Result<Result<Shown, FieldError>, Answer> {
    let (visit, app, lang) = (&desk.visit, &desk.visit.app, desk.visit.lang);
    let receipt = |key: &str| round.receipt(key).map(|receipt| receipt.to_string());
    let Some(own) = case.receipt(round) else {
        return Err(visit.ended(round, Trouble::CounterClosed(round)).await);
    };
    // Only whoever agrees is remembered, and only then are earlier rounds looked at.
    let miss_key = match case.remember {
        true => match remembered(desk, round, &own).await? {
            before if before.is_empty() => misses::key(app, case.checked().key()),
            before => before,
        },
        false => String::new(),
    };
    let (_, weight) = misses::weight(app, round, &miss_key).await.map_err(|error| visit.failed(error))?;
    let sealed = case.contact.as_ref().map(|contact| app.keys.people().seal(CONTACT, contact));
    let channel = case.contact.as_ref().map(|contact| contact.channel);
    let want = i64::try_from(case.want).unwrap_or_default();
    let wanted = Wanted {
        weight: i32::try_from(weight).unwrap_or(1),
        fields: case.fields.clone(),
        miss_key: miss_key.clone(),
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
        told: knows.change,
        proven: knows.proven,
        take_out: knows.take_out,
    };
    let done = match counter::enter(app, round, attended, wanted).await {
        Ok(done) => done,
        Err(Refused::Helped) => {
            return Ok(Err(errors::counter_helped(lang, app.config.counter.most_per_helper.into())));
        }
        Err(Refused::Before) => return Ok(Err(errors::counter_before(lang))),
        Err(Refused::Known) => return Ok(Err(errors::counter_known(lang, is_known_by_contact(round)))),
        Err(Refused::Unproven) => return Ok(Err(errors::counter_code_first(lang))),
        Err(Refused::Taken) => return Ok(Err(errors::counter_taken(lang))),
        Err(Refused::Anothers) => {
            return Ok(Err(errors::counter_anothers(lang, is_known_by_contact(round))));
        }
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
                _ => errors::counter_elsewhere(lang),
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
        miss_key,
        told: Told::Here,
        lead: (done.entry != own).then_some(done.entry),
        at: done.at,
        withdrawn: false,
        consent_digest: case.consent_digest.clone(),
    };
    Ok(Ok(Shown { entry: Some(entry), fresh: true, ..Shown::of(own, true) }))
}

/// Whether the list of a round knows people by their number or address: nobody is entered without it.
fn is_known_by_contact(round: &Round) -> bool {
    match_by(round).is_some_and(|by| by != MatchBy::Name)
}

/// The entry that they have already, if they have.
async fn find(desk: &Desk, round: &Round, case: &Case) -> Result<Option<entry::Model>, Answer> {
    let Some(receipt) = case.receipt(round) else { return Ok(None) };
    let found = store::entry::find(desk.visit.app.db.read(), round.row.id, &receipt).await;
    found.map_err(|error| desk.visit.failed(error))
}

/// Whether nothing more has to show that an entry from the web is theirs: a code was typed; or its receipt comes from their
/// papers, and from no number that anybody could say.
fn is_proven(round: &Round, (case, kept): (&Case, &Kept)) -> bool {
    let receipt = case.receipt(round);
    case.contact.is_none() || round.knows_names() || kept.is_proven(receipt.as_deref())
}

/// Whether the button of this very page has done what it does: pressed twice, the second time finds the entry changed by the
/// first.
async fn is_done(
    desk: &Desk,
    round: &Round,
    case: &Case,
    (entry, seen): (Option<&entry::Model>, &str),
) -> Result<bool, Answer> {
    let app = &desk.visit.app;
    let Some(entry) = entry.filter(|entry| entry.withdrawn_at.is_none()) else { return Ok(false) };
    // What was shown is this case, when its entry was an earlier one.
    let first = entry.version.saturating_sub(LOOKS_BACK).max(0);
    if !(first..entry.version).any(|version| case.seen_at(app, version) == seen) {
        return Ok(false);
    }
    let shown = Shown::of(entry.receipt.clone(), false);
    let Whose::Noted { row, told, .. } = whose(desk, round, &shown).await? else { return Ok(false) };
    let person = round.receipt(&case.person.person_key()).map(|receipt| receipt.to_string());
    let want = i64::try_from(case.want).unwrap_or_default().saturating_mul(i64::from(entry.seats));
    let is_alike = match (&case.with, &entry.lead) {
        // In the entry of others it asks for what they do.
        (Some(with), Some(lead)) => with == lead,
        (None, None) => {
            entry.wish == case.wish
                && entry.want == want
                && entry.fields == case.fields
                && entry.miss_key.is_empty() != case.remember
        }
        _ => false,
    };
    Ok(is_alike && person == Some(row.person) && told == case.contact && entry.lang == case.lang)
}

/// Under which pseudonym a miss of an entry that is to be changed is remembered; empty for none.
///
/// # Errors
/// The answer to give instead.
pub async fn remembered(desk: &Desk, round: &Round, receipt: &str) -> Result<String, Answer> {
    let entry = store::entry::find(desk.visit.app.db.read(), round.row.id, receipt).await;
    let entry = entry.map_err(|error| desk.visit.failed(error))?;
    Ok(entry.filter(|entry| entry.withdrawn_at.is_none()).map(|entry| entry.miss_key).unwrap_or_default())
}

async fn page(
    desk: &Desk,
    round: &Round,
    (case, kept): (&Case, &Kept),
    errors: Vec<FieldError>,
) -> Result<CounterCheck, Answer> {
    let visit = &desk.visit;
    let before = find(desk, round, case).await?;
    let live = before.as_ref().filter(|entry| entry.withdrawn_at.is_none());
    let proven = is_proven(round, (case, kept));
    let code = match live.filter(|_| !proven) {
        Some(entry) => match whose(desk, round, &Shown::of(entry.receipt.clone(), false)).await? {
            Whose::Noted { .. } => None,
            _ => Some(entry.receipt.clone()),
        },
        None => None,
    };
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
        change: live.is_some(),
        code,
        proven: kept.is_proven(case.receipt(round).as_deref()),
        closes_at: round.row.closes_at,
        errors,
    })
}
