//! Members of staff: what each role may do, what a name and a password are, and how long whoever tries
//! passwords has to wait.

use std::str::FromStr;

use chrono::TimeDelta;

/// What a member of staff is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Prepares rounds and proposes what is to be done.
    Clerk,
    /// Decides what somebody else proposed.
    Approver,
    /// Sees everything but who residents are.
    Auditor,
    /// Serves visitors who have no phone.
    Counter,
    /// Answers the telephone: is told when somebody's time is, and nothing else.
    CallCentre,
    /// Looks on.
    Observer,
}

impl Role {
    /// Every role, in order.
    pub const ALL: [Self; 6] =
        [Self::Clerk, Self::Approver, Self::Auditor, Self::Counter, Self::CallCentre, Self::Observer];

    /// As in the database and on the command line.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Approver => "approver",
            Self::Auditor => "auditor",
            Self::Counter => "counter",
            Self::CallCentre => "call-centre",
            Self::Observer => "observer",
        }
    }

    /// The role of a table's value.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }

    /// Whether such a person is told a time alone, and neither whose it is nor what else is known.
    pub const fn is_told_times(self) -> bool {
        matches!(self, Self::Counter | Self::CallCentre)
    }

    /// Whether such a person serves at a counter.
    pub const fn may_serve(self) -> bool {
        matches!(self, Self::Counter | Self::Clerk)
    }

    /// Whether such a person may propose an act that takes two.
    pub const fn may_propose(self) -> bool {
        matches!(self, Self::Clerk | Self::Approver)
    }

    /// Whether such a person may decide what another proposed.
    pub const fn may_decide(self) -> bool {
        matches!(self, Self::Approver)
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::key).join(", ");
        Self::from_key(text).ok_or_else(|| format!("there is no role `{text}`; there are {}", known()))
    }
}

/// Why somebody cannot be called so; `None` if they can.
pub fn name_problem(name: &str) -> Option<&'static str> {
    let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ' '));
    let good = plain && !name.trim().is_empty() && name.chars().count() <= 64;
    (!good).then_some("a name has 1 to 64 letters, digits, spaces, . - _")
}

/// The shortest password; longer is better than odder (NIST SP 800-63B).
pub const SHORTEST: usize = 12;

/// Nobody types more, and hashing a megabyte is work that a stranger could make us do.
pub const LONGEST: usize = 256;

/// Whether a password can be one.
pub fn is_password(password: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&password.chars().count())
}

/// After so long without a try they are forgotten.
pub const FORGOTTEN: TimeDelta = TimeDelta::hours(24);

/// Tries that cost nothing: fingers slip.
pub const FREE: i32 = 5;

/// How long to wait after so many tries that were not right: nothing at first, then half a minute that doubles, up
/// to a quarter of an hour.
pub fn wait_after(tries: i32) -> TimeDelta {
    match tries - FREE {
        ..0 => TimeDelta::zero(),
        over => TimeDelta::seconds(30 << over.min(5)).min(TimeDelta::minutes(15)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back() {
        assert!(Role::ALL.iter().all(|role| role.key().parse() == Ok(*role)));
        assert!("admin".parse::<Role>().unwrap_err().contains("auditor"));
    }

    #[test]
    fn nobody_can_do_both_alone_and_only_approvers_decide() {
        assert_eq!(Role::ALL.map(Role::may_decide), [false, true, false, false, false, false]);
        assert_eq!(Role::ALL.map(Role::may_propose), [true, true, false, false, false, false]);
        assert_eq!(Role::ALL.map(Role::may_serve), [true, false, false, true, false, false]);
    }

    #[test]
    fn waiting_grows_and_ends() {
        let seconds: Vec<i64> = (0..14).map(|tries| wait_after(tries).num_seconds()).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900, 900]);
        assert_eq!(wait_after(i32::MAX), TimeDelta::minutes(15));
    }

    #[test]
    fn names_and_passwords() {
        assert!(name_problem("김민지").is_none() && name_problem("kim.m").is_none());
        assert!(["", "  ", "a\nb", "a<b", &"x".repeat(65)].iter().all(|name| name_problem(name).is_some()));
        assert!(is_password("correct horse") && !is_password("short") && !is_password(&"x".repeat(257)));
    }
}
