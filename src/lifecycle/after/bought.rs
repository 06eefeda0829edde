//! What sellers tell of purchases. Who has bought is never moved, and only on a seller's word that nothing is
//! missing has anybody missed a time: without it everybody keeps what they have.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use entities::{bought, round::Model};
use sea_orm::ConnectionTrait;

use super::{offer, queue};
use crate::{
    app::{App, Round},
    domain::{
        because::Because,
        purchase::{self, Line, Whose},
        standing::Standing,
    },
    lifecycle::{LifecycleError, because, refused, sale::open_ledger},
    store::{self, ledger},
};

const MORE: &str = "more than the entry's amount";
const EARLY: &str = "before the entry's time began";
const ENDED: &str = "the place had ended";
const FULL: &str = "with this purchase more would be bought than there is: ask the seller what was sold";
/// It may be bought or not: who told of it tells again.
pub(in crate::lifecycle) const PAYING: &str =
    "somebody is paying with this entry's pass right now: import the list again in some minutes";

/// What came of a seller's report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Purchases kept now.
    pub kept: usize,
    /// Won of those that are kept.
    pub won: i64,
    /// Purchases that were known, to the last won.
    pub known: usize,
    /// By line (from 1): what was not kept, and why.
    pub refused: Vec<(usize, String)>,
    /// By line: what was kept, and is strange.
    pub strange: Vec<(usize, String)>,
    /// Where no other purchase is to be missing: how many will have missed their time by that word.
    pub missed: Option<usize>,
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
    taken(app, row, text, source, until, now, How { keeps: true, capped: false }).await
}

/// How a report is taken in.
#[derive(Clone, Copy, Debug)]
pub struct How {
    /// Else nothing is kept, and the report says what would be.
    pub keeps: bool,
    /// More than an entry's amount, and anything by one whose place went on to others, would be taken from everybody else;
    /// a time before its own cannot have been: these are refused, not only strange.
    pub capped: bool,
}

/// Keeps the purchases of a report, or says what would be kept.
///
/// # Errors
/// [`LifecycleError`].
pub async fn taken(
    app: &App,
    row: &Model,
    text: &[u8],
    source: &str,
    until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    how: How,
) -> Result<Report, LifecycleError> {
    let told = Told::read(app, row, text, until, now).await?;
    let missed = match until {
        Some(until) => {
            let told: HashSet<&str> = told.lines.iter().map(|(_, receipt, _)| receipt.as_str()).collect();
            Some(offer::count_missed(app, row, &told, until).await?)
        }
        None => None,
    };
    let txn = app.db.begin().await?;
    let report = Report { missed, ..told.keep(&txn, source, how.capped).await? };
    if how.keeps {
        txn.commit().await?;
    }
    Ok(report)
}

/// What would come of a report if it were kept now. Nothing is, and nobody waits for it.
pub(in crate::lifecycle) async fn foreseen(
    app: &App,
    round: Arc<Round>,
    text: &[u8],
    now: DateTime<Utc>,
    capped: bool,
) -> Result<Report, LifecycleError> {
    let (db, id) = (app.db.read(), round.row.id);
    let mut told = Told::of(app, round, text, None, now).await?;
    let purchases = told.judge(db, "", capped).await?;
    let mut report = told.report;
    // Without an account nothing is held or bought yet.
    let account = ledger::find(db, id, ledger::ROUND).await?;
    let mut left = account.map_or(i64::MAX, |account| account.most - account.held - account.redeemed);
    for (number, purchase) in purchases {
        if purchase.amount <= left {
            left -= purchase.amount;
            report.kept += 1;
            report.won += purchase.amount;
        } else {
            report.refused.push((number, FULL.to_owned()));
        }
    }
    report.refused.sort_unstable();
    Ok(report)
}

/// A report that was read, and of which nothing is kept yet.
pub(in crate::lifecycle) struct Told {
    round: Arc<Round>,
    /// By line: the receipt, and what it bought.
    lines: Vec<(usize, String, Line)>,
    until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    report: Report,
}

impl Told {
    /// Reads a report, as a seller sends it.
    pub(in crate::lifecycle) async fn read(
        app: &App,
        row: &Model,
        text: &[u8],
        until: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<Self, LifecycleError> {
        app.rounds.forget();
        let round = app.rounds.find(&row.slug).await?.ok_or_else(|| refused("the round is gone"))?;
        Self::of(app, round, text, until, now).await
    }

    /// The same, of a round as it was seen.
    async fn of(
        app: &App,
        round: Arc<Round>,
        text: &[u8],
        until: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<Self, LifecycleError> {
        if !round.is_published(now) {
            return Err(because(Because::NobodyBought));
        }
        if until.is_some_and(|until| until > now) {
            return Err(because(Because::UntilFuture));
        }
        let mut report = Report::default();
        let mut read: Vec<(usize, Line)> = Vec::new();
        let mut first: HashMap<String, usize> = HashMap::new();
        for (number, line) in purchase::lines(text) {
            match line {
                Err(problem) => report.refused.push((number, problem)),
                Ok(line) => read.push((number, line)),
            }
        }
        // A seller behind the gate knows people by the name of their hand-over.
        let ids: Vec<String> = read.iter().filter_map(|(_, line)| line.whose.handover()).collect();
        let handed = store::handover::list_receipts(app.db.read(), round.row.id, &ids).await?;
        let mut lines: Vec<(usize, String, Line)> = Vec::new();
        for (number, line) in read {
            let receipt = match &line.whose {
                Whose::Receipt(receipt) => receipt.clone(),
                Whose::Handover(id) => match handed.get(id) {
                    Some(receipt) => receipt.clone(),
                    None => {
                        report.refused.push((number, format!("`{id}` names no hand-over of this round")));
                        continue;
                    }
                },
            };
            match first.get(&receipt) {
                Some(before) => {
                    report.refused.push((number, format!("the receipt stands in line {before} already")))
                }
                None => {
                    first.insert(receipt.clone(), number);
                    lines.push((number, receipt, line));
                }
            }
        }
        Ok(Self { round, lines, until, now, report })
    }

    /// Keeps it, in the caller's transaction, which is alone with the places of the round from then on.
    pub(in crate::lifecycle) async fn keep(
        mut self,
        txn: &impl ConnectionTrait,
        source: &str,
        capped: bool,
    ) -> Result<Report, LifecycleError> {
        queue(txn, self.round.row.id).await?;
        let kept = self.judge(txn, source, capped).await?;
        let Self { round, until, now, mut report, .. } = self;
        let kept = in_ledger(txn, &round, kept, &mut report).await?;
        report.kept = kept.len();
        report.won = kept.iter().map(|one| one.amount).sum();
        store::bought::insert_all(txn, kept).await?;
        if let Some(until) = until {
            store::bought::insert_sales(txn, round.row.id, now, until, source).await?;
        }
        report.refused.sort_unstable();
        Ok(report)
    }

    /// Which of the lines are purchases to be kept, as it stands now; the report says of the others why not.
    async fn judge(
        &mut self,
        txn: &impl ConnectionTrait,
        source: &str,
        capped: bool,
    ) -> Result<Vec<(usize, bought::Model)>, LifecycleError> {
        let (lines, now) = (std::mem::take(&mut self.lines), self.now);
        let (round, report) = (&self.round, &mut self.report);
        let row = &round.row;
        let receipts: Vec<String> = lines.iter().map(|(_, receipt, _)| receipt.clone()).collect();
        let known = store::bought::list(txn, row.id, &receipts).await?;
        let drawn = store::assignment::list_many(txn, row.id, &receipts).await?;
        let moves = store::offer::list_all_moves(txn, row.id, Some(&receipts)).await?;
        let paying = store::reservation::list_paying(txn, row.id).await?;
        let paying: HashSet<String> = paying.into_iter().collect();
        let mut kept = Vec::new();
        for (number, receipt, line) in lines {
            let Line { at, amount, .. } = line;
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
                // It is not known which of the two will come to pass.
                _ if paying.contains(&receipt) => report.refused.push((number, PAYING.to_owned())),
                _ if at > now => report.refused.push((number, "the time is in the future".to_owned())),
                Standing::Waiting => report.refused.push((number, "the entry has no place yet".to_owned())),
                _ => {
                    let ended = matches!(standing, Standing::Ended(_));
                    let place = standing.place();
                    let more = place.is_some_and(|place| amount > place.amount);
                    let early = place.is_some_and(|place| place.offer == 0 && at < place.turn.starts_at);
                    let strange = [(ended, ENDED), (more, MORE), (early, EARLY)];
                    let mut strange = strange.into_iter().filter(|(is, _)| *is).map(|(_, what)| what);
                    if capped && let Some(why) = strange.next() {
                        report.refused.push((number, why.to_owned()));
                        continue;
                    }
                    report.strange.extend(strange.map(|what| (number, what.to_owned())));
                    let source = source.to_owned();
                    kept.push((number, bought::Model { round_id: row.id, receipt, amount: won, at, source }));
                }
            }
        }
        Ok(kept)
    }
}

/// Books purchases in the ledger. What is more than there is, is refused by name: then somebody sold what was never
/// given out.
async fn in_ledger(
    txn: &impl ConnectionTrait,
    round: &Round,
    purchases: Vec<(usize, bought::Model)>,
    report: &mut Report,
) -> Result<Vec<bought::Model>, LifecycleError> {
    let id = round.row.id;
    open_ledger(txn, round).await?;
    let all = purchases.iter().fold(0_i64, |all, (_, purchase)| all.saturating_add(purchase.amount));
    if ledger::hold(txn, id, ledger::ROUND, all).await? {
        ledger::redeem(txn, id, ledger::ROUND, all).await?;
        return Ok(purchases.into_iter().map(|(_, purchase)| purchase).collect());
    }
    let mut kept = Vec::new();
    for (number, purchase) in purchases {
        if ledger::hold(txn, id, ledger::ROUND, purchase.amount).await? {
            ledger::redeem(txn, id, ledger::ROUND, purchase.amount).await?;
            kept.push(purchase);
        } else {
            report.refused.push((number, FULL.to_owned()));
        }
    }
    Ok(kept)
}
