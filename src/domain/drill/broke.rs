//! What breaks first when people come by a rule: every limit that is exceeded in the first window in which any is.
//!
//! One alone would be a guess about which of them falls over: at a common moment several are exceeded in the same ten
//! seconds, and which of them was the bottleneck depends on more than by how much.

use serde::Serialize;

use super::seller::{Seller, rate, uses};
use crate::domain::draft::Dependency;

/// A limit that was exceeded in the first window in which any was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exceeded {
    /// Whose.
    pub name: String,
    /// How many seconds after the beginning that window begins.
    pub after: f64,
    /// How many times over.
    pub times: f64,
}

/// The limits that so many a second exceed, the most exceeded first: those of dependencies, and of sellers that are too slow
/// and that none of these stands for.
pub fn exceeded(
    limits: &[Dependency],
    too_slow: Option<&Seller>,
    per_second: f64,
    after: f64,
) -> Vec<Exceeded> {
    let of = |name: &str, times: f64| Exceeded { name: name.to_owned(), after, times };
    let dependency = |one: &Dependency| Some(of(&one.name, per_second * uses(one)? / rate(one)?));
    let dependencies = limits.iter().filter_map(dependency).filter(|one| one.times > 1.0);
    let by_itself = too_slow.filter(|seller| limits.iter().all(|one| one.name != seller.name));
    let seller = by_itself.map(|seller| of(&seller.name, per_second / seller.per_second));
    let mut all: Vec<Exceeded> = dependencies.chain(seller).collect();
    all.sort_by(|a, b| b.times.total_cmp(&a.times));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::draft::Step;

    fn limit(name: &str, per_second: f64, step: Step, uses: f64) -> Dependency {
        Dependency {
            name: name.to_owned(),
            per_second: Some(per_second),
            uses: [(step, uses)].into(),
            ..Dependency::default()
        }
    }

    fn found(too_slow: Option<&Seller>, per_second: f64) -> Vec<(String, f64)> {
        let limits = [
            limit("identity check", 30.0, Step::Start, 1.0),
            limit("web", 300.0, Step::Start, 12.0),
            limit("SMS vendor", 1.0, Step::Result, 1.0),
            Dependency {
                per_second: None,
                per_minute: Some(600.0),
                ..limit("bank", 1.0, Step::Purchase, 1.0)
            },
        ];
        let all = exceeded(&limits, too_slow, per_second, 40.0);
        assert!(all.iter().all(|one| (one.after - 40.0).abs() < 1e-9), "{all:?}");
        all.into_iter().map(|one| (one.name, one.times)).collect()
    }

    #[test]
    fn all_limits_that_are_exceeded_at_once_are_named() {
        let named = |all: &[(&str, f64)]| -> Vec<(String, f64)> {
            all.iter().map(|(name, times)| ((*name).to_owned(), *times)).collect()
        };
        // Not the texts of results, of which whoever comes needs none.
        assert_eq!(found(None, 60.0), named(&[("bank", 6.0), ("web", 2.4), ("identity check", 2.0)]));
        // What is just met is not exceeded.
        assert_eq!(found(None, 30.0), named(&[("bank", 3.0), ("web", 1.2)]));
        assert!(found(None, 10.0).is_empty());
    }

    #[test]
    fn a_seller_is_named_once_and_also_where_no_dependency_stands_for_it() {
        let seller = |name: &str| Seller { name: name.to_owned(), per_second: 15.0 };
        let names = |seller: &Seller| -> Vec<String> {
            found(Some(seller), 60.0).into_iter().map(|(name, _)| name).collect()
        };
        assert_eq!(names(&seller("counter")), ["bank", "counter", "web", "identity check"]);
        assert_eq!(names(&seller("identity check")), ["bank", "web", "identity check"]);
    }
}
