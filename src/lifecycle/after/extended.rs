//! Who holds a place longer than its time because a payment failed.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use crate::{
    app::Round,
    lifecycle::LifecycleError,
    store::{self, fact::KEPT},
};

/// Whose places are held past `from` because a payment failed, as [`super::shift::keep`] lengthens them: where they
/// begin, and until when they are held. Not who has bought since, or has no place to lose any more.
pub(super) async fn extended(
    db: &impl ConnectionTrait,
    round: &Round,
    from: DateTime<Utc>,
) -> Result<Vec<(i64, DateTime<Utc>, DateTime<Utc>)>, LifecycleError> {
    let id = round.row.id;
    let mut extended = store::reservation::list_extended(db, id).await?;
    extended.retain(|_, until| *until > from);
    let receipts: Vec<String> = extended.keys().cloned().collect();
    let said = store::fact::list(db, id, Some(&receipts)).await?;
    let bought: HashSet<String> = store::bought::list_receipts(db, id).await?.into_iter().collect();
    let mut moves = store::offer::list_all_moves(db, id, Some(&receipts)).await?;
    let mut held = Vec::new();
    for (receipt, drawn) in store::assignment::list_many(db, id, &receipts).await? {
        let is_gone = said.get(&receipt).is_some_and(|fact| fact.kind != KEPT);
        let steps = store::offer::steps(&drawn, &moves.remove(&receipt).unwrap_or_default());
        let begins = steps.last().and_then(|step| Some((step.offer, step.starts_at?)));
        let (Some((offer, at)), Some(until)) = (begins, extended.get(&receipt)) else { continue };
        if !is_gone && !bought.contains(&receipt) && round.standing(&steps).place().is_some() {
            held.push((offer, at, *until));
        }
    }
    Ok(held)
}
