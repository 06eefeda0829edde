//! An address that takes no mail, known by its keyed digest alone.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dead_address")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub address_key: String,
    pub since_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
