//! Places that are held for longer go on later: offers stay where the rules put them.

use chrono::{DateTime, Utc};

/// Places that an offer would have passed on, and does not, because they are held past it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late {
    /// How many.
    pub places: u64,
    /// The first offer that passes them over.
    pub at: DateTime<Utc>,
    /// The offer at which the last of them go on; none where some go on at none.
    pub next: Option<DateTime<Utc>>,
}

impl Late {
    /// With so many places more that were held until the first instant and are held until the second, where the `offers` to
    /// come, in order, tell them apart.
    pub fn and(
        late: Option<Self>,
        offers: &[DateTime<Utc>],
        until: [DateTime<Utc>; 2],
        places: u64,
    ) -> Option<Self> {
        // An offer takes who was held until it and no longer.
        let [at, next] = until.map(|until| offers.iter().find(|at| until <= **at).copied());
        let Some(at) = at.filter(|at| Some(*at) != next) else { return late };
        Some(match late {
            None => Self { places, at, next },
            Some(late) => Self {
                places: late.places + places,
                at: late.at.min(at),
                next: late.next.zip(next).map(|(one, other)| one.max(other)),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_place_is_late_where_an_offer_lies_between_its_ends() {
        let at = |minutes: i64| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let offers = [at(100), at(200)];
        let held = |late, until: i64, then: i64| Late::and(late, &offers, [at(until), at(then)], 3);
        // Before the same offer, or after all of them, it makes no difference.
        assert_eq!(held(None, 40, 100), None);
        assert_eq!(held(None, 101, 200), None);
        assert_eq!(held(None, 201, 260), None);
        let one = held(None, 100, 101);
        assert_eq!(one, Some(Late { places: 3, at: at(100), next: Some(at(200)) }));
        assert_eq!(held(one, 40, 90), one);
        // One that goes on at no offer is what matters of all.
        let lost = Some(Late { places: 6, at: at(100), next: None });
        assert_eq!((held(one, 200, 230), held(held(None, 150, 201), 90, 110)), (lost, lost));
    }
}
