//! What a drill found, and whether the round held.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Drill, Reason,
    each::{Each, each},
    reasons::reasons,
    round::Played,
    trouble::Trouble,
    whole::{Whole, share},
};
use crate::domain::{
    draft::{Carries, Dependency, Step},
    drill::{Deed, Deeds, Measured, Policy, can_tell, first_over, measure},
    plan::{Per, Spike},
};

/// What was asked, and what was taken at that time: in a dip less than elsewhere, in a plan as much as was said.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// What was asked.
    pub load: f64,
    /// What is taken then.
    pub limit: f64,
}

impl Figure {
    /// Of the limit.
    pub fn share(self) -> f64 {
        self.load / self.limit
    }
}

/// A spike against a limit: planned, counted at full size in process, counted over sockets.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Which spike.
    pub spike: Spike,
    /// Whose limit.
    pub dependency: String,
    /// Per what.
    pub per: Per,
    /// What it takes in the drill, but for dips.
    pub limit: f64,
    /// What the plan reckons with.
    pub planned: Option<Figure>,
    /// What the whole size asked in process.
    pub whole: Option<Figure>,
    /// What those over sockets asked, in windows as much longer; nothing where they are too few to say anything.
    pub sockets: Option<Figure>,
}

/// How many people are where.
#[derive(Clone, Debug, Serialize)]
pub struct Sizes {
    /// Residents.
    pub whole: u64,
    /// One in so many was drawn and counted in process.
    pub one_in: f64,
    /// People over sockets.
    pub sockets: u64,
    /// Hours of theirs in which as many come as in ten seconds of everybody.
    pub window_hours: f64,
    /// Spikes in which they are enough to test a limit, of all against all limits.
    pub enough: (u64, u64),
}

/// Everything over sockets.
#[derive(Clone, Debug, Serialize)]
pub struct OverSockets {
    /// Entries acknowledged; none where a roster is served.
    pub entered: u64,
    /// Of them, people who tapped twice or came back.
    pub repeated: u64,
    /// People at the wrong time, who were told so: before the opening, after the close.
    pub wrong_time: (u64, u64),
    /// Pages, and codes by text and by mail, while people entered.
    pub asked: BTreeMap<Carries, u64>,
    /// Places and waitlist.
    pub placed: (u64, u64),
    /// Told exactly once, twice, on the list of the unreached, not at all.
    pub told: (u64, u64, u64, u64),
    /// Nobody can reach them any more: exactly they should be on that list.
    pub gone: u64,
    /// People who came to buy, at their time or at a second one.
    pub come: u64,
    /// Who bought at the first and at the second time.
    pub bought: (u64, u64),
    /// Came, and have nothing.
    pub turned_away: u64,
    /// Seconds between coming for the first time and having bought: mean, of 95 in 100 at most, longest.
    pub waits: (f64, i64, i64),
    /// What those were told who did not buy when they came.
    pub refusals: BTreeMap<&'static str, u64>,
    /// Won that the ledger says is bought, and held; and won that the seller sold.
    pub ledger: (u64, u64, u64),
    /// Requests that found nobody.
    pub away: u64,
    /// How often residents met what they should not have.
    pub errors: u64,
    /// What it was, the first few times.
    pub faults: Vec<String>,
}

/// A drill's report.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// Which drill it was.
    #[serde(flatten)]
    pub drill: Drill,
    /// People.
    pub people: Sizes,
    /// What lets people through, per second: as it says, and as it was drilled.
    pub seller: (String, f64, f64),
    /// The five spikes.
    pub spikes: Vec<Row>,
    /// The three rules, in process.
    pub policies: Vec<Policy>,
    /// Won for one person, where that depends on the rule.
    pub each: Option<Each>,
    /// What was found over sockets.
    pub sockets: OverSockets,
    /// What was done to the round.
    pub trouble: Vec<Trouble>,
    /// What was over its limit first in the drilled round, if anything was, the most exceeded first.
    pub broke_first: Vec<Measured>,
    /// Why the round did not hold; empty if it held.
    pub held: Vec<Reason>,
}

/// Puts both parts together.
pub fn outcome(drill: Drill, whole: Whole, played: &Played) -> Outcome {
    let (scale, takes) = (drill.scale, share(drill.capacity));
    let (sockets, all) = enough(&whole.taking.dependency, scale, played);
    let broke_first = first_over(whole.measured.iter().chain(&sockets));
    let held = reasons(&whole, &sockets, played);
    let served = &played.served;
    let faults = played.entered.faults.and(&served.faults);
    let mut waits = served.waits.clone();
    waits.sort_unstable();
    #[allow(clippy::cast_precision_loss, reason = "seconds")]
    let mean = waits.iter().sum::<i64>() as f64 / waits.len().max(1) as f64;
    let most = waits.get((waits.len() * 95).div_ceil(100).saturating_sub(1)).copied().unwrap_or(0);
    Outcome {
        drill,
        people: Sizes {
            whole: whole.people,
            one_in: whole.one_in,
            sockets: played.people,
            window_hours: 10.0 / scale / 3_600.0,
            enough: (sockets.len() as u64, all),
        },
        seller: (whole.seller.name.clone(), whole.seller.per_second, whole.seller.per_second * takes),
        spikes: rows(&whole, &sockets),
        each: each(&whole.draft, whole.people),
        policies: whole.policies,
        sockets: OverSockets {
            entered: played.entered.entered,
            repeated: played.entered.repeated,
            wrong_time: (played.entered.early, played.entered.late),
            asked: played.entered.times.iter().map(|(what, at)| (*what, at.len() as u64)).collect(),
            placed: served.placed,
            told: (served.told, served.twice, served.unreached, served.untold),
            gone: served.gone,
            come: served.come,
            bought: served.bought,
            turned_away: served.turned_away,
            waits: (mean, most, waits.last().copied().unwrap_or(0)),
            refusals: served.refusals.clone(),
            ledger: served.ledger,
            away: played.away,
            errors: faults.count,
            faults: faults.first,
        },
        trouble: played.trouble.clone(),
        broke_first,
        held,
    }
}

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
fn enough(dependencies: &[Dependency], scale: f64, played: &Played) -> (Vec<Measured>, u64) {
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

fn rows(whole: &Whole, sockets: &[Measured]) -> Vec<Row> {
    let limit = |name: &str, per: Per| {
        let found = whole.taking.dependency.iter().find(|dependency| dependency.name == name)?;
        match per {
            Per::Second => found.per_second,
            Per::Minute => found.per_minute,
            Per::Day => found.per_day,
        }
    };
    let mut rows: BTreeMap<(Spike, String, Per), Row> = BTreeMap::new();
    let mut at = |spike, dependency: &str, per, figure: Figure, set: &dyn Fn(&mut Row, Figure)| {
        let row = rows.entry((spike, dependency.to_owned(), per)).or_insert_with(|| Row {
            spike,
            dependency: dependency.to_owned(),
            per,
            limit: limit(dependency, per).unwrap_or(figure.limit),
            planned: None,
            whole: None,
            sockets: None,
        });
        set(row, figure);
    };
    let figure = |one: &Measured| Figure { load: one.load, limit: one.limit };
    for one in &whole.measured {
        at(one.spike, &one.dependency, one.per, figure(one), &|row, figure| row.whole = Some(figure));
    }
    for one in sockets {
        at(one.spike, &one.dependency, one.per, figure(one), &|row, figure| row.sockets = Some(figure));
    }
    for one in &whole.plan.peaks {
        let figure = Figure { load: one.load, limit: one.limit };
        at(one.spike, &one.dependency, one.per, figure, &|row, figure| row.planned = Some(figure));
    }
    rows.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drill::{entering::Entered, serving::Served};

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
