//! A purchase that was taken in wrongly, from a file or a day sheet, is taken back on the word of two: it is no purchase in
//! the ledger any more, and whoever it was said of may buy while their time is.

use chrono::{DateTime, Utc};
use entities::{bought, taken_back};
use sea_orm::ConnectionTrait;

use super::queue;
use crate::{
    app::{App, Round, utc},
    domain::{
        because::Because,
        pass::{Verdict, Window},
    },
    lifecycle::{
        LifecycleError,
        announce::Staff,
        because, refused,
        sale::{Right, open_ledger, told},
    },
    store::{self, ledger},
};

/// So many at once: two people read every line.
const MOST: usize = 20;

/// A purchase that would be taken back, and what its entry may do then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakingBack {
    /// As it was taken in.
    pub purchase: bought::Model,
    /// When it can be bought again.
    pub window: Window,
    /// Whether that time is over.
    pub is_over: bool,
    /// When an offer comes that may give them a second time.
    pub next_offer: Option<DateTime<Utc>>,
}

/// What would be taken back.
///
/// # Errors
/// [`LifecycleError`]; refused where one of them cannot be.
pub async fn taking_back(
    db: &impl ConnectionTrait,
    round: &Round,
    receipts: &[String],
    now: DateTime<Utc>,
) -> Result<Vec<TakingBack>, LifecycleError> {
    let row = store::round::find(db, &round.row.slug).await?.ok_or_else(|| because(Because::NoRound))?;
    if row.voided_at.is_some() || row.purged_at.is_some() || !round.is_published(now) {
        return Err(because(Because::NoPurchases));
    }
    if !(1..=MOST).contains(&receipts.len()) {
        return Err(because(Because::PurchaseCount));
    }
    // What a seller's own system told us, signed and at once, is for that system to take back.
    let systems = round.sellers.iter().filter(|terms| terms.level == 3);
    let systems: Vec<String> = systems.map(|terms| store::bought::source_of(&terms.name)).collect();
    let made = usize::try_from(store::offer::count(db, row.id).await?).unwrap_or(usize::MAX);
    let after = round.rules.after.as_ref().filter(|_| round.catches_up());
    let next_offer = after.and_then(|after| after.offers_at.get(made)).map(|at| utc(*at));
    let mut all = Vec::new();
    for receipt in receipts {
        let purchase = store::bought::find(db, row.id, receipt).await?;
        let purchase = purchase.ok_or_else(|| because(Because::NoPurchase(receipt.clone())))?;
        if systems.contains(&purchase.source) {
            return Err(because(Because::PurchaseOfSystem(receipt.clone())));
        }
        // What it may do is what it could if nothing had been told.
        let right = Right::find(db, round, receipt).await?.map(|mut right| {
            right.said.bought = None;
            right.verdict(now)
        });
        let (window, is_over) = match right {
            Some(Verdict::Valid(window) | Verdict::NotYet(window)) => (window, false),
            Some(Verdict::Over(window)) => (window, true),
            // Its place is another's by now, or on its way to one: it would be sold twice.
            _ => return Err(because(Because::PlaceGone(receipt.clone()))),
        };
        let next_offer = next_offer.filter(|_| is_over);
        all.push(TakingBack { purchase, window, is_over, next_offer });
    }
    Ok(all)
}

/// What it follows from: something else by then is not what both have read.
pub fn stands(all: &[TakingBack]) -> String {
    format!("{all:?}")
}

/// Takes purchases back, in one transaction with the ledger.
///
/// # Errors
/// [`LifecycleError`].
pub async fn take_back(
    app: &App,
    round: &Round,
    receipts: &[String],
    staff: &Staff,
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    let txn = app.db.begin().await?;
    queue(&txn, round.row.id).await?;
    let all = taking_back(&txn, round, receipts, now).await?;
    let named = staff.settle(&txn, now, &stands(&all)).await?;
    open_ledger(&txn, round).await?;
    for TakingBack { purchase, window, .. } in all {
        let row = taken_back::Model {
            round_id: round.row.id,
            receipt: purchase.receipt.clone(),
            at: now,
            amount: purchase.amount,
            bought_at: purchase.at,
            source: purchase.source.clone(),
            staff: named.clone(),
        };
        if !store::taken_back::take_back(&txn, &purchase, row).await? {
            return Err(because(Because::Faster));
        }
        if !ledger::take_back(&txn, round.row.id, ledger::ROUND, purchase.amount).await? {
            return Err(refused("the ledger has fewer won than this purchase: nothing was changed"));
        }
        let data = serde_json::json!({
            "round": round.row.slug, "receipt": purchase.receipt, "until": told::instant(window.until),
        });
        told::tell(app, &txn, round, None, "pass.restored", data, now).await?;
    }
    txn.commit().await?;
    Ok(())
}
