//! What is held and bought of what there is. The table refuses a row with more.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    /// Empty: the round, in won. A seller's name: its stock, in people.
    #[sea_orm(primary_key, auto_increment = false)]
    pub scope: String,
    pub most: i64,
    pub held: i64,
    pub redeemed: i64,
}

impl ActiveModelBehavior for ActiveModel {}
