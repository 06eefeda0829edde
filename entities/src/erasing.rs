//! How far the purge of a round has come.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "erasing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    /// The last receipt up to which everything is erased.
    #[sea_orm(column_type = "Text")]
    pub reached: String,
    /// Rows by table, JSON.
    #[sea_orm(column_type = "Text")]
    pub erased: String,
}

impl ActiveModelBehavior for ActiveModel {}
