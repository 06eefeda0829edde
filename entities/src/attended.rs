//! Who was entered at a counter, by whom of the staff, and how they are found again. Of the person nothing is
//! kept in clear: digests, and a masked name that is sealed.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attended")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    /// Of the person's entry; of a member of a joint entry their own.
    #[sea_orm(primary_key, auto_increment = false)]
    pub receipt: String,
    /// The receipt that name and birth date alone would give: the same person has one row, with or without a
    /// phone.
    pub person: String,
    pub at: DateTimeUtc,
    pub clerk_id: i64,
    /// The number on the paper form; empty for whoever came themselves or was represented.
    pub paper: String,
    /// First and last letter of the name, sealed; empty once erased.
    pub name_sealed: String,
    /// Keyed digest of birth date and the last four digits of the phone.
    pub look_key: String,
    /// Keyed digest of who came for them; empty for whoever came themselves.
    pub helper_key: String,
    /// What that person is to them; empty as above.
    pub relation: String,
    /// SHA-256 of the words that were read out and agreed to.
    pub consent_digest: String,
}

impl ActiveModelBehavior for ActiveModel {}
