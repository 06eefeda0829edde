//! Batches: while a round is open, what happens to its pool-to-be is published as leaf hashes: nobody can
//! be dropped or added later without trace. Until the pool is public they say nothing about anybody;
//! then they say in which batch a line was entered, which is why a batch waits for company.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use entities::change;
use public_audit::{
    Digest, Pool,
    journal::{
        Act, Batch,
        batch::{Fold, MAX_CHANGES},
    },
};
use sea_orm::ConnectionTrait;

use super::{LifecycleError, cells, log, refused};
use crate::{
    app::{App, Round},
    domain::who::cohort,
    store::{self, batch, lease},
};

/// How often, while something changes: seldom enough that nobody is told by when they entered.
pub const EVERY: TimeDelta = TimeDelta::minutes(5);

/// Fewer changes than this wait for company, for so long.
const COMPANY: usize = 20;
pub(super) const HURRY: TimeDelta = TimeDelta::minutes(30);

/// Folds and enrolments of one publication: of the largest, some 700,000 entries.
const SOME: u64 = 170;

/// By when every signed receipt promises to be in a batch; an instance may be down for a while.
pub const PROMISE: TimeDelta = TimeDelta::hours(1);

/// Publishes the batches that are due. Few changes, all of them recent, wait for more: once the pool is
/// public, a batch tells about when its people entered.
///
/// # Errors
/// [`LifecycleError`].
pub async fn publish_due(app: &App, now: DateTime<Utc>) -> Result<(), LifecycleError> {
    let rounds = app.rounds.list().await?;
    let mut wrong = Ok(());
    for round_id in batch::list_due(app.db.read(), now - EVERY).await? {
        let Some(round) = rounds.iter().find(|round| round.row.id == round_id) else { continue };
        let noted = batch::list_noted(app.db.read(), round_id, SOME).await?;
        let few = noted.iter().map(|change| change.leaves.lines().count()).sum::<usize>() < COMPANY;
        if few && noted.iter().all(|change| change.at > now - HURRY) {
            continue;
        }
        // What is wrong with one round keeps no other's promises from being kept.
        // As late as it is by now: time must not run backwards in a round that something else has happened in meanwhile.
        if let Err(error) = publish(app, round, app.clock.now()).await {
            wrong = wrong.and(Err(error));
        }
    }
    wrong
}

/// Publishes what was noted of a round, if anything was.
///
/// # Errors
/// [`LifecycleError`].
pub async fn publish(app: &App, round: &Round, now: DateTime<Utc>) -> Result<(), LifecycleError> {
    while publish_some(app, round, now).await? {}
    if let Err(error) = warn_if_crowded(app, round).await {
        tracing::warn!(%error, "seats not compared with entries");
    }
    Ok(())
}

/// Publishes the oldest that was noted, in one transaction: all of it unless millions are enrolled at
/// once. Returns whether there may be more.
async fn publish_some(app: &App, round: &Round, now: DateTime<Utc>) -> Result<bool, LifecycleError> {
    let txn = app.db.begin().await?;
    // Whoever publishes at the same time waits here, and then finds nothing left.
    lease::queue(&txn, "journal").await?;
    let noted = batch::list_noted(&txn, round.row.id, SOME).await?;
    if noted.is_empty() {
        return Ok(false);
    }
    let mut number = batch::count(&txn, round.row.id).await?;
    for (added, removed) in gather(&noted).map_err(refused)? {
        number += 1;
        let next = Batch { number, added, removed };
        let (changes, text) = (next.changes(), next.text());
        let act = Act::Entered { batch: number, changes, digest: Digest::of(&text) };
        batch::insert(&txn, round.row.id, number, text).await?;
        log(&txn, &round.row, now, act, "").await?;
    }
    batch::remove_noted(&txn, &noted).await?;
    txn.commit().await?;
    Ok(noted.len() as u64 == SOME)
}

/// A pool with more people than seats cannot be sealed: whoever runs the service hears of it while there
/// is time to think.
async fn warn_if_crowded(app: &App, round: &Round) -> Result<(), LifecycleError> {
    let groups = store::entry::list_groups(app.db.read(), round.row.id).await?;
    let slug = round.row.slug.as_str();
    for fill in
        cohort::fill(&round.rules, &groups).into_iter().filter(|fill| fill.seats * 10 > fill.capacity * 9)
    {
        let cohort = fill.cohort.map_or("none".to_owned(), |cohort| cohort.to_string());
        tracing::warn!(
            round = slug,
            cohort,
            people = fill.seats,
            seats = fill.capacity,
            "nearly as many people as seats: beyond them the pool cannot be sealed"
        );
    }
    if let Some((entries, values)) =
        cells::merged(app.db.read(), round).await.ok().and_then(|merged| merged.small)
    {
        tracing::warn!(
            round = slug,
            values,
            entries,
            least = round.rules.smallest_cell,
            "fewer people share these values than the rules allow: if it stays so, the pool cannot be sealed"
        );
    }
    Ok(())
}

type Leaves = BTreeSet<Digest>;

/// What the folds did since the last batch, as batches: what was added and what was taken away, in parts
/// that are not too large. Who came and went in between is in one batch and gone in the next: a signed
/// receipt promised that the line would be there.
fn gather(noted: &[change::Model]) -> Result<Vec<(Leaves, Leaves)>, String> {
    // Whether it was there before, and is there now.
    let mut leaves: BTreeMap<Digest, (bool, bool)> = BTreeMap::new();
    for line in noted.iter().flat_map(|change| change.leaves.lines()) {
        let (sign, leaf) = line.split_at_checked(1).ok_or("an empty change")?;
        let (leaf, comes) = (leaf.parse::<Digest>().map_err(|error| error.to_string())?, sign == "+");
        let (_, there) = leaves.entry(leaf).or_insert((!comes, !comes));
        if *there == comes {
            return Err(format!("{leaf} comes twice, or goes twice"));
        }
        *there = comes;
    }
    let some = |before: bool, now: bool| {
        let those = leaves.iter().filter(move |(_, was)| **was == (before, now));
        those.map(|(leaf, _)| *leaf).collect::<Vec<Digest>>()
    };
    let (passing, [came, went]) = (some(false, false), [some(false, true), some(true, false)]);
    let first = came.iter().chain(&passing).map(|leaf| (*leaf, true)).chain(went.iter().map(|l| (*l, false)));
    let second = passing.iter().map(|leaf| (*leaf, false));
    let parts = [first.collect::<Vec<_>>(), second.collect()];
    let parts = parts.iter().flat_map(|changes| changes.chunks(MAX_CHANGES));
    let of = |part: &[(Digest, bool)], comes: bool| {
        part.iter().filter(|(_, is)| *is == comes).map(|(leaf, _)| *leaf).collect()
    };
    Ok(parts.map(|part| (of(part, true), of(part, false))).collect())
}

/// Whether the batches of a round make exactly this pool: looked at before it is sealed, since every
/// verifier will.
///
/// # Errors
/// [`LifecycleError`]; refused when they do not.
pub async fn check(db: &impl ConnectionTrait, round: &Round, pool: &Pool) -> Result<(), LifecycleError> {
    let mut folded = Fold::expecting(pool.leaves());
    for number in 1.. {
        let Some(text) = store::batch::find(db, round.row.id, number).await? else { break };
        folded.apply(&Batch::parse(&text).map_err(refused)?).map_err(refused)?;
    }
    match (folded.unexpected(), folded.missing()) {
        (None, None) => Ok(()),
        _ => Err(refused("the journal's batches do not make the pool: nothing is sealed over this")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_passes_without_a_trace() {
        let leaf = |n: u8| Digest([n; 32]);
        let noted = |text: &str| {
            let leaves = text.split(' ').map(|change| {
                let (sign, n) = change.split_at(1);
                format!("{sign}{}\n", leaf(n.parse().unwrap()))
            });
            let at = DateTime::UNIX_EPOCH;
            vec![change::Model { id: 1, round_id: 1, at, leaves: leaves.collect() }]
        };
        let set = |of: &[u8]| of.iter().map(|n| leaf(*n)).collect::<Leaves>();
        // 1 comes, 2 goes, 3 passes, 4 was there and is again.
        let batches = gather(&noted("+1 -2 +3 -3 -4 +4")).unwrap();
        assert_eq!(batches, [(set(&[1, 3]), set(&[2])), (set(&[]), set(&[3]))]);
        assert_eq!(gather(&noted("-4 +4")).unwrap(), []);
        assert_eq!(gather(&noted("+1 -1 +1")).unwrap(), [(set(&[1]), set(&[]))]);
        assert!(gather(&noted("+1 +1")).is_err() && gather(&noted("-1 -1")).is_err());
    }
}
