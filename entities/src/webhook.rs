//! What a seller is to be told, until its system has said that it knows.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook")]
pub struct Model {
    /// The same at every try, so that a seller can tell a repetition.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub round_id: i64,
    pub seller: String,
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// `planned`, `sending`, `delivered` or `given_up`.
    pub state: String,
    pub tries: i32,
    pub made_at: DateTimeUtc,
    /// When it is tried, or, while it is being sent, when it is taken to be lost.
    pub due_at: DateTimeUtc,
    /// What the last try came to.
    #[sea_orm(column_type = "Text")]
    pub said: String,
}

impl ActiveModelBehavior for ActiveModel {}
