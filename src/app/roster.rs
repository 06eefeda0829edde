//! Who is on a roster, as keyed digests: nothing that finds somebody again without the key file.

use std::collections::BTreeMap;

use chrono::Datelike;
use chrono_tz::Asia::Seoul;
use entities::{roster_member, round_roster};

use super::Round;
use crate::{
    domain::{
        roster::{MemberKey, listed},
        who::Household,
    },
    secret::Keys,
};

/// The roster that a round uses.
#[derive(Clone, Debug)]
pub struct Used {
    /// What was announced.
    pub row: round_roster::Model,
    /// The one of that name in use now, and by what its people are known.
    pub current: Option<(i64, String)>,
}

/// The digest of what somebody is known by.
pub fn member_key(keys: &Keys, known_by: &MemberKey) -> [u8; 16] {
    keys.brief("roster member", &known_by.0)
}

/// The digest of a household's name in its roster.
pub fn household_key(keys: &Keys, household: &str) -> [u8; 16] {
    keys.brief("roster household", household)
}

/// What the receipt of a member comes from.
pub fn person_key(member: &roster_member::Model) -> String {
    format!("roster:{}", member.person_key)
}

/// The same for a whole household; `None` where the roster knows none.
pub fn shared_key(member: &roster_member::Model) -> Option<String> {
    let known = Some(&member.household_key).filter(|key| !key.is_empty());
    known.map(|key| format!("household:{key}"))
}

/// What the receipt of a member comes from in a round: where a household has one entry, it is the
/// household's.
pub fn key_in(round: &Round, member: &roster_member::Model) -> String {
    let shared = shared_key(member).filter(|_| round.who.household == Household::One);
    shared.unwrap_or_else(|| person_key(member))
}

/// What a roster says of somebody, in the values of a round.
pub fn listed_fields(round: &Round, said: &str) -> BTreeMap<String, String> {
    let year = round.row.closes_at.with_timezone(&Seoul).year();
    listed::values(&round.who.fields, said, year)
}
