//! What one person gets where what there is is shared: the price of nobody being turned away.

use public_audit::rules::Mode;
use serde::Serialize;

use crate::domain::draft::Draft;

/// Won for one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Each {
    /// An equal share, where everybody gets one.
    pub shared: u64,
    /// As much as one may have, for whoever is in time.
    pub first_come: u64,
}

/// What one of so many people gets, on average; nothing is said where the rule changes nothing about it.
pub fn each(draft: &Draft, people: u64) -> Option<Each> {
    let goods = &draft.goods;
    let share = (goods.budget / people.max(1)).clamp(goods.unit.min(goods.cap), goods.cap);
    (draft.mode == Mode::Share).then_some(Each { shared: share, first_come: goods.cap })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::Scenario;

    #[test]
    fn all_get_half_of_what_half_of_them_would_get_by_first_come() {
        let of = |name: &str| Scenario::find(name).unwrap().draft().unwrap();
        let found = each(&of("tongyeong"), 10_000).unwrap();
        assert_eq!(found, Each { shared: 125_000, first_come: 250_000 });
        // Never more than one may have, and never less than a unit.
        assert_eq!(each(&of("tongyeong"), 10).unwrap().shared, 250_000);
        assert_eq!(each(&of("tongyeong"), 10_000_000).unwrap().shared, of("tongyeong").goods.unit);
        // A new app is a new app.
        assert_eq!(each(&of("busan"), 900_000), None);
    }
}
