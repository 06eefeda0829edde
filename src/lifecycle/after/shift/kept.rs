//! A shift as it is done: kept with its event, and told to everybody whom it concerns.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entities::{round::Model, shift as entity};
use public_audit::{Digest, journal::Act};
use sea_orm::ConnectionTrait;

use super::{Concerned, Shifting};
use crate::{
    app::{App, Round, instant},
    domain::{because::Because, standing::Shift},
    lifecycle::{
        LifecycleError,
        after::{
            news, queue,
            retold::{items, replace_unsent},
        },
        announce::Staff,
        because, log, refused,
        results::{self, people_of},
        sale::told,
    },
    store::{self, notice as notices},
};

/// Shifts the times of a round.
///
/// # Errors
/// [`LifecycleError`]; refused when an offer or another shift came between.
pub async fn shift(
    app: &App,
    row: &Model,
    mut shifting: Shifting,
    staff: &Staff,
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    let round = app.rounds.find(&row.slug).await?.ok_or_else(|| refused("the round is gone"))?;
    let seed = round.row.draw_seed.as_deref().and_then(|seed| seed.parse().ok());
    let seed: Digest = seed.ok_or_else(|| refused("the round is not drawn"))?;
    let txn = app.db.begin().await?;
    queue(&txn, row.id).await?;
    if !shifting.holds(&txn, row.id).await? {
        return Err(because(Because::Overtaken));
    }
    // On the day somebody buys every second. They need no other time, and nobody has to try again for that.
    let bought: HashSet<String> = store::bought::list_receipts(&txn, row.id).await?.into_iter().collect();
    shifting.concerned.retain(|one| !bought.contains(&one.receipt));
    // Before results are told there is nobody who knows another time.
    if round.row.drawn_at.is_some() && !round.is_held() {
        let joined = results::joined(&txn, &round).await?;
        let people: Vec<(String, &Concerned)> = shifting
            .concerned
            .iter()
            .flat_map(|one| people_of(&joined, &one.receipt).into_iter().map(move |who| (who, one)))
            .collect();
        let unsent = replace_unsent(&txn, row.id, &people, now).await?;
        let items = items(shifting.number, &people, &unsent, now);
        let told = news::notices(&txn, &round, &seed, items, now).await?;
        notices::insert_all(&txn, told.into_iter()).await?;
    }
    // On the day somebody buys every second: whose times move follows from what came before.
    let named = staff.settle(&txn, now, &shifting.comes_after()).await?;
    keep(&txn, row, &shifting, &named, now).await?;
    tell_sellers(app, &txn, &round, &shifting.shift, now).await?;
    txn.commit().await?;
    app.rounds.forget();
    app.outbox.notify_waiters();
    Ok(())
}

/// Sellers hear of it, in the transaction of its cause.
pub(in crate::lifecycle::after) async fn tell_sellers(
    app: &App,
    txn: &impl ConnectionTrait,
    round: &Round,
    shift: &Shift,
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    let Shift { from, by, reason, until, closed_until, .. } = shift;
    let mut data = serde_json::json!({
        "round": round.row.slug, "from": told::instant(*from), "seconds": by.num_seconds(), "reason": reason,
    });
    if let Some(until) = until {
        data["until"] = told::instant(*until).into();
    }
    let kind = match (until, closed_until) {
        (_, Some(_)) => "round.paused",
        (Some(_), None) => "round.extended",
        (None, None) => "round.shifted",
    };
    Ok(told::tell(app, txn, round, None, kind, data, now).await?)
}

/// Keeps a shift with its event, in the transaction of what follows from it.
///
/// # Errors
/// [`LifecycleError`].
pub async fn keep(
    txn: &impl ConnectionTrait,
    row: &Model,
    shifting: &Shifting,
    staff: &str,
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    let Shifting { shift, number, ends_at, .. } = shifting;
    let seconds = shift.by.num_seconds();
    let kept = entity::Model {
        round_id: row.id,
        number: *number,
        offers: shift.offers,
        at: now,
        from_at: shift.from,
        seconds,
        reason: shift.reason.clone(),
        until_at: shift.until,
        closed_until: shift.closed_until,
    };
    store::shift::insert(txn, kept).await?;
    // Who had been given longer because a payment failed has it for as much longer.
    for (receipt, until) in store::reservation::list_extended(txn, row.id).await? {
        if until > shift.from {
            let until = until + shift.by;
            store::reservation::extend(txn, row.id, &receipt, until, now, "shift").await?;
        }
    }
    store::round::extend(txn, row.id, *ends_at).await?;
    let (from, reason) = (instant(shift.from), shift.reason.clone());
    let seconds = u64::try_from(seconds).map_err(refused)?;
    let act = match shift.until {
        None => Act::Shifted { from, seconds, reason },
        Some(until) => Act::Extended { from, until: instant(until), seconds, reason },
    };
    log(txn, row, now, act, staff).await
}
