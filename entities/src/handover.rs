//! Whom the gate let through to a seller.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "handover")]
pub struct Model {
    /// In the signed hand-over, and in the seller's list of purchases if it knows nothing else. The same whenever
    /// the entry comes to this seller.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub round_id: i64,
    pub receipt: String,
    pub seller: String,
    /// The last time.
    pub at: DateTimeUtc,
    pub until_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
