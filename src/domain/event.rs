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
    /// Won; a multiple of the goods' unit.
    pub want: i64,
    /// Day parts, best first, joined by `+`; `any` if none.
    pub wish: String,
    /// Person key and address, sealed.
    pub person_sealed: String,
    /// How to reach the entrant.
    pub channel: Channel,
    /// Language of the notices, `ko` or `en`.
    pub lang: String,
}
