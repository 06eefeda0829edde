//! What a round agreed with a seller, fixed when it was announced.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "round_seller")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// JSON.
    #[sea_orm(column_type = "Text")]
    pub terms: String,
}

impl ActiveModelBehavior for ActiveModel {}
