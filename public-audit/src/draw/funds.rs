//! Mode `everyone` with funds: each pays the same for every seat of those whom it is for (protocol §6).

use super::Ranked;
use super::group::Groups;
use crate::pool::Pool;
use crate::rules::{Mode, Rules};

/// Each entry's amount: what it wants, or with funds what those pay that it matches; 0 is nothing.
pub(super) fn everyone(rules: &Rules, pool: &Pool, ranked: &[Ranked]) -> Vec<u64> {
    let per_seat = per_seat(rules, pool);
    let amount = |entry: &Ranked| due(rules, entry.want, entry.seats.into(), per_seat[entry.group as usize]);
    ranked.iter().map(amount).collect()
}

/// What an entry gets where everybody gets something; 0 is nothing.
pub(crate) const fn due(rules: &Rules, want: u64, seats: u64, per_seat: u64) -> u64 {
    if rules.funds.is_empty() { want } else { seats.saturating_mul(per_seat) }
}

/// What all funds together pay for a seat, for each combination of values.
pub(crate) fn per_seat(rules: &Rules, pool: &Pool) -> Vec<u64> {
    let groups = Groups::new(rules);
    pool.by_group(|value_of| groups.per_seat(value_of))
}

/// What one fund has to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The fund's name.
    pub fund: String,
    /// Seats of the entries that it is for.
    pub seats: u64,
    /// Won for them.
    pub amount: u128,
    /// Won that it has.
    pub budget: u64,
}

impl Claim {
    /// Whether it has less than it has to pay; then the round cannot be sealed.
    #[must_use]
    pub fn is_overdrawn(&self) -> bool {
        self.amount > u128::from(self.budget)
    }
}

/// What each fund of the rules has to pay, in their order; nothing depends on chance.
#[must_use]
pub fn claims(rules: &Rules, pool: &Pool) -> Vec<Claim> {
    let groups = Groups::new(rules);
    let matches = pool.by_group(|value_of| groups.funds(value_of));
    let mut claims = Claims::new(rules);
    pool.rows().iter().for_each(|row| claims.add(&matches[row.group as usize], row.seats.into()));
    claims.made()
}

/// The same, entry after entry.
pub(crate) struct Claims<'r> {
    rules: &'r Rules,
    seats: Vec<u64>,
}

impl<'r> Claims<'r> {
    pub fn new(rules: &'r Rules) -> Self {
        let funds = if rules.mode == Mode::Everyone { rules.funds.len() } else { 0 };
        Self { rules, seats: vec![0; funds] }
    }

    /// An entry, and whether each fund is for it.
    pub fn add(&mut self, matches: &[bool], own: u64) {
        for (seats, _) in self.seats.iter_mut().zip(matches).filter(|(_, is_for)| **is_for) {
            *seats += own;
        }
    }

    pub fn made(self) -> Vec<Claim> {
        let claim = |(fund, seats): (&crate::rules::Fund, u64)| Claim {
            fund: fund.name.clone(),
            seats,
            amount: u128::from(seats) * u128::from(fund.per_seat),
            budget: fund.budget,
        };
        self.rules.funds.iter().zip(self.seats).map(claim).collect()
    }
}
