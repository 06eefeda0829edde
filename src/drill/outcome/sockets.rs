//! What people over sockets asked of each dependency, and where they are enough to say anything.

use crate::{
    domain::{
        draft::{Dependency, Step},
        drill::{Deed, Deeds, Measured, can_tell, measure},
        plan::Spike,
    },
    drill::round::Played,
};

/// What people over sockets asked of a dependency, as the whole size is counted, and how much of it each deed needs. What it
/// carries while people enter was counted: then it is that, each once, and not people as often as somebody assumed.
fn socket_deeds(dependency: &Dependency, scale: f64, played: &Played) -> (Dependency, Deeds) {
    let (entered, served) = (&played.entered, &played.served);
    let mut dependency = dependency.clone();
    let counted = dependency.carries.map(|what| entered.times.get(&what).cloned().unwrap_or_default());
    if let (Some(_), Some(uses)) = (&counted, dependency.uses.get_mut(&Step::Entering)) {
        *uses = 1.0;
    }
    let entering = counted.as_ref().unwrap_or(&entered.at);
    let half = entering.partition_point(|at| *at < entered.middle);
    let sent = |what: &str| served.sent.get(what).cloned().unwrap_or_default();
    let of = |spike, step, at: &[i64]| Deed { spike, step, at: at.to_vec() };
    let mut all = vec![
        of(Spike::Opening, Step::Entering, &entering[..half]),
        of(Spike::Deadline, Step::Entering, &entering[half..]),
        of(Spike::Results, Step::Result, &sent("result")),
        of(Spike::Starts, Step::Reminder, &sent("reminder")),
        of(Spike::Leftovers, Step::Offer, &sent("offer")),
    ];
    for (spike, at) in [(Spike::Starts, &served.came.0), (Spike::Leftovers, &served.came.1)] {
        all.push(of(spike, Step::Start, at));
        all.push(of(spike, Step::Purchase, at));
    }
    (dependency, Deeds { one_in: 1.0 / scale, all })
}

/// What was counted over sockets where people are enough to say anything, and in how many spikes in all.
pub(super) fn enough(dependencies: &[Dependency], scale: f64, played: &Played) -> (Vec<Measured>, u64) {
    let mut all = 0;
    let mut enough = Vec::new();
    for dependency in dependencies {
        let (dependency, deeds) = socket_deeds(dependency, scale, played);
        let found = measure(&dependency, &deeds);
        all += found.len() as u64;
        enough.extend(found.into_iter().filter(|one| can_tell(&dependency, &deeds, one)));
    }
    (enough, all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::draft::Carries,
        drill::{entering::Entered, serving::Served},
    };

    /// A hundred people who enter at once, soon after the opening, each with two texts: the first code was lost.
    fn played() -> Played {
        let (at, texts) = (vec![36_000; 100], vec![36_000; 200]);
        let times = [(Carries::Texts, texts)].into();
        let entered = Entered { at, times, middle: 40_000, entered: 100, ..Entered::default() };
        Played {
            people: 100,
            entered,
            served: Served::default(),
            trouble: Vec::new(),
            away: 0,
            wrong_record: None,
        }
    }

    fn vendor(carries: Option<Carries>) -> Dependency {
        Dependency {
            name: "SMS vendor".to_owned(),
            per_second: Some(15.0),
            uses: [(Step::Entering, 1.0)].into(),
            carries,
            ..Dependency::default()
        }
    }

    #[test]
    fn codes_that_were_lost_and_asked_for_again_are_load_that_no_plan_reckons_with() {
        let found = |dependency: Dependency, played: &Played| {
            let (dependency, deeds) = socket_deeds(&dependency, 1.0, played);
            measure(&dependency, &deeds)
        };
        let load = |dependency: Dependency| {
            let found = found(dependency, &played());
            assert_eq!((found.len(), found[0].spike), (1, Spike::Opening));
            (found[0].load, found[0].is_over())
        };
        // People as often as somebody assumed: ten a second in ten seconds.
        assert_eq!(load(vendor(None)), (10.0, false));
        assert_eq!(load(vendor(Some(Carries::Texts))), (20.0, true));
        // What is counted is counted once, whatever was assumed of it.
        let twice = Dependency { uses: [(Step::Entering, 2.0)].into(), ..vendor(Some(Carries::Texts)) };
        assert_eq!(load(twice), (20.0, true));
        // Nothing was counted of what nobody was sent; and what enters late belongs to the deadline.
        assert!(found(vendor(Some(Carries::Mails)), &played()).is_empty());
        let mut late = played();
        late.entered.middle = 36_000;
        assert_eq!(found(vendor(None), &late)[0].spike, Spike::Deadline);
    }
}
