//! What an offer did to one entry: its place now is the draw's, or that of its latest row here.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "moved")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub receipt: String,
    /// The offer's number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub offer: i64,
    /// `caught_up`, `assigned`, `lapsed`, `returned` or `ineligible`.
    pub outcome: String,
    pub slot: Option<String>,
    /// As offered; shifts after the offer move it.
    pub starts_at: Option<DateTimeUtc>,
    pub amount: i64,
}

impl ActiveModelBehavior for ActiveModel {}
