//! People who are entered by somebody else: into an entry, and out of it again.

use chrono::{DateTime, Utc};
use chrono_tz::Asia::Seoul;
use entities::member::Model;
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    counter,
    together::{Done, Refused, finish, queue_all, queued, row, wanted_of, whole},
};
use crate::{
    app::{App, Round},
    domain::who::helped::Helped,
    store::{
        access::{self, Access},
        inbox, member,
    },
};

/// By whose hand somebody is taken out of the entry of others.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// Who of the staff has seen their papers.
    pub clerk_id: i64,
    /// From which address.
    pub address: &'a str,
}

/// Enters somebody who does not come themselves. `key` is what their receipt comes from; `None`: nobody of this name may
/// be entered, which is looked up and answered as if they were in another entry.
///
/// # Errors
/// [`Refused`].
pub async fn help(
    app: &App,
    round: &Round,
    receipt: &str,
    helped: &Helped,
    key: Option<&str>,
) -> Result<Done, Refused> {
    take_in(app, round, receipt, (helped, key), None).await
}

/// The same at a counter that has seen their papers: whoever is in the entry of others by the hand of another is taken out
/// of it, and comes into this one, or neither.
///
/// # Errors
/// [`Refused`].
pub async fn take_over(
    app: &App,
    round: &Round,
    receipt: &str,
    (helped, key): (&Helped, &str),
    by: By<'_>,
) -> Result<Done, Refused> {
    take_in(app, round, receipt, (helped, Some(key)), Some(by)).await
}

async fn take_in(
    app: &App,
    round: &Round,
    receipt: &str,
    (helped, key): (&Helped, Option<&str>),
    by: Option<By<'_>>,
) -> Result<Done, Refused> {
    let at = app.clock.now();
    let minor = helped.is_minor(round.row.closes_at.with_timezone(&Seoul).date_naive());
    let (kind, most) =
        if minor { ("minor", round.who.minors_most) } else { ("adult", round.who.adults_most) };
    let of = |key: &str| round.receipt(key).map(|receipt| receipt.to_string()).ok_or(Refused::NotOpen);
    let by_papers = of(&helped.person_key())?;
    let person = key.map_or_else(|| Ok(by_papers.clone()), of)?;
    let theirs = [by_papers.as_str(), person.as_str()];
    // Where they are is looked up before: queues are taken in one order.
    let mut before = match by {
        Some(_) => list_helped(app.db.read(), round, &theirs).await?,
        None => Vec::new(),
    };
    // Who is in it already stays.
    before.retain(|row| row.entry != receipt);
    let txn = app.db.begin().await?;
    let mut entries: Vec<&str> = before.iter().map(|row| row.entry.as_str()).collect();
    entries.push(receipt);
    queue_all(&txn, round, entries).await?;
    let wanted = wanted_of(&txn, round, receipt).await?;
    let all = member::list(&txn, round.row.id, receipt).await?;
    // Before it is looked who they are: whoever has no room left learns nothing of anybody.
    let is_in_it = all.iter().any(|row| row.receipt == person);
    if !is_in_it && all.iter().filter(|row| row.kind == kind).count() >= most as usize {
        return Err(Refused::Full);
    }
    // They may have come to a counter themselves.
    if counter::find_other(&txn, round, &by_papers, receipt).await?.is_some() {
        return Err(Refused::Elsewhere);
    }
    if let Some(by) = by {
        let_go(app, round, (&txn, at), &before, by).await?;
    }
    let there = match key {
        Some(_) => Some(member::claim(&txn, row(round, &person, receipt, kind, at)).await?),
        None => member::find(&txn, round.row.id, &person).await?.filter(|_| false),
    };
    // Who has entered themselves is in an entry, also in this one.
    if there.is_none_or(|there| there.entry != receipt || !is_helped(&there)) {
        return Err(Refused::Elsewhere);
    }
    let done = finish(app, round, (txn, at), receipt, &wanted, Vec::new()).await?;
    app.inbox.knock(before.len() as u64);
    Ok(done)
}

/// Takes somebody out of the entries of others, in whose queues the transaction is, and appends what those have become.
/// Nothing of it is committed: with what follows it is done, or not at all. `before` is what was there before the queues.
pub(super) async fn let_go(
    app: &App,
    round: &Round,
    (txn, at): (&impl ConnectionTrait, DateTime<Utc>),
    before: &[Model],
    by: By<'_>,
) -> Result<(), Refused> {
    for row in before {
        let there = member::find(txn, round.row.id, &row.receipt).await?.filter(is_helped);
        // Taken out a moment ago, or taken into another entry.
        let Some(there) = there else { continue };
        if there.entry != row.entry {
            return Err(Refused::Elsewhere);
        }
        let wanted = wanted_of(txn, round, &row.entry).await?;
        member::remove(txn, round.row.id, &row.receipt).await?;
        let (event, _) = whole(txn, round, &row.entry, &wanted).await?;
        if !inbox::append_within(txn, at, round.row.id, &[event]).await? {
            return Err(Refused::NotOpen);
        }
        let (kind, about) = ("undone", row.entry.as_str());
        let reason = "somebody entered by others taken out, papers seen";
        let line = Access { clerk_id: Some(by.clerk_id), kind, about, address: by.address, reason };
        access::insert(txn, app.clock.now(), line).await?;
    }
    Ok(())
}

/// Takes somebody out again whom one has entered.
///
/// # Errors
/// [`Refused`].
pub async fn unhelp(app: &App, round: &Round, receipt: &str, person: &str) -> Result<Done, Refused> {
    let (txn, at) = queued(app, round, receipt).await?;
    let wanted = wanted_of(&txn, round, receipt).await?;
    let row = member::find(&txn, round.row.id, person).await?;
    let mine = |row: &Model| row.entry == receipt && is_helped(row);
    row.filter(mine).ok_or(Refused::NoEntry)?;
    member::remove(&txn, round.row.id, person).await?;
    finish(app, round, (txn, at), receipt, &wanted, Vec::new()).await
}

/// Whether somebody was entered by another.
pub fn is_helped(row: &Model) -> bool {
    matches!(row.kind.as_str(), "minor" | "adult")
}

/// The rows of somebody whom others have entered, by the receipts that one person may have.
///
/// # Errors
/// What the database said.
pub async fn list_helped(
    db: &impl ConnectionTrait,
    round: &Round,
    receipts: &[&str],
) -> Result<Vec<Model>, DbErr> {
    let mut found: Vec<Model> = Vec::new();
    for receipt in receipts {
        let row = member::find(db, round.row.id, receipt).await?.filter(is_helped);
        if let Some(row) = row
            && found.iter().all(|known| known.receipt != row.receipt)
        {
            found.push(row);
        }
    }
    Ok(found)
}

/// Who was entered by another, of these receipts that one person may have.
///
/// # Errors
/// What the database said.
pub async fn find_helped(
    db: &impl ConnectionTrait,
    round: &Round,
    receipts: &[&str],
) -> Result<Option<Model>, DbErr> {
    Ok(list_helped(db, round, receipts).await?.into_iter().next())
}
