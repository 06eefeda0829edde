//! A round before it is announced, as its clerks write it; kept afterwards, for the next one to begin with.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "draft")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// The round it was announced as; nothing changes it from then on.
    pub round_id: Option<i64>,
    pub made_by: Option<i64>,
    pub changed_by: Option<i64>,
    pub changed_at: DateTimeUtc,
    /// When somebody else than `changed_by` changed it last: what they saw before that is not what they changed.
    pub others_at: Option<DateTimeUtc>,
    /// The round it began with.
    pub from_round: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
