//! Rates that all instances keep together and a restart does not forget.

use std::collections::HashSet;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use entities::rate::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};

use super::Db;

/// A rate that is asked for: its scope, and what holds unless staff decided otherwise.
#[derive(Clone, Debug)]
pub struct Ask {
    /// `channel sms`, `vendor solapi`.
    pub scope: String,
    /// So many a minute.
    pub usual: i64,
    /// Leaves one for somebody who waits at a page, where a second has more than one.
    pub keeps_one: bool,
}

/// What may leave now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    /// So many.
    pub count: usize,
    /// When more may; `None` while staff have paused it.
    pub next_at: Option<DateTime<Utc>>,
}

/// Takes up to `count` from all of `asks` at once, in the caller's transaction, which queues for them.
///
/// # Errors
/// What the database said.
pub async fn take(
    txn: &impl ConnectionTrait,
    asks: &[Ask],
    count: usize,
    now: DateTime<Utc>,
) -> Result<Permit, DbErr> {
    let rows = lock(txn, asks.iter().map(|ask| ask.scope.clone()).collect(), now).await?;
    let rows: Vec<Model> = rows.into_iter().map(|row| in_time(row, now)).collect();
    let mut permit = Permit { count, next_at: Some(now) };
    let most = |row: &Model| decided(row, asks);
    let keeps_one = |row: &Model| asks.iter().any(|ask| ask.scope == row.scope && ask.keeps_one);
    for row in &rows {
        let (allowed, next_at) = allowed(row, most(row), keeps_one(row), now);
        permit.count = permit.count.min(usize::try_from(allowed).unwrap_or(0));
        permit.next_at = permit.next_at.zip(next_at).map(|(one, other)| one.max(other));
    }
    let taken = i64::try_from(permit.count).unwrap_or(0);
    for row in rows.iter().filter(|_| taken > 0) {
        let present = row.minute.max(minute(now));
        let same = row.minute == present;
        let change = ActiveModel {
            minute: Set(present),
            taken: Set(taken + if same { row.taken } else { 0 }),
            next_at: Set(row.next_at.max(now) + each(most(row)) * i32::try_from(taken).unwrap_or(i32::MAX)),
            ..Default::default()
        };
        Entity::update_many().set(change).filter(Column::Scope.eq(&row.scope)).exec(txn).await?;
    }
    Ok(permit)
}

/// What holds for a scope: what staff decided, or what is usual.
fn decided(row: &Model, asks: &[Ask]) -> i64 {
    let usual = asks.iter().find(|ask| ask.scope == row.scope).map_or(0, |ask| ask.usual);
    row.per_minute.unwrap_or(usual)
}

/// The scopes, of some, that have no room just now.
///
/// # Errors
/// What the database said.
pub async fn list_full(
    db: &impl ConnectionTrait,
    asks: &[Ask],
    now: DateTime<Utc>,
) -> Result<HashSet<String>, DbErr> {
    let used = Entity::find().filter(Column::Scope.is_in(asks.iter().map(|ask| ask.scope.as_str())));
    let rows = used.all(db).await?.into_iter().map(|row| in_time(row, now));
    let full = rows.filter(|row| allowed(row, decided(row, asks), false, now).0 == 0);
    Ok(full.map(|row| row.scope).collect())
}

/// More than any minute holds.
const FULL: i64 = 1_000_000_000_000;

/// The rows of some scopes, locked in one order for everybody; those that are missing are made.
async fn lock(
    txn: &impl ConnectionTrait,
    scopes: Vec<String>,
    now: DateTime<Utc>,
) -> Result<Vec<Model>, DbErr> {
    let read = || {
        let some = Entity::find().filter(Column::Scope.is_in(scopes.clone()));
        some.order_by_asc(Column::Scope).lock_exclusive()
    };
    let rows = read().all(txn).await?;
    if rows.len() == scopes.len() {
        return Ok(rows);
    }
    let made = scopes.iter().map(|scope| row(scope, now));
    let once = OnConflict::column(Column::Scope).do_nothing().to_owned();
    Entity::insert_many(made).on_conflict(once).exec_without_returning(txn).await?;
    read().all(txn).await
}

fn row(scope: &str, now: DateTime<Utc>) -> ActiveModel {
    ActiveModel {
        scope: Set(scope.to_owned()),
        per_minute: Set(None),
        minute: Set(minute(now)),
        taken: Set(0),
        next_at: Set(now),
        changed_at: Set(None),
    }
}

/// Longer ahead than this no rate is: one a minute waits a minute.
const AHEAD: TimeDelta = TimeDelta::seconds(61);

/// A row that says what will be in more than a minute was written by a clock that has been set back since: it says
/// nothing, or everybody would wait for as long as the clock was wrong. One that is a little ahead is another
/// instance's, and holds.
fn in_time(row: Model, now: DateTime<Utc>) -> Model {
    match row.next_at - now > AHEAD || row.minute - now > AHEAD {
        true => Model { minute: minute(now), taken: 0, next_at: now, ..row },
        false => row,
    }
}

/// How many may leave now at `most` a minute: no more than that in any minute of the clock, and no more than
/// one second's worth at once.
fn allowed(row: &Model, most: i64, keeps_one: bool, now: DateTime<Utc>) -> (i64, Option<DateTime<Utc>>) {
    if most <= 0 {
        return (0, None);
    }
    let taken = if row.minute >= minute(now) { row.taken } else { 0 };
    let left = (most - taken).max(0);
    let second = (most + 59) / 60;
    let burst = second - i64::from(keeps_one && second > 1);
    let each = each(most);
    let ahead = (row.next_at - now).max(TimeDelta::zero());
    let free =
        burst - (ahead.num_microseconds().unwrap_or(i64::MAX) + each_micros(most) - 1) / each_micros(most);
    let next_at = match left {
        0 => row.minute.max(minute(now)) + TimeDelta::minutes(1),
        _ => now + (ahead + each - each * i32::try_from(burst).unwrap_or(i32::MAX)).max(TimeDelta::zero()),
    };
    (left.min(free).max(0), Some(next_at))
}

fn each(most: i64) -> TimeDelta {
    TimeDelta::microseconds(each_micros(most))
}

/// Rounded up: a rate is a promise.
fn each_micros(most: i64) -> i64 {
    let most = most.max(1);
    (60_000_000 + most - 1) / most
}

/// The minute of the clock that an instant lies in.
pub fn minute(instant: DateTime<Utc>) -> DateTime<Utc> {
    instant.duration_trunc(TimeDelta::minutes(1)).unwrap_or(instant)
}

/// The minute that a round is filling, locked, and what staff decided about it.
///
/// # Errors
/// What the database said.
pub async fn lock_one(txn: &impl ConnectionTrait, scope: &str, now: DateTime<Utc>) -> Result<Model, DbErr> {
    let rows = lock(txn, vec![scope.to_owned()], now).await?;
    rows.into_iter().next().ok_or_else(|| DbErr::RecordNotFound(scope.to_owned()))
}

/// Keeps the minute that a round is filling.
///
/// # Errors
/// What the database said.
pub async fn keep(
    txn: &impl ConnectionTrait,
    scope: &str,
    minute: DateTime<Utc>,
    taken: i64,
) -> Result<(), DbErr> {
    let change = ActiveModel { minute: Set(minute), taken: Set(taken), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Scope.eq(scope)).exec(txn).await.map(drop)
}

/// A round's filling begins anew, behind the present minute: what was promised to later minutes at an old rate is
/// asked for again, and this minute may be full already.
async fn begin_anew(txn: &impl ConnectionTrait, scope: &str, now: DateTime<Utc>) -> Result<(), DbErr> {
    keep(txn, scope, minute(now), FULL).await
}

/// What staff decide about a round: it holds from the next minute on, also for what was planned anew at the old
/// rate.
///
/// # Errors
/// What the database said.
pub async fn set_round(
    db: &Db,
    scope: &str,
    round_id: i64,
    per_minute: Option<i64>,
    now: DateTime<Utc>,
) -> Result<u64, DbErr> {
    set(db, scope, per_minute, now).await?;
    let txn = db.begin().await?;
    begin_anew(&txn, scope, now).await?;
    let again = super::notice::ask_again(&txn, round_id, now).await?;
    txn.commit().await?;
    Ok(again)
}

/// What staff decide: so many a minute (0 pauses), or again what is usual.
///
/// # Errors
/// What the database said.
pub async fn set(db: &Db, scope: &str, per_minute: Option<i64>, now: DateTime<Utc>) -> Result<(), DbErr> {
    let txn = db.begin().await?;
    lock_one(&txn, scope, now).await?;
    let change =
        ActiveModel { per_minute: Set(per_minute), changed_at: Set(Some(now)), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Scope.eq(scope)).exec(&txn).await?;
    txn.commit().await
}

/// What staff have paused.
///
/// # Errors
/// What the database said.
pub async fn list_paused(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let paused = Entity::find().select_only().column(Column::Scope).filter(Column::PerMinute.eq(0));
    paused.into_tuple().all(db).await
}

/// All rates that were used or decided.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().order_by_asc(Column::Scope).all(db).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_minute_holds_more_than_the_rate_and_no_second_more_than_its_share() {
        for most in [1, 7, 60, 61, 600, 100_000] {
            let began = DateTime::UNIX_EPOCH + TimeDelta::milliseconds(17);
            let mut row = Model {
                scope: String::new(),
                per_minute: None,
                minute: minute(began),
                taken: 0,
                next_at: began,
                changed_at: None,
            };
            let mut by_minute = std::collections::BTreeMap::<_, i64>::new();
            // As greedy as can be, ten times a second for five minutes.
            for step in 0..3_000 {
                let now = began + TimeDelta::milliseconds(step * 100);
                let (count, _) = allowed(&row, most, false, now);
                assert!(count <= (most + 59) / 60);
                if count > 0 {
                    let same = row.minute == minute(now);
                    row.taken = count + if same { row.taken } else { 0 };
                    row.minute = minute(now);
                    row.next_at = row.next_at.max(now) + each(most) * i32::try_from(count).unwrap_or(0);
                    *by_minute.entry(minute(now)).or_default() += count;
                }
            }
            let sums: Vec<i64> = by_minute.into_values().collect();
            assert!(sums.iter().all(|sum| *sum <= most), "{most}: {sums:?}");
            assert!(sums[1..5].iter().all(|sum| sum * 100 >= most * 98), "{most}: {sums:?}");
            assert_eq!(allowed(&row, 0, false, began), (0, None));
        }
    }

    fn row(next_at: DateTime<Utc>, taken: i64) -> Model {
        Model {
            scope: String::new(),
            per_minute: None,
            minute: minute(next_at),
            taken,
            next_at,
            changed_at: None,
        }
    }

    #[test]
    fn a_clock_that_is_set_back_stops_nobody_and_one_that_is_a_little_behind_counts_on() {
        let at = |seconds: i64| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        // An hour back: at the old time everything would wait for an hour, codes as well.
        let before = row(at(7_200), 60);
        assert_eq!(allowed(&in_time(before.clone(), at(3_600)), 60, false, at(3_600)).0, 1);
        // Another instance is half a second into the next minute, which is full.
        let other = row(at(60), 60);
        let (count, next_at) = allowed(&in_time(other.clone(), at(59)), 60, false, at(59));
        assert_eq!((count, next_at), (0, Some(at(120))));
        assert_eq!(in_time(other.clone(), at(59)), other);
        // The slowest rate there is waits for its whole minute.
        assert_eq!(in_time(row(at(60), 1), at(0)), row(at(60), 1));
    }

    #[test]
    fn whoever_waits_at_a_page_finds_one_left() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::minutes(1);
        // Ten a second, and all but one of this second's are gone.
        let empty = row(now, 0);
        let row = Model { taken: 9, next_at: now + TimeDelta::milliseconds(900), ..empty.clone() };
        let (count, next_at) = allowed(&row, 600, true, now);
        assert_eq!((count, next_at), (0, Some(now + TimeDelta::milliseconds(100))));
        assert_eq!(allowed(&row, 600, false, now).0, 1);
        // Where a second has one only, everybody's turn comes.
        assert_eq!(allowed(&empty, 60, true, now).0, 1);
    }
}
