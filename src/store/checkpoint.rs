//! Signed checkpoints of the journal.

use entities::checkpoint::{Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};

/// The latest.
///
/// # Errors
/// What the database said.
pub async fn find_latest(db: &impl ConnectionTrait) -> Result<Option<Model>, DbErr> {
    Entity::find().order_by_desc(Column::Size).one(db).await
}

/// The one of this size.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, size: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(size).one(db).await
}

/// The smallest that holds event `index`.
///
/// # Errors
/// What the database said.
pub async fn find_with(db: &impl ConnectionTrait, index: i64) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Size.gt(index)).order_by_asc(Column::Size).one(db).await
}

/// Gives a checkpoint the note that has one more cosignature, if it is still as it was read.
///
/// # Errors
/// What the database said.
pub async fn cosign(db: &impl ConnectionTrait, was: &Model, note: &str) -> Result<bool, DbErr> {
    let same = Entity::update_many()
        .col_expr(Column::Note, Expr::value(note))
        .filter(Column::Size.eq(was.size))
        .filter(Column::Note.eq(&*was.note));
    Ok(same.exec(db).await?.rows_affected == 1)
}

/// Keeps a checkpoint unless there is one of its size; gives the one that counts.
///
/// # Errors
/// What the database said.
pub async fn settle(db: &impl ConnectionTrait, checkpoint: Model) -> Result<Model, DbErr> {
    let size = checkpoint.size;
    let row = entities::checkpoint::ActiveModel {
        size: Set(size),
        root: Set(checkpoint.root.clone()),
        note: Set(checkpoint.note.clone()),
    };
    let none = OnConflict::column(Column::Size).do_nothing().to_owned();
    Entity::insert(row).on_conflict(none).exec_without_returning(db).await?;
    Ok(Entity::find_by_id(size).one(db).await?.unwrap_or(checkpoint))
}
