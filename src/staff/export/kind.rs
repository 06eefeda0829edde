//! What can be taken away, and by whom.

use crate::domain::staff::Role;

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Entries of a round, and once they are public their results.
    Entries,
    /// Where entrants are told things: who they are, as far as anybody knows.
    Contacts,
    /// What was bought.
    Purchases,
    /// What was held while somebody paid.
    Reservations,
    /// What there is, what of it is held, and what is bought.
    Ledger,
    /// What was sent, and whether it arrived.
    Notices,
    /// How many, by what they have in common; no small number in it.
    Statistics,
    /// What staff did; of no one round.
    Access,
}

impl Kind {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::Entries,
        Self::Contacts,
        Self::Purchases,
        Self::Reservations,
        Self::Ledger,
        Self::Notices,
        Self::Statistics,
        Self::Access,
    ];

    /// As in forms and names of files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Entries => "entries",
            Self::Contacts => "contacts",
            Self::Purchases => "purchases",
            Self::Reservations => "reservations",
            Self::Ledger => "ledger",
            Self::Notices => "notices",
            Self::Statistics => "statistics",
            Self::Access => "access",
        }
    }

    /// The table of a form's value.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// Whether it is of one round.
    pub const fn is_of_round(self) -> bool {
        !matches!(self, Self::Access)
    }

    /// Whether somebody with this role may take it. Where people can be reached is for those who have to reach
    /// them, what staff did for those who see that it was right.
    pub const fn is_for(self, role: Role) -> bool {
        match self {
            Self::Contacts => matches!(role, Role::Clerk | Role::Approver),
            Self::Access => matches!(role, Role::Approver | Role::Auditor),
            _ => matches!(role, Role::Clerk | Role::Approver | Role::Auditor),
        }
    }
}

/// What a file is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text; any number of rows.
    Csv,
    /// A workbook.
    Xlsx,
}

impl Format {
    /// As in forms and names of files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The format of a form's value.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Csv, Self::Xlsx].into_iter().find(|format| format.key() == key)
    }

    /// As a browser is told it.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_auditor_takes_everything_but_who_people_are() {
        let of = |role| Kind::ALL.into_iter().filter(|kind| kind.is_for(role)).count();
        assert_eq!(Role::ALL.map(of), [7, 8, 7, 0, 0, 0]);
        assert!(!Kind::Contacts.is_for(Role::Auditor) && !Kind::Access.is_for(Role::Clerk));
        assert!(Kind::ALL.iter().all(|kind| Kind::from_key(kind.key()) == Some(*kind)));
    }
}
