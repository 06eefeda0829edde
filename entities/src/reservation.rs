//! An amount held for an entry while somebody pays; at most one of an entry at a time.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reservation")]
pub struct Model {
    /// Nobody can guess it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub round_id: i64,
    pub receipt: String,
    pub seller: String,
    /// Won.
    pub amount: i64,
    pub people: i64,
    /// `held`, `redeemed`, `released`, `failed` or `expired`.
    pub state: String,
    /// 1 while held, then NULL.
    pub live: Option<i32>,
    /// The seller's own word for it.
    pub reference: String,
    pub made_at: DateTimeUtc,
    pub until_at: DateTimeUtc,
    pub settled_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
