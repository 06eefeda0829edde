//! More lots for those who drew in vain, if they asked to be remembered: a pseudonym and the number of the
//! round, nothing else, and no longer than it counts.

use public_audit::draw::{Drawn, Outcome};
use sea_orm::ConnectionTrait;

use super::LifecycleError;
use crate::{
    app::{App, Round},
    store::{entry, miss},
};

/// The pseudonym of a person: the same in all rounds of this deployment, and nothing without its key.
pub fn key(app: &App, person_key: &str) -> String {
    app.keys.digest("miss", person_key)
}

/// The number of the first round of the program in which a miss still counts.
async fn first_that_counts(app: &App, round: &Round, rounds: u32) -> Result<i32, sea_orm::DbErr> {
    let mut numbers: Vec<i32> = app
        .rounds
        .list()
        .await?
        .iter()
        .filter(|other| other.who.program == round.who.program && other.row.number < round.row.number)
        .map(|other| other.row.number)
        .collect();
    numbers.sort_unstable_by_key(|number| std::cmp::Reverse(*number));
    let last = numbers.get((rounds as usize).saturating_sub(1)).or(numbers.last());
    Ok(last.copied().unwrap_or(round.row.number))
}

/// How often the owner of a pseudonym drew in vain in the rounds that count, and their lots.
///
/// # Errors
/// What the database said.
pub async fn weight(app: &App, round: &Round, miss_key: &str) -> Result<(u32, u32), sea_orm::DbErr> {
    let Some(weighting) = round.rules.weighting.filter(|_| !miss_key.is_empty()) else { return Ok((0, 1)) };
    let from = first_that_counts(app, round, weighting.rounds).await?;
    let misses = miss::count(app.db.read(), &round.who.program, miss_key, from).await?;
    let misses = u32::try_from(misses).unwrap_or(u32::MAX);
    Ok((misses, weighting.weight(misses)))
}

/// The pseudonyms of those who drew in vain and asked to be remembered.
///
/// # Errors
/// [`LifecycleError`].
pub async fn of_draw(
    db: &impl ConnectionTrait,
    round: &Round,
    drawn: &Drawn,
) -> Result<Vec<String>, LifecycleError> {
    if round.rules.weighting.is_none() {
        return Ok(Vec::new());
    }
    let mut keys = entry::list_miss_keys(db, round.row.id).await?;
    let waiting = drawn.rows().filter(|row| row.outcome() == Outcome::Waitlisted);
    let mut found: Vec<String> = waiting.filter_map(|row| keys.remove(&row.receipt.to_string())).collect();
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Forgets the misses of those to whom a place was offered in the end: they have not drawn in vain.
///
/// # Errors
/// What the database said.
pub async fn forget(
    txn: &impl ConnectionTrait,
    round: &Round,
    receipts: &[String],
) -> Result<(), sea_orm::DbErr> {
    if round.rules.weighting.is_none() || receipts.is_empty() {
        return Ok(());
    }
    let mut keys: Vec<String> =
        entry::list(txn, round.row.id, receipts).await?.into_values().map(|entry| entry.miss_key).collect();
    keys.retain(|key| !key.is_empty());
    miss::remove(txn, &round.who.program, round.row.number, &keys).await
}

/// Forgets what counts no more once this round is over.
///
/// # Errors
/// [`LifecycleError`].
pub async fn expire(app: &App, txn: &impl ConnectionTrait, round: &Round) -> Result<(), LifecycleError> {
    if let Some(weighting) = round.rules.weighting {
        let from = first_that_counts(app, round, weighting.rounds).await?;
        miss::remove_before(txn, &round.who.program, from).await?;
    }
    Ok(())
}
