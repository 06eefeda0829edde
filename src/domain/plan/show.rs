//! Who of those with a place comes to buy, from those who did in past rounds.
//!
//! Shares are compared as logits, which leave 0 and 1 to neither side; with half a person more on both, so that nobody and
//! everybody have one too (the empirical logit: Anscombe, Biometrika 43, 1956; its variance: Gart and Zweifel, Biometrika
//! 54, 1967). How much rounds differ is learned as it is of entrants, with Student's t: the predictive distribution of a
//! normal of unknown mean and variance, of which something is believed before (Gelman et al., Bayesian Data Analysis,
//! section 3.3). Counting adds to it: this round's, and that of rounds which had few places.
//!
//! Of few places the half person is much: a round of thirty to which everybody came says that one in sixty misses it, and
//! sixty such rounds say so as if it were certain. Together their places are counted right. So the interval reaches around
//! both, and is never narrower than counting all places together leaves it.

use serde::{Deserialize, Serialize};

use super::forecast::{PRIOR, student};

/// What is believed before: the logit of a round is off by this from others. Nine in ten of one are 85 to 94 of a hundred
/// of most others. That is assumed; nobody has published such shares round by round.
const APART: f64 = 0.5;

/// What came of the places of a past round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turnout {
    /// Places that the draw gave.
    pub placed: u64,
    /// How many of them were bought with, before an offer gave them another time.
    pub bought: u64,
}

/// The part of those with a place who come to buy in their time, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Show {
    /// How many past rounds say so; with 0 it is what the plan assumes, and nobody knows how wrong that is.
    pub rounds: u32,
    /// Who comes.
    pub expected: f64,
    /// With 95 %: not fewer.
    pub low: f64,
    /// With 95 %: not more.
    pub high: f64,
    /// What the plan assumes.
    pub planned: f64,
}

impl Show {
    /// Whether no past round says who comes.
    pub fn is_assumed(&self) -> bool {
        self.rounds == 0
    }
}

/// Who comes to so many places.
#[allow(clippy::cast_precision_loss, reason = "people and rounds")]
pub fn show(planned: f64, places: u64, past: &[Turnout]) -> Show {
    if past.is_empty() {
        return Show { rounds: 0, expected: planned, low: planned, high: planned, planned };
    }
    let parts: Vec<(f64, f64)> = past.iter().map(halves).collect();
    let count = parts.len() as f64;
    let logits: Vec<f64> = parts.iter().map(logit).collect();
    let mean = logits.iter().sum::<f64>() / count;
    let apart: f64 = logits.iter().map(|one| (one - mean).powi(2)).sum();
    let freedom = PRIOR + count - 1.0;
    let spread = (PRIOR * APART * APART + apart) / freedom * (1.0 + 1.0 / count);
    let expected = share(mean);
    let people = places.max(1) as f64;
    // Half a person more of each, as of a past round: where nearly all come, few places are no reason to expect nobody.
    let own = counting(&(people * expected + 0.5, people * (1.0 - expected) + 0.5));
    let together = halves(&together(past));
    let theirs = parts.iter().map(counting).sum::<f64>() / (count * count);
    let theirs = theirs.max(counting(&together));
    let error = (student(freedom).powi(2) * spread + 1.96 * 1.96 * (own + theirs)).sqrt();
    let rounds = u32::try_from(parts.len()).unwrap_or(u32::MAX);
    let (low, high) = (mean.min(logit(&together)) - error, mean.max(logit(&together)) + error);
    Show { rounds, expected, low: share(low), high: share(high), planned }
}

/// All places of past rounds as if they were of one.
fn together(past: &[Turnout]) -> Turnout {
    let placed = past.iter().map(|one| one.placed).sum();
    let bought = past.iter().map(|one| one.bought.min(one.placed)).sum();
    Turnout { placed, bought }
}

/// Who came and who did not, half a person more of each.
#[allow(clippy::cast_precision_loss, reason = "people")]
fn halves(past: &Turnout) -> (f64, f64) {
    let bought = past.bought.min(past.placed);
    (bought as f64 + 0.5, (past.placed - bought) as f64 + 0.5)
}

/// The logit of the share of so many who came and so many who did not.
fn logit((came, missed): &(f64, f64)) -> f64 {
    (came / missed).ln()
}

/// How far that is off by counting, squared.
fn counting((came, missed): &(f64, f64)) -> f64 {
    1.0 / came + 1.0 / missed
}

/// The share whose logit this is.
fn share(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::forecast::tests::Chance;

    fn turnout(placed: u64, bought: u64) -> Turnout {
        Turnout { placed, bought }
    }

    #[test]
    fn without_a_past_round_it_is_what_the_plan_assumes() {
        let none = show(0.9, 1_000, &[]);
        assert_eq!((none.rounds, none.low, none.expected, none.high), (0, 0.9, 0.9, 0.9));
    }

    #[test]
    fn past_rounds_move_it_and_narrow_it() {
        let (one, many) =
            (show(1.0, 10_000, &[turnout(400, 300)]), show(1.0, 10_000, &[turnout(400, 300); 12]));
        let width = |show: Show| show.high - show.low;
        for show in [one, many] {
            assert!((show.expected - 0.75).abs() < 0.001, "{show:?}");
            assert!(0.0 < show.low && show.low < show.expected, "{show:?}");
            assert!(show.expected < show.high && show.high < 1.0, "{show:?}");
        }
        assert_eq!((one.rounds, many.rounds), (1, 12));
        assert!(width(many) < width(one) / 2.0, "{one:?} {many:?}");
        // Of few places less is known.
        assert!(width(show(1.0, 20, &[turnout(400, 300)])) > width(one));
        assert!(width(show(1.0, 10_000, &[turnout(40, 30)])) > width(one));
        // Everybody or nobody came: it is not certain that they do again.
        let (all, nobody) = (show(1.0, 10_000, &[turnout(40, 40)]), show(1.0, 10_000, &[turnout(40, 0)]));
        assert!(all.low < 0.95 && all.high < 1.0 && nobody.low > 0.0 && nobody.high > 0.05);
    }

    #[test]
    fn few_places_near_everybody_or_nobody_are_no_reason_to_expect_anything() {
        let (all, nobody) = (show(1.0, 30, &[turnout(1_000, 1_000)]), show(1.0, 30, &[turnout(1_000, 0)]));
        assert!(all.low > 0.9 && all.high < 1.0, "{all:?}");
        assert!(nobody.low > 0.0 && nobody.high < 0.1, "{nobody:?}");
        // Ten of 1,800 did not come, though each round alone could tell of no fewer than half a person in thirty.
        let past: Vec<Turnout> = (0..60).map(|number| turnout(30, 30 - u64::from(number % 6 == 0))).collect();
        let few = show(1.0, 10_000, &past);
        assert!(few.low < 0.96 && few.high > 1_790.0 / 1_800.0 && few.high < 1.0, "{few:?}");
    }

    /// So many of these come, by chance.
    fn came(chance: &mut Chance, places: u64, share: f64) -> u64 {
        if places <= 300 {
            return (0..places).map(|_| u64::from(chance.even() < share)).sum();
        }
        let (people, noise) = (places as f64 * share, (places as f64 * share * (1.0 - share)).sqrt());
        (people + noise * chance.normal()).round().clamp(0.0, places as f64) as u64
    }

    /// Of 1,000 rounds whose logits differ as stated, in how many as many came as the interval says.
    fn covered(rounds: usize, apart: f64, mean: f64, (places, before): (u64, u64)) -> usize {
        let mut chance = Chance(3);
        let logit = (mean / (1.0 - mean)).ln();
        let hits = (0..1_000).filter(|_| {
            let mut round = |places: u64| {
                let own = share(logit + apart * chance.normal());
                came(&mut chance, places, own)
            };
            let past: Vec<Turnout> = (0..rounds).map(|_| turnout(before, round(before))).collect();
            let (bought, made) = (round(places), show(0.5, places, &past));
            let people = |share: f64| (share * places as f64).round() as u64;
            (people(made.low)..=people(made.high)).contains(&bought)
        });
        hits.count()
    }

    #[test]
    fn the_interval_holds_as_often_as_it_says() {
        // 95 % stated; 930 of 1,000 is three standard errors less.
        for mean in [0.6, 0.9, 0.98] {
            for places in [(30, 30), (10_000, 300), (10_000, 10_000)] {
                for (rounds, apart) in [(1, 0.1), (1, 0.5), (2, 0.5), (5, 0.5), (12, 0.5), (20, 0.8)] {
                    let hits = covered(rounds, apart, mean, places);
                    assert!(hits >= 930, "{mean}, {places:?}: {rounds} rounds, {apart} apart: {hits}");
                }
            }
        }
        // Many rounds of few places, to most of which everybody came.
        for mean in [0.98, 0.99, 0.995] {
            for rounds in [5, 12, 20, 60] {
                let hits = covered(rounds, 0.5, mean, (10_000, 30));
                assert!(hits >= 930, "{mean}, 30 places: {rounds} rounds: {hits}");
            }
        }
    }
}
