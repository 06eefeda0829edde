//! What a city's own system has said about somebody, until their browser comes for it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statement")]
pub struct Model {
    /// Keyed digest of the ticket with which their browser comes back.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_key: String,
    pub person_sealed: String,
    pub until_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
