//! Check the answers, then enter. The one page a deadline's crowd must get through: it asks the
//! database for nothing but to keep the entry.

use serde::Deserialize;

use super::{admit::told_at, details::parts_for, mine::entry_of, roster::listed, round::price_percent};
use crate::{
    app::Round,
    domain::{
        event::{Act, Event, Wanted},
        form,
        who::Household,
    },
    lifecycle::together::{self, Refused},
    notify::words::CONTACT,
    store::inbox::Refusal,
    web::{
        answer::{Answer, Trouble},
        form::{Guarded, Posted},
        path::Path,
        view::{Check, Purpose, answers, own_days},
        visit::Visit,
        visitor::{Draft, Kept, Proven, Visitor},
    },
};

/// The form: only its token, for the answers are in the visitor's sealed cookie.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    csrf: String,
}

impl Guarded for Form {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// `GET /rounds/{slug}/check`
pub async fn show(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = visit.open_round(&slug).await?;
    let (visitor, proven, draft) = drafted(&visit, &round)?;
    let change = entry_of(&visit, &round).await?.is_some_and(|mine| !mine.withdrawn);
    Ok(visit.show(&Check {
        page: visit.page_of(&round),
        title: visit.title(&round),
        csrf: visit.csrf(&visitor),
        masked: proven.person.masked(),
        want: draft.want.unwrap_or_default(),
        lots: round.rules.weighting.map(|_| (u64::from(draft.misses), u64::from(draft.weight))),
        asks_amount: round.rules.lists("want"),
        answers: answers(&round.who, &draft.fields, visit.lang),
        days: match round.who.fields.is_empty() {
            true => Vec::new(),
            false => own_days(&round.rules, &draft.fields, visit.lang),
        },
        price_percent: price_percent(&round),
        wishes: draft.wish.split('+').map(str::to_owned).collect(),
        closes_at: round.row.closes_at,
        change,
        errors: Vec::new(),
        slug,
    }))
}

/// `POST /rounds/{slug}/entry`
pub async fn enter(Path(slug): Path<String>, Posted(visit, form): Posted<Form>) -> Result<Answer, Answer> {
    let round = visit.open_round(&slug).await?;
    let (mut visitor, proven, draft) = drafted(&visit, &round)?;
    let want = draft.want.unwrap_or_default();
    let contact = told_at(&visit, &round, &proven, Purpose::Enter)?;
    let person_sealed = visit.app.keys.people().seal(CONTACT, &contact);
    let wanted = Wanted {
        weight: i32::try_from(draft.weight).unwrap_or(1),
        fields: draft.fields.clone(),
        miss_key: draft.miss_key,
        consent_digest: proven.consented(&slug).unwrap_or_default().to_owned(),
        ..Wanted::alone(
            i64::try_from(want).unwrap_or_default(),
            draft.wish.clone(),
            person_sealed,
            contact.channel,
            visit.lang.tag(),
        )
    };
    let kept = match round.who.is_shared() {
        true => share(&visit, &round, &proven, wanted, &form.csrf).await?,
        false => append(&visit, &round, &proven, Act::Enter(wanted), &form.csrf).await?,
    };
    let (wish, fields, weight) = (draft.wish, draft.fields, draft.weight);
    visitor.kept = Some(Kept { want, wish, fields, weight, ..kept });
    visitor.draft = None;
    Ok(visit.with(&visitor, visit.go(&format!("/rounds/{slug}/my"))))
}

/// Enters where an entry can hold several people: nobody may be in two of them.
async fn share(
    visit: &Visit,
    round: &Round,
    proven: &Proven,
    wanted: Wanted,
    csrf: &str,
) -> Result<Kept, Answer> {
    let slug = round.row.slug.clone();
    listed(visit, round, proven, Purpose::Enter).await?;
    let receipt = |key: &str| round.receipt(key).map(|receipt| receipt.to_string());
    let Some(own) = receipt(proven.person_key(round)) else {
        return Err(visit.trouble(Trouble::Closed(round)));
    };
    let household = proven.listed(round).and_then(|listed| listed.household_key.as_deref());
    let household = household.filter(|_| round.who.household == Household::Together);
    let household = household.and_then(|key| receipt(&format!("household:{key}")));
    match together::enter(&visit.app, round, &own, wanted, household.as_deref()).await {
        Ok(done) => Ok(Kept {
            lead: (done.entry != own).then_some(done.entry),
            slug,
            receipt: own,
            at: done.at,
            want: 0,
            wish: String::new(),
            fields: String::new(),
            seats: done.seats,
            weight: 1,
            withdrawn: false,
            fresh: true,
        }),
        Err(refused) => Err(refusal(visit, round, refused, "entry", csrf).await),
    }
}

/// What is answered when an act was not recorded.
pub async fn refusal(visit: &Visit, round: &Round, refused: Refused, action: &str, csrf: &str) -> Answer {
    let action = format!("/rounds/{}/{action}", round.row.slug);
    match refused {
        Refused::Database(error) => {
            visit.database(error, &action, vec![("csrf".to_owned(), csrf.to_owned())])
        }
        Refused::NotOpen => visit.ended(round, Trouble::Closed(round)).await,
        // The page of the entry that they are in says why.
        _ => visit.go(&format!("/rounds/{}/my", round.row.slug)),
    }
}

/// Hands an act to the inbox and waits until it is durable. What is to be shown of it meanwhile,
/// amount and wish, is the caller's to add.
pub async fn append(
    visit: &Visit,
    round: &Round,
    proven: &Proven,
    act: Act,
    csrf: &str,
) -> Result<Kept, Answer> {
    let slug = round.row.slug.clone();
    let action = format!("/rounds/{slug}/{}", if act == Act::Withdraw { "withdraw" } else { "entry" });
    listed(visit, round, proven, Purpose::Enter).await?;
    let Some(receipt) = round.receipt(proven.person_key(round)) else {
        return Err(visit.trouble(Trouble::Closed(round)));
    };
    let receipt = receipt.to_string();
    let withdrawn = act == Act::Withdraw;
    let event = Event { round_id: round.row.id, receipt: receipt.clone(), act };
    match visit.app.inbox.append(event).await {
        Ok(at) => Ok(Kept {
            slug,
            receipt,
            at,
            want: 0,
            wish: String::new(),
            fields: String::new(),
            seats: 1,
            weight: 1,
            lead: None,
            withdrawn,
            fresh: true,
        }),
        // The clock moved on between the page and the commit; the commit decides.
        Err(Refusal::NotOpen) => Err(visit.ended(round, Trouble::Closed(round)).await),
        Err(Refusal::Full) => Err(visit.busy(action, vec![("csrf".to_owned(), csrf.to_owned())])),
        Err(Refusal::Database) => Err(visit.away(action, vec![("csrf".to_owned(), csrf.to_owned())])),
    }
}

/// Who, and what they answered; without answers, back to giving them.
fn drafted(visit: &Visit, round: &Round) -> Result<(Visitor, Proven, Draft), Answer> {
    let Some(proven) = visit.proven().cloned() else {
        return Err(visit.trouble(Trouble::SignedOut(&round.row.slug, Purpose::Enter)));
    };
    let visitor = visit.visitor();
    // A cookie may be older than the round of this name: its answers are read again.
    let goods = &round.rules.goods;
    let still = |draft: &Draft| {
        let parts: Vec<&str> = draft.wish.split('+').collect();
        draft.slug == round.row.slug
            && draft.by == proven.person.mark()
            && round.who.fits(&draft.fields)
            && draft
                .want
                .is_some_and(|want| form::parse_want(&want.to_string(), goods.unit, goods.cap).is_ok())
            && form::parse_wish(&parts, &parts_for(round, &draft.fields)).is_ok_and(|wish| wish == draft.wish)
    };
    match visitor.draft.clone().filter(still) {
        Some(draft) => Ok((visitor, proven, draft)),
        None => Err(visit.go(&format!("/rounds/{}/details", round.row.slug))),
    }
}
