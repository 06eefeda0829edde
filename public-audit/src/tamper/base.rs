//! Good records to tamper with.

use std::collections::BTreeMap;

use crate::after::{Course, Fact, FactKind, Offer, Place};
use crate::beacon;
use crate::digest::Digest;
use crate::draw::draw;
use crate::entry::Entry;
use crate::instant::Instant;
use crate::journal::event::{Act, Event};
use crate::journal::plain::{self, Plain};
use crate::note::Signer;
use crate::pool::Pool;
use crate::receipt::Receipt;
use crate::record::{self, Pulse};
use crate::result;
use crate::rules::{After, Beacon, Format, Fund, Goods, Match, Mode, Reserve, Rules, Slot, Times, Weighting};
use crate::seal::{PulseToCome, Seal};
use crate::seed::{self, SeedInput};
use crate::slug::Slug;

/// Which good record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// Mode `share`, two cohorts, and a real pulse of drand's quicknet in October 2024.
    Drand,
    /// Mode `lottery` with three reserves; a rehearsal without a pulse.
    Rehearsal,
    /// Mode `everyone`; the pulse is declared public values.
    Declared,
    /// As [`Base::Declared`], with two funds and lots by earlier misses.
    Funds,
    /// As [`Base::Rehearsal`], with two offers and an outage after the draw.
    After,
}

/// drand round 12,040,883 of quicknet and when it was due.
const ROUND: u64 = 12_040_883;
const DUE: i64 = 1_728_926_013;
const SIGNATURE: &str = "929906c959032ab363c9f26570d215d66f5c06cb0c44fe508c12bb5839f04ec8\
                         95bb6868e5b9ff13ab289bdb5266b394";
const HOUR: i64 = 3600;

/// The organiser of these records signs with a key that everybody knows.
pub(super) fn signer() -> Option<Signer> {
    Signer::new("selftest.example/jebi", &[5; 32]).ok()
}

const ORGANISER_SEED: Digest = Digest([2; 32]);

fn matching(field: &str, values: &[&str]) -> Match {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Match(BTreeMap::from([(field.to_owned(), values)]))
}

fn slots() -> Option<Vec<Slot>> {
    let mut slots = Vec::new();
    for (cohort, values) in [("small", &["1"][..]), ("large", &["2", "3"])] {
        for (hour, part) in (24..).step_by(3).zip(["am", "noon", "pm"]) {
            slots.push(Slot {
                name: format!("{cohort}-{part}"),
                cohort: matching("household", values),
                part: part.to_owned(),
                starts_at: Instant::from_unix(DUE + hour * HOUR)?,
                seconds: 7200,
                capacity: 12,
            });
        }
    }
    Some(slots)
}

fn reserves() -> Vec<Reserve> {
    let reserve = |name: &str, matching, places, spill: Option<&str>| Reserve {
        name: name.to_owned(),
        matching,
        places,
        spill: spill.map(str::to_owned),
    };
    vec![
        reserve("island", matching("region", &["island"]), 12, Some("open")),
        reserve("old-town", matching("region", &["harbour", "island"]), 4, None),
        reserve("open", Match::all(), 3, None),
    ]
}

/// Which pay for 32 seats and for 16.
fn funds() -> Vec<Fund> {
    let fund =
        |name: &str, matching, per_seat, budget| Fund { name: name.to_owned(), matching, per_seat, budget };
    vec![
        fund("province", Match::all(), 100_000, 3_200_000),
        fund("city", matching("region", &["harbour", "island"]), 50_000, 900_000),
    ]
}

/// A catch-up slot for one seat of each cohort two days after the draw, and a larger one a day later.
fn after() -> Option<After> {
    let mut catch_up = Vec::new();
    for (cohort, values, most) in [("small", &["1"][..], 2), ("large", &["2", "3"], 5)] {
        for (hour, capacity) in [(48, 1), (72, most)] {
            catch_up.push(Slot {
                name: format!("{cohort}-late-{hour}"),
                cohort: matching("household", values),
                part: "am".to_owned(),
                starts_at: Instant::from_unix(DUE + hour * HOUR)?,
                seconds: 7200,
                capacity,
            });
        }
    }
    let offers_at =
        [28, 54].map(|hour| Instant::from_unix(DUE + hour * HOUR)).into_iter().collect::<Option<_>>()?;
    Some(After { catch_up, offers_at, lead_seconds: 3600 })
}

fn rules(base: Base) -> Option<Rules> {
    let before = |hours: i64| Instant::from_unix(DUE - hours * HOUR);
    let (mode, reserves, beacon) = match base {
        Base::Drand => (Mode::Share, Vec::new(), beacon::quicknet(ROUND)),
        Base::Rehearsal | Base::After => (Mode::Lottery, reserves(), Beacon::None {}),
        Base::Declared | Base::Funds => {
            let source = "Lotto 6/45, draw 1141: the six numbers".to_owned();
            (Mode::Everyone, Vec::new(), Beacon::Declared { source })
        }
    };
    Some(Rules {
        format: Format::Jebi1,
        round: "selftest-2024".parse().ok()?,
        number: 1,
        // In the lottery it is places that run out, elsewhere money.
        goods: Goods {
            unit: 10_000,
            budget: if mode == Mode::Lottery { 9_000_000 } else { 1_555_000 },
            cap: 250_000,
        },
        mode,
        reserves,
        fields: match base {
            Base::Funds => ["seats", "weight", "household", "region", "wish"].map(str::to_owned).to_vec(),
            _ => ["seats", "want", "weight", "household", "region", "wish"].map(str::to_owned).to_vec(),
        },
        smallest_cell: 2,
        parts: ["am", "noon", "pm"].map(str::to_owned).to_vec(),
        slots: slots()?,
        funds: if base == Base::Funds { funds() } else { Vec::new() },
        weighting: (base == Base::Funds).then_some(Weighting { per_miss: 2, most: 4, rounds: 12 }),
        after: if base == Base::After { Some(after()?) } else { None },
        grace_seconds: 1800,
        times: Times {
            opens_at: before(240)?,
            closes_at: before(120)?,
            seals_at: before(100)?,
            reveals_at: before(24)?,
            pulse_at: before(0)?,
            results_at: before(-1)?,
        },
        beacon,
        commitment: seed::commitment(&ORGANISER_SEED),
        signing_key: signer()?.verifier().to_vkey(),
    })
}

/// Twenty-four entries of twelve cells, two each.
pub(super) fn entries(rules: &Rules) -> Option<Vec<Entry>> {
    let one = |number: u8| {
        let of = usize::from(number);
        let receipt = Receipt::derive(rules.round.as_str(), &[number; 32], &format!("roster:{number}"));
        let seats = 1 + u32::from(number.is_multiple_of(3));
        Some(Entry {
            receipt: receipt.ok()?,
            seats,
            want: match rules.lists("want") {
                true => 10_000 * (1 + u64::from(number) * 7 % 25),
                false => rules.goods.cap * u64::from(seats),
            },
            weight: match rules.weighting {
                Some(weighting) => weighting.weight(u32::from(number) % 4),
                None => 1 + u32::from(number) % 4,
            },
            wish: ["any", "pm", "noon+am", "pm+noon+am"][of / 2 % 4].to_owned(),
            others: vec![
                ["1", "2", "3"][of % 3].to_owned(),
                ["harbour", "hill", "island", "north"][of / 3 % 4].to_owned(),
            ],
        })
    };
    (0..24).map(one).collect()
}

/// What the journal has of the year before.
fn earlier() -> Option<Vec<Event>> {
    let (round, at) = ("selftest-2023".parse().ok()?, Instant::from_unix(DUE - 365 * 24 * HOUR)?);
    let reason = "\u{c815}\u{c804}".to_owned();
    let acts = [Act::Announced { number: 1, rules: Digest([7; 32]) }, Act::Voided { reason }];
    let event = |act| Event { at, round: Slug::clone(&round), act };
    Some(acts.into_iter().chain([Act::Erased { people: 24 }]).map(event).collect())
}

/// A record's files, the whole journal, and what was offered.
pub(super) type Made = (BTreeMap<String, Vec<u8>>, Plain, Vec<Offer>);

pub(super) fn record(base: Base) -> Option<Made> {
    let rules = rules(base)?;
    let pool = Pool::from_entries(&rules, &entries(&rules)?).ok()?;
    let (rules_json, round) = (rules.to_json(), rules.round.clone());
    let rules_digest = Digest::of(&rules_json);
    let pulse = match base {
        Base::Rehearsal | Base::After => Pulse::None {},
        Base::Declared | Base::Funds => {
            Pulse::Declared { values: record::declared(&[vec![7, 11, 12, 21, 26, 35]]) }
        }
        Base::Drand => Pulse::Drand {
            round: ROUND,
            signature: SIGNATURE.to_owned(),
            randomness: beacon::verify(beacon::QUICKNET_PUBLIC_KEY, ROUND, SIGNATURE).ok()?,
        },
    };
    let seed_input = SeedInput {
        round: round.clone(),
        rules_digest,
        root: pool.root(),
        organiser_seed: ORGANISER_SEED,
        dice: Some("52416".to_owned()),
        pulse: pulse.value(),
    };
    let seal = Seal {
        round,
        version: 1,
        rules_digest,
        count: pool.count() as u64,
        pool_digest: pool.digest(),
        root: pool.root(),
        sealed_at: rules.times.seals_at,
        pulse: PulseToCome::of(&rules),
    };
    let note = seal.sign(&signer()?).ok()?;
    let drawn = draw(&rules, &pool, &seed_input.draw_seed()).ok()?;
    let result = result::text(&rules, &drawn);
    let log = Plain::of(&earlier()?, (&rules, rules_digest), &pool, (&seal, &note), &seed_input, &result);
    let journal = log.record(&rules.round, &signer()?).ok()?;
    let mut files =
        record::files(rules_json.as_bytes(), &pool, &note, &seed_input, &pulse, &result, &journal);
    let (mut log, mut offers) = (log, Vec::new());
    if base == Base::After {
        let course = Course::new(&rules, &pool, &seed_input.draw_seed()).ok()?;
        offers = happen(&rules, course, &mut log)?;
        files.extend(log.after(&rules.round, &offers, &signer()?).ok()?.files());
    }
    Some((files, log, offers))
}

/// Two offers, each a minute after its time, and an outage between them.
fn happen(rules: &Rules, mut course: Course, log: &mut Plain) -> Option<Vec<Offer>> {
    let mut offers = Vec::new();
    let mut happened = |at, act| log.events.push(Event { at, round: rules.round.clone(), act });
    for at in rules.after.as_ref()?.offers_at.iter().copied() {
        let offer = course.offer(&facts(&course, at)).ok()?;
        happened(at.plus(60), plain::offered(&offer));
        if offers.is_empty() {
            let (from, seconds, reason) = (at.plus(5400), 3600, "power cut".to_owned());
            course.shift(from, seconds);
            happened(from.plus(seconds), Act::Shifted { from, seconds, reason });
        }
        offers.push(offer);
    }
    Some(offers)
}

/// Of those whose hold is over: who caught up already misses again, of the others most miss and some
/// give back or were not entitled.
fn facts(course: &Course, at: Instant) -> Vec<Fact> {
    let over = |(receipt, place): (Receipt, Place<'_>)| match place {
        Place::Placed { until, caught_up, .. } if until <= at => Some((receipt, caught_up)),
        _ => None,
    };
    let kinds =
        [FactKind::Missed, FactKind::Missed, FactKind::Returned, FactKind::Missed, FactKind::Ineligible];
    let fact = |((receipt, caught_up), kind): ((Receipt, bool), FactKind)| Fact {
        receipt,
        kind: if caught_up { FactKind::Missed } else { kind },
    };
    course.places().filter_map(over).zip(kinds.into_iter().cycle()).map(fact).collect()
}
