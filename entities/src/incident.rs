//! What went wrong for everybody, and when.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incident")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// `errors`, `notices`, `late` or `over`.
    pub kind: String,
    /// The channel of notices; the round, and which of its steps or limits.
    pub about: String,
    pub began_at: DateTimeUtc,
    /// When it was last so.
    pub seen_at: DateTimeUtc,
    /// `None` while it goes on.
    pub ended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
