//! Check the answers, then enter. The one page a deadline's crowd must get through: it asks the
//! database for nothing but to keep the entry, unless there was one already or the page is old.

use axum::http::StatusCode;
use serde::Deserialize;

use super::{
    admit::told_at,
    details::parts_for,
    mine::{MyEntry, entry_of},
    roster::listed,
    round::price_percent,
    seen::{Moved, moved},
};
use crate::{
    app::Round,
    domain::{
        event::{Act, Event, Wanted},
        form,
        who::Household,
    },
    lifecycle::together::{self, Refused},
    notify::content::CONTACT,
    store::inbox::Refusal,
    web::{
        answer::{Answer, Trouble},
        form::Posted,
        path::Path,
        view::{Check, FieldError, Purpose, answers, errors, own_days},
        visit::Visit,
        visitor::{Draft, Kept, Proven, Visitor},
    },
};

/// The form: its token, and what its page has shown; the answers are in the visitor's sealed cookie.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    pub(super) csrf: String,
    seen: String,
}

impl Form {
    fn fields(&self) -> Vec<(String, String)> {
        [("csrf", &self.csrf), ("seen", &self.seen)]
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .into()
    }
}

/// `GET /rounds/{slug}/check`
pub async fn show(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = visit.open_round(&slug).await?;
    let (visitor, page) = page(&visit, &round, Vec::new()).await?;
    let answer = visit.show(&page);
    Ok(match visitor {
        Some(visitor) => visit.with(&visitor, answer),
        None => answer,
    })
}

/// The page, and the visitor if what a counter has said of them since stands among their answers now.
async fn page(
    visit: &Visit,
    round: &Round,
    errors: Vec<FieldError>,
) -> Result<(Option<Visitor>, Check), Answer> {
    if visit.proven().is_none() {
        return Err(visit.trouble(Trouble::SignedOut(&round.row.slug, Purpose::Enter)));
    }
    let entry = entry_of(visit, round).await?;
    let (mut visitor, proven, draft) =
        drafted(visit, round, |draft| with_seen(round, entry.as_ref(), draft))?;
    let is_new = visitor.draft.as_ref().is_none_or(|before| before.fields != draft.fields);
    let check = Check {
        page: visit.page_of(round),
        title: visit.title(round),
        csrf: visit.csrf(&visitor),
        seen: draft.seen(&visit.app, visit.now, entry.as_ref().map(|mine| mine.at)),
        masked: proven.person.masked(),
        want: draft.want.unwrap_or_default(),
        lots: round.rules.weighting.map(|_| (u64::from(draft.misses), u64::from(draft.weight))),
        asks_amount: round.rules.lists("want"),
        answers: answers(&round.who, &draft.fields, visit.lang),
        days: match round.who.fields.is_empty() {
            true => Vec::new(),
            false => own_days(&round.rules, &draft.fields, visit.lang),
        },
        price_percent: price_percent(round),
        wishes: draft.wish.split('+').map(str::to_owned).collect(),
        closes_at: round.row.closes_at,
        change: entry.is_some_and(|mine| !mine.withdrawn),
        errors,
        slug: round.row.slug.clone(),
    };
    visitor.draft = Some(draft);
    Ok((is_new.then_some(visitor), check))
}

/// The answers with what only a counter says, as it stands in the entry and nowhere else.
pub fn with_seen(round: &Round, entry: Option<&MyEntry>, draft: Draft) -> Draft {
    // What stands in the entry of somebody else is theirs.
    let own = entry.filter(|mine| mine.lead.is_none()).map(|mine| mine.fields.as_str());
    Draft { fields: round.who.with_seen(&draft.fields, own), ..draft }
}

/// `POST /rounds/{slug}/entry`
pub async fn enter(Path(slug): Path<String>, Posted(visit, form): Posted<Form>) -> Result<Answer, Answer> {
    let round = visit.open_round(&slug).await?;
    let (mut visitor, proven, draft) = drafted(&visit, &round, |draft| draft)?;
    let moved = moved(&visit, &round, &draft, &form.seen).await.map_err(|answer| match answer.status() {
        // The database is away: the form waits on the page, as if it had not been kept.
        StatusCode::SERVICE_UNAVAILABLE => visit.away(format!("/rounds/{slug}/entry"), form.fields()),
        _ => answer,
    })?;
    if let Some(moved) = moved {
        let wrong = match moved {
            Moved::Answers => errors::check_answers_moved(visit.lang),
            Moved::Unsaid => errors::check_unsaid(visit.lang),
            Moved::Entry => errors::check_entry_moved(visit.lang),
            Moved::Withdrawn => errors::check_entry_withdrawn(visit.lang),
        };
        return Box::pin(again(&visit, &round, wrong)).await;
    }
    let want = draft.want.unwrap_or_default();
    let contact = told_at(&visit, &round, &proven, Purpose::Enter)?;
    let person_sealed = visit.app.keys.people().seal(CONTACT, &contact);
    let wanted = Wanted {
        weight: i32::try_from(draft.weight).unwrap_or(1),
        fields: draft.fields.clone(),
        miss_key: draft.miss_key.clone(),
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
        // On the heap: what it awaits is large, and the future of whoever enters alone would be moved with it.
        true => match Box::pin(share(&visit, &round, &proven, wanted, form.fields())).await? {
            Some(kept) => kept,
            // Somebody else has entered them, by what the list knows of them.
            None => return Box::pin(again(&visit, &round, errors::person_taken(visit.lang))).await,
        },
        false => append(&visit, &round, &proven, Act::Enter(wanted), form.fields()).await?,
    };
    let Draft { wish, fields, weight, miss_key, .. } = draft;
    visitor.kept = Some(Kept { want, wish, fields, weight, miss_key, ..kept });
    visitor.draft = None;
    Ok(visit.with(&visitor, visit.go(&format!("/rounds/{slug}/my"))))
}

/// The page once more, with what is wrong; nothing was recorded.
async fn again(visit: &Visit, round: &Round, wrong: FieldError) -> Result<Answer, Answer> {
    let (visitor, page) = page(visit, round, vec![wrong]).await?;
    let answer = visit.show_again(&page);
    Ok(match visitor {
        Some(visitor) => visit.with(&visitor, answer),
        None => answer,
    })
}

/// Enters where an entry can hold several people: nobody may be in two of them. `None`: somebody else has entered them.
async fn share(
    visit: &Visit,
    round: &Round,
    proven: &Proven,
    wanted: Wanted,
    fields: Vec<(String, String)>,
) -> Result<Option<Kept>, Answer> {
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
        Ok(done) => Ok(Some(Kept {
            lead: (done.entry != own).then_some(done.entry),
            slug,
            receipt: own,
            at: done.at,
            want: 0,
            wish: String::new(),
            fields: String::new(),
            seats: done.seats,
            weight: 1,
            miss_key: String::new(),
            withdrawn: false,
            fresh: true,
        })),
        Err(Refused::Elsewhere) if entry_of(visit, round).await?.is_none_or(|mine| mine.withdrawn) => {
            Ok(None)
        }
        Err(refused) => Err(refusal(visit, round, refused, "entry", fields).await),
    }
}

/// What is answered when an act was not recorded; `fields` is the form, for another try.
pub async fn refusal(
    visit: &Visit,
    round: &Round,
    refused: Refused,
    action: &str,
    fields: Vec<(String, String)>,
) -> Answer {
    let action = format!("/rounds/{}/{action}", round.row.slug);
    match refused {
        Refused::Database(error) => visit.database(error, &action, fields),
        Refused::NotOpen => visit.ended(round, Trouble::Closed(round)).await,
        // The page of the entry that they are in says why.
        _ => visit.go(&format!("/rounds/{}/my", round.row.slug)),
    }
}

/// Hands an act to the inbox and waits until it is durable. What is to be shown of it meanwhile,
/// amount and wish, is the caller's to add; `fields` is the form, for another try.
pub async fn append(
    visit: &Visit,
    round: &Round,
    proven: &Proven,
    act: Act,
    fields: Vec<(String, String)>,
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
            miss_key: String::new(),
            lead: None,
            withdrawn,
            fresh: true,
        }),
        // The clock moved on between the page and the commit; the commit decides.
        Err(Refusal::NotOpen) => Err(visit.ended(round, Trouble::Closed(round)).await),
        Err(Refusal::Full) => Err(visit.busy(action, fields)),
        Err(Refusal::Database) => Err(visit.away(action, fields)),
    }
}

/// Who, and what they answered, once more looked at; without answers, back to giving them.
fn drafted(
    visit: &Visit,
    round: &Round,
    look: impl FnOnce(Draft) -> Draft,
) -> Result<(Visitor, Proven, Draft), Answer> {
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
    match visitor.draft.clone().map(look).filter(still) {
        Some(draft) => Ok((visitor, proven, draft)),
        None => Err(visit.go(&format!("/rounds/{}/details", round.row.slug))),
    }
}
