//! How often somebody tried a link code lately.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "guess")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    /// Of whoever tries.
    #[sea_orm(primary_key, auto_increment = false)]
    pub receipt: String,
    pub tries: i32,
    /// From then on they are forgotten.
    pub until_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
