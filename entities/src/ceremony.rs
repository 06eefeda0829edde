//! Who watched a draw and says so: the steps they had seen when they signed off. Only added to.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ceremony")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub round_id: i64,
    /// Of the observer, as they typed it for the minutes.
    pub name: String,
    /// Whom they stand for; empty for nobody but themselves.
    pub belongs: String,
    /// How many steps had been taken.
    pub steps: i32,
    /// Digest over everything these steps showed.
    pub seen: String,
    /// At whose browser.
    pub clerk_id: i64,
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
