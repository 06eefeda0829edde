//! Entering over real sockets: everybody at their time, some of them human, and the service stopped and started again
//! in the middle.

use std::collections::BTreeSet;

use anyhow::Context;
use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use public_audit::rules::Match;
use tokio::sync::oneshot;

use super::{
    counted::Times,
    faults::Faults,
    people::{self, Kind, Person},
    round::World,
    running::{AGAIN, Running},
    stages::{Stage, Steps, say},
    time,
    trouble::{Trouble, TroubleKind},
};
use crate::{
    clock::Clock,
    domain::{chance::Chance, draft::Draft},
    stage::{Refused, Resident},
};

/// So long before the opening the impatient come, and press again at it.
const EARLY: TimeDelta = TimeDelta::minutes(5);
/// People whose times lie so close together enter at the same moment: well within the life of a code.
const TOGETHER: i64 = 240;

/// What came of entering.
#[derive(Clone, Debug, Default)]
pub struct Entered {
    /// When entries were acknowledged, Unix seconds, in order.
    pub at: Vec<i64>,
    /// What else was counted until the close.
    pub times: Times,
    /// Half of the time between the opening and the close: what is before it belongs to the opening, the rest to the
    /// deadline.
    pub middle: i64,
    /// Entries that were acknowledged.
    pub entered: u64,
    /// People who tapped twice at once or came back, and have one entry all the same.
    pub repeated: u64,
    /// Came before the opening, a day or a few minutes, were told when it is, and came again.
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
    let middle = (round.opens_at.timestamp() + round.closes_at.timestamp()) / 2;
    let mut entered = Entered { middle, ..Entered::default() };
    let slug = round.slug.as_str();
    let stops = BTreeSet::new();
    // It was announced two hours before the first of them come.
    for (kind, before) in [(Kind::WrongDay, TimeDelta::days(1)), (Kind::Impatient, EARLY)] {
        time::pass(&running.app, round.opens_at - before, &stops).await?;
        for person in world.people.iter().filter(|person| person.kind == kind) {
            entered.early += refused(world, person, slug, &mut entered.faults).await;
        }
    }
    // Whoever comes in the last minutes has minutes all the same: this clock goes on while a machine takes its time.
    let latest = round.closes_at - TimeDelta::seconds(TOGETHER);
    let mut queue: Vec<(i64, &Person)> = arrivals.into_iter().zip(in_order(&world.people)).collect();
    let half = queue.len() / 2;
    let mut steps = Steps::new(queue.len() as u64);
    while !queue.is_empty() {
        let first = queue[0].0;
        let mut together = queue.partition_point(|(at, _)| *at < first + TOGETHER);
        let is_middle = queue.len() - together <= half && queue.len() > half;
        if is_middle {
            // Somebody is in the middle of entering when the service goes, and somebody comes while it is away: of few
            // people whoever is next.
            together = together.max(2).min(queue.len());
        }
        let group: Vec<_> = queue.drain(..together).collect();
        let at = DateTime::<Utc>::from_timestamp(first, 0).context("a time")?;
        time::pass(&running.app, at.min(latest).max(round.opens_at), &stops).await?;
        let wants: Vec<u64> = group.iter().map(|_| want(world, chance)).collect();
        let mut acts: Vec<_> =
            group.iter().zip(wants).map(|((at, person), want)| act(world, person, *at, want)).collect();
        let did = if is_middle {
            let (at, before) = (running.app.clock.now(), world.counted.answers());
            let (gone, is_gone) = oneshot::channel();
            let under_way = join_all(acts.drain(..together.div_ceil(2)).collect::<Vec<_>>());
            let meanwhile = async {
                let _ = is_gone.await;
                join_all(acts).await
            };
            let again = async {
                world.counted.answered_after(before).await;
                let stopped = running.stop().await;
                // Whoever comes now finds nobody.
                let _ = gone.send(());
                Clock::pause(AGAIN.1 * 3).await;
                stopped?.start().await
            };
            let (mut did, others, again) = tokio::join!(under_way, meanwhile, again);
            running = again?;
            did.extend(others);
            let met = did.iter().filter(|did| did.was_away).count() as u64;
            world.note(Trouble { kind: TroubleKind::Restart, at, met, of: Some(did.len() as u64) });
            did
        } else {
            join_all(acts).await
        };
        for did in did {
            match did.entered {
                Ok((at, twice)) => {
                    entered.at.push(at);
                    entered.entered += 1;
                    entered.repeated += u64::from(twice);
                }
                Err(error) => entered.faults.add(format!("{error:#}")),
            }
        }
        let done = entered.entered;
        if let Some(of) = steps.further(done) {
            say(&Stage::Entering { done, of });
        }
    }
    entered.at.sort_unstable();
    time::pass(&running.app, round.closes_at, &stops).await?;
    entered.times = world.counted.times();
    for person in &world.late {
        entered.late += refused(world, person, slug, &mut entered.faults).await;
    }
    Ok((running, entered))
}

/// Who takes which arrival, the first of them first: the impatient are at the opening, the late are there before the close,
/// and how many come when is what it would be without them.
fn in_order(people: &[Person]) -> Vec<&Person> {
    let mut all: Vec<&Person> = people.iter().collect();
    all.sort_by_key(|person| match person.kind {
        Kind::Impatient => 0,
        Kind::Late => 2,
        _ => 1,
    });
    all
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

/// What came of somebody's entering.
struct Did {
    /// When it was acknowledged, and whether more was done than needed.
    entered: anyhow::Result<(i64, bool)>,
    /// Whether they found nobody at first.
    was_away: bool,
}

/// Enters at this second, however often nobody answers.
async fn act(world: &World, person: &Person, planned: i64, want: u64) -> Did {
    let (mut resident, mut at) = (world.resident(person), planned);
    let (counted, address) = (&world.counted, person.post.address());
    let (done, was_away) = world
        .errors
        .insist_noting(async || {
            counted.begin(address, at);
            let done = once(&mut resident, person, &world.draft, want).await.map(|twice| (at, twice));
            // Whoever found nobody comes again when the clock says that they do.
            at = at.max(counted.now());
            done
        })
        .await;
    counted.end(address);
    Did { entered: done.with_context(|| format!("resident {}, {:?}", person.number, person.kind)), was_away }
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
    if person.kind == Kind::DoubleTap {
        // One form, sent off twice before either is answered; both are told that they have entered.
        let mut again = resident.clone();
        let (first, second) = tokio::join!(resident.enter(slug, &check), again.enter(slug, &check));
        first?;
        second?;
        return Ok(true);
    }
    resident.enter(slug, &check).await?;
    match person.kind {
        // Another browser, another day: the same entry.
        Kind::LostReceipt => {
            resident.identify(slug, "my").await?;
            resident.mine(slug).await?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}
