//! Small rounds for tests: rules, pools and whole records made from a number.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod course;
pub mod page;

use std::collections::BTreeMap;

use public_audit::journal::event::Event;
use public_audit::journal::plain::Plain;
use public_audit::note::Signer;
use public_audit::record::{self, Pulse};
use public_audit::rules::{
    After, Beacon, Format, Fund, Goods, Match, Mode, Reserve, Rules, Slot, Times, Weighting,
};
use public_audit::seal::{PulseToCome, Seal};
use public_audit::seed::{self, SeedInput};
use public_audit::{Digest, Entry, Instant, Pool, Receipt, draw, result};

pub fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// Numbers for tests, the same every time.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    pub fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }
}

pub fn signer() -> Signer {
    Signer::new("jebi.example/t", &[7; 32]).unwrap()
}

pub fn matching(field: &str, values: &[&str]) -> Match {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Match(BTreeMap::from([(field.to_owned(), values)]))
}

pub fn slot(name: &str, cohort: Match, part: &str, starts_at: &str, capacity: u32) -> Slot {
    let (name, part) = (name.to_owned(), part.to_owned());
    Slot { name, cohort, part, starts_at: at(starts_at), seconds: 3600, capacity }
}

/// Two cohorts by household, four slots each on two days, and plenty of room.
pub fn rules(mode: Mode) -> Rules {
    let days = ["2026-12-02", "2026-12-03"];
    let hours = [("am", "00"), ("noon", "03"), ("pm", "06"), ("eve", "09")];
    let mut slots = Vec::new();
    for (cohort, values) in [("s", vec!["1"]), ("m", vec!["2", "3", "4"])] {
        for (number, day) in days.iter().enumerate() {
            for (part, hour) in hours {
                let name = format!("{cohort}{}-{part}", number + 1);
                let starts = format!("{day}T{hour}:00:00Z");
                slots.push(slot(&name, matching("household", &values), part, &starts, 40));
            }
        }
    }
    let reserve = |name: &str, matching, places, spill: Option<&str>| Reserve {
        name: name.to_owned(),
        matching,
        places,
        spill: spill.map(str::to_owned),
    };
    let fields = ["seats", "want", "weight", "household", "region", "wish"];
    Rules {
        format: Format::Jebi1,
        round: "t-2026-12".parse().unwrap(),
        number: 1,
        goods: Goods { unit: 10_000, budget: 2_345_678, cap: 250_000 },
        mode,
        reserves: match mode {
            Mode::Lottery => vec![
                reserve("island", matching("region", &["island"]), 4, Some("open")),
                reserve("old-town", matching("region", &["island", "jungang"]), 3, None),
                reserve("open", Match::all(), 9, None),
            ],
            _ => Vec::new(),
        },
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        smallest_cell: 1,
        parts: hours.iter().map(|(part, _)| (*part).to_owned()).collect(),
        slots,
        funds: Vec::new(),
        weighting: None,
        after: None,
        grace_seconds: 1800,
        times: Times {
            opens_at: at("2026-11-20T00:00:00Z"),
            closes_at: at("2026-11-27T09:00:00Z"),
            seals_at: at("2026-11-27T10:00:00Z"),
            reveals_at: at("2026-11-30T00:00:00Z"),
            pulse_at: at("2026-11-30T01:00:00Z"),
            results_at: at("2026-11-30T01:10:00Z"),
        },
        beacon: Beacon::None {},
        commitment: seed::commitment(&organiser_seed()),
        signing_key: signer().verifier().to_vkey(),
    }
}

/// Mode `everyone` with every key that rules may leave out: two funds, more lots for earlier misses,
/// a catch-up slot for each cohort on the third day, and two offers.
pub fn rules_with_all() -> Rules {
    let mut rules = rules(Mode::Everyone);
    rules.fields.retain(|field| field != "want");
    let fund =
        |name: &str, matching, per_seat, budget| Fund { name: name.to_owned(), matching, per_seat, budget };
    rules.funds = vec![
        fund("province", Match::all(), 100_000, 9_000_000),
        fund("city", matching("region", &["island", "jungang"]), 50_000, 4_500_000),
    ];
    rules.weighting = Some(Weighting { per_miss: 2, most: 4, rounds: 2 });
    rules.after = Some(after());
    rules
}

/// A catch-up slot for each cohort of [`rules`] on the third day, and an offer on each of three.
pub fn after() -> After {
    let catch_up = [("s", vec!["1"]), ("m", vec!["2", "3", "4"])].map(|(cohort, values)| {
        slot(&format!("{cohort}3-am"), matching("household", &values), "am", "2026-12-04T00:00:00Z", 9)
    });
    let offers_at = ["2026-12-01T00:00:00Z", "2026-12-02T12:00:00Z", "2026-12-03T09:00:00Z"].map(at);
    After { catch_up: catch_up.to_vec(), offers_at: offers_at.to_vec(), lead_seconds: 3600 }
}

pub fn organiser_seed() -> Digest {
    Digest([2; 32])
}

/// `count` entries of all shapes.
pub fn entries(rules: &Rules, count: usize, seed: u64) -> Vec<Entry> {
    let mut numbers = Numbers(seed);
    let one = |number: usize| {
        let salt = Digest::of(seed.to_le_bytes());
        let person = format!("roster:{number:06}");
        let seats = u32::try_from(1 + numbers.below(4)).unwrap();
        Entry {
            receipt: Receipt::derive(rules.round.as_str(), &salt.0, &person).unwrap(),
            seats,
            want: match 10_000 * (1 + numbers.below(25 * u64::from(seats))) {
                want if rules.lists("want") => want,
                _ => rules.goods.cap * u64::from(seats),
            },
            weight: match u32::try_from(1 + numbers.below(3)).unwrap() {
                2 if rules.weighting.is_some() => 4,
                weight => weight,
            },
            wish: numbers.pick(&["any", "am", "eve+pm", "noon+am+eve+pm", "pm+noon"]).to_owned(),
            others: vec![
                numbers.pick(&["1", "2", "3", "4"]).to_owned(),
                numbers.pick(&["island", "jungang", "north"]).to_owned(),
            ],
        }
    };
    (0..count).map(one).collect()
}

pub fn pool(rules: &Rules, count: usize, seed: u64) -> Pool {
    Pool::from_entries(rules, &entries(rules, count, seed)).unwrap()
}

/// A whole record of a rehearsal.
pub fn record(rules: &Rules, pool: &Pool, dice: Option<&str>) -> BTreeMap<String, Vec<u8>> {
    record_with(rules, pool, dice, &Pulse::None {})
}

pub fn record_with(
    rules: &Rules,
    pool: &Pool,
    dice: Option<&str>,
    pulse: &Pulse,
) -> BTreeMap<String, Vec<u8>> {
    record_of(rules, pool, dice, pulse, |_| ())
}

/// The same, with another log.
pub fn record_of(
    rules: &Rules,
    pool: &Pool,
    dice: Option<&str>,
    pulse: &Pulse,
    change: impl FnOnce(&mut Plain),
) -> BTreeMap<String, Vec<u8>> {
    let rules_json = rules.to_json();
    assert_eq!(Rules::parse(rules_json.as_bytes()).as_ref(), Ok(rules));
    let rules_digest = Digest::of(&rules_json);
    let seal = Seal {
        round: rules.round.clone(),
        version: 1,
        rules_digest,
        count: pool.count() as u64,
        pool_digest: pool.digest(),
        root: pool.root(),
        sealed_at: rules.times.seals_at,
        pulse: PulseToCome::of(rules),
    };
    let seed_input = SeedInput {
        round: rules.round.clone(),
        rules_digest,
        root: pool.root(),
        organiser_seed: organiser_seed(),
        dice: dice.map(str::to_owned),
        pulse: pulse.value(),
    };
    let drawn = draw(rules, pool, &seed_input.draw_seed()).unwrap();
    let result = result::text(rules, &drawn);
    let note = seal.sign(&signer()).unwrap();
    let earlier: Event = "2026-01-02T03:04:05Z erased t-2025-12 people=9".parse().unwrap();
    let mut log = Plain::of(&[earlier], (rules, rules_digest), pool, (&seal, &note), &seed_input, &result);
    change(&mut log);
    let journal = log.record(&rules.round, &signer()).unwrap();
    record::files(rules_json.as_bytes(), pool, &note, &seed_input, pulse, &result, &journal)
}
