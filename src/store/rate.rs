//! Rates that all instances keep together and a restart does not forget.

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
    let mut permit = Permit { count, next_at: Some(now) };
    let most = |row: &Model| {
        let usual = asks.iter().find(|ask| ask.scope == row.scope).map_or(0, |ask| ask.usual);
        row.per_minute.unwrap_or(usual)
    };
    for row in &rows {
        let (allowed, next_at) = allowed(row, most(row), now);
        permit.count = permit.count.min(usize::try_from(allowed).unwrap_or(0));
        permit.next_at = permit.next_at.zip(next_at).map(|(one, other)| one.max(other));
    }
    let taken = i64::try_from(permit.count).unwrap_or(0);
    for row in rows.iter().filter(|_| taken > 0) {
        let same = row.minute == minute(now);
        let change = ActiveModel {
            minute: Set(minute(now)),
            taken: Set(taken + if same { row.taken } else { 0 }),
            next_at: Set(row.next_at.max(now) + each(most(row)) * i32::try_from(taken).unwrap_or(i32::MAX)),
            ..Default::default()
        };
        Entity::update_many().set(change).filter(Column::Scope.eq(&row.scope)).exec(txn).await?;
    }
    Ok(permit)
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

/// How many may leave now at `most` a minute: no more than that in any minute of the clock, and no more than
/// one second's worth at once.
fn allowed(row: &Model, most: i64, now: DateTime<Utc>) -> (i64, Option<DateTime<Utc>>) {
    if most <= 0 {
        return (0, None);
    }
    let taken = if row.minute == minute(now) { row.taken } else { 0 };
    let left = (most - taken).max(0);
    let burst = (most + 59) / 60;
    let each = each(most);
    let ahead = (row.next_at - now).max(TimeDelta::zero());
    let free =
        burst - (ahead.num_microseconds().unwrap_or(i64::MAX) + each_micros(most) - 1) / each_micros(most);
    let next_at = match left {
        0 => minute(now) + TimeDelta::minutes(1),
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
                let (count, _) = allowed(&row, most, now);
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
            assert_eq!(allowed(&row, 0, began), (0, None));
        }
    }
}
