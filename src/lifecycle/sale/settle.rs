//! What comes of a reservation: paid, given up, or failed. Each can be said twice and counts once.

use chrono::{DateTime, Utc};
use entities::{bought, reservation::Model};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{Refusal, Right, SaleError, queue, reserve, told};
use crate::{
    app::{App, Round},
    domain::{
        draft::Terms,
        pass::{self, Verdict},
    },
    store::{
        self, ledger,
        reservation::{self, EXPIRED, FAILED, HELD, REDEEMED, RELEASED},
    },
};

/// A seller's reservation, alone with it until the transaction ends.
async fn own(
    txn: &impl ConnectionTrait,
    round: &Round,
    seller: &Terms,
    id: &str,
) -> Result<Model, SaleError> {
    queue(txn, round).await?;
    let row = reservation::find(txn, id).await?;
    let own = row.filter(|row| row.seller == seller.name && row.round_id == round.row.id);
    Ok(own.ok_or(Refusal::NotFound)?)
}

/// It is paid: the entry has bought. Also after the time to pay ran out, as long as nobody has bought with the pass
/// meanwhile, its place has not gone on to others and there is room: somebody's money was taken.
///
/// # Errors
/// [`SaleError`]; then the transaction is to be given up.
pub async fn redeem(
    app: &App,
    txn: &impl ConnectionTrait,
    round: &Round,
    seller: &Terms,
    id: &str,
    now: DateTime<Utc>,
) -> Result<Model, SaleError> {
    let row = own(txn, round, seller, id).await?;
    if row.state == REDEEMED {
        return Ok(row);
    }
    if let Some(earlier) = store::bought::find(txn, row.round_id, &row.receipt).await? {
        let (amount, at) = (earlier.amount.unsigned_abs(), earlier.at);
        return Err(Refusal::Verdict(Verdict::Redeemed { amount, at }).into());
    }
    match row.state.as_str() {
        HELD => {
            reservation::settle(txn, id, REDEEMED, now).await?;
        }
        EXPIRED => {
            if let Some(other) = reservation::find_live(txn, row.round_id, &row.receipt).await? {
                return Err(Refusal::Held { until: other.until_at }.into());
            }
            // A place that has gone on to somebody else is theirs: the money is to be given back.
            match Right::find(txn, round, &row.receipt).await?.map(|right| right.verdict(now)) {
                Some(Verdict::Valid(_) | Verdict::NotYet(_) | Verdict::Over(_)) => {}
                other => return Err(Refusal::Verdict(other.unwrap_or(Verdict::NoPlace)).into()),
            }
            reserve::hold(txn, round, seller, &row).await?;
            reservation::settle_late(txn, id, now).await?;
        }
        _ => return Err(Refusal::Settled { state: row.state }.into()),
    }
    ledger::redeem(txn, row.round_id, ledger::ROUND, row.amount).await?;
    if seller.stock.is_some() {
        ledger::redeem(txn, row.round_id, &seller.name, row.people).await?;
    }
    let purchase = bought::Model {
        round_id: row.round_id,
        receipt: row.receipt.clone(),
        amount: row.amount,
        at: now,
        source: store::bought::source_of(&seller.name),
    };
    store::bought::insert_all(txn, vec![purchase]).await?;
    told::tell(app, txn, round, Some(seller), "reservation.redeemed", told::of(round, &row), now).await?;
    Ok(Model { state: REDEEMED.to_owned(), live: None, settled_at: Some(now), ..row })
}

/// The buyer gives it up. The pass is as it was.
///
/// # Errors
/// [`SaleError`]; then the transaction is to be given up.
pub async fn release(
    txn: &impl ConnectionTrait,
    round: &Round,
    seller: &Terms,
    id: &str,
    now: DateTime<Utc>,
) -> Result<Model, SaleError> {
    let row = own(txn, round, seller, id).await?;
    match row.state.as_str() {
        RELEASED => Ok(row),
        HELD => {
            free(txn, &row, RELEASED, now).await?;
            Ok(Model { state: RELEASED.to_owned(), live: None, settled_at: Some(now), ..row })
        }
        _ => Err(Refusal::Settled { state: row.state }.into()),
    }
}

/// The payment failed: the same pass is good for half an hour from now at least, up to a day past its own end. Returns
/// until when.
///
/// # Errors
/// [`SaleError`]; then the transaction is to be given up.
pub async fn fail(
    app: &App,
    txn: &impl ConnectionTrait,
    round: &Round,
    seller: &Terms,
    id: &str,
    now: DateTime<Utc>,
) -> Result<(Model, DateTime<Utc>), SaleError> {
    let row = own(txn, round, seller, id).await?;
    match row.state.as_str() {
        FAILED | EXPIRED => {
            let right = Right::find(txn, round, &row.receipt).await?;
            let until = right.and_then(|right| right.window()).map_or(row.until_at, |window| window.until);
            Ok((row, until))
        }
        HELD => {
            free(txn, &row, FAILED, now).await?;
            let until = extend(app, txn, round, &row, now).await?;
            Ok((Model { state: FAILED.to_owned(), live: None, settled_at: Some(now), ..row }, until))
        }
        _ => Err(Refusal::Settled { state: row.state }.into()),
    }
}

/// Gives back what a reservation held.
pub(super) async fn free(
    txn: &impl ConnectionTrait,
    row: &Model,
    state: &str,
    now: DateTime<Utc>,
) -> Result<(), SaleError> {
    if reservation::settle(txn, &row.id, state, now).await? {
        ledger::release(txn, row.round_id, ledger::ROUND, row.amount).await?;
        if ledger::find(txn, row.round_id, &row.seller).await?.is_some() {
            ledger::release(txn, row.round_id, &row.seller, row.people).await?;
        }
    }
    Ok(())
}

/// Holds the place for longer: the payment was begun in time, and it is not the buyer's fault.
pub(super) async fn extend(
    app: &App,
    txn: &impl ConnectionTrait,
    round: &Round,
    row: &Model,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, SaleError> {
    let right = Right::find(txn, round, &row.receipt).await?;
    let Some((right, window)) = right.and_then(|right| Some((right.clone(), right.window()?))) else {
        return Ok(now);
    };
    let until = pass::extended(window, right.own_until().unwrap_or(window.until), now);
    if until > window.until {
        reservation::extend(txn, row.round_id, &row.receipt, until, now, "payment").await?;
        let data = json!({ "round": round.row.slug, "receipt": row.receipt, "until": told::instant(until) });
        told::tell(app, txn, round, None, "pass.extended", data, now).await?;
    }
    Ok(until)
}
