//! What one member of staff proposes and another decides. Its act never changes.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "proposal")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// `None` for a round that does not exist yet, or for a roster.
    pub round_id: Option<i64>,
    pub kind: String,
    /// The act with its parameters, JSON.
    pub act: String,
    /// `noted`, `waiting`, `done`, `declined` or `withdrawn`.
    pub outcome: String,
    /// Why it was declined.
    pub words: String,
    pub proposed_by: i64,
    pub proposed_at: DateTimeUtc,
    pub decided_by: Option<i64>,
    pub decided_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
