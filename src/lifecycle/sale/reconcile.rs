//! A seller's list of purchases beside our ledger.

use std::collections::HashMap;

use crate::{
    app::{App, Round},
    domain::{
        purchase::{self, Whose},
        reconcile::{Purchase, Reconciled, reconcile},
    },
    lifecycle::{LifecycleError, refused},
    store,
};

/// Compares the purchases of a round with a list; with `seller`, only those that it told of, at whatever level.
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
    // A list of a hundred thousand lines is read and compared beside the requests, not among them.
    let text = text.to_vec();
    let lines = tokio::task::spawn_blocking(move || purchase::lines(&text)).await.map_err(refused)?;
    let ids: Vec<String> =
        lines.iter().filter_map(|(_, line)| line.as_ref().ok()?.whose.handover()).collect();
    let handed: HashMap<String, String> = store::handover::list_receipts(db, round.row.id, &ids).await?;
    let source = seller.map(store::bought::source_of);
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
    tokio::task::spawn_blocking(move || reconcile(&ours, &theirs)).await.map_err(refused)
}
