//! What waits.

use chrono::{DateTime, Utc};
use entities::notice::{Column, Entity};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, Query, UnionType},
};

const DUE: &str = "due_at";

/// What waits in one queue.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    /// Planned, also for later.
    pub planned: u64,
    /// Due, and not sent.
    pub due: u64,
    /// Their fate is unknown.
    pub unknown: u64,
    /// Since when the first of those due waits.
    pub oldest_due_at: Option<DateTime<Utc>>,
    /// When the last one is planned for.
    pub last_planned_at: Option<DateTime<Utc>>,
}

/// Counts a queue.
///
/// # Errors
/// What the database said.
pub async fn count_waiting(
    db: &impl ConnectionTrait,
    channel: &str,
    class: &str,
    now: DateTime<Utc>,
) -> Result<Waiting, DbErr> {
    let of = |state: &str| {
        let some = Entity::find().filter(Column::State.eq(state));
        some.filter(Column::Channel.eq(channel)).filter(Column::Class.eq(class))
    };
    let at = async |rows: sea_orm::Select<Entity>| {
        rows.select_only().column(Column::DueAt).into_tuple::<DateTime<Utc>>().one(db).await
    };
    let due = of("planned").filter(Column::DueAt.lte(now));
    Ok(Waiting {
        planned: of("planned").count(db).await?,
        due: due.clone().count(db).await?,
        unknown: of("unknown").count(db).await?,
        oldest_due_at: at(due.order_by_asc(Column::DueAt)).await?,
        last_planned_at: at(of("planned").order_by_desc(Column::DueAt)).await?,
    })
}

/// Whether a notice of a channel has been due since `then`; a code, or, with `all`, any of them.
///
/// # Errors
/// What the database said.
pub async fn is_waiting(
    db: &impl ConnectionTrait,
    channel: &str,
    then: DateTime<Utc>,
    all: bool,
) -> Result<bool, DbErr> {
    let mut due = Entity::find().filter(Column::State.eq("planned")).filter(Column::DueAt.lte(then));
    due = due.filter(Column::Channel.eq(channel));
    if !all {
        due = due.filter(Column::Class.eq("auth"));
    }
    Ok(due.select_only().column(Column::Id).limit(1).into_tuple::<i64>().one(db).await?.is_some())
}

/// Whether somebody is sending something now: a claim that ran out is nobody's.
///
/// # Errors
/// What the database said.
pub async fn is_claimed(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let held = Entity::find().filter(Column::State.eq("sending")).filter(Column::ClaimedUntil.gt(now));
    Ok(held.select_only().column(Column::Id).limit(1).into_tuple::<i64>().one(db).await?.is_some())
}

/// When the next notice that somebody sends is due, or was, or one whose fate is unknown is asked for; what is pointless by
/// now does not count.
///
/// # Errors
/// What the database said.
pub async fn find_next_due(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    // The index on both columns gives the first of each state without sorting all that waits. In one statement: what
    // comes back from being sent between two of them would be in neither.
    let first = |state: &str| {
        Entity::find()
            .filter(Column::State.eq(state))
            .filter(Column::Channel.ne(super::LETTER))
            .filter(Column::DeadlineAt.gt(now))
            .select_only()
            .column_as(Column::DueAt.min(), DUE)
            .into_query()
    };
    let mut each = first("planned");
    for state in ["sending", "unknown"] {
        each.union(UnionType::All, first(state));
    }
    let least = Query::select().expr_as(Expr::col(DUE).min(), DUE).from_subquery(each, "each").take();
    db.query_one(&least).await?.map_or(Ok(None), |row| row.try_get("", DUE))
}

/// What staff changed of a round's rate holds at once: what was planned anew at the old rate is asked again.
///
/// # Errors
/// What the database said.
pub async fn ask_again(txn: &impl ConnectionTrait, round_id: i64, now: DateTime<Utc>) -> Result<u64, DbErr> {
    let moved = Entity::update_many()
        .col_expr(Column::DueAt, Expr::col(Column::PlannedAt))
        .col_expr(Column::PromisedAt, Expr::val(Option::<DateTime<Utc>>::None))
        .filter(Column::RoundId.eq(round_id))
        .filter(Column::State.eq("planned"))
        .filter(Column::Reason.is_in(super::SPREAD))
        .filter(Column::PromisedAt.is_not_null())
        .filter(Expr::col(Column::DueAt).gt(now));
    Ok(moved.exec(txn).await?.rows_affected)
}
