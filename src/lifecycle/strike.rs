//! Strike: an entry found to be wrong leaves the pool between close and seal, on the word of two. Nobody can enter again
//! by then and nothing is drawn, so that it moves nobody. In the journal it is a batch of its own; whoever is struck is
//! told why, and is put back in the same way if that was wrong.

use chrono::{DateTime, TimeDelta, Utc};
use entities::{entry::Model, round};
use public_audit::{
    Digest,
    journal::{Act, Batch},
};
use sea_orm::ConnectionTrait;

use super::{LifecycleError, announce::Staff, batch, because, fold, log};
use crate::{
    app::{App, Round},
    domain::{because::Because, ineligible::Reason, spread},
    store::{
        self,
        fact::{KEPT, STRUCK},
        lease, notice,
    },
};

/// The last minute before the seal is the seal's: no clock of ours is off by so much, and what it signs is read after it.
const BEFORE: TimeDelta = TimeDelta::minutes(1);
/// After so long everybody has seen it on the page.
const POINTLESS: TimeDelta = TimeDelta::days(14);

/// Whether the pool of a round can be corrected now.
pub fn is_open(row: &round::Model, now: DateTime<Utc>) -> bool {
    row.closed_at.is_some()
        && row.sealed_at.is_none()
        && row.voided_at.is_none()
        && now < row.seals_at - BEFORE
}

/// Why it cannot be, where [`is_open`] says so. Residents and staff see a round close on the second; it is written down when
/// what was handed in before has come in.
fn why_not(row: &round::Model, now: DateTime<Utc>) -> Because {
    let is_closing = row.closed_at.is_none() && row.voided_at.is_none() && now >= row.closes_at;
    if is_closing && now < row.seals_at - BEFORE { Because::Closing } else { Because::Sealed }
}

/// Whose entries would leave the pool, or come back: the one of this receipt first, then whoever is in it.
///
/// # Errors
/// [`LifecycleError`]; refused where it could not be done.
pub async fn concerned(
    db: &impl ConnectionTrait,
    row: &round::Model,
    receipt: &str,
    is_back: bool,
    now: DateTime<Utc>,
) -> Result<Vec<Model>, LifecycleError> {
    if !is_open(row, now) {
        return Err(because(why_not(row, now)));
    }
    let first = store::entry::find(db, row.id, receipt).await?;
    let first = first.ok_or_else(|| because(Because::NotEntered))?;
    if first.lead.is_some() {
        return Err(because(Because::Member));
    }
    let struck = store::fact::list_of_kind(db, row.id, STRUCK).await?;
    let is_struck = |entry: &Model| entry.withdrawn_at.is_some() && struck.contains(&entry.receipt);
    let people = store::entry::list_led(db, row.id, receipt).await?;
    match is_back {
        true if !is_struck(&first) => Err(because(Because::NeverFound)),
        true => Ok(std::iter::once(first).chain(people.into_iter().filter(is_struck)).collect()),
        false if first.withdrawn_at.is_some() => Err(because(Because::NotEntered)),
        false => {
            let there = people.into_iter().filter(|entry| entry.withdrawn_at.is_none());
            Ok(std::iter::once(first).chain(there).collect())
        }
    }
}

/// Takes an entry out of the pool for a reason, or puts it back (`None`).
///
/// # Errors
/// [`LifecycleError`].
pub async fn strike(
    app: &App,
    round: &Round,
    receipt: &str,
    reason: Option<Reason>,
    staff: &Staff,
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    if staff.is_one_person() {
        return Err(because(Because::OnePerson));
    }
    // What was acknowledged before the close is an entry first, and what is noted is published: this is a batch alone.
    fold::fold(app).await?;
    batch::publish(app, round, now).await?;
    let txn = app.db.begin().await?;
    lease::queue(&txn, "journal").await?;
    let fresh = store::round::find(&txn, &round.row.slug).await?.ok_or_else(|| because(Because::NoRound))?;
    let people = concerned(&txn, &fresh, receipt, reason.is_none(), now).await?;
    if !store::batch::list_noted(&txn, fresh.id, 1).await?.is_empty() {
        return Err(because(Because::Overtaken));
    }
    let receipts: Vec<String> = people.iter().map(|entry| entry.receipt.clone()).collect();
    let named = staff.settle(&txn, now, &receipts.join(" ")).await?;
    let (kind, category) = reason.map_or((KEPT, ""), |reason| (STRUCK, reason.key()));
    let mut changes = (Vec::new(), Vec::new());
    let hearers = store::entry::list_hearers(&txn, fresh.id, &receipts).await?;
    notice::end_about(&txn, fresh.id, &receipts, &["entered", "withdrawn", STRUCK], now).await?;
    let mut planned = Vec::new();
    for entry in people {
        let before = fold::leaf_in(round, &entry)?;
        let withdrawn_at = reason.map(|_| now);
        let then = Model { withdrawn_at, changed_at: now, version: entry.version + 1, ..entry };
        changes.0.extend(fold::leaf_in(round, &then)?);
        changes.1.extend(before);
        store::fact::insert(&txn, fresh.id, &then.receipt, kind, now, [category, &named]).await?;
        let (what, version) = match reason {
            Some(_) => (STRUCK, store::fact::count_of(&txn, fresh.id, &then.receipt).await?),
            None => ("entered", u64::try_from(then.version).unwrap_or_default()),
        };
        // On paper nobody is told that they are in after all: their slip says so.
        let told =
            hearers.get(&then.receipt).filter(|(channel, _)| reason.is_some() || channel != notice::LETTER);
        if let Some((channel, _)) = told {
            let (send_at, version) = (spread::awake(now), i32::try_from(version).unwrap_or(i32::MAX));
            let pointless = now + POINTLESS - send_at;
            planned.push(notice::planned(
                fresh.id,
                &then.receipt,
                what,
                version,
                channel,
                send_at,
                pointless,
            ));
        }
        store::entry::update(&txn, then).await?;
    }
    notice::insert_all(&txn, planned.into_iter()).await?;
    let number = store::batch::count(&txn, fresh.id).await? + 1;
    let next =
        Batch { number, added: changes.0.into_iter().collect(), removed: changes.1.into_iter().collect() };
    let (changes, text) = (next.changes(), next.text());
    let act = Act::Entered { batch: number, changes, digest: Digest::of(&text) };
    store::batch::insert(&txn, fresh.id, number, text).await?;
    log(&txn, &fresh, now, act, &named).await?;
    // To wait for others may have taken long.
    let late = app.clock.now();
    if !is_open(&fresh, late) {
        return Err(because(why_not(&fresh, late)));
    }
    txn.commit().await?;
    app.rounds.forget();
    app.outbox.notify_waiters();
    Ok(())
}
