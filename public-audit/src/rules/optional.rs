//! What the keys that rules may leave out can say and must not.

use std::collections::BTreeSet;

use super::check::{Check, is_value};
use super::{MAX_CAP, MAX_WEIGHT, MAX_WON, Match, Mode, Rules};

impl Rules {
    pub(super) fn check_funds(&self, check: &mut Check) {
        if self.funds.is_empty() {
            return;
        }
        check.demand("funds", self.funds.len() <= 100, "must be 1 to 100");
        check.demand("funds", self.mode == Mode::Everyone, "are for mode everyone only");
        check.demand("funds", !self.lists("want"), "say what everybody gets, so `want` must not be a field");
        // A hundred seats of all funds together have sixteen digits, as many as a number has.
        let all: u128 = self.funds.iter().map(|fund| u128::from(fund.per_seat)).sum();
        check.demand("funds", all <= u128::from(MAX_CAP), "pay 10^14 won or more for one seat");
        let mut seen = BTreeSet::new();
        for (at, fund) in self.funds.iter().enumerate() {
            let path = format!("funds[{at}]");
            check.demand(&path, is_value(&fund.name), "the name must be [a-z0-9._+-]{1,64}");
            check.demand(&path, seen.insert(&fund.name), "the name stands twice");
            check.demand(&path, fund.per_seat >= 1, "must pay at least 1 won for each seat");
            let budget = (1..=MAX_WON).contains(&fund.budget);
            check.demand(&path, budget, "the budget must be 1 to 10^15 won");
            self.check_match(check, &format!("{path}.match"), &fund.matching);
        }
    }

    pub(super) fn check_weighting(&self, check: &mut Check) {
        let Some(weighting) = self.weighting else { return };
        let within = |number: u32| (1..=MAX_WEIGHT).contains(&number);
        for (path, number) in [
            ("weighting.per_miss", weighting.per_miss),
            ("weighting.most", weighting.most),
            ("weighting.rounds", weighting.rounds),
        ] {
            check.demand(path, within(number), "must be 1 to 1,000");
        }
        let reached = weighting.most <= weighting.weight(weighting.rounds);
        check.demand("weighting.most", reached, "is more than all the misses that count can give");
        check.demand("weighting", self.lists("weight"), "needs the field `weight`");
    }

    pub(super) fn check_after(&self, check: &mut Check) {
        let Some(after) = &self.after else { return };
        check.demand("after.catch_up", after.catch_up.len() <= 10_000, "are more than 10,000");
        let first = self.slots.iter().map(|slot| slot.starts_at).min();
        let cohorts: BTreeSet<&Match> = self.slots.iter().map(|slot| &slot.cohort).collect();
        for (at, slot) in after.catch_up.iter().enumerate() {
            let path = format!("after.catch_up[{at}]");
            let not_before = first.is_none_or(|first| first <= slot.starts_at);
            check.demand(&path, not_before, "must not start before the first of `slots`");
            let known = cohorts.contains(&slot.cohort);
            check.demand(&format!("{path}.cohort"), known, "must be that of one of `slots`");
        }
        let offers = &after.offers_at;
        check.demand("after.offers_at", (1..=1000).contains(&offers.len()), "must be 1 to 1,000");
        check.demand("after.offers_at", offers.is_sorted_by(|a, b| a < b), "must ascend");
        let later = offers.first().is_none_or(|first| self.times.results_at < *first);
        check.demand("after.offers_at", later, "must be after results_at");
        check.demand("after.lead_seconds", after.lead_seconds <= 604_800, "must be at most 7 days");
    }
}
