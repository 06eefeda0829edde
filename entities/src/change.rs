//! What folds did to a pool-to-be and no batch has published yet: one row per fold.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub round_id: i64,
    pub at: DateTimeUtc,
    /// One leaf hash a line, after `+` or `-`.
    #[sea_orm(column_type = "Text")]
    pub leaves: String,
}

impl ActiveModelBehavior for ActiveModel {}
