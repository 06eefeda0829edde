//! Who is on a roster, as keyed digests: nothing that finds somebody again without the key file.

use crate::{domain::roster::MemberKey, secret::Keys};

/// The digest of what somebody is known by.
pub fn member_key(keys: &Keys, known_by: &MemberKey) -> [u8; 16] {
    keys.brief("roster member", &known_by.0)
}

/// The digest of a household's name in its roster.
pub fn household_key(keys: &Keys, household: &str) -> [u8; 16] {
    keys.brief("roster household", household)
}
