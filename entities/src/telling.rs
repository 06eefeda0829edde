//! What all of a round are told because of one event. The notices are planned after it, some at a time.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "telling")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    /// Of the notices: `sealed` or `result`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub reason: String,
    /// When what they tell of happened.
    pub at: DateTimeUtc,
    /// Notices planned so far.
    pub planned: i64,
    /// When the last one was planned, or the round was voided.
    pub done_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
