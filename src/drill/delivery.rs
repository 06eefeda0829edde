//! What becomes of texts and mails on their way to residents: of those with a code some are taken and never arrive, as when
//! the identity check is partly down; and a few residents cannot be reached any more.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use super::counted::Counted;
use crate::{
    domain::{chance::Chance, draft::Carries},
    stage::{mailbox::Postman, post::brings_code},
};

/// Nobody loses more codes than this within [`TOGETHER`]: whoever asks for a sixth in an hour is given none, which is not what
/// is rehearsed, and of ten thousand people somebody would.
const LOSES: u32 = 2;
/// Seconds.
const TOGETHER: i64 = 7_200;

/// Whoever brings them.
pub struct Delivery {
    counted: Arc<Counted>,
    /// Addresses that nobody has any more.
    gone: Mutex<HashSet<String>>,
    lost: f64,
    chance: Mutex<Chance>,
    /// Since when an address has lost so many codes.
    losing: Mutex<HashMap<String, (i64, u32)>>,
}

impl Delivery {
    /// Of codes, the share `lost` never arrives.
    pub fn new(counted: Arc<Counted>, lost: f64, chance: Chance) -> Self {
        let (gone, losing) = (Mutex::default(), Mutex::default());
        Self { counted, gone, lost, chance: Mutex::new(chance), losing }
    }

    /// From now on nobody is reached at these addresses.
    pub fn give_up(&self, addresses: impl Iterator<Item = String>) {
        self.gone.lock().unwrap_or_else(PoisonError::into_inner).extend(addresses);
    }

    /// Whether nobody is reached there.
    pub fn is_gone(&self, address: &str) -> bool {
        self.gone.lock().unwrap_or_else(PoisonError::into_inner).contains(address)
    }

    /// A vendor or a server took this: whether it arrives.
    pub fn takes(&self, what: Carries, address: &str, text: &str) -> bool {
        self.counted.add(what, address);
        let is_lost = brings_code(text)
            && self.chance.lock().unwrap_or_else(PoisonError::into_inner).happens(self.lost);
        !(is_lost && self.loses(address))
    }

    /// One more code does not get there, unless somebody has lost enough of them.
    fn loses(&self, address: &str) -> bool {
        let now = self.counted.now();
        let mut losing = self.losing.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, lost) = losing.entry(address.to_owned()).or_insert((now, 0));
        if now - *since >= TOGETHER {
            (*since, *lost) = (now, 0);
        }
        *lost += 1;
        *lost <= LOSES
    }
}

impl Postman for Delivery {
    fn knows(&self, recipient: &str) -> bool {
        !self.is_gone(recipient)
    }

    fn brings(&self, recipient: &str, body: &str) -> bool {
        self.takes(Carries::Mails, recipient, body)
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Delivery").field("lost", &self.lost).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;
    use crate::clock::Clock;

    #[test]
    fn some_codes_are_lost_and_nothing_else_and_who_is_gone_is_gone_by_both_ways() {
        let counted = Arc::new(Counted::new(Clock::set(DateTime::UNIX_EPOCH, 0)));
        let delivery = Delivery::new(counted.clone(), 0.1, Chance(1));
        let lost = |what, text: &str| {
            let takes = |person: u32| {
                let address = format!("{person} {what:?}");
                counted.begin(&address, 0);
                delivery.takes(what, &address, text)
            };
            (0..1_000).filter(|person| !takes(*person)).count()
        };
        for what in [Carries::Texts, Carries::Mails] {
            let codes = lost(what, "인증번호 123456");
            assert!((70..130).contains(&codes), "{codes}");
            assert_eq!(lost(what, "접수번호 pa6e-cngm-31jc-c23t"), 0);
            assert_eq!(counted.times()[&what].len(), 2_000, "the lost ones count too");
        }
        assert!(delivery.knows("a"));
        delivery.give_up(["a".to_owned()].into_iter());
        assert!(delivery.is_gone("a") && !delivery.knows("a") && delivery.knows("b"));
    }

    #[test]
    fn nobody_loses_so_many_codes_that_they_are_given_none_any_more() {
        let clock = Clock::set(DateTime::UNIX_EPOCH, 0);
        let delivery = Delivery::new(Arc::new(Counted::new(clock.clone())), 1.0, Chance(1));
        let lost = || (0..5).filter(|_| !delivery.takes(Carries::Texts, "a", "인증번호 123456")).count();
        assert_eq!((lost(), lost()), (2, 0));
        clock.jump_to(DateTime::UNIX_EPOCH + TimeDelta::hours(2));
        assert_eq!(lost(), 2);
    }
}
