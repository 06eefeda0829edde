//! Who of the staff signed in, was held off, changed a role, or looked at somebody's data. Only added to.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub at: DateTimeUtc,
    /// Nobody we know, or an operator at the command line.
    pub clerk_id: Option<i64>,
    pub kind: String,
    /// What or whom it was about: a receipt, a role, a file. No name of a resident.
    pub about: String,
    /// The network address it came from.
    pub address: String,
    /// Why, where a reason is asked for.
    pub reason: String,
}

impl ActiveModelBehavior for ActiveModel {}
