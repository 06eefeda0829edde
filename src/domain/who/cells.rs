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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{draft::Draft, draft::Fixed};

    /// Cohorts by digit, a reserve for one region of four.
    fn rules(smallest: u32) -> Rules {
        let base = include_str!("../../../docs/round.example.toml");
        let base = base.replacen(
            "mode = \"share\"",
            &format!(
                "mode = \"lottery\"\nlottery_because_ko = \"자리가 백 개뿐이라 추첨합니다.\"\n\
                 lottery_because_en = \"There are only a hundred places.\"\nsmallest_cell = {smallest}"
            ),
            1,
        );
        let value = |name: &str| format!("{{ name = \"{name}\", ko = \"{name}\", en = \"{name}\" }}");
        let values = ["a", "b", "c", "d"].map(value).join(", ");
        let text = format!(
            "{base}\n[[field]]\nname = \"region\"\nlabel_ko = \"동\"\nlabel_en = \"Dong\"\nvalues = [{values}]\n\
             [[field]]\nname = \"birth_parity\"\n\
             [[reserve]]\nname = \"near\"\nmatch = {{ region = [\"b\"] }}\nplaces = 5\nspill = \"odd\"\n\
             [[reserve]]\nname = \"odd\"\nmatch = {{ birth_parity = [\"odd\"] }}\nplaces = 5\nspill = \"open\"\n\
             [[reserve]]\nname = \"open\"\nplaces = 5"
        );
        let signer = public_audit::note::Signer::new("jebi.example", &[1; 32]).unwrap();
        let fixed = Fixed {
            number: 1,
            commitment: public_audit::Digest::ZERO,
            signing_key: signer.verifier().to_vkey(),
        };
        Draft::parse(&text).unwrap().rules(fixed).unwrap()
    }

    fn cells(of: &[(&str, &str, u64)]) -> Vec<(String, u64)> {
        of.iter().map(|(r, p, count)| (format!("region={r} birth_parity={p}"), *count)).collect()
    }

    #[test]
    fn only_what_no_rule_tells_apart_becomes_one() {
        let merged = merge(
            &rules(3),
            &cells(&[("a", "odd", 1), ("b", "odd", 3), ("c", "odd", 2), ("d", "even", 4), ("c", "even", 9)]),
        );
        let became = |before: &str| merged.changes.get(before).map(String::as_str);
        assert_eq!(merged.small, None);
        assert_eq!(became("region=c birth_parity=odd"), Some("region=a birth_parity=odd"));
        assert_eq!(became("region=d birth_parity=even"), Some("region=a birth_parity=even"));
        // The reserve's own region, and what a reserve looks at, stay.
        assert_eq!(became("region=b birth_parity=odd"), None);
        assert_eq!(merged.changes.len(), 3);
    }

    #[test]
    fn large_cells_stay_and_small_ones_that_cannot_be_merged_are_named() {
        let large = cells(&[("a", "odd", 3), ("d", "even", 3)]);
        assert_eq!(merge(&rules(3), &large), Merged { changes: BTreeMap::new(), small: None });
        let merged = merge(&rules(3), &cells(&[("b", "odd", 2), ("d", "even", 4)]));
        assert_eq!(merged.small, Some((2, "region=b birth_parity=odd".to_owned())));
        // One cell alone tells nothing about anybody.
        assert_eq!(merge(&rules(3), &cells(&[("b", "odd", 1)])).small, None);
        assert_eq!(merge(&rules(3), &[]).small, None);
    }

    #[test]
    fn done_twice_it_finds_nothing_to_do() {
        let before = cells(&[("a", "odd", 1), ("c", "odd", 2), ("d", "even", 4)]);
        let rules = rules(3);
        let once = merge(&rules, &before);
        let after: Vec<(String, u64)> =
            before.iter().map(|(kept, n)| (once.changes.get(kept).unwrap_or(kept).clone(), *n)).collect();
        assert_eq!(merge(&rules, &after), Merged { changes: BTreeMap::new(), small: None });
    }
}
