//! Who among the staff took personal data out, of how many people, and why. Append only.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reading")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub at: DateTimeUtc,
    /// Their name, as in `clerk`.
    pub staff: String,
    /// `unreached`, `letters`.
    pub what: String,
    /// The slug of the round.
    pub round: String,
    /// Of so many.
    pub people: i64,
    pub reason: String,
}

impl ActiveModelBehavior for ActiveModel {}
