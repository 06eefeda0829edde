//! The whole size, in process: plan, draw, what people do, and the same people under other rules.

use anyhow::{Context, anyhow};

use super::Options;
use crate::domain::{
    chance::Chance,
    draft::Draft,
    drill::{Measured, Policy, Seller, deeds, measure, policies, rehearsed},
    plan::{Plan, drawn, plan},
};

/// A scenario at its full size.
pub struct Whole {
    /// As it is drilled.
    pub draft: Draft,
    /// What was planned with.
    pub plan: Plan,
    /// What lets people through, as it says of itself.
    pub seller: Seller,
    /// The limits as they turn out to be.
    pub taking: Draft,
    /// The worst windows.
    pub measured: Vec<Measured>,
    /// The three rules.
    pub policies: Vec<Policy>,
    /// Residents.
    pub people: u64,
    /// One in so many was drawn.
    pub one_in: f64,
}

/// Without it there is nothing that a crowd could be too much for.
const NOTHING_LIMITS: &str = "the draft does not say how many people a second or a minute can buy, so nothing was drilled: \
    write a [[dependency]] with per_second or per_minute and uses = { purchase = 1 }, or a [[seller]] with per_minute; then \
    run `jebi drill` again";

impl Whole {
    /// Plans, draws and counts.
    ///
    /// # Errors
    /// What the draft says that cannot be.
    pub fn new(draft: &Draft, as_it_was: &Draft, options: &Options) -> anyhow::Result<Self> {
        let wrong = |problems: Vec<String>| anyhow!(problems.join("\n  "));
        let draft = rehearsed(draft).map_err(wrong)?;
        let plan = plan(&draft).map_err(wrong)?;
        let seller = Seller::of(&draft).context(NOTHING_LIMITS)?;
        let taking = taking(&draft, &seller.name, options.capacity);
        let takes = Seller { per_second: seller.per_second * share(options.capacity), ..seller.clone() };
        let mut chance = Chance(options.seed);
        let drawn = drawn(&draft, options.most(), 0, &mut chance).map_err(wrong)?;
        let deeds = deeds(&draft, &drawn, &mut chance);
        let measured = taking.dependency.iter().flat_map(|dependency| measure(dependency, &deeds)).collect();
        let was = self::taking(as_it_was, &seller.name, options.capacity);
        let policies = policies(&taking, &was, &takes, &drawn, &deeds, &mut chance);
        let (people, one_in) = (drawn.people, drawn.one_in);
        Ok(Self { draft, plan, seller, taking, measured, policies, people, one_in })
    }
}

/// Percent as a share of one.
pub fn share(percent: u32) -> f64 {
    f64::from(percent) / 100.0
}

/// The draft with a seller that takes less than it says.
fn taking(draft: &Draft, seller: &str, percent: u32) -> Draft {
    let mut draft = draft.clone();
    for dependency in draft.dependency.iter_mut().filter(|dependency| dependency.name == seller) {
        for limit in [&mut dependency.per_second, &mut dependency.per_minute, &mut dependency.per_day] {
            *limit = limit.map(|limit| limit * share(percent));
        }
    }
    draft
}
