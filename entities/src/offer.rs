//! Offers after the draw, as published: an event of the journal holds the digest of each block.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "offer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    /// From 1, without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub at: DateTimeUtc,
    /// The block of `offers.txt`.
    #[sea_orm(column_type = "Text")]
    pub text: String,
    // What came of it, counted once for the page of the round.
    pub caught_up: i64,
    pub assigned: i64,
    pub lapsed: i64,
    pub returned: i64,
    pub ineligible: i64,
}

impl ActiveModelBehavior for ActiveModel {}
