//! Purchases that were taken back. Rows are only added.

use entities::{
    bought,
    taken_back::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder,
};

/// Takes exactly this purchase back. `false`: it is another by now, or none.
///
/// # Errors
/// What the database said.
pub async fn take_back(
    txn: &impl ConnectionTrait,
    purchase: &bought::Model,
    row: Model,
) -> Result<bool, DbErr> {
    let this = bought::Entity::delete_many().filter(bought::Column::RoundId.eq(purchase.round_id));
    let this = this.filter(bought::Column::Receipt.eq(purchase.receipt.as_str()));
    let this = this.filter(bought::Column::Amount.eq(purchase.amount));
    let this = this.filter(bought::Column::At.eq(purchase.at));
    let this = this.filter(bought::Column::Source.eq(purchase.source.as_str()));
    if this.exec(txn).await?.rows_affected != 1 {
        return Ok(false);
    }
    let row: ActiveModel = row.into_active_model().reset_all();
    Entity::insert(row).exec_without_returning(txn).await?;
    Ok(true)
}

/// What was taken back of one entry, the first first.
///
/// # Errors
/// What the database said.
pub async fn list_of(db: &impl ConnectionTrait, round_id: i64, receipt: &str) -> Result<Vec<Model>, DbErr> {
    let of = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Receipt.eq(receipt));
    of.order_by_asc(Column::At).all(db).await
}

/// How many purchases of a round were taken back.
///
/// # Errors
/// What the database said.
pub async fn count(db: &impl ConnectionTrait, round_id: i64) -> Result<u64, DbErr> {
    Entity::find().filter(Column::RoundId.eq(round_id)).count(db).await
}
