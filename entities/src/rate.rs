//! How fast something may leave: of a channel, a vendor or a round, for all instances together.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rate")]
pub struct Model {
    /// `channel sms`, `vendor solapi`, `round tongyeong-2026-12`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub scope: String,
    /// What staff decided; NULL: what the configuration or the plan says.
    pub per_minute: Option<i64>,
    /// The minute that is being filled.
    pub minute: DateTimeUtc,
    /// How many have left in it, or are to leave.
    pub taken: i64,
    /// Nothing before this, so that a minute is not used up in its first second.
    pub next_at: DateTimeUtc,
    pub changed_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
