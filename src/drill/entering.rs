//! Entering over real sockets: everybody at their time, some of them human, and the service stopped and started again
//! in the middle.

use std::collections::BTreeSet;

use anyhow::Context;
use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use public_audit::rules::Match;

use super::{
    faults::Faults,
    people::{self, Kind, Person},
    round::World,
    running::{AGAIN, Running},
    time,
    trouble::Trouble,
};
use crate::{
    clock::Clock,
    domain::{chance::Chance, draft::Draft},
    stage::{Refused, Resident},
};

/// People whose times lie so close together enter at the same moment: well within the life of a code.
const TOGETHER: i64 = 240;

/// What came of entering.
#[derive(Clone, Debug, Default)]
pub struct Entered {
    /// When people came, Unix seconds.
    pub at: Vec<i64>,
    /// Entries that were acknowledged.
    pub entered: u64,
    /// People who tapped twice or came back, and have one entry all the same.
    pub repeated: u64,
    /// Came before the opening, were told when it is, and came again.
    pub early: u64,
    /// Came after the close and were told so.
    pub late: u64,
    /// What went wrong.
    pub faults: Faults,
}

/// Lets everybody enter. Returns the instance that runs in the end.
///
/// # Errors
/// When the service does not come back.
pub async fn enter(
    world: &World,
    mut running: Running,
    round: &entities::round::Model,
    arrivals: Vec<i64>,
    chance: &mut Chance,
) -> anyhow::Result<(Running, Entered)> {
    let mut entered = Entered { at: arrivals.clone(), ..Entered::default() };
    let slug = round.slug.as_str();
    let stops = BTreeSet::new();
    time::pass(&running.app, round.opens_at - TimeDelta::hours(1), &stops).await?;
    for person in world.people.iter().filter(|person| person.kind == Kind::WrongDay) {
        entered.early += refused(world, person, slug, &mut entered.faults).await;
    }
    // Whoever comes in the last minutes has minutes all the same: this clock goes on while a machine takes its time.
    let latest = round.closes_at - TimeDelta::seconds(TOGETHER);
    let mut queue: Vec<(i64, &Person)> = arrivals.into_iter().zip(&world.people).collect();
    let half = queue.len() / 2;
    while !queue.is_empty() {
        let first = queue[0].0;
        let together = queue.partition_point(|(at, _)| *at < first + TOGETHER);
        let group: Vec<_> = queue.drain(..together).collect();
        let at = DateTime::<Utc>::from_timestamp(first, 0).context("a time")?;
        time::pass(&running.app, at.min(latest).max(round.opens_at), &stops).await?;
        let wants: Vec<u64> = group.iter().map(|_| want(world, chance)).collect();
        let acts = join_all(group.iter().zip(wants).map(|((_, person), want)| act(world, person, want)));
        let is_middle = queue.len() <= half && queue.len() + together > half;
        let did = if is_middle {
            let (at, before) = (running.app.clock.now(), world.errors.away());
            let stopped = running.stop().await?;
            let again = async {
                // Whoever comes now finds nobody.
                Clock::pause(AGAIN.1 * 3).await;
                stopped.start().await
            };
            let (did, again) = tokio::join!(acts, again);
            running = again?;
            world.note(Trouble { kind: "restart", at, met: world.errors.away() - before });
            did
        } else {
            acts.await
        };
        for did in did {
            match did {
                Ok(twice) => {
                    entered.entered += 1;
                    entered.repeated += u64::from(twice);
                }
                Err(error) => entered.faults.add(format!("{error:#}")),
            }
        }
    }
    time::pass(&running.app, round.closes_at, &stops).await?;
    for person in &world.late {
        entered.late += refused(world, person, slug, &mut entered.faults).await;
    }
    Ok((running, entered))
}

/// Most want all that they may have.
fn want(world: &World, chance: &mut Chance) -> u64 {
    let goods = world.draft.goods;
    let units = goods.cap / goods.unit;
    match chance.below(10) {
        0 => goods.unit * (1 + chance.below(units)),
        _ => goods.cap,
    }
}

/// Whether somebody who comes at the wrong time is told so, in words.
async fn refused(world: &World, person: &Person, slug: &str, faults: &mut Faults) -> u64 {
    let errors = &world.errors;
    let asked = errors.insist(async || world.resident(person).identify(slug, "enter").await).await;
    let status = asked.as_ref().err().and_then(|error| error.downcast_ref::<Refused>().copied());
    if status == Some(Refused(StatusCode::CONFLICT)) {
        return 1;
    }
    faults.add(format!("at the wrong time one is let in, or not told: {asked:?}"));
    0
}

/// Enters, however often nobody answers. Returns whether more was done than needed.
async fn act(world: &World, person: &Person, want: u64) -> anyhow::Result<bool> {
    let mut resident = world.resident(person);
    let done = world.errors.insist(async || once(&mut resident, person, &world.draft, want).await).await;
    done.with_context(|| format!("resident {}, {:?}", person.number, person.kind))
}

/// No wish, one, two, or another first: of the parts that the round has.
fn wishes(person: &Person, draft: &Draft) -> Vec<String> {
    let parts: BTreeSet<&str> =
        draft.opening.iter().flat_map(|opening| &opening.parts).map(|part| part.name.as_str()).collect();
    // Which parts a cohort has is its own business: whoever is in one wishes for nothing.
    if parts.is_empty() || draft.opening.iter().any(|opening| opening.cohort != Match::default()) {
        return Vec::new();
    }
    let parts: Vec<&str> = parts.into_iter().collect();
    let first = usize::try_from(person.number).unwrap_or(0);
    let count = (first % 3).min(parts.len());
    (0..count).map(|nth| parts[(first + nth) % parts.len()].to_owned()).collect()
}

async fn once(resident: &mut Resident, person: &Person, draft: &Draft, want: u64) -> anyhow::Result<bool> {
    let slug = draft.slug.as_str();
    resident.identify(slug, "enter").await?;
    let asked = people::asked(person, draft);
    if !asked.is_empty() {
        resident.about(slug, &asked).await?;
    }
    let wishes = wishes(person, draft);
    let wishes: Vec<&str> = wishes.iter().map(String::as_str).collect();
    let check = resident.answer(slug, want, &wishes).await?;
    resident.enter(slug, &check).await?;
    match person.kind {
        Kind::DoubleTap => {
            let check = resident.answer(slug, want, &wishes).await?;
            resident.enter(slug, &check).await?;
        }
        Kind::Impatient => {
            for _ in 0..3 {
                resident.get(&format!("/rounds/{slug}")).await?;
            }
            return Ok(false);
        }
        // Another browser, another day: the same entry.
        Kind::LostReceipt => {
            resident.identify(slug, "my").await?;
            resident.mine(slug).await?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}
