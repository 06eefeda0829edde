//! Buying: what a pass is worth now, what is held while somebody pays, what is bought, and what sellers are told.
//!
//! Whoever changes anything here first queues with everything else that says something about the places of
//! the round, so that an offer never overlooks somebody who is paying.

pub mod expire;
pub mod gate;
pub mod list;
pub mod pass;
pub mod reconcile;
pub mod reserve;
pub mod right;
pub mod settle;
pub mod told;

use chrono::{DateTime, Utc};
use public_audit::rules::Mode;
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    app::Round,
    domain::pass::Verdict,
    store::{self, ledger},
};

pub use right::Right;

/// What keys of sellers are digested for.
pub const SELLER_KEY: &str = "seller key";
/// What secrets of webhooks are sealed for.
pub const WEBHOOK_SECRET: &str = "webhook secret";

/// Why something about a purchase was refused. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not a pass of ours, of this round, for this seller.
    NotAPass,
    /// A pass that does not buy now.
    Verdict(Verdict),
    /// Somebody is paying with it already.
    Held {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// More than the pass is for.
    TooMuch {
        /// Won.
        most: u64,
    },
    /// The ledger has no room: more was told to be bought elsewhere than was given out.
    NoRoom,
    /// The seller's stock is used up.
    NoStock,
    /// There is no such reservation of this seller.
    NotFound,
    /// It has come to something else.
    Settled {
        /// What.
        state: String,
    },
}

/// Why it did not happen.
#[derive(Debug, thiserror::Error)]
pub enum SaleError {
    /// What the database said.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// It is not to happen.
    #[error("{0:?}")]
    Refused(Refusal),
}

impl From<Refusal> for SaleError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Waits until nobody else writes about the places of this round.
async fn queue(txn: &impl ConnectionTrait, round: &Round) -> Result<(), DbErr> {
    super::after::queue(txn, round.row.id).await
}

/// Opens the accounts of a round, unless they are: its budget in won, and each seller's stock in people.
///
/// # Errors
/// What the database said.
pub async fn open_ledger(txn: &impl ConnectionTrait, round: &Round) -> Result<(), DbErr> {
    let id = round.row.id;
    if ledger::find(txn, id, ledger::ROUND).await?.is_some() {
        return Ok(());
    }
    let rules = &round.rules;
    let funds = rules.funds.iter().map(|fund| fund.budget).sum::<u64>();
    let most = match rules.mode {
        // Everybody gets what they want, whatever it comes to.
        Mode::Everyone if rules.funds.is_empty() => {
            store::entry::sum_wanted(txn, id).await?.max(store::assignment::sum_drawn(txn, id).await?)
        }
        Mode::Everyone => i64::try_from(funds).unwrap_or(i64::MAX),
        _ => i64::try_from(rules.goods.budget).unwrap_or(i64::MAX),
    };
    let bought = store::bought::sum(txn, id).await?;
    ledger::open(txn, id, ledger::ROUND, most, bought).await?;
    // Whose purchases are only told of in lists counts its own stock.
    for terms in round.sellers.iter().filter(|terms| terms.level == 3) {
        if let Some(stock) = terms.stock {
            ledger::open(txn, id, &terms.name, i64::try_from(stock).unwrap_or(i64::MAX), 0).await?;
        }
    }
    Ok(())
}
