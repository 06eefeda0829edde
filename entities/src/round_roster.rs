//! Which roster a round uses, what for, and how far its members have been enrolled.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "round_roster")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: i64,
    /// Of the roster.
    pub name: String,
    /// `entrants`: whoever is on it may enter; `roster`: whoever is on it has an entry.
    pub serves: String,
    /// `none`, `one` or `together`.
    pub household: String,
    /// From when on members are enrolled.
    pub enrol_at: DateTimeUtc,
    /// The roster they are enrolled from, once that has begun.
    pub roster_id: Option<i64>,
    /// The key of the last member that was looked at.
    pub cursor: String,
    pub enrolled: i64,
    /// When the last one was.
    pub enrolled_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
