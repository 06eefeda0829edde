//! Up to which start the reminders of a round are planned.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reminded")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    /// `eve` or `soon`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    pub until_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
