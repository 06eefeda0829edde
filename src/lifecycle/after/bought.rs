//! What sellers tell of purchases. Who has bought is never moved, and only on a seller's word that nothing is
//! missing has anybody missed a time: without it everybody keeps what they have.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::{bought, round::Model};

use super::queue;
use crate::{
    app::App,
    domain::{
        purchase::{self, Line},
        standing::Standing,
    },
    lifecycle::{LifecycleError, refused},
    store,
};

/// What came of a seller's report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Purchases kept now.
    pub kept: usize,
    /// Purchases that were known, to the last won.
    pub known: usize,
    /// By line (from 1): what was not kept, and why.
    pub refused: Vec<(usize, String)>,
    /// By line: what was kept, and is strange.
    pub strange: Vec<(usize, String)>,
}

/// Keeps the purchases of a report. `until`: no purchase before then is missing in what was told.
///
/// # Errors
/// [`LifecycleError`].
pub async fn bought(
    app: &App,
    row: &Model,
    text: &[u8],
    source: &str,
    until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Report, LifecycleError> {
    app.rounds.forget();
    let round = app.rounds.find(&row.slug).await?.ok_or_else(|| refused("the round is gone"))?;
    if !round.is_published(now) {
        return Err(refused("nobody can have bought before the results are out"));
    }
    if until.is_some_and(|until| until > now) {
        return Err(refused("what will be bought until then is not known yet"));
    }
    let mut report = Report::default();
    let mut lines: Vec<(usize, Line)> = Vec::new();
    let mut first: HashMap<String, usize> = HashMap::new();
    for (number, line) in purchase::lines(text) {
        match line {
            Err(problem) => report.refused.push((number, problem)),
            Ok(line) => match first.get(&line.receipt) {
                Some(before) => {
                    report.refused.push((number, format!("the receipt stands in line {before} already")))
                }
                None => {
                    first.insert(line.receipt.clone(), number);
                    lines.push((number, line));
                }
            },
        }
    }
    let receipts: Vec<String> = lines.iter().map(|(_, line)| line.receipt.clone()).collect();

    let txn = app.db.begin().await?;
    queue(&txn, row.id).await?;
    let known = store::bought::list(&txn, row.id, &receipts).await?;
    let drawn = store::assignment::list_many(&txn, row.id, &receipts).await?;
    let moves = store::offer::list_all_moves(&txn, row.id, Some(&receipts)).await?;
    let mut kept = Vec::new();
    for (number, line) in lines {
        let Line { receipt, at, amount } = line;
        let won = i64::try_from(amount).unwrap_or(i64::MAX);
        if let Some(earlier) = known.get(&receipt) {
            match (earlier.amount, earlier.at) == (won, at) {
                true => report.known += 1,
                false => report.refused.push((
                    number,
                    format!(
                        "bought {} won at {} according to {}",
                        earlier.amount, earlier.at, earlier.source
                    ),
                )),
            }
            continue;
        }
        let Some(place) = drawn.get(&receipt) else {
            report.refused.push((number, "there is no such entry in this round".to_owned()));
            continue;
        };
        let steps = store::offer::steps(place, moves.get(&receipt).map_or(&[], Vec::as_slice));
        let standing = round.standing(&steps);
        match standing {
            _ if at > now => report.refused.push((number, "the time is in the future".to_owned())),
            Standing::Waiting => report.refused.push((number, "the entry has no place yet".to_owned())),
            _ => {
                let ended = matches!(standing, Standing::Ended(_));
                let place = standing.place();
                let more = place.is_some_and(|place| amount > place.amount);
                let early = place.is_some_and(|place| place.offer == 0 && at < place.turn.starts_at);
                for (is, what) in [
                    (ended, "the place had ended"),
                    (more, "more than the entry's amount"),
                    (early, "before the entry's time began"),
                ] {
                    if is {
                        report.strange.push((number, what.to_owned()));
                    }
                }
                let source = source.to_owned();
                kept.push(bought::Model { round_id: row.id, receipt, amount: won, at, source });
            }
        }
    }
    report.kept = kept.len();
    store::bought::insert_all(&txn, kept).await?;
    if let Some(until) = until {
        store::bought::insert_sales(&txn, row.id, now, until, source).await?;
    }
    txn.commit().await?;
    report.refused.sort_unstable();
    Ok(report)
}
