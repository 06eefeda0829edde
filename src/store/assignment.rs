//! What the draw decided, row by row.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::{
    assignment::{Column, Entity, Model},
    bought, extension, fact, moved, taken_back,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult,
    IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::Expr,
};

use super::{BATCH_BINDS, bulk, entry::PAGE};

/// Writes some of a result; what a killed process wrote of it stays as it is.
///
/// # Errors
/// What the database said.
pub async fn insert_some(txn: &impl ConnectionTrait, rows: impl Iterator<Item = Model>) -> Result<(), DbErr> {
    let rows = rows.map(|row| row.into_active_model().reset_all());
    // Of two that write the same at once, the later may meet any of the keys first.
    let once = "ON CONFLICT DO NOTHING";
    bulk::insert_models(txn, once, rows).await.map(drop)
}

/// The place of one entry.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, round_id: i64, receipt: &str) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id((round_id, receipt.to_owned())).one(db).await
}

/// A place, and where more is known of it.
#[derive(Debug, FromQueryResult)]
pub struct Place {
    /// What was drawn.
    #[sea_orm(nested)]
    pub drawn: Model,
    /// Offers were made of it.
    pub offered: bool,
    /// It was used.
    pub is_bought: bool,
    /// A purchase with it was taken back.
    pub is_taken_back: bool,
    /// Somebody said something about it.
    pub said: bool,
    /// A payment that failed has extended it.
    pub is_extended: bool,
}

/// The places of several entries, and what else to ask for: of most entries nothing, so that the page which everybody opens
/// asks one question instead of five.
///
/// # Errors
/// What the database said.
pub async fn list_places(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipts: &[String],
) -> Result<Vec<Place>, DbErr> {
    macro_rules! is_in {
        ($table:ident) => {
            Expr::exists(QueryTrait::into_query(
                $table::Entity::find()
                    .select_only()
                    .column($table::Column::Receipt)
                    .filter($table::Column::RoundId.eq(round_id))
                    .filter(
                        Expr::col(($table::Entity, $table::Column::Receipt))
                            .equals((Entity, Column::Receipt)),
                    ),
            ))
        };
    }
    Entity::find()
        .filter(Column::RoundId.eq(round_id))
        .filter(Column::Receipt.is_in(receipts))
        .expr_as(is_in!(moved), "offered")
        .expr_as(is_in!(bought), "is_bought")
        .expr_as(is_in!(taken_back), "is_taken_back")
        .expr_as(is_in!(fact), "said")
        .expr_as(is_in!(extension), "is_extended")
        .into_model()
        .all(db)
        .await
}

/// The places of several entries.
///
/// # Errors
/// What the database said.
pub async fn list(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipts: &[String],
) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Receipt.is_in(receipts)).all(db).await
}

/// The first and the last start that were drawn, and how many have one.
///
/// # Errors
/// What the database said.
pub async fn find_span(
    db: &impl ConnectionTrait,
    round_id: i64,
) -> Result<(Option<(DateTime<Utc>, DateTime<Utc>)>, u64), DbErr> {
    let places =
        || Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::StartsAt.is_not_null());
    let first = places().order_by_asc(Column::StartsAt).one(db).await?.and_then(|place| place.starts_at);
    let last = places().order_by_desc(Column::StartsAt).one(db).await?.and_then(|place| place.starts_at);
    Ok((first.zip(last), places().count(db).await?))
}

/// The places that were drawn to start after one instant and not after another; shifts are not in it.
///
/// # Errors
/// What the database said.
pub async fn list_starting(
    db: &impl ConnectionTrait,
    round_id: i64,
    after: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Model>, DbErr> {
    let places = Entity::find().filter(Column::RoundId.eq(round_id));
    places.filter(Column::StartsAt.gt(after)).filter(Column::StartsAt.lte(until)).all(db).await
}

/// How many places were drawn to start at which instant; shifts are not in it.
///
/// # Errors
/// What the database said.
pub async fn count_starts(
    db: &impl ConnectionTrait,
    round_id: i64,
) -> Result<Vec<(DateTime<Utc>, i64)>, DbErr> {
    let places = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::StartsAt.is_not_null());
    let starts = places.select_only().column(Column::StartsAt).column_as(Column::StartsAt.count(), "places");
    starts.group_by(Column::StartsAt).into_tuple().all(db).await
}

/// The same of those that no offer has moved, that have not bought, and whose places are not given back or taken away.
///
/// # Errors
/// What the database said.
pub async fn count_unbought(
    db: &impl ConnectionTrait,
    round_id: i64,
) -> Result<Vec<(DateTime<Utc>, i64)>, DbErr> {
    let places = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::StartsAt.is_not_null());
    let places = places.filter(Column::Receipt.not_in_subquery(heard(round_id)));
    let places = places.filter(Column::Receipt.not_in_subquery(super::bought::receipts(round_id)));
    let places = places.filter(Column::Receipt.not_in_subquery(super::fact::gone(round_id)));
    let starts = places.select_only().column(Column::StartsAt).column_as(Column::StartsAt.count(), "places");
    starts.group_by(Column::StartsAt).into_tuple().all(db).await
}

/// How many places were drawn, and how many of them were bought with before an offer said something else about them.
///
/// # Errors
/// What the database said.
pub async fn count_bought(db: &impl ConnectionTrait, round_id: i64) -> Result<(u64, u64), DbErr> {
    let places =
        || Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::StartsAt.is_not_null());
    let bought = places().filter(Column::Receipt.in_subquery(super::bought::receipts(round_id)));
    let bought = bought.filter(Column::Receipt.not_in_subquery(heard(round_id)));
    Ok((places().count(db).await?, bought.count(db).await?))
}

/// The places of many entries, by receipt.
///
/// # Errors
/// What the database said.
pub async fn list_many(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipts: &[String],
) -> Result<HashMap<String, Model>, DbErr> {
    let mut found = HashMap::with_capacity(receipts.len());
    for some in receipts.chunks(BATCH_BINDS - 1) {
        let places = list(db, round_id, some).await?;
        found.extend(places.into_iter().map(|place| (place.receipt.clone(), place)));
    }
    Ok(found)
}

/// Those about whom an offer said something: who waited no longer does, and what was drawn no longer holds.
fn heard(round_id: i64) -> sea_orm::sea_query::SelectStatement {
    let moved = moved::Entity::find().select_only().column(moved::Column::Receipt);
    QueryTrait::into_query(moved.filter(moved::Column::RoundId.eq(round_id)))
}

/// The ranks of the waitlist as it is now, in order.
///
/// # Errors
/// What the database said.
pub async fn list_waiting(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<i64>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::Rank)
        .filter(Column::RoundId.eq(round_id))
        .filter(Column::Outcome.eq("waitlisted"))
        .filter(Column::Receipt.not_in_subquery(heard(round_id)))
        .order_by_asc(Column::Rank)
        .into_tuple()
        .all(db)
        .await
}

/// The places of some ranks, in order.
///
/// # Errors
/// What the database said.
pub async fn list_ranks(
    db: &impl ConnectionTrait,
    round_id: i64,
    ranks: &[i64],
) -> Result<Vec<Model>, DbErr> {
    let places = Entity::find().filter(Column::RoundId.eq(round_id));
    places.filter(Column::Rank.is_in(ranks.iter().copied())).order_by_asc(Column::Rank).all(db).await
}

/// Won drawn in all.
///
/// # Errors
/// What the database said.
pub async fn sum_drawn(db: &impl ConnectionTrait, round_id: i64) -> Result<i64, DbErr> {
    let all = Entity::find().select_only().filter(Column::RoundId.eq(round_id));
    let sum = all.column_as(Column::Amount.sum().cast_as("bigint"), "sum");
    Ok(sum.into_tuple::<Option<i64>>().one(db).await?.flatten().unwrap_or(0))
}

/// A whole result in rank order.
///
/// # Errors
/// What the database said.
pub async fn list_by_rank(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::RoundId.eq(round_id)).order_by_asc(Column::Rank).all(db).await
}

/// The next of a result after a rank, in rank order: a page of one that would not fit into memory.
///
/// # Errors
/// What the database said.
pub async fn list_after(db: &impl ConnectionTrait, round_id: i64, rank: i64) -> Result<Vec<Model>, DbErr> {
    let places = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Rank.gt(rank));
    places.order_by_asc(Column::Rank).limit(PAGE).all(db).await
}
