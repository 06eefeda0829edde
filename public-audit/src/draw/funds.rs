//! Mode `everyone` with funds: each pays the same for every seat of those whom it is for (protocol §6).

use crate::pool::{Pool, Row};
use crate::rules::{Mode, Rules};

/// Each entry's amount: what it wants, or with funds what those pay that it matches; 0 is nothing.
pub(super) fn everyone(rules: &Rules, pool: &Pool, ranked: &[Row]) -> Vec<u64> {
    let per_seat = per_seat(rules, pool);
    let amount = |entry: &Row| match rules.funds.is_empty() {
        true => entry.want,
        false => u64::from(entry.seats).saturating_mul(per_seat[entry.group as usize]),
    };
    ranked.iter().map(amount).collect()
}

/// What all funds together pay for a seat, for each combination of values.
pub(crate) fn per_seat(rules: &Rules, pool: &Pool) -> Vec<u64> {
    pool.by_group(|value_of| {
        let funds = rules.funds.iter().filter(|fund| fund.matching.matches(value_of));
        funds.map(|fund| fund.per_seat).sum()
    })
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
    let funds = if rules.mode == Mode::Everyone { rules.funds.as_slice() } else { &[] };
    let matches = pool
        .by_group(|value_of| funds.iter().map(|fund| fund.matching.matches(value_of)).collect::<Vec<bool>>());
    let mut seats = vec![0_u64; funds.len()];
    for row in pool.rows() {
        for (seats, _) in seats.iter_mut().zip(&matches[row.group as usize]).filter(|(_, own)| **own) {
            *seats += u64::from(row.seats);
        }
    }
    let claim = |(fund, seats): (&crate::rules::Fund, u64)| Claim {
        fund: fund.name.clone(),
        seats,
        amount: u128::from(seats) * u128::from(fund.per_seat),
        budget: fund.budget,
    };
    funds.iter().zip(seats).map(claim).collect()
}
