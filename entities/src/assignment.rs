//! Where the draw put each entry, in rank order: `result.txt` as rows.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub receipt: String,
    pub rank: i64,
    pub outcome: String,
    pub slot: Option<String>,
    pub starts_at: Option<DateTimeUtc>,
    pub amount: i64,
}

impl ActiveModelBehavior for ActiveModel {}
