//! What takes two people: one proposes it with everything that belongs to it, another decides.

use chrono::{DateTime, Utc};
use public_audit::Digest;
use serde::{Deserialize, Serialize};

/// An act with its parameters. Kept as JSON; what stands in it is what is done, nothing is asked again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Act {
    /// A draft becomes a round.
    Announce {
        /// The draft it was written as, if on the web.
        draft_id: Option<i64>,
        /// The draft itself, TOML.
        text: String,
        /// The file of words it names, if it does; on the web there is none beside it.
        #[serde(default)]
        words: Option<String>,
    },
    /// A round ends that cannot go on.
    Void {
        /// Why, for everybody to read.
        reason: String,
    },
    /// What the bias guard holds is published.
    Release {
        /// What was found, for everybody to read.
        reason: String,
        /// By how many days all times move.
        shift_days: u32,
    },
    /// Time stood still.
    Shift {
        /// From then on.
        from: DateTime<Utc>,
        /// For so long.
        minutes: u64,
        /// Why, for everybody to read.
        reason: String,
    },
    /// Nobody begins later, and who could buy since then is waited for longer.
    Extend {
        /// Since then.
        from: DateTime<Utc>,
        /// Until then: when it was written down.
        until: DateTime<Utc>,
        /// By so much.
        minutes: u64,
        /// Why, for everybody to read.
        reason: String,
    },
    /// An entry does not meet the conditions.
    Ineligible {
        /// The entry.
        receipt: String,
        /// Why; `None`: it does after all.
        category: Option<String>,
    },
    /// Purchases that were taken in wrongly are none.
    #[serde(rename = "take-back")]
    TakeBack {
        /// Whose.
        receipts: Vec<String>,
        /// Why; staff read it.
        reason: String,
    },
    /// An entry that is wrong leaves the pool before it is sealed.
    Strike {
        /// The entry.
        receipt: String,
        /// Why; `None`: it is put back.
        category: Option<String>,
    },
    /// The public values that chance comes from.
    Declare {
        /// As typed by whoever proposes; whoever decides types them too.
        values: String,
    },
    /// Somebody of the staff has another role from then on.
    Role {
        /// Who.
        name: String,
        /// Which.
        role: String,
    },
    /// A roster replaces the one in use.
    Confirm {
        /// Its name.
        roster: String,
        /// Which file it was read from.
        digest: String,
    },
}

impl Act {
    /// As in tables and addresses.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Announce { .. } => "announce",
            Self::Void { .. } => "void",
            Self::Release { .. } => "release",
            Self::Shift { .. } => "shift",
            Self::Extend { .. } => "extend",
            Self::Ineligible { .. } => "ineligible",
            Self::TakeBack { .. } => "take-back",
            Self::Strike { .. } => "strike",
            Self::Declare { .. } => "declare",
            Self::Role { .. } => "role",
            Self::Confirm { .. } => "confirm",
        }
    }

    /// Every kind.
    pub const KINDS: [&'static str; 11] = [
        "announce",
        "void",
        "release",
        "shift",
        "extend",
        "ineligible",
        "take-back",
        "strike",
        "declare",
        "role",
        "confirm",
    ];

    /// Names the act and what it would do: if that is another by now, it has to be looked at again.
    pub fn seen(&self, does: &str) -> String {
        Digest::of(format!("{}\n{does}", self.to_json())).to_string()
    }

    /// As the database keeps it.
    pub fn to_json(&self) -> String {
        // Plain values always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What the database kept.
    pub fn parse(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

/// How far a proposal has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Written down; only whoever wrote it has seen what it would do.
    Noted,
    /// Put forward: it waits for somebody who decides.
    Waiting,
    /// Approved and done, at once.
    Done,
    /// Declined, with words.
    Declined,
    /// Taken back by whoever proposed it.
    Withdrawn,
}

impl Outcome {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Noted, Self::Waiting, Self::Done, Self::Declined, Self::Withdrawn];

    /// As in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Noted => "noted",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The outcome of a table's value.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acts_are_read_back_as_they_were() {
        let acts = [
            Act::Announce { draft_id: Some(3), text: "slug = \"a\"\n".to_owned(), words: None },
            Act::Void { reason: "정전".to_owned() },
            Act::Release { reason: "looked at".to_owned(), shift_days: 2 },
            Act::Shift { from: DateTime::UNIX_EPOCH, minutes: 35, reason: "은행".to_owned() },
            Act::Extend {
                from: DateTime::UNIX_EPOCH,
                until: DateTime::UNIX_EPOCH,
                minutes: 60,
                reason: "은행".to_owned(),
            },
            Act::Ineligible { receipt: "famx-6k54-dc9p-a7yz".to_owned(), category: None },
            Act::TakeBack { receipts: vec!["famx-6k54-dc9p-a7yz".to_owned()], reason: "slip".to_owned() },
            Act::Strike { receipt: "famx-6k54-dc9p-a7yz".to_owned(), category: Some("twice".to_owned()) },
            Act::Declare { values: "1 2 3 / 4".to_owned() },
            Act::Role { name: "park".to_owned(), role: "clerk".to_owned() },
            Act::Confirm { roster: "members".to_owned(), digest: "00".to_owned() },
        ];
        for act in &acts {
            assert_eq!(Act::parse(&act.to_json()).as_ref(), Some(act));
        }
        assert_eq!(acts.map(|act| act.kind()), Act::KINDS);
        assert_eq!(Act::parse("{\"kind\":\"dance\"}"), None);
        assert!(Outcome::ALL.iter().all(|outcome| Outcome::from_key(outcome.key()) == Some(*outcome)));
    }
}
