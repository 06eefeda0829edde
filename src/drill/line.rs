//! Who residents are, in exact shares: a systematic sample (W. G. and L. H. Madow, "On the theory of systematic sampling",
//! 1944), as household surveys draw it.
//!
//! People stand at equal distances on a line from 0 to 1, the first by chance. The line is cut by the shares of the first
//! answer, each piece by those of the next, and so on, so that whoever stands in a piece has given its answers. However
//! long a piece is, as many stand there as its length says, give or take one.

use crate::domain::chance::Chance;

/// Where somebody stands in the piece that is left, from 0 to 1.
#[derive(Clone, Copy, Debug)]
pub struct Place(f64);

/// So many places, in an order that says nothing.
#[allow(clippy::cast_precision_loss, reason = "people")]
pub fn places(count: u64, chance: &mut Chance) -> Vec<Place> {
    let first = chance.part();
    let mut places: Vec<Place> = (0..count).map(|at| Place((at as f64 + first) / count as f64)).collect();
    // Fisher and Yates.
    for at in (1..places.len()).rev() {
        let other = usize::try_from(chance.below(at as u64 + 1)).unwrap_or(0);
        places.swap(at, other);
    }
    places
}

impl Place {
    /// Neither first nor last.
    pub const MIDDLE: Self = Self(0.5);

    /// Cuts the piece by these shares, whatever they add up to, and goes on in the one where somebody stands.
    pub fn cut<'a, T>(&mut self, all: &'a [T], share: impl Fn(&T) -> f64) -> Option<&'a T> {
        let mut left = self.0 * all.iter().map(&share).sum::<f64>();
        for one in all {
            let length = share(one);
            if left < length {
                self.0 = left / length;
                return Some(one);
            }
            left -= length;
        }
        // What rounding left over.
        self.0 = 0.0;
        all.iter().rev().find(|one| share(one) > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Of three answers, one after the other: each combination of them, and each answer alone.
    #[test]
    fn of_each_combination_there_are_as_many_as_its_share_says() {
        let digits: Vec<(u32, f64)> = (0..10).map(|digit| (digit, 1.0)).collect();
        let (sizes, cities) =
            ([(1, 16.0), (2, 24.0), (3, 24.0), (4, 36.0)], [("a", 0.7), ("b", 0.3), ("c", 0.0)]);
        for (count, seed) in [(2_652_u32, 1), (1_000, 2), (77, 3)] {
            let mut found = BTreeMap::<_, u32>::new();
            for mut place in places(count.into(), &mut Chance(seed)) {
                let digit = place.cut(&digits, |(_, share)| *share).unwrap().0;
                let size = place.cut(&sizes, |(_, share)| *share).unwrap().0;
                let city = place.cut(&cities, |(_, share)| *share).unwrap().0;
                *found.entry((digit, size, city)).or_default() += 1;
            }
            assert_eq!(found.values().sum::<u32>(), count);
            for (digit, _) in &digits {
                for (size, of_size) in sizes {
                    for (city, of_city) in cities {
                        let share = 0.1 * of_size / 100.0 * of_city;
                        let people = f64::from(found.get(&(*digit, size, city)).copied().unwrap_or(0));
                        let wrong = (people - share * f64::from(count)).abs();
                        assert!(wrong < 1.0, "{people} of {count} are {digit} {size} {city}");
                    }
                }
            }
        }
    }

    #[test]
    fn nobody_stands_on_nothing() {
        assert!(Place(0.5).cut(&[] as &[f64], |share| *share).is_none());
        assert_eq!(Place(1.0).cut(&[1.0, 2.0, 0.0], |share| *share), Some(&2.0));
    }
}
