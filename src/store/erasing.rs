//! How far the purge of a round has come, and what went.

use std::collections::BTreeMap;

use entities::erasing::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, sea_query::OnConflict,
};

/// Rows that were erased, by table.
pub type Erased = BTreeMap<String, u64>;

/// The receipt up to which everything of a round is erased, and what that was; nothing at first.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, round_id: i64) -> Result<(String, Erased), DbErr> {
    let row = Entity::find_by_id(round_id).one(db).await?;
    let Some(row) = row else { return Ok((String::new(), Erased::new())) };
    let erased = serde_json::from_str(&row.erased).map_err(|error| DbErr::Json(error.to_string()))?;
    Ok((row.reached, erased))
}

/// Goes on from `before` to `reached`, in the transaction that erases what is between; `false` if another has.
///
/// # Errors
/// What the database said.
pub async fn settle(
    txn: &impl ConnectionTrait,
    round_id: i64,
    before: &str,
    reached: &str,
    erased: &Erased,
) -> Result<bool, DbErr> {
    let first = Model { round_id, reached: String::new(), erased: "{}".to_owned() };
    let once = OnConflict::column(Column::RoundId).do_nothing().to_owned();
    let first = Entity::insert(first.into_active_model().reset_all()).on_conflict(once);
    first.exec_without_returning(txn).await?;
    let erased = serde_json::to_string(erased).map_err(|error| DbErr::Json(error.to_string()))?;
    let change = ActiveModel { reached: Set(reached.to_owned()), erased: Set(erased), ..Default::default() };
    let mine = Entity::update_many().set(change).filter(Column::RoundId.eq(round_id));
    Ok(mine.filter(Column::Reached.eq(before)).exec(txn).await?.rows_affected == 1)
}
