//! What an announced round was planned with, and what its entrants make of that.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    /// Expectations and limits, JSON: what the rules do not say.
    pub inputs: String,
    /// When the last forecast was made.
    pub forecast_at: Option<DateTimeUtc>,
    /// That forecast and its plan, JSON.
    pub forecast: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
