//! Why an entry can turn out ineligible after the seal: few words, public, and none that says who somebody is.

/// The reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Not a resident.
    Resident,
    /// The same person has entered twice.
    Twice,
    /// Another condition of the announcement is not met.
    Conditions,
    /// One of the above, of an entry that somebody else opened: what is wrong is said to them alone.
    Joint,
}

impl Reason {
    /// Every reason that staff can give, in order.
    pub const ALL: [Self; 3] = [Self::Resident, Self::Twice, Self::Conditions];

    /// As in tables and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Twice => "twice",
            Self::Conditions => "conditions",
            Self::Joint => "joint",
        }
    }

    /// As somebody in the entry is told it, who has opened it or (`is_member`) has not.
    pub fn told(self, is_member: bool) -> Self {
        if is_member { Self::Joint } else { self }
    }

    /// The reason of a table's value.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back() {
        assert!(Reason::ALL.iter().all(|reason| Reason::from_key(reason.key()) == Some(*reason)));
        assert_eq!(Reason::from_key("looks"), None);
    }
}
