//! What is said about places: given back by the entrant, kept after all, found ineligible by two members of
//! staff. Nothing follows before the next offer.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ConnectionTrait;

use super::{queue, steps};
use crate::{
    app::{App, Round, shift, utc},
    domain::{
        because::Because,
        ineligible::Reason,
        spread,
        standing::{self, Place, Standing},
    },
    lifecycle::{LifecycleError, announce::Staff, because, results, sale::told},
    store::{
        self, entry,
        fact::{INELIGIBLE, KEPT, RETURNED},
        notice,
    },
};

/// After so long everybody has seen it on the page.
const POINTLESS: TimeDelta = TimeDelta::days(14);

/// Where an entry stands, with everything that was said, as this transaction sees it.
struct Now {
    standing: Standing,
    /// The last fact that still counts.
    fact: Option<String>,
    bought: bool,
    /// Somebody is paying.
    paying: bool,
    /// When the next offer is made.
    next_offer: Option<DateTime<Utc>>,
}

impl Now {
    async fn find(
        txn: &impl ConnectionTrait,
        round: &Round,
        receipt: &str,
    ) -> Result<Option<Self>, LifecycleError> {
        let round_id = round.row.id;
        let Some(steps) = steps(txn, round_id, receipt).await? else { return Ok(None) };
        let shifts: Vec<_> = store::shift::list(txn, round_id).await?.iter().map(shift).collect();
        let made = usize::try_from(store::offer::count(txn, round_id).await?).unwrap_or(usize::MAX);
        let after = round.rules.after.as_ref();
        let fact = store::fact::find(txn, round_id, receipt).await?;
        Ok(Some(Self {
            standing: standing::standing(&steps, &shifts, u64::from(round.rules.grace_seconds)),
            fact: fact.map(|fact| fact.kind).filter(|kind| kind != KEPT),
            bought: store::bought::find(txn, round_id, receipt).await?.is_some(),
            paying: store::reservation::find_live(txn, round_id, receipt).await?.is_some(),
            next_offer: after.and_then(|after| after.offers_at.get(made)).map(|at| utc(*at)),
        }))
    }
}

/// Gives a place back, on the word of its entrant: at the next offer it goes on, until then it can be kept
/// after all. Returns whether it is given back now.
///
/// # Errors
/// [`LifecycleError`].
pub async fn give_back(
    app: &App,
    round: &Round,
    receipt: &str,
    now: DateTime<Utc>,
) -> Result<bool, LifecycleError> {
    let txn = app.db.begin().await?;
    queue(&txn, round.row.id).await?;
    let Some(stands) = Now::find(&txn, round, receipt).await? else { return Ok(false) };
    if stands.fact.as_deref() == Some(RETURNED) {
        return Ok(true);
    }
    let (Some(_), None, false, Some(next_offer)) =
        (stands.standing.place(), stands.fact, stands.bought || stands.paying, stands.next_offer)
    else {
        return Ok(false);
    };
    store::fact::insert(&txn, round.row.id, receipt, RETURNED, now, ["", ""]).await?;
    let said = store::fact::count_of(&txn, round.row.id, receipt).await?;
    tell(&txn, round, receipt, ("returned", said), now, next_offer).await?;
    told::tell(app, &txn, round, None, "pass.ended", ended(round, receipt, RETURNED), now).await?;
    txn.commit().await?;
    app.outbox.notify_waiters();
    Ok(true)
}

/// Keeps a place that was given back, as long as no offer has passed it on. Returns whether it is kept.
///
/// # Errors
/// [`LifecycleError`].
pub async fn keep(
    app: &App,
    round: &Round,
    receipt: &str,
    now: DateTime<Utc>,
) -> Result<bool, LifecycleError> {
    let txn = app.db.begin().await?;
    queue(&txn, round.row.id).await?;
    let Some(stands) = Now::find(&txn, round, receipt).await? else { return Ok(false) };
    if stands.standing.place().is_none() || stands.fact.as_deref() != Some(RETURNED) {
        return Ok(stands.standing.place().is_some() && stands.fact.is_none());
    }
    store::fact::insert(&txn, round.row.id, receipt, KEPT, now, ["", ""]).await?;
    notice::end_about(&txn, round.row.id, &[receipt.to_owned()], &["returned"], now).await?;
    txn.commit().await?;
    Ok(true)
}

/// An entry that two members of staff look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stands {
    /// Its place, if it has one.
    pub place: Option<Place>,
    /// When its place would go on.
    pub next_offer: Option<DateTime<Utc>>,
}

impl Stands {
    /// What a finding follows from.
    pub fn stands(&self) -> String {
        format!("{self:?}")
    }
}

/// Where an entry stands that would be found ineligible, or not after all (`None`).
///
/// # Errors
/// [`LifecycleError`]; refused where nothing would follow from it.
pub async fn look(
    db: &impl ConnectionTrait,
    round: &Round,
    receipt: &str,
    reason: Option<Reason>,
) -> Result<Stands, LifecycleError> {
    let stands = Now::find(db, round, receipt).await?;
    let stands = stands.ok_or_else(|| because(Because::NotDrawnIn))?;
    let is_ineligible = stands.fact.as_deref() == Some(INELIGIBLE);
    match () {
        () if matches!(stands.standing, Standing::Ended(_)) => Err(because(Because::Ended)),
        () if stands.bought => Err(because(Because::Bought)),
        () if stands.paying => Err(because(Because::Paying)),
        () if stands.next_offer.is_none() => Err(because(Because::NoOffer)),
        () if reason.is_some() == is_ineligible => {
            Err(because(if is_ineligible { Because::KnownAlready } else { Because::NeverFound }))
        }
        () => Ok(Stands { place: stands.standing.place(), next_offer: stands.next_offer }),
    }
}

/// Two members of staff find an entry ineligible, or not after all (`None`).
///
/// # Errors
/// [`LifecycleError`]; refused where nothing would follow from it.
pub async fn ineligible(
    app: &App,
    round: &Round,
    receipt: &str,
    reason: Option<Reason>,
    staff: &Staff,
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    let txn = app.db.begin().await?;
    queue(&txn, round.row.id).await?;
    let stands = look(&txn, round, receipt, reason).await?;
    let named = staff.settle(&txn, now, &stands.stands()).await?;
    let (kind, category) = reason.map_or((KEPT, ""), |reason| (INELIGIBLE, reason.key()));
    store::fact::insert(&txn, round.row.id, receipt, kind, now, [category, &named]).await?;
    match reason {
        Some(_) => {
            let said = store::fact::count_of(&txn, round.row.id, receipt).await?;
            tell(&txn, round, receipt, ("ended", said), now, now + POINTLESS).await?;
            told::tell(app, &txn, round, None, "pass.ended", ended(round, receipt, INELIGIBLE), now).await?;
        }
        None => notice::end_about(&txn, round.row.id, &[receipt.to_owned()], &["ended"], now).await?,
    }
    txn.commit().await?;
    app.outbox.notify_waiters();
    Ok(())
}

/// What sellers are told of a pass that is worth nothing any more.
fn ended(round: &Round, receipt: &str, why: &str) -> serde_json::Value {
    serde_json::json!({ "round": round.row.slug, "receipt": receipt, "why": why })
}

/// Tells whoever is in the entry, now or when the quiet hours are over.
async fn tell(
    txn: &impl ConnectionTrait,
    round: &Round,
    receipt: &str,
    (what, version): (&str, u64),
    now: DateTime<Utc>,
    pointless: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    let people = results::people_of(&results::joined(txn, round).await?, receipt);
    let (send_at, version) = (spread::awake(now), i32::try_from(version).unwrap_or(i32::MAX));
    let told = entry::list_hearers(txn, round.row.id, &people).await?;
    let mut planned = Vec::new();
    for (who, (channel, _)) in &told {
        planned.push(notice::planned(
            round.row.id,
            who,
            what,
            version,
            channel,
            send_at,
            pointless - send_at,
        ));
    }
    Ok(notice::insert_all(txn, planned.into_iter()).await?)
}
