//! A seller's list of purchases beside our ledger.

use std::collections::HashMap;

use crate::{
    app::{App, Round},
    domain::{
        purchase::{self, Whose},
        reconcile::{Purchase, Reconciled, reconcile},
    },
    lifecycle::LifecycleError,
    store,
};

/// Compares the purchases of a round with a list; with `seller`, only those that came from it.
///
/// # Errors
/// What the database said.
pub async fn reconciled(
    app: &App,
    round: &Round,
    text: &[u8],
    seller: Option<&str>,
) -> Result<Reconciled, LifecycleError> {
    let db = app.db.read();
    let lines = purchase::lines(text);
    let ids: Vec<String> =
        lines.iter().filter_map(|(_, line)| line.as_ref().ok()?.whose.handover()).collect();
    let handed: HashMap<String, String> = store::handover::list_receipts(db, round.row.id, &ids).await?;
    let source = seller.map(|seller| format!("seller {seller}"));
    let ours: Vec<Purchase> = store::bought::list_all(db, round.row.id)
        .await?
        .into_iter()
        .filter(|row| source.as_ref().is_none_or(|source| *source == row.source))
        .map(|row| Purchase { receipt: row.receipt, at: row.at, amount: row.amount.unsigned_abs() })
        .collect();
    let theirs: Vec<(usize, Result<Purchase, String>)> = lines
        .into_iter()
        .map(|(number, line)| {
            let read = line.and_then(|line| {
                let receipt = match line.whose {
                    Whose::Receipt(receipt) => receipt,
                    Whose::Handover(id) => handed
                        .get(&id)
                        .cloned()
                        .ok_or_else(|| format!("`{id}` names no hand-over of this round"))?,
                };
                Ok(Purchase { receipt, at: line.at, amount: line.amount })
            });
            (number, read)
        })
        .collect();
    Ok(reconcile(&ours, &theirs))
}
