//! Who would get what under equal shares, a lottery, and first come, first served: above all, how many
//! would get nothing. From the wants that people have entered, with the draw that would be used.

use std::collections::BTreeMap;

use public_audit::{
    Digest, Entry, Pool, Receipt, Rules, draw,
    rules::{Goods, Match, Mode, Reserve},
};
use serde::Serialize;

/// A way of giving out a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Equal shares.
    Share,
    /// By rank, what they want or nothing.
    Lottery,
    /// In the order in which people came, until nothing is left.
    FirstCome,
}

/// What one way gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Given {
    /// Which.
    pub way: Way,
    /// People who get nothing.
    pub nothing: u64,
    /// People who get less than they want.
    pub less: u64,
    /// People who get all they want.
    pub all: u64,
    /// What the one in the middle gets, won.
    pub middle: u64,
    /// The most anybody gets, won.
    pub most: u64,
    /// Won in all.
    pub sum: u64,
}

/// The three ways for the same people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// People.
    pub people: u64,
    /// What they want in all, won.
    pub wanted: u64,
    /// What there is, won.
    pub budget: u64,
    /// Equal shares, lottery, first come.
    pub ways: Vec<Given>,
}

/// Compares. `wants` in the order in which people entered; `rules` are those of the round, of which
/// only the goods count here.
///
/// # Errors
/// When the draw would not take such wants.
pub fn compare(rules: &Rules, wants: &[u64]) -> Result<Comparison, String> {
    let ways = [Way::Share, Way::Lottery, Way::FirstCome].map(|way| {
        let amounts = match way {
            Way::Share => drawn(rules, Mode::Share, wants)?,
            Way::Lottery => drawn(rules, Mode::Lottery, wants)?,
            Way::FirstCome => first_come(rules.goods, wants),
        };
        Ok(given(way, wants, &amounts))
    });
    Ok(Comparison {
        people: u64::try_from(wants.len()).unwrap_or(u64::MAX),
        wanted: wants.iter().sum(),
        budget: rules.goods.budget,
        ways: ways.into_iter().collect::<Result<_, String>>()?,
    })
}

/// People whose wants are looked at one by one for a page.
pub const MOST: usize = 50_000;

/// The same for any number of people: a part of them with as large a part of the money, counted up to all.
///
/// # Errors
/// When the draw would not take such wants.
pub fn compare_sample(rules: &Rules, sample: &[u64], people: u64) -> Result<Comparison, String> {
    let part = u64::try_from(sample.len()).unwrap_or(u64::MAX);
    if part == 0 || people <= part {
        return compare(rules, sample);
    }
    let scaled = |number: u64, by: u64, of: u64| {
        u64::try_from(u128::from(number) * u128::from(by) / u128::from(of.max(1))).unwrap_or(u64::MAX)
    };
    let mut smaller = rules.clone();
    let unit = rules.goods.unit.max(1);
    smaller.goods.budget = (scaled(rules.goods.budget, part, people) / unit * unit).max(unit);
    let mut compared = compare(&smaller, sample)?;
    let all = |number: &mut u64| *number = scaled(*number, people, part);
    all(&mut compared.wanted);
    for given in &mut compared.ways {
        all(&mut given.nothing);
        all(&mut given.less);
        all(&mut given.all);
        all(&mut given.sum);
    }
    (compared.people, compared.budget) = (people, rules.goods.budget);
    Ok(compared)
}

/// Each one's amount by the real draw, with room for everybody, so that only money decides. The seed is
/// always the same: how many get something is what is asked, not who.
fn drawn(rules: &Rules, mode: Mode, wants: &[u64]) -> Result<Vec<u64>, String> {
    let mut rules = rules.clone();
    let most = wants.iter().copied().max().unwrap_or(rules.goods.unit);
    rules.mode = mode;
    rules.goods.cap = most;
    rules.fields = vec!["want".to_owned()];
    rules.smallest_cell = 1;
    rules.funds = Vec::new();
    rules.weighting = None;
    rules.after = None;
    rules.slots.truncate(1);
    for slot in &mut rules.slots {
        slot.cohort = Match::all();
        slot.capacity = 1_000_000_000;
    }
    let places = u64::try_from(wants.len()).unwrap_or(u64::MAX);
    let open = || Reserve { name: "open".to_owned(), matching: Match::all(), places, spill: None };
    rules.reserves = if mode == Mode::Lottery { vec![open()] } else { Vec::new() };
    let entries: Vec<Entry> = (0_u64..)
        .zip(wants)
        .map(|(number, want)| {
            let mut bits = [0; 10];
            bits[..8].copy_from_slice(&number.to_be_bytes());
            Entry { want: *want, ..Entry::new(&rules, Receipt::from_bytes(bits), Vec::new()) }
        })
        .collect();
    let pool = Pool::from_entries(&rules, &entries).map_err(|error| error.to_string())?;
    let drawn = draw(&rules, &pool, &Digest::of("a comparison")).map_err(|error| error.to_string())?;
    let amount =
        |row: public_audit::draw::Row| row.assignment.map(|assignment| (row.entry, assignment.amount));
    let amounts: BTreeMap<u32, u64> = drawn.rows().filter_map(amount).collect();
    // Entry numbers are those of the sorted pool, and receipts were given in this order.
    Ok((0..).zip(wants).map(|(at, _)| amounts.get(&at).copied().unwrap_or(0)).collect())
}

/// Until nothing is left; the last one gets what there is.
fn first_come(goods: Goods, wants: &[u64]) -> Vec<u64> {
    let mut left = goods.budget / goods.unit * goods.unit;
    let take = |want: &u64| {
        let amount = left.min(*want);
        left -= amount;
        amount
    };
    wants.iter().map(take).collect()
}

fn given(way: Way, wants: &[u64], amounts: &[u64]) -> Given {
    let count = |holds: &dyn Fn(u64, u64) -> bool| {
        let found = wants.iter().zip(amounts).filter(|(want, amount)| holds(**want, **amount));
        u64::try_from(found.count()).unwrap_or(u64::MAX)
    };
    let mut sorted = amounts.to_vec();
    sorted.sort_unstable();
    Given {
        way,
        nothing: count(&|_, amount| amount == 0),
        less: count(&|want, amount| amount > 0 && amount < want),
        all: count(&|want, amount| amount > 0 && amount >= want),
        middle: sorted.get(sorted.len() / 2).copied().unwrap_or(0),
        most: sorted.last().copied().unwrap_or(0),
        sum: amounts.iter().sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{draft::Fixed, plan::Scenario};

    fn rules() -> Rules {
        let key = public_audit::note::Signer::new("x", &[1; 32]).unwrap().verifier().to_vkey();
        let fixed = Fixed { number: 1, commitment: Digest::ZERO, signing_key: key };
        Scenario::find("tongyeong").unwrap().draft().unwrap().rules(fixed).unwrap()
    }

    /// Ten thousand want ₩250,000 each, ₩1.25 bn are there.
    #[test]
    fn equal_shares_leave_nobody_with_nothing_and_the_others_half() {
        let compared = compare(&rules(), &[250_000; 10_000]).unwrap();
        let found: Vec<_> =
            compared.ways.iter().map(|way| (way.nothing, way.less, way.all, way.middle)).collect();
        assert_eq!(found[0], (0, 10_000, 0, 130_000));
        assert_eq!(found[1], (5_000, 0, 5_000, 250_000));
        assert_eq!(found[2], (5_000, 0, 5_000, 250_000));
        assert!(compared.ways.iter().all(|way| way.sum == 1_250_000_000), "{compared:?}");
    }

    #[test]
    fn a_part_of_the_people_says_what_all_of_them_would_get() {
        let all = compare(&rules(), &[250_000; 20_000]).unwrap();
        let part = compare_sample(&rules(), &[250_000; 2_000], 20_000).unwrap();
        assert_eq!((part.people, part.wanted, part.budget), (all.people, all.wanted, all.budget));
        for (part, all) in part.ways.iter().zip(&all.ways) {
            assert_eq!((part.nothing, part.all, part.middle), (all.nothing, all.all, all.middle));
        }
    }

    #[test]
    fn wants_count_as_they_are() {
        let mut rules = rules();
        rules.goods.budget = 100_000;
        let compared = compare(&rules, &[10_000, 50_000, 60_000, 10_000]).unwrap();
        let of = |way: Way| compared.ways.iter().find(|given| given.way == way).unwrap();
        // 10 + 40 + 40 + 10.
        assert_eq!((of(Way::Share).nothing, of(Way::Share).less, of(Way::Share).all), (0, 2, 2));
        // 10 + 50 + 40, and the fourth came too late.
        assert_eq!((of(Way::FirstCome).nothing, of(Way::FirstCome).less), (1, 1));
        assert!(of(Way::Lottery).sum <= 100_000 && of(Way::Lottery).less == 0);
        assert_eq!(compare(&rules, &[]).unwrap().people, 0);
    }
}
