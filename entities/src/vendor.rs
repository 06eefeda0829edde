//! How a vendor does: shared by all instances, kept across restarts.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "vendor")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Calls in a row that failed.
    pub failures: i32,
    /// Of a hundred texts that come to it, so many are given to it.
    pub share: i32,
    pub share_at: DateTimeUtc,
    /// How long after a change ten points are given back.
    pub step_seconds: i64,
    /// Nothing before this but one text to see whether it works again.
    pub stopped_until: Option<DateTimeUtc>,
    /// Why it is stopped or has less than all.
    pub reason: Option<String>,
    /// What is left of the account's money, as last told.
    pub balance: Option<f64>,
}

impl ActiveModelBehavior for ActiveModel {}
