//! People who are entered by somebody else: into an entry, and out of it again.

use chrono_tz::Asia::Seoul;
use entities::member::Model;
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    counter,
    together::{Done, Refused, finish, queued, row, wanted_of},
};
use crate::{
    app::{App, Round},
    domain::who::helped::Helped,
    store::member,
};

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
    let now = app.clock.now();
    let minor = helped.is_minor(round.row.closes_at.with_timezone(&Seoul).date_naive());
    let (kind, most) =
        if minor { ("minor", round.who.minors_most) } else { ("adult", round.who.adults_most) };
    let of = |key: &str| round.receipt(key).map(|receipt| receipt.to_string()).ok_or(Refused::NotOpen);
    let by_papers = of(&helped.person_key())?;
    let person = key.map_or_else(|| Ok(by_papers.clone()), of)?;
    let txn = queued(app, round, receipt).await?;
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
    let there = match key {
        Some(_) => Some(member::claim(&txn, row(round, &person, receipt, kind, now)).await?),
        None => member::find(&txn, round.row.id, &person).await?.filter(|_| false),
    };
    // Who has entered themselves is in an entry, also in this one.
    if there.is_none_or(|there| there.entry != receipt || !is_helped(&there)) {
        return Err(Refused::Elsewhere);
    }
    finish(app, round, txn, receipt, &wanted, Vec::new()).await
}

/// Takes somebody out again whom one has entered.
///
/// # Errors
/// [`Refused`].
pub async fn unhelp(app: &App, round: &Round, receipt: &str, person: &str) -> Result<Done, Refused> {
    let txn = queued(app, round, receipt).await?;
    let wanted = wanted_of(&txn, round, receipt).await?;
    let row = member::find(&txn, round.row.id, person).await?;
    let mine = |row: &Model| row.entry == receipt && is_helped(row);
    row.filter(mine).ok_or(Refused::NoEntry)?;
    member::remove(&txn, round.row.id, person).await?;
    finish(app, round, txn, receipt, &wanted, Vec::new()).await
}

/// Whether somebody was entered by another.
pub fn is_helped(row: &Model) -> bool {
    matches!(row.kind.as_str(), "minor" | "adult")
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
    for receipt in receipts {
        if let Some(row) = member::find(db, round.row.id, receipt).await?.filter(is_helped) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}
