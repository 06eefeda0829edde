//! What was bought with a day sheet, by part: ticked by one, and taken in when another has seen exactly the same. One person
//! alone would end the right to buy of everybody of a day.

use std::{fmt::Write, sync::Arc};

use chrono::{DateTime, Utc};
use entities::{day_sheet::Model, taken_in, ticked};
use public_audit::Digest;
use serde::{Deserialize, Serialize};

use super::{
    LifecycleError,
    after::bought::{PAYING, Report, Told, foreseen},
    because,
    day_part::Part,
    day_sheet::{Line, Maker, read, text},
    refused,
};
use crate::{
    app::{App, Round},
    domain::because::Because,
    store::{self, access::Access},
};

/// What came of the ticks of a part, or would come of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Came {
    /// Purchases kept now.
    pub kept: usize,
    /// Purchases that were known.
    pub known: usize,
    /// Receipts that were not kept, and why.
    pub refused: Vec<(String, String)>,
}

impl Came {
    fn of(report: &Report, lines: &[Line]) -> Self {
        let refused = report.refused.iter().map(|(number, why)| {
            let line = number.checked_sub(1).and_then(|at| lines.get(at));
            (line.map_or_else(String::new, |line| line.receipt.clone()), why.clone())
        });
        Self { kept: report.kept, known: report.known, refused: refused.collect() }
    }

    /// As it was kept.
    pub fn read(row: &taken_in::Model) -> Option<Self> {
        serde_json::from_str(&row.came).ok()
    }
}

/// Which report the purchases of a sheet come from.
fn source(sheet: &Model) -> String {
    format!("day sheet {}", sheet.id)
}

/// As a seller would tell of them, so that what was bought elsewhere meanwhile is seen.
fn csv(lines: &[Line]) -> String {
    let mut csv = String::new();
    for line in lines {
        let _ = writeln!(csv, "{},{},{}", line.receipt, line.starts_at.to_rfc3339(), line.amount);
    }
    csv
}

/// Puts forward what is ticked on a part of a sheet; anything put forward of that part before is replaced.
///
/// # Errors
/// [`LifecycleError`].
pub async fn put_forward(
    app: &App,
    sheet: &Model,
    part: &Part,
    lines: &[Line],
    maker: Maker<'_>,
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    if let Some(other) = lines.iter().find(|line| part.find(&line.receipt).is_none()) {
        return Err(refused(format!("{} is not on this part of the list", other.receipt)));
    }
    if lines.is_empty() {
        return Err(because(Because::NothingTicked));
    }
    put(app, sheet, part, lines, maker, now).await
}

/// Puts forward that nobody of a part bought. Somebody says so: a page at which nobody has looked has no ticks either.
///
/// # Errors
/// [`LifecycleError`]; refused where something of the part was taken in.
pub async fn put_none(
    app: &App,
    sheet: &Model,
    part: &Part,
    maker: Maker<'_>,
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    put(app, sheet, part, &[], maker, now).await
}

/// Whether these ticks say that nobody bought.
pub fn is_none(digest: &str) -> bool {
    digest == Digest::of("").to_string()
}

async fn put(
    app: &App,
    sheet: &Model,
    part: &Part,
    lines: &[Line],
    maker: Maker<'_>,
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    let ticks = text(lines);
    let digest = Digest::of(&ticks).to_string();
    let txn = app.db.begin().await?;
    let row = ticked::Model {
        round_id: sheet.round_id,
        sheet_id: sheet.id,
        part: part.number,
        lines: ticks,
        digest: digest.clone(),
        clerk_id: maker.clerk_id,
        at: now,
        sent_back: None,
    };
    store::ticked::put(&txn, row).await?;
    // Asked when the row is ours: whoever takes the part in has it until they are done.
    let key = (sheet.round_id, sheet.id, part.number);
    if lines.is_empty() && store::taken_in::find(&txn, key).await?.is_some() {
        return Err(because(Because::PartIn));
    }
    let about = source(sheet);
    let said = if lines.is_empty() { "nobody bought".to_owned() } else { format!("{} ticked", lines.len()) };
    let reason = format!("part {}: {said}, {digest}", part.number);
    store::access::insert(&txn, now, maker.did("ticked", &about, &reason)).await?;
    txn.commit().await?;
    Ok(())
}

/// What would come of ticks if they were confirmed now.
///
/// # Errors
/// [`LifecycleError`].
pub async fn would_come(
    app: &App,
    round: Arc<Round>,
    lines: &[Line],
    now: DateTime<Utc>,
) -> Result<Came, LifecycleError> {
    let report = foreseen(app, round, csv(lines).as_bytes(), now, true).await?;
    Ok(Came::of(&report, lines))
}

/// Somebody else has seen exactly these: they are taken in as a seller's report is, once, in the transaction in which they
/// stop waiting. Nobody says that no other purchase is missing: only that these were made. Of whom somebody is paying right
/// now goes on waiting.
///
/// # Errors
/// [`LifecycleError`]; refused where they are others by now, or where not two people stand for them.
pub async fn confirm(
    app: &App,
    round: &Round,
    (sheet, part): (&Model, i64),
    seen: &str,
    maker: Maker<'_>,
    now: DateTime<Utc>,
) -> Result<Came, LifecycleError> {
    let key = (round.row.id, sheet.id, part);
    let waiting = store::ticked::find(app.db.read(), key).await?;
    let Some(waiting) = waiting.filter(|row| row.digest == seen && row.sent_back.is_none()) else {
        return Err(because(Because::OtherTicks));
    };
    if waiting.clerk_id == maker.clerk_id {
        return Err(because(Because::OwnTicks));
    }
    let lines = read(&waiting.lines);
    let csv = csv(&lines);
    let told = Told::read(app, &round.row, csv.as_bytes(), None, now).await?;
    let source = source(sheet);
    let txn = app.db.begin().await?;
    if !store::ticked::take(&txn, key, seen, maker.clerk_id).await? {
        // Still the same and not taken: then it is who ticked them that does not count any more.
        let same = store::ticked::find(&txn, key).await?;
        let same = same.is_some_and(|row| row.digest == seen && row.sent_back.is_none());
        return Err(because(if same { Because::TickerGone } else { Because::OtherTicks }));
    }
    let report = told.keep(&txn, &source, true).await?;
    let came = Came::of(&report, &lines);
    let row = taken_in::Model {
        round_id: round.row.id,
        sheet_id: sheet.id,
        part,
        at: now,
        ticked_by: waiting.clerk_id,
        confirmed_by: maker.clerk_id,
        digest: seen.to_owned(),
        came: serde_json::to_string(&came).unwrap_or_default(),
    };
    store::taken_in::put(&txn, row).await?;
    let paying = report.refused.iter().filter(|(_, why)| why == PAYING);
    let paying: Vec<Line> =
        paying.filter_map(|(number, _)| lines.get(number.checked_sub(1)?).cloned()).collect();
    if !paying.is_empty() {
        let lines = text(&paying);
        let digest = Digest::of(&lines).to_string();
        store::ticked::put(&txn, ticked::Model { lines, digest, ..waiting }).await?;
    }
    store::day_sheet::settle(&txn, sheet.id, now).await?;
    let Came { kept, known, refused } = &came;
    let reason = format!("part {part}: {kept} kept, {known} known, {} refused", refused.len());
    store::access::insert(&txn, now, maker.did("reconciled", &source, &reason)).await?;
    txn.commit().await?;
    Ok(came)
}

/// Something is wrong with them: they wait for whoever puts them right, with why.
///
/// # Errors
/// [`LifecycleError`]; refused where they are others by now.
pub async fn send_back(
    app: &App,
    round: &Round,
    (sheet, part): (&Model, i64),
    seen: &str,
    maker: Maker<'_>,
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    let txn = app.db.begin().await?;
    if !store::ticked::send_back(&txn, (round.row.id, sheet.id, part), seen, maker.reason).await? {
        return Err(because(Because::OtherTicks));
    }
    // Words of staff are erased with the round: they stand where its own are looked for.
    let about = format!("day sheet {} {}", round.row.slug, sheet.day);
    store::access::insert(&txn, now, maker.did("sent_back", &about, maker.reason)).await?;
    txn.commit().await?;
    Ok(())
}

impl<'a> Maker<'a> {
    fn did(&self, kind: &'a str, about: &'a str, reason: &'a str) -> Access<'a> {
        Access { clerk_id: Some(self.clerk_id), kind, about, address: self.address, reason }
    }
}
