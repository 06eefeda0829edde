//! News of places, as they stand at the moment they are told.

use entities::notice;

use super::Abouts;
use crate::{
    app::Round,
    domain::{
        ineligible::Reason,
        standing::{self, Outcome, Standing},
    },
    notify::message::{Held, News},
    store::fact::{INELIGIBLE, RETURNED, STRUCK},
};

impl Abouts {
    /// What there is to say to whoever opened the entry, or (`is_member`) is in it; nothing where it is no longer true.
    pub(super) fn news(
        &self,
        round: &Round,
        notice: &notice::Model,
        key: &(i64, String),
        is_member: bool,
    ) -> Option<News> {
        if notice.reason == STRUCK {
            let fact = self.facts.get(key).filter(|fact| fact.kind == STRUCK)?;
            return Some(News::Ended(Reason::from_key(&fact.category)?.told(is_member), None));
        }
        let steps = self.steps(key)?;
        let standing = round.standing(&steps);
        let place = standing.place();
        let held = place.map(|place| Held {
            starts_at: place.turn.starts_at,
            until: place.turn.until,
            amount: place.amount,
        });
        let next_offer = round.next_offer().map(|(_, at)| at);
        match notice.reason.as_str() {
            "caught_up" => Some(News::CaughtUp(held?)),
            "offered" => Some(News::Offered(held?)),
            "lapsed" => (standing == Standing::Ended(Outcome::Lapsed)).then_some(News::Lapsed),
            "shifted" => {
                let number = usize::try_from(notice.version).ok()?.checked_sub(1)?;
                let (earlier, since) = round.shifts.split_at_checked(number)?;
                let drawn = steps.iter().rfind(|step| step.offer == place.map_or(0, |p| p.offer))?;
                let before = standing::shifted(round.turn(drawn.starts_at?), drawn.offer, earlier);
                let (held, reason) = (held?, since.first()?.reason.clone());
                Some(match held.starts_at == before.starts_at {
                    true => News::Longer(held, reason),
                    false => News::Later(held, reason),
                })
            }
            "returned" => {
                let made = round.offers.last().map(|offer| offer.at);
                let at = if place.is_some() { next_offer } else { made };
                let still = self.facts.get(key).is_some_and(|fact| fact.kind == RETURNED);
                still.then(|| at.map(News::Returned)).flatten()
            }
            "ended" => {
                let fact = self.facts.get(key).filter(|fact| fact.kind == INELIGIBLE)?;
                Some(News::Ended(Reason::from_key(&fact.category)?.told(is_member), next_offer))
            }
            _ => None,
        }
    }
}
