//! Staff who may act on rounds. Who was removed stays, so that what they did keeps its name.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "clerk")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique)]
    pub name: String,
    /// `clerk`, `approver`, `auditor`, `counter`, `call-centre` or `observer`.
    pub role: String,
    /// Argon2id, PHC string.
    pub password: String,
    pub made_at: DateTimeUtc,
    /// The secret of the second factor; empty until the first sign-in.
    pub totp_sealed: String,
    /// The time step of the last code that was used: none is used twice.
    pub totp_step: i64,
    /// When a code proved that the secret had arrived.
    pub enrolled_at: Option<DateTimeUtc>,
    pub removed_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
