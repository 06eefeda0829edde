//! How often something happened in one stretch of time, on all instances together.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "load")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub what: String,
    /// When the stretch began.
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_at: DateTimeUtc,
    pub count: i64,
}

impl ActiveModelBehavior for ActiveModel {}
