//! What goes wrong for everybody, and from when on it is said in public.

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Pages failed.
    Errors,
    /// Notices leave late.
    Notices,
    /// A step of a round is late.
    Late,
    /// More is bought than was planned that anybody can take.
    Over,
    /// A member of staff lets the sale stand still.
    Paused,
}

impl Kind {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Errors, Self::Notices, Self::Late, Self::Over, Self::Paused];

    /// As in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Errors => "errors",
            Self::Notices => "notices",
            Self::Late => "late",
            Self::Over => "over",
            Self::Paused => "paused",
        }
    }

    /// The kind of a table's value.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// Answers, and how many of them failed by our fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// All.
    pub all: u64,
    /// Failed.
    pub failed: u64,
}

impl Answered {
    /// Fewer are somebody's bad luck, and no incident.
    const FEW: u64 = 5;

    /// Whether more than one in a hundred failed.
    pub const fn is_too_many(self) -> bool {
        self.failed >= Self::FEW && self.failed.saturating_mul(100) > self.all
    }
}

/// Notices that were tried in some minutes: taken, and not because the channel does not work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    /// Taken.
    pub taken: i64,
    /// Not taken, or nobody knows.
    pub stuck: i64,
}

impl Tried {
    /// Fewer are a hiccup of one connection.
    const FEW: i64 = 3;

    /// Whether the channel as good as does not work.
    pub const fn is_broken(self) -> bool {
        self.stuck >= Self::FEW && self.stuck > self.taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_are_no_incident_and_one_in_a_hundred_is() {
        let too_many = |all, failed| Answered { all, failed }.is_too_many();
        assert!(!too_many(4, 4) && too_many(5, 5) && !too_many(500, 5) && too_many(499, 5));
        assert!(!too_many(1_000_000, 10_000) && too_many(1_000_000, 10_001));
        let broken = |taken, stuck| Tried { taken, stuck }.is_broken();
        assert!(!broken(0, 2) && broken(0, 3) && !broken(3, 3) && broken(3, 4));
        assert!(Kind::ALL.iter().all(|kind| Kind::from_key(kind.key()) == Some(*kind)));
    }
}
