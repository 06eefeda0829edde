//! What an entrant did, as it is appended to the inbox: one JSON line each.

use serde::{Deserialize, Serialize};

use super::contact::Channel;

/// One act of one entrant in one round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The round's row.
    pub round_id: i64,
    /// Which entry. The same person always has the same receipt, so a repeated event is the same
    /// event and a later one replaces an earlier one.
    pub receipt: String,
    /// What was done.
    pub act: Act,
}

/// What can be done to an entry until the close.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Enter, or change what was entered.
    Enter(Wanted),
    /// Leave. Entering again later gives the same receipt.
    Withdraw,
}

/// What an entrant asks for, and where to tell them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Won in all; a multiple of the goods' unit.
    pub want: i64,
    /// Day parts, best first, joined by `+`; `any` if none.
    pub wish: String,
    /// Person key and address, sealed.
    pub person_sealed: String,
    /// How to reach the entrant; `None`: on paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Language of the notices, `ko` or `en`.
    pub lang: String,
    /// People.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub seats: i32,
    /// Lots.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: i32,
    /// Cohort and reserve fields, `name=value`, in the order of the rules.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fields: String,
    /// The receipt of the joint entry of which this person is a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// Under which pseudonym a miss is remembered, if the entrant asked for it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub miss_key: String,
    /// Whether somebody at a counter has asked: nobody else changes what only a counter says.
    #[serde(default, skip_serializing_if = "is_not")]
    pub attended: bool,
    /// The digest of what was agreed to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub consent_digest: String,
}

impl Wanted {
    /// Somebody who comes alone, draws one lot and was asked nothing more.
    pub fn alone(
        want: i64,
        wish: String,
        person_sealed: String,
        channel: impl Into<Option<Channel>>,
        lang: &str,
    ) -> Self {
        Self {
            want,
            wish,
            person_sealed,
            channel: channel.into(),
            lang: lang.to_owned(),
            seats: 1,
            weight: 1,
            fields: String::new(),
            lead: None,
            miss_key: String::new(),
            attended: false,
            consent_digest: String::new(),
        }
    }
}

fn one() -> i32 {
    1
}

fn is_not(yes: &bool) -> bool {
    !yes
}

fn is_one(number: &i32) -> bool {
    *number == 1
}
