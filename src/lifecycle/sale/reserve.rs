//! Holding an amount while somebody pays.

use chrono::{DateTime, TimeDelta, Utc};
use entities::reservation::Model;
use sea_orm::ConnectionTrait;

use super::{Refusal, Right, SaleError, expire, open_ledger, pass, queue};
use crate::{
    app::{App, Round},
    domain::{draft::Terms, pass::Verdict},
    secret::random_id,
    store::{ledger, reservation},
};

/// The shortest and longest time to pay, and what is usual; seconds.
pub const HOLD_SECONDS: [u32; 3] = [30, 3_600, 600];

/// What a seller asks for.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The pass.
    pub token: &'a str,
    /// Won; all that the pass is for if not said.
    pub amount: Option<u64>,
    /// For how long.
    pub hold_seconds: u32,
    /// The seller's own word for it.
    pub reference: &'a str,
}

/// Holds an amount for an entry, in the caller's transaction.
///
/// # Errors
/// [`SaleError`]; then the transaction is to be given up.
pub async fn reserve(
    app: &App,
    txn: &impl ConnectionTrait,
    round: &Round,
    seller: &Terms,
    asked: &Asked<'_>,
    now: DateTime<Utc>,
) -> Result<Model, SaleError> {
    let receipt = pass::read(app, round, seller, asked.token)?.sub;
    queue(txn, round).await?;
    if !round.is_buyable(now) {
        return Err(Refusal::Verdict(Verdict::NoPlace).into());
    }
    let right = Right::find(txn, round, &receipt).await?.ok_or(Refusal::NotAPass)?;
    if let Some(live) = reservation::find_live(txn, round.row.id, &receipt).await? {
        if live.until_at > now {
            return Err(Refusal::Held { until: live.until_at }.into());
        }
        expire::expire(app, txn, round, &live, now).await?;
    }
    // What ran out just now may have held the place for longer.
    let right = Right::find(txn, round, &receipt).await?.unwrap_or(right);
    let window = match right.verdict(now) {
        Verdict::Valid(window) => window,
        other => return Err(Refusal::Verdict(other).into()),
    };
    let amount = asked.amount.unwrap_or(window.amount);
    if amount > window.amount {
        return Err(Refusal::TooMuch { most: window.amount }.into());
    }
    let row = Model {
        id: format!("rsv_{}", random_id()),
        round_id: round.row.id,
        receipt,
        seller: seller.name.clone(),
        amount: i64::try_from(amount).unwrap_or(i64::MAX),
        people: i64::from(right.people),
        state: reservation::HELD.to_owned(),
        live: Some(1),
        reference: asked.reference.to_owned(),
        made_at: now,
        until_at: now + TimeDelta::seconds(asked.hold_seconds.into()),
        settled_at: None,
    };
    hold(txn, round, seller, &row).await?;
    reservation::insert(txn, row.clone()).await?;
    Ok(row)
}

/// Takes what a reservation needs out of the ledger.
///
/// # Errors
/// [`SaleError`].
pub(super) async fn hold(
    txn: &impl ConnectionTrait,
    round: &Round,
    seller: &Terms,
    row: &Model,
) -> Result<(), SaleError> {
    open_ledger(txn, round).await?;
    if !ledger::hold(txn, row.round_id, ledger::ROUND, row.amount).await? {
        return Err(Refusal::NoRoom.into());
    }
    if seller.stock.is_some() && !ledger::hold(txn, row.round_id, &seller.name, row.people).await? {
        return Err(Refusal::NoStock.into());
    }
    Ok(())
}
