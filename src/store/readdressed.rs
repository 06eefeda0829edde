//! Addresses that notices went to before they went elsewhere, until whoever is there has been told.

use std::collections::HashSet;

use entities::{
    notice,
    readdressed::{Column, Entity, Model},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect,
};

use super::{BATCH_BINDS, Db, erase::Part};

/// The reason of notices to such an address.
pub const READDRESSED: &str = "readdressed";

/// Until a notice has ended, its address is needed: it may leave again, and a vendor is asked for it by its number.
const OPEN: [&str; 3] = ["planned", "sending", "unknown"];

/// Keeps an address; its notice is planned in the same transaction.
///
/// # Errors
/// What the database said.
pub async fn insert(txn: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
    Entity::insert(row.into_active_model().reset_all()).exec_without_returning(txn).await.map(drop)
}

/// The addresses of some entries that are still to be told.
///
/// # Errors
/// What the database said.
pub async fn list(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipts: &[String],
) -> Result<Vec<Model>, DbErr> {
    let mut found = Vec::new();
    for some in receipts.chunks(BATCH_BINDS - 1) {
        let rows = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Receipt.is_in(some));
        found.extend(rows.all(db).await?);
    }
    Ok(found)
}

/// What an entry was told so far of what was done to it: these notices alone have the version of the entry.
///
/// # Errors
/// What the database said.
pub async fn list_notices(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipt: &str,
) -> Result<Vec<notice::Model>, DbErr> {
    let all = notice::Entity::find().filter(notice::Column::RoundId.eq(round_id));
    let all = all.filter(notice::Column::About.eq(receipt));
    all.filter(notice::Column::Reason.is_in(["entered", "withdrawn", READDRESSED])).all(db).await
}

/// Whether a notice may still leave, or is not known to have left.
pub fn is_open(notice: &notice::Model) -> bool {
    OPEN.contains(&notice.state.as_str())
}

/// Forgets the addresses whose notices have ended, whatever became of them. Asked at every knock: whoever was killed
/// between sending and forgetting is followed by the next.
///
/// # Errors
/// What the database said.
pub async fn sweep(db: &Db) -> Result<(), DbErr> {
    // First the addresses, then the notices: one that came in between is not here, and is swept another time.
    let kept = Entity::find().all(db.read()).await?;
    if kept.is_empty() {
        return Ok(());
    }
    let open: HashSet<(i64, String, i32)> = notice::Entity::find()
        .select_only()
        .columns([notice::Column::RoundId, notice::Column::About, notice::Column::Version])
        .filter(notice::Column::State.is_in(OPEN))
        .filter(notice::Column::Reason.eq(READDRESSED))
        .into_tuple()
        .all(db.read())
        .await?
        .into_iter()
        .collect();
    let over = |row: &Model| !open.contains(&(row.round_id, row.receipt.clone(), row.version));
    let over: Vec<Model> = kept.into_iter().filter(over).collect();
    if over.is_empty() {
        return Ok(());
    }
    let txn = db.begin().await?;
    for row in over {
        Entity::delete_by_id((row.round_id, row.receipt, row.version)).exec(&txn).await?;
    }
    txn.commit().await
}

/// Erases those of a round. How many there were.
///
/// # Errors
/// What the database said.
pub async fn erase(txn: &impl ConnectionTrait, round_id: i64, part: Part<'_>) -> Result<u64, DbErr> {
    let all = Entity::delete_many().filter(Column::RoundId.eq(round_id));
    Ok(all.filter(part.of(Column::Receipt)).exec(txn).await?.rows_affected)
}
