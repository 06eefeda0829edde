//! Entries: folded from the inbox, and read by receipt.

use std::collections::HashMap;

use entities::entry::{Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::{BATCH_BINDS, bulk};

mod channels;
mod pool;

pub use channels::{Channels, list_channels, list_hearers, list_joined, list_joined_to};
pub use pool::{
    Guarded, PoolRow, count, list_groups, list_guarded_after, list_keeping, list_miss_keys, list_pool_after,
    sum_wanted,
};

/// Rows of one page when a whole round is read.
pub const PAGE: u64 = 10_000;

/// One entry.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, round_id: i64, receipt: &str) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id((round_id, receipt.to_owned())).one(db).await
}

/// The same, held: nobody changes it before this transaction ends.
///
/// # Errors
/// What the database said.
pub async fn find_held(
    txn: &impl ConnectionTrait,
    round_id: i64,
    receipt: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id((round_id, receipt.to_owned())).lock_exclusive().one(txn).await
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

/// New entries.
///
/// # Errors
/// What the database said.
pub async fn insert_all(txn: &impl ConnectionTrait, entries: Vec<Model>) -> Result<(), DbErr> {
    let rows = entries.into_iter().map(|entry| entry.into_active_model().reset_all());
    bulk::insert_models(txn, "", rows).await.map(drop)
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

/// Receipt and sealed person of the next entries of a channel after a receipt, in the order of receipts; those that are
/// withdrawn or of another's entry too.
///
/// # Errors
/// What the database said.
pub async fn list_people_after(
    db: &impl ConnectionTrait,
    round_id: i64,
    channel: &str,
    after: &str,
) -> Result<Vec<(String, String)>, DbErr> {
    let some = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Channel.eq(channel));
    let some = some.filter(Column::Receipt.gt(after)).order_by_asc(Column::Receipt).limit(PAGE);
    some.select_only().columns([Column::Receipt, Column::PersonSealed]).into_tuple().all(db).await
}

/// Whoever is, or was, in the entry of another, in the order of receipts.
///
/// # Errors
/// What the database said.
pub async fn list_led(db: &impl ConnectionTrait, round_id: i64, lead: &str) -> Result<Vec<Model>, DbErr> {
    let led = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Lead.eq(lead));
    led.order_by_asc(Column::Receipt).all(db).await
}
