//! Money and lots by other rules than the announced ones, and rules for after the draw that are none.

use super::{Base, Case};
use crate::record::{POOL, RULES};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "fund-overdrawn",
        story: "a fund is announced that cannot pay everybody, and sealed and drawn all the same",
        base: Base::Funds,
        check: "funds",
        tamper: |f| {
            f.change_rules(|r| {
                let fund = r.funds.get_mut(1)?;
                fund.budget = 799_999;
                Some(())
            })?;
            f.remake()?;
            f.log_again()
        },
    },
    Case {
        name: "fund-raised-late",
        story: "the city pays less than it announced, and the draw is made again",
        base: Base::Funds,
        check: "seal-rules",
        tamper: |f| {
            f.change_rules(|r| {
                r.funds.get_mut(1)?.per_seat -= 10_000;
                Some(())
            })?;
            f.seed_again()?;
            f.redraw()
        },
    },
    Case {
        name: "fund-withheld",
        story: "the city's part is paid to nobody",
        base: Base::Funds,
        check: "result-recomputed",
        tamper: |f| f.redraw_as(|rules, _| rules.funds.pop().map(drop)),
    },
    Case {
        name: "fund-for-others",
        story: "the city's part is paid to people of other regions",
        base: Base::Funds,
        check: "result-recomputed",
        tamper: |f| {
            f.redraw_as(|rules, _| {
                let regions = rules.funds.get_mut(1)?.matching.0.get_mut("region")?;
                *regions = vec!["hill".to_owned(), "north".to_owned()];
                Some(())
            })
        },
    },
    Case {
        name: "fund-and-want",
        story: "rules with funds let people want something all the same",
        base: Base::Funds,
        check: "rules-form",
        tamper: |f| f.edit(RULES, "\"seats\",", "\"seats\", \"want\","),
    },
    Case {
        name: "funds-empty",
        story: "the rules name no funds in a second spelling",
        base: Base::Drand,
        check: "rules-form",
        tamper: |f| f.edit(RULES, "\"grace_seconds\"", "\"funds\": [], \"grace_seconds\""),
    },
    Case {
        name: "weight-off-the-rule",
        story: "someone has more lots than any number of misses gives",
        base: Base::Funds,
        check: "pool-form",
        tamper: |f| f.edit(POOL, "weight=4", "weight=5"),
    },
    Case {
        name: "weight-between-steps",
        story: "someone has a number of lots that no number of misses gives",
        base: Base::Funds,
        check: "pool-form",
        tamper: |f| f.edit(POOL, "weight=3", "weight=2"),
    },
    Case {
        name: "catch-up-for-nobody",
        story: "a catch-up slot is for a group that has no slots",
        base: Base::After,
        check: "rules-form",
        tamper: |f| {
            f.change_rules(|r| {
                r.after.as_mut()?.catch_up.get_mut(0)?.cohort.0.get_mut("household")?.push("9".to_owned());
                Some(())
            })
        },
    },
    Case {
        name: "offers-before-results",
        story: "the rules offer what is free before anybody knows the result",
        base: Base::After,
        check: "rules-form",
        tamper: |f| {
            f.change_rules(|r| {
                let results_at = r.times.results_at;
                *r.after.as_mut()?.offers_at.get_mut(0)? = results_at;
                Some(())
            })
        },
    },
];
