//! Sellers that have keys: they may ask and buy where a round says so.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "seller")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub made_at: DateTimeUtc,
    /// Signs what the seller is told; sealed at rest.
    pub webhook_secret_sealed: String,
}

impl ActiveModelBehavior for ActiveModel {}
