//! Which vendor the next notices go to. A vendor that fails is left alone for a while, then tried with one notice,
//! then given back its share by ten points at a time; one that delivers late loses ten points at a time. What one does
//! not take goes to the next at once. The mail server is the only vendor of its channel: while it is left alone mail waits.
//!
//! The figures for lateness are those of GOV.UK Notify (`alphagov/notifications-api`,
//! `switch_current_sms_provider_on_slow_delivery`, `dao_reduce_sms_provider_priority` and
//! `dao_adjust_provider_priority_back_to_resting_points`): 15 % of the last 15 minutes later than 5 minutes cost
//! ten points, at most every 10 minutes, and ten points come back after an hour without a change.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use entities::vendor::Model;
use sea_orm::DbErr;

use super::{outcome::Outcome, vendor::MAIL};
use crate::{
    app::App,
    secret::random_below,
    store::{self, vendor::well},
};

/// Calls that fail in a row before a vendor is left alone.
const FAILURES: i32 = 5;
/// How long it is left alone.
const PAUSE: TimeDelta = TimeDelta::seconds(30);
/// How long a vendor is left alone whose account does not work: somebody has to pay or to register first.
const REPAIR: TimeDelta = TimeDelta::minutes(10);
/// Ten points a minute after an outage that is over.
const AFTER_OUTAGE: i64 = 60;
/// Ten points an hour after lateness.
const AFTER_LATENESS: i64 = 3_600;
const POINTS: i32 = 10;
const WITHIN: TimeDelta = TimeDelta::minutes(15);
const LATE: TimeDelta = TimeDelta::minutes(5);
const LATE_PERCENT: u64 = 15;
const AT_MOST_EVERY: TimeDelta = TimeDelta::minutes(10);

/// Which of some vendors is next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether it is only tried, with one notice, to see whether it works again.
    pub is_probe: bool,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pick {
    Use(usize),
    Probe(usize, DateTime<Utc>),
    Nobody,
}

/// The first that is not stopped and whose share `roll` (0 to 99) falls into; the last one takes what is left.
fn pick(names: &[&str], notes: &HashMap<String, Model>, roll: u64, now: DateTime<Utc>) -> Pick {
    let mut otherwise = Pick::Nobody;
    for (at, name) in names.iter().enumerate() {
        let (share, stopped) = notes.get(*name).map_or((100, None), |note| (note.share, note.stopped_until));
        match stopped {
            Some(until) if until > now => {}
            Some(until) => return Pick::Probe(at, until),
            None if roll < u64::try_from(share).unwrap_or(0) => return Pick::Use(at),
            None => otherwise = Pick::Use(at),
        }
    }
    otherwise
}

async fn notes(app: &App) -> Result<HashMap<String, Model>, DbErr> {
    let notes = store::vendor::list(app.db.read()).await?;
    Ok(notes.into_iter().map(|note| (note.name.clone(), note)).collect())
}

/// Those of some vendors that staff have not paused.
async fn unpaused<'a>(app: &App, names: &[&'a str]) -> Result<Vec<&'a str>, DbErr> {
    let paused: HashSet<String> = store::rate::list_paused(app.db.read()).await?.into_iter().collect();
    Ok(names.iter().copied().filter(|name| !paused.contains(&format!("vendor {name}"))).collect())
}

/// Whether any of some vendors may be given something now.
///
/// # Errors
/// What the database said.
pub async fn is_any_left(app: &App, names: &[&str]) -> Result<bool, DbErr> {
    if names.is_empty() {
        return Ok(false);
    }
    let (notes, now) = (notes(app).await?, app.clock.now());
    Ok(pick(&unpaused(app, names).await?, &notes, 0, now) != Pick::Nobody)
}

/// Of some vendors, those for what another has just refused: it has waited for one that does not work, and is neither
/// lent to one that may not, nor kept for the turn of one that is `full`, while anybody else is left.
fn onward<'a>(names: Vec<&'a str>, notes: &HashMap<String, Model>, full: &HashSet<String>) -> Vec<&'a str> {
    let works = |name: &&str| notes.get(*name).is_none_or(|note| note.stopped_until.is_none());
    let has_room = |name: &&str| !full.contains(&format!("vendor {name}"));
    let working: Vec<&str> = names.iter().copied().filter(works).collect();
    let with_room: Vec<&str> = working.iter().copied().filter(has_room).collect();
    [with_room, working, names].into_iter().find(|some| !some.is_empty()).unwrap_or_default()
}

/// Where the next notices go, of some vendors in their order; `None` while all are stopped, or paused by staff. With
/// the scopes that are `full`, where those go that somebody else has just refused.
///
/// # Errors
/// What the database said.
pub async fn next<'a>(
    app: &App,
    names: &[&'a str],
    full: Option<&HashSet<String>>,
) -> Result<Option<Next<'a>>, DbErr> {
    let (mut notes, now) = (notes(app).await?, app.clock.now());
    let mut names = unpaused(app, names).await?;
    if let Some(full) = full {
        names = onward(names, &notes, full);
    }
    let roll = random_below(100);
    loop {
        match pick(&names, &notes, roll, now) {
            Pick::Nobody => return Ok(None),
            Pick::Use(at) => {
                return Ok(names.get(at).copied().map(|name| Next { name, is_probe: false }));
            }
            Pick::Probe(at, stopped_until) => {
                let name = names.get(at).copied().unwrap_or_default();
                if store::vendor::probe(&app.db, name, stopped_until, now + PAUSE).await? {
                    return Ok(Some(Next { name, is_probe: true }));
                }
                // Another instance tries it just now.
                if let Some(note) = notes.get_mut(name) {
                    note.stopped_until = Some(now + PAUSE);
                }
            }
        }
    }
}

/// Notes how a call went.
///
/// # Errors
/// What the database said.
pub async fn note(app: &App, name: &str, outcomes: &[Outcome]) -> Result<(), DbErr> {
    let now = app.clock.now();
    let stop = outcomes.iter().find_map(|outcome| match outcome {
        Outcome::Stop { reason } => Some(reason.clone()),
        _ => None,
    });
    let failed = outcomes.iter().all(|outcome| {
        matches!(outcome, Outcome::Hold { .. } | Outcome::Unknown { .. } | Outcome::Stop { .. })
    });
    let before = notes(app).await?.remove(name).unwrap_or_else(|| well(name));
    if stop.is_none() && !failed && before.failures == 0 && before.stopped_until.is_none() {
        return Ok(());
    }
    let why = outcomes.first().map(ToString::to_string).unwrap_or_default();
    let changed = store::vendor::settle(&app.db, name, |note| {
        Some(match (&stop, failed) {
            (Some(reason), _) => stopped(note, reason, now),
            (None, true) => failing(note, &why, now),
            (None, false) => working(note, now),
        })
    });
    let Some(note) = changed.await? else { return Ok(()) };
    match (&note.stopped_until, before.stopped_until) {
        (Some(_), _) if stop.is_some() => tracing::error!(
            vendor = name,
            reason = note.reason,
            "the vendor's account does not work: nothing more is given to it until it is repaired"
        ),
        (Some(_), None) => tracing::warn!(vendor = name, reason = note.reason, "the vendor fails"),
        (None, Some(_)) => tracing::info!(vendor = name, "the vendor works again"),
        _ => {}
    }
    Ok(())
}

fn stopped(note: Model, reason: &str, now: DateTime<Utc>) -> Model {
    Model {
        failures: note.failures.max(FAILURES),
        share: 0,
        share_at: now,
        step_seconds: AFTER_OUTAGE,
        stopped_until: Some(now + REPAIR),
        reason: Some(reason.to_owned()),
        ..note
    }
}

fn failing(note: Model, reason: &str, now: DateTime<Utc>) -> Model {
    let failures = note.failures.saturating_add(1);
    if failures < FAILURES {
        return Model { failures, ..note };
    }
    Model {
        failures,
        share: 0,
        share_at: now,
        step_seconds: AFTER_OUTAGE,
        stopped_until: Some(now + PAUSE),
        reason: Some(reason.to_owned()),
        ..note
    }
}

fn working(note: Model, now: DateTime<Utc>) -> Model {
    match note.stopped_until {
        None => Model { failures: 0, ..note },
        Some(_) => Model {
            failures: 0,
            share: POINTS,
            share_at: now,
            step_seconds: AFTER_OUTAGE,
            stopped_until: None,
            ..note
        },
    }
}

/// What a minute changes: ten points back, or ten points less for lateness.
fn after_a_while(note: Model, late: Option<(u64, u64)>, now: DateTime<Utc>) -> Option<Model> {
    let unchanged_for = now - note.share_at;
    if let Some((all, late)) = late
        && all > 0
        && late * 100 >= all * LATE_PERCENT
        && unchanged_for >= AT_MOST_EVERY
        && note.stopped_until.is_none()
        && note.share > 0
    {
        return Some(Model {
            share: (note.share - POINTS).max(0),
            share_at: now,
            step_seconds: AFTER_LATENESS,
            reason: Some(format!("{late} of {all} texts arrived later than five minutes")),
            ..note
        });
    }
    if note.stopped_until.is_some()
        || note.share >= 100
        || unchanged_for < TimeDelta::seconds(note.step_seconds)
    {
        return None;
    }
    let share = (note.share + POINTS).min(100);
    let reason = note.reason.clone().filter(|_| share < 100);
    Some(Model { share, share_at: now, reason, ..note })
}

/// Moves every vendor's share by what the last minutes showed. Any instance may ask, as often as it likes.
///
/// # Errors
/// What the database said.
pub async fn tend(app: &App, names: impl Iterator<Item = &'static str>) -> Result<(), DbErr> {
    let (notes, now) = (notes(app).await?, app.clock.now());
    for name in names {
        // No mail server reports an arrival, and to look for one would read every attempt of a day.
        let late = match name {
            MAIL => None,
            _ => store::vendor::count_late(app.db.read(), name, WITHIN, LATE, now).await?,
        };
        let note = notes.get(name).cloned().unwrap_or_else(|| well(name));
        if after_a_while(note, late, now).is_none() {
            continue;
        }
        let changed = store::vendor::settle(&app.db, name, |note| after_a_while(note, late, now)).await?;
        if let Some(note) = changed {
            tracing::warn!(
                vendor = name,
                share = note.share,
                reason = note.reason,
                "the vendor's share changed"
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(1) + TimeDelta::seconds(seconds)
    }

    fn picked(note: &Model, roll: u64, now: DateTime<Utc>) -> Pick {
        pick(&["a", "b"], &HashMap::from([("a".to_owned(), note.clone())]), roll, now)
    }

    #[test]
    fn an_outage_moves_everything_to_the_next_and_back_by_ten_points() {
        let mut note = well("a");
        for call in 1..FAILURES {
            note = failing(note, "no answer", at(0));
            assert_eq!(picked(&note, 99, at(0)), Pick::Use(0), "after {call} calls");
        }
        note = failing(note, "no answer", at(0));
        assert_eq!(picked(&note, 0, at(0)), Pick::Use(1));
        assert_eq!(picked(&note, 0, at(30)), Pick::Probe(0, at(30)));
        note = failing(note, "no answer", at(30));
        assert_eq!(picked(&note, 0, at(59)), Pick::Use(1));
        note = working(note, at(60));
        assert_eq!((picked(&note, 9, at(60)), picked(&note, 10, at(60))), (Pick::Use(0), Pick::Use(1)));
        let mut shares = vec![note.share];
        for minute in 2..12 {
            assert_eq!(after_a_while(note.clone(), None, at(minute * 60 - 1)), None);
            note = after_a_while(note, None, at(minute * 60)).unwrap_or_else(|| well("a"));
            shares.push(note.share);
        }
        assert_eq!(shares, [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 100]);
    }

    #[test]
    fn lateness_costs_ten_points_at_most_every_ten_minutes() {
        assert_eq!(after_a_while(well("a"), Some((100, 14)), at(0)), None);
        let note = after_a_while(well("a"), Some((100, 15)), at(0)).unwrap();
        assert_eq!(note.share, 90);
        assert_eq!(after_a_while(note.clone(), Some((100, 50)), at(599)), None);
        let note = after_a_while(note, Some((100, 50)), at(600)).unwrap();
        assert_eq!(note.share, 80);
        // Back after an hour without a change.
        assert_eq!(after_a_while(note.clone(), Some((100, 0)), at(600 + 3_599)), None);
        assert_eq!(after_a_while(note, Some((100, 0)), at(600 + 3_600)).unwrap().share, 90);
    }

    #[test]
    fn what_was_refused_goes_where_it_neither_tries_anybody_out_nor_waits() {
        let notes = HashMap::from([("b".to_owned(), stopped(well("b"), "no balance", at(0)))]);
        let of = |names: &[&'static str], full: &[&str]| {
            let full: HashSet<String> = full.iter().map(|name| format!("vendor {name}")).collect();
            onward(names.to_vec(), &notes, &full)
        };
        assert_eq!(of(&["b", "c", "d"], &[]), ["c", "d"]);
        assert_eq!(of(&["b", "c", "d"], &["c"]), ["d"]);
        // Who has no room has some in a moment.
        assert_eq!(of(&["b", "c"], &["c"]), ["c"]);
        // To try somebody out is better than to wait for half a minute.
        assert_eq!(of(&["b"], &[]), ["b"]);
        assert!(of(&[], &[]).is_empty());
    }

    #[test]
    fn an_account_that_does_not_work_is_tried_with_one_text_in_ten_minutes() {
        let note = stopped(well("a"), "1030 no balance", at(0));
        assert_eq!(picked(&note, 0, at(599)), Pick::Use(1));
        assert_eq!(picked(&note, 0, at(600)), Pick::Probe(0, at(600)));
        let alone = HashMap::from([("a".to_owned(), note)]);
        assert_eq!(pick(&["a"], &alone, 0, at(1)), Pick::Nobody);
    }
}
