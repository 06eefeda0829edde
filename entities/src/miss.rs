//! Who drew in vain, as pseudonyms: only of those who asked to be remembered.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "miss")]
pub struct Model {
    /// Rounds of other programs do not count.
    #[sea_orm(primary_key, auto_increment = false)]
    pub program: String,
    /// Keyed digest of the person key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub miss_key: String,
    /// The number of the round.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
}

impl ActiveModelBehavior for ActiveModel {}
