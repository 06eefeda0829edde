//! Entries: folded from the inbox, read by receipt, sealed in order.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::entry::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::BATCH_BINDS;

/// Rows of one insert: seventeen columns each.
const BATCH: usize = BATCH_BINDS / 17;
/// Rows of one page when a whole round is read.
const PAGE: u64 = 10_000;

/// One entry.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, round_id: i64, receipt: &str) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id((round_id, receipt.to_owned())).one(db).await
}

/// Several entries, by receipt; those that do not exist are absent.
///
/// # Errors
/// What the database said.
pub async fn list(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipts: &[String],
) -> Result<HashMap<String, Model>, DbErr> {
    let mut found = HashMap::with_capacity(receipts.len());
    for some in receipts.chunks(BATCH_BINDS - 1) {
        let query = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Receipt.is_in(some));
        found.extend(query.all(db).await?.into_iter().map(|entry| (entry.receipt.clone(), entry)));
    }
    Ok(found)
}

/// How many entries take part.
///
/// # Errors
/// What the database said.
pub async fn count(db: &impl ConnectionTrait, round_id: i64) -> Result<u64, DbErr> {
    in_pool(round_id).count(db).await
}

/// The entries of a round that have a line in its pool.
fn in_pool(round_id: i64) -> Select<Entity> {
    let entries = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::WithdrawnAt.is_null());
    entries.filter(Column::Lead.is_null())
}

/// How many entries, and people in them, keep the same values: `(values, entries, people)`.
///
/// # Errors
/// What the database said.
pub async fn list_groups(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<(String, u64, u64)>, DbErr> {
    let query = in_pool(round_id)
        .select_only()
        .column(Column::Fields)
        .column_as(Column::Receipt.count(), "entries")
        .column_as(Column::Seats.sum(), "seats")
        .group_by(Column::Fields);
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    let rows: Vec<(String, i64, i64)> = query.into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(kept, entries, seats)| (kept, number(entries), number(seats))).collect())
}

/// The entries of a round that keep these values.
///
/// # Errors
/// What the database said.
pub async fn list_keeping(
    db: &impl ConnectionTrait,
    round_id: i64,
    fields: &str,
) -> Result<Vec<Model>, DbErr> {
    in_pool(round_id).filter(Column::Fields.eq(fields)).all(db).await
}

/// New entries.
///
/// # Errors
/// What the database said.
pub async fn insert_all(txn: &impl ConnectionTrait, entries: Vec<Model>) -> Result<(), DbErr> {
    let mut rows =
        entries.into_iter().map(IntoActiveModel::into_active_model).map(ActiveModel::reset_all).peekable();
    while rows.peek().is_some() {
        let batch: Vec<ActiveModel> = rows.by_ref().take(BATCH).collect();
        Entity::insert_many(batch).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// An entry that changed.
///
/// # Errors
/// What the database said.
pub async fn update(txn: &impl ConnectionTrait, entry: Model) -> Result<(), DbErr> {
    let (round_id, receipt) = (entry.round_id, entry.receipt.clone());
    Entity::update_many()
        .set(entry.into_active_model().reset_all())
        .filter(Column::RoundId.eq(round_id))
        .filter(Column::Receipt.eq(receipt))
        .exec(txn)
        .await
        .map(drop)
}

/// What the pool says of each entry that takes part. Read page by page: a stream would hold its
/// connection. The order is the pool's business.
///
/// # Errors
/// What the database said.
pub async fn list_pool(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<PoolRow>, DbErr> {
    let mut rows: Vec<PoolRow> = Vec::new();
    loop {
        let mut query = in_pool(round_id)
            .select_only()
            .columns([Column::Receipt, Column::Seats, Column::Want, Column::Weight, Column::Wish])
            .column(Column::Fields);
        if let Some(last) = rows.last() {
            query = query.filter(Column::Receipt.gt(last.0.as_str()));
        }
        let page: Vec<PoolRow> = query.order_by_asc(Column::Receipt).limit(PAGE).into_tuple().all(db).await?;
        let last = page.len() < PAGE as usize;
        rows.extend(page);
        if last {
            return Ok(rows);
        }
    }
}

/// What the bias guard looks at.
#[derive(Debug, FromQueryResult)]
pub struct Guarded {
    /// Its public code.
    pub receipt: String,
    /// Won.
    pub want: i64,
    /// Lots.
    pub weight: i32,
    /// Day parts, best first.
    pub wish: String,
    /// Cohort and reserve fields, `key=value`.
    pub fields: String,
    /// How it is told things.
    pub channel: String,
    /// In which language.
    pub lang: String,
    /// When it was entered first.
    pub entered_at: DateTime<Utc>,
}

/// What the bias guard looks at of each entry that takes part, in the order of receipts.
///
/// # Errors
/// What the database said.
pub async fn list_guarded(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<Guarded>, DbErr> {
    let mut rows: Vec<Guarded> = Vec::new();
    loop {
        let mut query = in_pool(round_id)
            .select_only()
            .columns([Column::Receipt, Column::Want, Column::Weight, Column::Wish])
            .columns([Column::Fields, Column::Channel, Column::Lang, Column::EnteredAt]);
        if let Some(last) = rows.last() {
            query = query.filter(Column::Receipt.gt(last.receipt.as_str()));
        }
        let page: Vec<Guarded> = query.order_by_asc(Column::Receipt).limit(PAGE).into_model().all(db).await?;
        let last = page.len() < PAGE as usize;
        rows.extend(page);
        if last {
            // PostgreSQL may sort by locale; receipts are of one kind of letters, so this is no work.
            rows.sort_unstable_by(|a, b| a.receipt.cmp(&b.receipt));
            return Ok(rows);
        }
    }
}

/// How each entry of a round that takes part is told things, by receipt.
///
/// # Errors
/// What the database said.
pub async fn list_channels(
    db: &impl ConnectionTrait,
    round_id: i64,
) -> Result<HashMap<String, String>, DbErr> {
    let query = Entity::find()
        .select_only()
        .columns([Column::Receipt, Column::Channel])
        .filter(Column::RoundId.eq(round_id))
        .filter(Column::WithdrawnAt.is_null());
    Ok(query.into_tuple::<(String, String)>().all(db).await?.into_iter().collect())
}

/// Receipt, seats, want, weight, wish, and the fields as an entry keeps them.
pub type PoolRow = (String, i32, i64, i32, String, String);

/// Erases who the entrants of a round were; what was published stays verifiable.
///
/// # Errors
/// What the database said.
pub async fn erase_people(txn: &impl ConnectionTrait, round_id: i64) -> Result<u64, DbErr> {
    let empty = || sea_orm::ActiveValue::Set(String::new());
    let erased = ActiveModel { person_sealed: empty(), miss_key: empty(), ..Default::default() };
    let update = Entity::update_many().set(erased).filter(Column::RoundId.eq(round_id));
    Ok(update.filter(Column::PersonSealed.ne("")).exec(txn).await?.rows_affected)
}
