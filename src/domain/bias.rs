//! The bias guard: whether the lots know anything about people that they must not know.
//!
//! Lots come from the seed and the receipt alone, so they are independent of when, how and for what
//! people entered. Should they not be, by a mistake of ours or by somebody's doing, it shows here before
//! a result is published.
//!
//! Each entry's lot is put on the scale from 0 to 1, where it is uniform (with `weight` lots, of which
//! the smallest counts, 1 − (1 − x)^weight is). The mean of n such numbers has the mean 1/2 and the
//! variance 1/(12 n), so z = (mean − 1/2)·√(12 n) is close to a standard normal, its tails lighter. With
//! groups of at least [`SMALLEST`], there is less than one false alarm in 10,000 rounds: 170 tests at 5
//! deviations (two-sided tail 5.7·10⁻⁷ each), 2,600 at 5.5 (3.8·10⁻⁸) or [`TESTS`] at 6 (2.0·10⁻⁹).
//! Nothing but + − × ÷ √ is used, which IEEE 754 fixes to the last bit: the table is the same on every
//! machine.

use std::{borrow::Cow, collections::BTreeMap, fmt::Write};

/// Smaller groups are left out: their means say little, and the table says nothing about few people.
pub const SMALLEST: usize = 30;
/// At most so many tests, for the rate of false alarms to hold.
pub const TESTS: usize = 50_000;

/// Deviations from what chance gives that are too many, with so many tests.
#[must_use]
pub const fn limit(tests: usize) -> f64 {
    match tests {
        0..=170 => 5.0,
        171..=2_600 => 5.5,
        _ => 6.0,
    }
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// What was looked at: `hour=09`, or `order=entered` for a trend.
    pub what: String,
    /// Entries in it.
    pub entries: usize,
    /// Deviations from what chance gives; above 0: larger lots, later places.
    pub z: f64,
}

/// The table while it is made: of each group a count and a sum, however many are in it.
#[derive(Debug, Default)]
pub struct Table {
    groups: BTreeMap<Cow<'static, str>, BTreeMap<String, (usize, f64)>>,
    orders: BTreeMap<&'static str, Test>,
}

impl Table {
    /// Adds an entry: the smallest of its lots, how many it had, and what it has in common with others,
    /// such as `hour` and `09`. Returns its place on the scale.
    pub fn add(&mut self, lot: u64, weight: u32, groups: &[(Cow<'static, str>, String)]) -> f64 {
        let place = uniform(lot, weight);
        for (what, which) in groups {
            // Nearly always it is there, and nothing has to be made for it.
            if let Some((entries, sum)) = self.groups.get_mut(what).and_then(|group| group.get_mut(which)) {
                *entries += 1;
                *sum += place;
            } else {
                self.groups.entry(what.clone()).or_default().insert(which.clone(), (1, place));
            }
        }
        place
    }

    /// Looks at all entries in an order that must not matter.
    pub fn order(&mut self, name: &'static str, places: &[f64]) {
        if places.len() >= SMALLEST {
            let test = Test { what: format!("order={name}"), entries: places.len(), z: trend(places) };
            self.orders.insert(name, test);
        }
    }

    /// The table: orders, then groups.
    pub fn tests(self) -> Vec<Test> {
        let groups = self.groups.into_iter().flat_map(|(what, group)| {
            group.into_iter().map(move |(which, counted)| (format!("{what}={which}"), counted))
        });
        let groups = groups.filter(|(_, (entries, _))| *entries >= SMALLEST);
        let groups = groups.map(|(what, (entries, sum))| {
            let n = entries as f64;
            Test { what, entries, z: (sum / n - 0.5) * (12.0 * n).sqrt() }
        });
        let mut groups: Vec<Test> = groups.collect();
        groups.sort_unstable_by(|a, b| a.what.cmp(&b.what));
        self.orders.into_values().chain(groups).take(TESTS).collect()
    }
}

/// Whether nothing in the table is beyond chance.
pub fn is_fair(tests: &[Test]) -> bool {
    tests.iter().all(|test| test.z.abs() <= limit(tests.len()))
}

/// The table as it is published.
pub fn text(round: &str, tests: &[Test]) -> String {
    let mut text = format!("jebi-bias-1\nround {round}\nlimit {:.2}\n", limit(tests.len()));
    for Test { what, entries, z } in tests {
        // Writing into a String cannot fail. A zero has no sign.
        let _ = writeln!(text, "{what} entries {entries} deviations {:.2}", z + 0.0);
    }
    let verdict = if is_fair(tests) { "within chance" } else { "beyond chance" };
    text + verdict + "\n"
}

fn uniform(lot: u64, weight: u32) -> f64 {
    // 2⁶⁴ is a float exactly; the lowest bits of a lot do not matter here.
    let above = 1.0 - lot as f64 / 18_446_744_073_709_551_616.0;
    1.0 - (0..weight.max(1)).fold(1.0, |product, _| product * above)
}

/// Σ (place − mean place)(lot − 1/2), in its own deviations.
fn trend(places: &[f64]) -> f64 {
    let n = places.len() as f64;
    let mean = (n - 1.0) / 2.0;
    let (mut sum, mut square) = (0.0, 0.0);
    for (at, place) in places.iter().enumerate() {
        let from_mean = at as f64 - mean;
        sum += from_mean * (place - 0.5);
        square += from_mean * from_mean;
    }
    if square > 0.0 { sum * (12.0 / square).sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use public_audit::{Digest, Receipt, lot};

    use super::*;

    /// An entry as the guard sees it.
    struct Seen {
        lot: u64,
        weight: u32,
        groups: Vec<(Cow<'static, str>, String)>,
    }

    fn tests(seen: &[Seen]) -> Vec<Test> {
        let mut table = Table::default();
        let places: Vec<f64> = seen.iter().map(|one| table.add(one.lot, one.weight, &one.groups)).collect();
        table.order("entered", &places);
        table.tests()
    }

    /// Honest lots of 5,000 entries, then whatever `meddle` makes of them.
    fn round(seed: u8, meddle: impl Fn(usize, u64) -> u64) -> Vec<Seen> {
        let seed = Digest([seed; 32]);
        let seen = |at: usize| {
            let mut bytes = [0; 10];
            bytes[..8].copy_from_slice(&(at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
            let weight = 1 + u32::try_from(at % 3).unwrap();
            Seen {
                lot: meddle(at, lot::lot(&seed, &Receipt::from_bytes(bytes), weight)),
                weight,
                groups: vec![
                    ("hour".into(), format!("{:02}", at * 24 / 5_000)),
                    ("channel".into(), (at % 7 / 5).to_string()),
                    ("field.region".into(), ["island", "north", "south"][at % 11 % 3].to_owned()),
                ],
            }
        };
        (0..5_000).map(seen).collect()
    }

    #[test]
    fn honest_rounds_are_fair() {
        for seed in 0..40 {
            let tests = tests(&round(seed, |_, lot| lot));
            assert!(is_fair(&tests), "{}", text("x", &tests));
            assert_eq!(tests.len(), 30);
        }
    }

    #[test]
    fn favours_are_seen() {
        let favours: [fn(usize, u64) -> u64; 5] = [
            |at, lot| if at < 208 { lot / 2 } else { lot },
            |at, lot| if at % 7 >= 5 { lot - lot / 8 } else { lot },
            |at, lot| lot / 10_000 * (8_000 + at as u64 * 2 / 5),
            |_, lot| lot / 2,
            |at, lot| if at % 11 % 3 == 0 { lot - lot / 6 } else { lot },
        ];
        for (number, favour) in favours.into_iter().enumerate() {
            let tests = tests(&round(1, favour));
            assert!(!is_fair(&tests), "{number}: {}", text("x", &tests));
        }
    }

    /// Who lives on the island draws a little better: it is the field of that name that says so.
    #[test]
    fn a_favour_in_a_field_has_its_name() {
        let tests = tests(&round(2, |at, lot| if at % 11 % 3 == 0 { lot - lot / 6 } else { lot }));
        // Whoever has islanders among them is a little better off, too; they most of all.
        let most = tests.iter().max_by(|a, b| a.z.abs().total_cmp(&b.z.abs())).unwrap();
        assert_eq!(most.what, "field.region=island", "{}", text("x", &tests));
        assert!(!is_fair(&tests));
    }

    #[test]
    fn more_tests_need_more_deviations() {
        assert_eq!([1, 170, 171, 2_600, 2_601, TESTS].map(limit), [5.0, 5.0, 5.5, 5.5, 6.0, 6.0]);
        let test = |z| Test { what: String::new(), entries: 30, z };
        let with = |count: usize, z| {
            let mut tests = vec![test(0.0); count - 1];
            tests.push(test(z));
            is_fair(&tests)
        };
        assert!(with(170, 5.0) && !with(170, -5.1));
        assert!(with(171, -5.1) && !with(171, 5.6) && with(2_601, 5.6) && !with(2_601, 6.1));
    }

    #[test]
    fn few_people_are_not_in_the_table() {
        let few: Vec<Seen> = round(1, |_, _| 0).into_iter().take(29).collect();
        assert_eq!(tests(&few), []);
        assert!(text("x", &tests(&few)).ends_with("within chance\n"));
    }
}
