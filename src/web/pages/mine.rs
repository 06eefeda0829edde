//! My entry: where it stands, in one of five words.

use axum::{http::header, response::IntoResponse};
use chrono::{DateTime, TimeDelta, Utc};
use public_audit::{Entry, seal::EntryNote};
use serde::{Deserialize, Serialize};

use super::{
    fault::fault_of,
    moment::{pass_of, waiting},
    place::{MyPlace, place_of},
    roster::listed,
    round::price_percent,
    told::{Told, told},
};
use crate::{
    app::{Round, instant},
    domain::{draft::Terms, ineligible::Reason, state::State, who::pairs},
    lifecycle::{batch::PROMISE, seal::signer},
    notify::message::reason_in_words,
    store::fact,
    web::{
        answer::{Answer, Trouble},
        held::Hold,
        path::Path,
        view::{Mine, MineState, NoEntry, Purpose, answers, own_days},
        visit::Visit,
    },
    words::Lang,
};

/// A page waits for so long without showing anew who looks at it …
const WAITS: TimeDelta = TimeDelta::hours(6);
/// … and for so long after the second that it waits for.
const AFTER: TimeDelta = TimeDelta::minutes(30);

/// An entry as its owner may see it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MyEntry {
    /// Its public code.
    pub receipt: String,
    /// Won for each person.
    pub want: u64,
    /// As in the pool line.
    pub wish: String,
    /// Cohort and reserve fields, as an entry keeps them.
    pub fields: String,
    /// People.
    pub seats: u32,
    /// Lots.
    pub weight: u32,
    /// The receipt of the entry that the person is a member of, if it is another's.
    pub lead: Option<String>,
    /// When it was entered or last changed.
    pub at: DateTime<Utc>,
    /// Whether it is withdrawn.
    pub withdrawn: bool,
    /// The digest of what was agreed to; empty where nothing was asked.
    #[serde(default)]
    pub consent_digest: String,
    /// Under which pseudonym a miss is remembered; empty for none.
    #[serde(default)]
    pub miss_key: String,
    /// Where its owner is told of it.
    #[serde(skip)]
    pub told: Told,
}

impl MyEntry {
    /// Won in all.
    pub fn total(&self) -> u64 {
        self.want.saturating_mul(u64::from(self.seats.max(1)))
    }
}

/// The visitor's entry in a round. What was acknowledged a moment ago counts, folded or not.
///
/// # Errors
/// The answer to give instead.
pub async fn entry_of(visit: &Visit, round: &Round) -> Result<Option<MyEntry>, Answer> {
    let Some(proven) = visit.proven() else { return Ok(None) };
    let looks = visit.path.split('/').nth(3).is_some_and(|page| page.starts_with("my") || page == "gate");
    let purpose = if looks { Purpose::My } else { Purpose::Enter };
    listed(visit, round, proven, purpose).await?;
    let Some(receipt) = round.receipt(proven.person_key(round)) else { return Ok(None) };
    let receipt = receipt.to_string();
    let folded = find(visit, round, &receipt).await?;
    // Once the pool is sealed, only what is in it counts: everything acknowledged was folded before.
    let kept = visit.visitor.as_ref().filter(|_| round.row.sealed_at.is_none());
    let kept = kept.and_then(|visitor| visitor.kept.clone());
    let kept =
        kept.filter(|kept| kept.receipt == receipt && folded.as_ref().is_none_or(|entry| entry.at < kept.at));
    let kept = kept.map(|kept| MyEntry {
        receipt: kept.receipt,
        want: kept.want,
        wish: kept.wish,
        fields: kept.fields,
        seats: kept.seats,
        weight: kept.weight,
        lead: kept.lead,
        at: kept.at,
        withdrawn: kept.withdrawn,
        consent_digest: proven.consented(&round.row.slug).unwrap_or_default().to_owned(),
        miss_key: kept.miss_key,
        told: Told::Here,
    });
    in_which(visit, round, kept.or(folded)).await
}

/// The entry that somebody is in, which may be another's.
///
/// # Errors
/// The answer to give instead.
pub async fn in_which(
    visit: &Visit,
    round: &Round,
    mine: Option<MyEntry>,
) -> Result<Option<MyEntry>, Answer> {
    match mine {
        Some(MyEntry { lead: Some(lead), at, told, withdrawn: false, .. }) => {
            Ok(Some(MyEntry { told, ..led(visit, round, lead, at).await? }))
        }
        // Whoever left another's entry takes nothing of it along: what stands in it are the other's answers.
        Some(mine) if mine.lead.is_some() => {
            Ok(Some(MyEntry { want: 0, wish: String::new(), fields: String::new(), ..mine }))
        }
        mine => Ok(mine),
    }
}

/// The entry of a receipt, as it is folded.
///
/// # Errors
/// The answer to give instead.
pub async fn find(visit: &Visit, round: &Round, receipt: &str) -> Result<Option<MyEntry>, Answer> {
    let folded = visit.app.gathered.entry(round.row.id, receipt).await;
    Ok(folded.map_err(|error| visit.failed(error))?.map(|entry| MyEntry {
        receipt: entry.receipt,
        want: u64::try_from(entry.want / i64::from(entry.seats.max(1))).unwrap_or_default(),
        wish: entry.wish,
        fields: entry.fields,
        seats: u32::try_from(entry.seats).unwrap_or(1),
        weight: u32::try_from(entry.weight).unwrap_or(1),
        lead: entry.lead,
        at: entry.changed_at,
        withdrawn: entry.withdrawn_at.is_some(),
        consent_digest: entry.consent_digest,
        miss_key: entry.miss_key,
        told: Told::of(&entry.channel, entry.person_sealed),
    }))
}

/// The entry that the visitor is a member of. Until the fold has seen it nothing is known but its receipt.
async fn led(visit: &Visit, round: &Round, lead: String, at: DateTime<Utc>) -> Result<MyEntry, Answer> {
    let entry = visit.app.gathered.entry(round.row.id, &lead).await;
    let entry = entry.map_err(|error| visit.failed(error))?;
    let seats = entry.as_ref().map_or(0, |entry| u32::try_from(entry.seats).unwrap_or(0));
    let want = entry.as_ref().map_or(0, |entry| u64::try_from(entry.want).unwrap_or_default());
    Ok(MyEntry {
        want: want / u64::from(seats.max(1)),
        wish: entry.as_ref().map_or("any".to_owned(), |entry| entry.wish.clone()),
        fields: entry.as_ref().map_or(String::new(), |entry| entry.fields.clone()),
        seats,
        weight: entry.as_ref().map_or(1, |entry| u32::try_from(entry.weight).unwrap_or(1)),
        at: entry.as_ref().map_or(at, |entry| entry.changed_at),
        withdrawn: false,
        // What the others agreed to is theirs.
        consent_digest: String::new(),
        miss_key: String::new(),
        told: Told::Here,
        receipt: lead.clone(),
        lead: Some(lead),
    })
}

/// `GET /rounds/{slug}/my`
pub async fn show(mut visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = visit.kept_round(&slug).await?;
    if visit.proven().is_none() {
        return Ok(visit.go(&format!("/rounds/{slug}/enter?purpose=my")));
    }
    let Some(mine) = entry_of(&visit, &round).await? else {
        return Ok(visit.show(&NoEntry {
            page: visit.page_of(&round),
            title: visit.title(&round),
            state: round.state(visit.now),
            opens_at: round.row.opens_at,
            closes_at: round.row.closes_at,
            slug,
        }));
    };
    let mut visitor = visit.visitor();
    // What was recorded for another round, or for whoever was here before, is greeted there or not at all.
    let own = visit.proven().and_then(|proven| round.receipt(proven.person_key(&round)));
    let own = own.map(|receipt| receipt.to_string());
    let theirs = visitor.kept.as_mut();
    let theirs = theirs.filter(|kept| kept.slug == slug && own.as_ref() == Some(&kept.receipt));
    let fresh = theirs.is_some_and(|kept| std::mem::take(&mut kept.fresh));
    let place = place(&visit, &round, &mine).await?;
    // A withdrawn entry is not in the pool: a receipt for it would be false proof of a fault.
    let signed_receipt =
        // Of an entry that is not folded yet, a member knows no line.
        if mine.withdrawn || mine.seats == 0 { String::new() } else { signed(&visit, &round, &mine)? };
    let days = match place.state == MineState::Entered && !round.who.fields.is_empty() {
        true => own_days(&round.rules, &mine.fields, visit.lang),
        false => Vec::new(),
    };
    let paused_until = match place.state {
        MineState::Assigned { starts_at, until, .. } if visit.now < until => {
            round.paused_until(visit.now).filter(|paused| starts_at < *paused)
        }
        _ => None,
    };
    let moment = match place.state {
        MineState::Assigned { starts_at, .. } if visit.now < paused_until.unwrap_or(starts_at) => {
            Some(waiting(&visit, &round, paused_until.unwrap_or(starts_at)))
        }
        _ => None,
    };
    // Whoever waits here for their own second is known when it comes: the page goes on by itself.
    let stays = match place.state {
        MineState::Assigned { starts_at, .. } if moment.is_some() && starts_at - visit.now <= WAITS => {
            visitor.wait(starts_at + AFTER)
        }
        _ => false,
    };
    visit.visitor = Some(visitor.clone());
    let pass = match (&place.state, &place.holds) {
        (MineState::Assigned { starts_at, .. }, Some(holds)) if visit.now >= *starts_at => {
            pass_of(&visit, &round, &mine, holds).await?
        }
        _ => None,
    };
    let page = visit.show(&Mine {
        pass,
        moment,
        page: visit.page_of(&round),
        csrf: visit.csrf(&visitor),
        title: visit.title(&round),
        want: mine.total(),
        seats: u64::from(mine.seats),
        weight: (mine.weight > 1).then_some(u64::from(mine.weight)),
        told: told(&visit, &round, &mine),
        remembered: round
            .rules
            .weighting
            .filter(|_| mine.lead.is_none() && !mine.withdrawn)
            .map(|_| !mine.miss_key.is_empty()),
        member: mine.lead.is_some(),
        shared: round.who.is_shared(),
        asks_amount: round.rules.lists("want"),
        price_percent: price_percent(&round),
        wishes: mine.wish.split('+').map(str::to_owned).collect(),
        answers: answers(&round.who, &mine.fields, visit.lang),
        days,
        entered_at: mine.at,
        consent_digest: mine.consent_digest,
        state: place.state,
        fault: place.fault,
        changes: place.changes,
        give_back_until: place.give_back_until,
        fresh,
        changeable: round.state(visit.now) == State::Open,
        closes_at: round.row.closes_at,
        results_at: round.row.results_at,
        sellers: sellers(&round, visit.lang),
        signed_receipt,
        receipt: mine.receipt,
        slug,
    });
    // Also in the last minutes before one's own second: that begins with one, as does the end of a pause, so a page of the
    // second before is never shown in it; and the time that its script counts from is said anew each time (`web::held`).
    Ok(if fresh || stays { visit.with(&visitor, page) } else { Hold::Second.mark(page) })
}

/// Where to buy. Behind a gate the way leads through it, from one's own second on.
pub fn sellers(round: &Round, lang: Lang) -> Vec<(String, Option<String>)> {
    let place = |terms: &Terms| {
        let href = terms.url.clone().filter(|_| terms.level != 1);
        (terms.words(lang.is_korean()).to_owned(), href)
    };
    round.sellers.iter().map(place).collect()
}

/// `GET /rounds/{slug}/my/receipt.txt`
pub async fn receipt(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = visit.kept_round(&slug).await?;
    if visit.proven().is_none() {
        return Err(visit.trouble(Trouble::SignedOut(&slug, Purpose::My)));
    }
    let mine = entry_of(&visit, &round).await?.filter(|mine| !mine.withdrawn && mine.seats > 0);
    let Some(mine) = mine else { return Err(visit.trouble(Trouble::NotFound)) };
    let note = signed(&visit, &round, &mine)?;
    let name = format!("attachment; filename=\"{slug}-{}.txt\"", mine.receipt);
    Ok((
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CONTENT_DISPOSITION, name.as_str())],
        note,
    )
        .into_response())
}

/// The signed receipt. Ed25519 signatures are deterministic: asked for twice, it is the same text.
///
/// # Errors
/// The answer to give instead.
pub fn signed(visit: &Visit, round: &Round, mine: &MyEntry) -> Result<String, Answer> {
    let receipt = mine.receipt.parse().map_err(|error| visit.failed(error))?;
    let entry = Entry {
        receipt,
        seats: mine.seats,
        want: mine.total(),
        weight: mine.weight,
        wish: mine.wish.clone(),
        others: pairs(&mine.fields).map(|(_, value)| value.to_owned()).collect(),
    };
    let line = entry.line(&round.rules).map_err(|error| visit.failed(error))?;
    let note = EntryNote {
        round: round.rules.round.clone(),
        line,
        entered_at: instant(mine.at),
        logged_by: instant(mine.at + PROMISE),
    };
    let signer = signer(&visit.app, &round.rules).map_err(|error| visit.failed(error))?;
    let text = note.to_text();
    let from = format!("{}\n{text}", round.rules.signing_key);
    let made = visit.app.notes.get(from.as_bytes(), visit.now, || signer.sign(&text));
    made.map(|made| made.to_string()).map_err(|error| visit.failed(error))
}

/// Why two members of staff took an entry out before the seal, if they did: then it was not its entrant.
///
/// # Errors
/// The answer to give instead.
pub async fn struck(
    visit: &Visit,
    round: &Round,
    receipt: &str,
    is_member: bool,
) -> Result<Option<String>, Answer> {
    if round.row.closed_at.is_none() {
        return Ok(None);
    }
    let said = fact::find(visit.app.db.read(), round.row.id, receipt).await;
    let said = said.map_err(|error| visit.failed(error))?.filter(|fact| fact.kind == fact::STRUCK);
    let reason = said.and_then(|fact| Reason::from_key(&fact.category));
    Ok(reason.map(|reason| reason_in_words(reason.told(is_member), visit.lang)))
}

/// Where an entry stands now, whoever asks.
///
/// # Errors
/// The answer to give instead.
pub async fn place(visit: &Visit, round: &Round, mine: &MyEntry) -> Result<MyPlace, Answer> {
    let only =
        |state| MyPlace { state, changes: Vec::new(), give_back_until: None, fault: None, holds: None };
    if round.row.voided_at.is_some() {
        return Ok(only(MineState::Voided));
    }
    if mine.withdrawn {
        // By their own receipt: whoever left an entry before it was struck has nothing to do with why.
        if let Some(reason) = struck(visit, round, &mine.receipt, mine.lead.is_some()).await? {
            return Ok(only(MineState::Ineligible { reason, until: None }));
        }
        return Ok(only(MineState::Withdrawn { at: mine.at }));
    }
    if !round.is_published(visit.now) {
        let held = round.is_held() && visit.now >= round.row.results_at;
        let place = only(if held { MineState::Held } else { MineState::Entered });
        return Ok(MyPlace { fault: fault_of(visit, round, &place.state).await, ..place });
    }
    let place = place_of(visit, round, &mine.receipt, mine.lead.is_some()).await?;
    // Who is in the entry of somebody else cannot give it back for all of them.
    let give_back_until = place.give_back_until.filter(|_| mine.lead.is_none());
    let fault = fault_of(visit, round, &place.state).await;
    Ok(MyPlace { give_back_until, fault, ..place })
}
