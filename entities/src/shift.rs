//! Time that stood still: what had not begun at `from_at` begins so many seconds later; or, with `until_at`, whoever
//! could have bought from `from_at` to then is waited for so much longer, and nobody begins later.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shift")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    /// From 1, without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// How many offers were made before: later ones know the shifted times already.
    pub offers: i64,
    pub at: DateTimeUtc,
    pub from_at: DateTimeUtc,
    pub seconds: i64,
    /// Of an extension; NULL of a shift.
    pub until_at: Option<DateTimeUtc>,
    /// Nobody can buy from `from_at` until then: a pause, which is an extension.
    pub closed_until: Option<DateTimeUtc>,
    /// For everybody to read.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
}

impl ActiveModelBehavior for ActiveModel {}
