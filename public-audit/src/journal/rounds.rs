//! What must hold of a whole journal, whatever a record's excerpt leaves out: rounds are numbered
//! without gaps, and each happens once.

use std::collections::BTreeMap;

use super::event::{Act, Event};
use crate::instant::Instant;
use crate::slug::Slug;

/// Follows all rounds of a journal, event after event.
#[derive(Clone, Debug, Default)]
pub struct Rounds {
    /// The number announced last.
    number: u64,
    rounds: BTreeMap<Slug, Round>,
}

#[derive(Clone, Debug)]
struct Round {
    at: Instant,
    batches: u64,
    seals: u64,
    drawn: bool,
    offers: u64,
    voided: bool,
}

impl Rounds {
    /// Takes the next event.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence; the following can go on all the same.
    pub fn take(&mut self, event: &Event) -> Result<(), String> {
        let (slug, at) = (&event.round, event.at);
        if let Act::Announced { number, .. } = event.act {
            let expected = self.number + 1;
            self.number = number;
            let new = Round { at, batches: 0, seals: 0, drawn: false, offers: 0, voided: false };
            if self.rounds.contains_key(slug) {
                return Err(format!("round {slug} is announced a second time"));
            }
            self.rounds.insert(slug.clone(), new);
            if number != expected {
                return Err(format!("round {slug} has number {number} where {expected} should be"));
            }
            return Ok(());
        }
        let Some(round) = self.rounds.get_mut(slug) else {
            return Err(format!("`{}` of round {slug}, which was never announced", event.act.kind()));
        };
        let earlier = std::mem::replace(&mut round.at, at) > at;
        let wrong = match event.act {
            Act::Entered { batch, .. } => {
                let expected = round.batches + 1;
                round.batches = batch;
                (batch != expected).then(|| format!("batch {batch} where {expected} should be"))
            }
            Act::Sealed { version, .. } => {
                let expected = round.seals + 1;
                round.seals = version;
                (version != expected).then(|| format!("seal {version} where {expected} should be"))
            }
            Act::Drawn { .. } if std::mem::replace(&mut round.drawn, true) => {
                Some("drawn a second time".to_owned())
            }
            Act::Drawn { .. } if round.voided => Some("drawn after it was voided".to_owned()),
            Act::Offered { .. } | Act::Shifted { .. } | Act::Extended { .. }
                if !round.drawn || round.voided =>
            {
                Some(format!("`{}` in a round that is not drawn", event.act.kind()))
            }
            Act::Offered { offer, .. } => {
                let expected = round.offers + 1;
                round.offers = offer;
                (offer != expected).then(|| format!("offer {offer} where {expected} should be"))
            }
            Act::Voided { .. } => {
                round.voided = true;
                None
            }
            _ => None,
        };
        match wrong.or_else(|| earlier.then(|| format!("an event at {at} after a later one"))) {
            Some(wrong) => Err(format!("round {slug}: {wrong}")),
            None => Ok(()),
        }
    }

    /// Rounds that were announced.
    #[must_use]
    pub fn count(&self) -> usize {
        self.rounds.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;

    #[test]
    fn gaps_and_repetitions_are_found() {
        let d = Digest::ZERO;
        let announced =
            |slug: &str, number| format!("2026-01-01T00:00:00Z announced {slug} number={number} rules={d}");
        let entered = |batch| format!("2026-01-02T00:00:00Z entered a batch={batch} changes=1 digest={d}");
        let drawn = format!("2026-01-03T00:00:00Z drawn a seed={d} result={d} root={d}");
        let wrong = |lines: &[String]| {
            let mut rounds = Rounds::default();
            lines.iter().filter(|line| rounds.take(&line.parse().unwrap()).is_err()).count()
        };
        assert_eq!(wrong(&[announced("a", 1), entered(1), entered(2), announced("b", 2), drawn.clone()]), 0);
        assert_eq!(wrong(&[announced("a", 2)]), 1);
        assert_eq!(wrong(&[announced("a", 1), announced("b", 3), announced("c", 4)]), 1);
        assert_eq!(wrong(&[announced("a", 1), announced("a", 2)]), 1);
        assert_eq!(wrong(&[entered(1)]), 1);
        assert_eq!(wrong(&[announced("a", 1), entered(2)]), 1);
        assert_eq!(wrong(&[announced("a", 1), drawn.clone(), drawn.clone()]), 1);
        assert_eq!(wrong(&[announced("a", 1), drawn.clone(), entered(1)]), 1);
        let voided = "2026-01-02T00:00:00Z voided a reason=x".to_owned();
        assert_eq!(wrong(&[announced("a", 1), voided.clone(), drawn.clone()]), 1);
        let offered = |offer| format!("2026-01-04T00:00:00Z offered a offer={offer} changes=0 digest={d}");
        let shifted =
            "2026-01-04T00:00:00Z shifted a from=2026-01-04T00:00:00Z seconds=60 reason=x".to_owned();
        let after = |lines: &[String]| wrong(&[&[announced("a", 1), drawn.clone()], lines].concat());
        assert_eq!(after(&[offered(1), shifted.clone(), offered(2), shifted.clone()]), 0);
        assert_eq!(after(&[offered(2)]), 1);
        assert_eq!(after(&[offered(1), offered(1)]), 1);
        assert_eq!(after(&[voided.replace("01-02", "01-04"), shifted.clone()]), 1);
        assert_eq!(wrong(&[announced("a", 1), shifted.replace("-04T", "-02T"), drawn.clone()]), 1);
        assert_eq!(wrong(&[announced("a", 1), offered(1).replace("-04T", "-02T"), drawn]), 1);
    }
}
