//! Where an entry stands after the draw, as its owner reads it: what holds now, what was before, and why.

use chrono::{DateTime, Utc};

use super::{check::Form, mine::entry_of};
use crate::{
    app::Round,
    domain::{
        ineligible::Reason,
        standing::{Outcome, Place, Standing, Step, shifted_by},
        state::State,
    },
    lifecycle::{LifecycleError, after::facts},
    notify::message::reason_in_words,
    store::{
        self,
        fact::{INELIGIBLE, KEPT, RETURNED},
    },
    web::{
        answer::{Answer, Trouble},
        form::Posted,
        path::Path,
        view::{Change, Fault, MineState, Purpose},
        visit::Visit,
    },
};

/// What there is to say about a place.
pub struct MyPlace {
    /// What has become of it.
    pub state: MineState,
    /// What was before, oldest first.
    pub changes: Vec<Change>,
    /// It can be given back until then.
    pub give_back_until: Option<DateTime<Utc>>,
    /// What is out of order for them now.
    pub fault: Option<Fault>,
    /// What a place that is held follows from, for its pass.
    pub holds: Option<Holds>,
}

/// What the database said of a place that is held: it was not used, and nobody said anything else about it.
pub struct Holds {
    /// What the draw and each offer gave it, oldest first.
    pub steps: Vec<Step>,
    /// Held for longer, because a payment failed.
    pub extended_until: Option<DateTime<Utc>>,
}

/// The place of an entry of a published round, for whoever opened it or (`is_member`) is in it.
///
/// # Errors
/// The answer to give instead.
pub async fn place_of(
    visit: &Visit,
    round: &Round,
    receipt: &str,
    is_member: bool,
) -> Result<MyPlace, Answer> {
    let (db, round_id) = (visit.app.db.read(), round.row.id);
    let failed = |error| visit.failed(error);
    let found = visit.app.gathered.place(round_id, receipt).await.map_err(failed)?;
    let Some(found) = found else {
        return Err(visit.failed("an entry of a drawn round has no outcome"));
    };
    let drawn = &found.drawn;
    let moves = match found.offered && !round.offers.is_empty() {
        false => Vec::new(),
        true => store::offer::list_moves(db, round_id, receipt).await.map_err(failed)?,
    };
    let steps = store::offer::steps(drawn, &moves);
    let standing = round.standing(&steps);
    let mut changes = changes(round, &steps);
    if found.is_taken_back {
        let back = store::taken_back::list_of(db, round_id, receipt).await.map_err(failed)?;
        changes.extend(back.into_iter().map(|row| Change::TakenBack {
            amount: row.amount.unsigned_abs(),
            bought_at: row.bought_at,
            at: row.at,
        }));
    }
    let with = |state| {
        Ok(MyPlace { state, changes: changes.clone(), give_back_until: None, fault: None, holds: None })
    };
    let bought = match found.is_bought {
        true => store::bought::find(db, round_id, receipt).await.map_err(failed)?,
        false => None,
    };
    if let Some(bought) = bought {
        let amount = u64::try_from(bought.amount).unwrap_or_default();
        return with(MineState::Done { amount, at: bought.at });
    }
    let fact = match found.said {
        true => store::fact::find(db, round_id, receipt).await.map_err(failed)?,
        false => None,
    };
    let fact = fact.filter(|fact| fact.kind != KEPT);
    let next_offer = round.next_offer().map(|(_, at)| at);
    let (place, extended_until) = match (standing, fact) {
        (Standing::Ended(Outcome::Returned), _) => return with(MineState::Returned { until: None }),
        (Standing::Ended(Outcome::Lapsed), _) => {
            return with(MineState::Lapsed { at: lapsed_at(round, &steps) });
        }
        (Standing::Placed(_), Some(fact)) if fact.kind == RETURNED => {
            return with(MineState::Returned { until: next_offer });
        }
        (standing, Some(fact)) if fact.kind == INELIGIBLE => {
            let reason = Reason::from_key(&fact.category).unwrap_or(Reason::Conditions);
            let until = next_offer.filter(|_| !matches!(standing, Standing::Ended(_)));
            return with(MineState::Ineligible {
                reason: reason_in_words(reason.told(is_member), visit.lang),
                until,
            });
        }
        (Standing::Placed(mut place), _) => {
            // A payment that failed holds it for longer.
            let extended = match found.is_extended {
                true => store::reservation::find_extended(db, round_id, receipt).await.map_err(failed)?,
                false => None,
            };
            place.turn.until = extended.map_or(place.turn.until, |extended| extended.max(place.turn.until));
            (place, extended)
        }
        (Standing::Waiting | Standing::Ended(_), _) if round.state(visit.now) == State::Archived => {
            return with(MineState::Unplaced);
        }
        (Standing::Waiting | Standing::Ended(_), _) => {
            let ranks = visit.app.waitlists.of(&visit.app.db, round).await.map_err(failed)?;
            let position = ranks.partition_point(|rank| *rank <= drawn.rank) as u64;
            return with(MineState::Waitlisted { position, count: ranks.len() as u64 });
        }
    };
    let state = held(visit.now, round, place, drawn.rank, next_offer);
    let holds = Some(Holds { steps, extended_until });
    Ok(MyPlace { state, changes, give_back_until: next_offer, fault: None, holds })
}

/// A place that nobody has said anything about.
fn held(
    now: DateTime<Utc>,
    round: &Round,
    place: Place,
    rank: i64,
    next_offer: Option<DateTime<Utc>>,
) -> MineState {
    let turn = place.turn;
    match next_offer {
        _ if now < turn.until => MineState::Assigned {
            starts_at: turn.starts_at,
            until: turn.until,
            amount: place.amount,
            rank: u64::try_from(rank).unwrap_or_default(),
            count: round.row.entrant_count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default(),
        },
        Some(next_offer_at) if !place.caught_up && round.catches_up() => MineState::Missed { next_offer_at },
        _ => MineState::Lapsed { at: turn.until },
    }
}

/// When the last place of a lapsed entry was over.
fn lapsed_at(round: &Round, steps: &[Step]) -> DateTime<Utc> {
    let before = steps.split_last().map_or(&[][..], |(_, before)| before);
    round.standing(before).place().map_or(round.row.ends_at, |place| place.turn.until)
}

/// What was before and why it changed, oldest first.
fn changes(round: &Round, steps: &[Step]) -> Vec<Change> {
    let mut changes = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let before = round.standing(steps.get(..at).unwrap_or_default()).place();
        match (step.outcome, before) {
            (Some(Outcome::CaughtUp), Some(before)) => {
                changes.push(Change::Missed { at: before.turn.starts_at, until: before.turn.until });
            }
            (Some(Outcome::Assigned), _) => {
                let number = usize::try_from(step.offer).unwrap_or_default().saturating_sub(1);
                changes.extend(round.offers.get(number).map(|offer| Change::Offered { at: offer.at }));
            }
            _ => {}
        }
        // What moved while this step was the latest.
        let next = steps.get(at + 1).map_or(i64::MAX, |next| next.offer);
        let Some(mut turn) = step.starts_at.map(|starts_at| round.turn(starts_at)) else { continue };
        for shift in round.shifts.iter().filter(|shift| (step.offer..next).contains(&shift.offers)) {
            let then = shifted_by(turn, shift);
            let reason = shift.reason.clone();
            match () {
                () if then.starts_at != turn.starts_at => {
                    changes.push(Change::Later { at: turn.starts_at, reason });
                }
                () if then != turn => changes.push(Change::Longer { at: turn.until, reason }),
                () => {}
            }
            turn = then;
        }
    }
    changes
}

/// `POST /rounds/{slug}/my/return`
pub async fn give_back(
    Path(slug): Path<String>,
    Posted(visit, form): Posted<Form>,
) -> Result<Answer, Answer> {
    said(visit, form, slug, async |visit, round, receipt| {
        facts::give_back(&visit.app, round, receipt, visit.now).await
    })
    .await
}

/// `POST /rounds/{slug}/my/keep`
pub async fn keep(Path(slug): Path<String>, Posted(visit, form): Posted<Form>) -> Result<Answer, Answer> {
    said(visit, form, slug, async |visit, round, receipt| {
        facts::keep(&visit.app, round, receipt, visit.now).await
    })
    .await
}

/// Says something about one's own place, and shows what holds then.
async fn said(
    visit: Visit,
    form: Form,
    slug: String,
    say: impl AsyncFn(&Visit, &Round, &str) -> Result<bool, LifecycleError>,
) -> Result<Answer, Answer> {
    let round = visit.kept_round(&slug).await?;
    if visit.proven().is_none() {
        return Err(visit.trouble(Trouble::SignedOut(&slug, Purpose::My)));
    }
    let my = format!("/rounds/{slug}/my");
    if let Some(mine) = entry_of(&visit, &round).await?.filter(|mine| !mine.withdrawn && mine.lead.is_none())
        && round.is_published(visit.now)
    {
        // Where it is too late, the page says so: it shows what holds.
        say(&visit, &round, &mine.receipt).await.map_err(|error| match error {
            LifecycleError::Database(error) => {
                let fields = vec![("csrf".to_owned(), form.csrf)];
                visit.database(error, &visit.path, fields)
            }
            error => visit.failed(error),
        })?;
    }
    Ok(visit.go(&my))
}
