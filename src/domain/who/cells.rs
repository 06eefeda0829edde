//! Small cells. The pool publishes cohort and reserve values; a combination that only few people share
//! would say too much about them. Before sealing, values that no rule tells apart become one: it changes
//! nobody's cohort, reserve or place, only what is published.

use std::collections::{BTreeMap, BTreeSet};

use public_audit::{Rules, rules::Match};

/// What is done to small cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// `(values before, values after)` of those combinations that change.
    pub changes: BTreeMap<String, String>,
    /// The smallest cell after it, if one is still too small: how many, and its values.
    pub small: Option<(u64, String)>,
}

/// Merges cells until none is too small, or nothing is left to merge. `cells` counts entries by the
/// values they keep.
///
/// One field after another, in the order of the rules: its values which every match of the rules (of a
/// cohort, a reserve or a fund) treats alike are replaced by the bytewise smallest of those that occur.
pub fn merge(rules: &Rules, cells: &[(String, u64)]) -> Merged {
    // Values by cell, then their number; and what each cell was before.
    let mut now: Vec<(String, String, u64)> =
        cells.iter().map(|(kept, count)| (kept.clone(), kept.clone(), *count)).collect();
    let mut small = smallest(rules, &now);
    for field in rules.other_fields() {
        if small.is_none() {
            break;
        }
        let occur: BTreeSet<&str> =
            now.iter().filter_map(|(_, kept, _)| super::value_in(kept, field)).collect();
        let mut into: BTreeMap<Vec<bool>, &str> = BTreeMap::new();
        let mut merged: BTreeMap<String, String> = BTreeMap::new();
        for value in occur {
            let first = into.entry(treated(rules, field, value)).or_insert(value);
            merged.insert(value.to_owned(), (*first).to_owned());
        }
        for (_, kept, _) in &mut now {
            let pairs = super::pairs(kept).map(|(name, value)| {
                let value =
                    if name == field { merged.get(value).map_or(value, String::as_str) } else { value };
                format!("{name}={value}")
            });
            *kept = pairs.collect::<Vec<_>>().join(" ");
        }
        small = smallest(rules, &now);
    }
    let changes = now.into_iter().filter(|(before, after, _)| before != after);
    Merged { changes: changes.map(|(before, after, _)| (before, after)).collect(), small }
}

/// Which matches of the rules name this value of a field.
fn treated(rules: &Rules, field: &str, value: &str) -> Vec<bool> {
    let names = |matching: &Match| {
        matching.0.get(field).is_none_or(|values| values.iter().any(|known| known == value))
    };
    let cohorts = rules.slots.iter().map(|slot| &slot.cohort);
    let reserves = rules.reserves.iter().map(|reserve| &reserve.matching);
    let funds = rules.funds.iter().map(|fund| &fund.matching);
    cohorts.chain(reserves).chain(funds).map(names).collect()
}

/// The smallest cell, if it is too small. One cell alone tells nothing, however small it is.
fn smallest(rules: &Rules, cells: &[(String, String, u64)]) -> Option<(u64, String)> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (_, kept, count) in cells {
        *counts.entry(kept).or_default() += count;
    }
    let (kept, count) = counts.iter().min_by_key(|(_, count)| **count)?;
    (counts.len() > 1 && *count < u64::from(rules.smallest_cell)).then(|| (*count, (*kept).to_owned()))
}
