//! The worked example of SPEC.md §14, checked like that of §1 (tests/spec.rs). Its record lies in
//! `example-after/`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use common::{at, page};
use public_audit::after::{Course, Fact, FactKind, Offer};
use public_audit::explain::{Happened, afterwards};
use public_audit::journal::event::{Act, Event};
use public_audit::journal::plain::{self, Plain};
use public_audit::note::Signer;
use public_audit::record::{self, Pulse};
use public_audit::rules::{
    After, Beacon, Format, Goods, Match, Mode, Reserve, Rules, Slot, Times, Weighting,
};
use public_audit::seal::{PulseToCome, Seal};
use public_audit::seed::{self, SeedInput};
use public_audit::{Digest, Entry, Pool, Receipt, draw, result, verify};

fn signer() -> Signer {
    Signer::new("jebi.example/tongyeong", &[7; 32]).unwrap()
}

fn slot(name: &str, part: &str, starts_at: &str, capacity: u32) -> Slot {
    let (name, part) = (name.to_owned(), part.to_owned());
    Slot { name, cohort: Match::all(), part, starts_at: at(starts_at), seconds: 3600, capacity }
}

fn reserve(name: &str, matching: Match, places: u64, spill: Option<&str>) -> Reserve {
    Reserve { name: name.to_owned(), matching, places, spill: spill.map(str::to_owned) }
}

fn rules() -> Rules {
    Rules {
        format: Format::Jebi1,
        round: "example-2027-01".parse().unwrap(),
        number: 2,
        goods: Goods { unit: 50_000, budget: 500_000, cap: 50_000 },
        mode: Mode::Lottery,
        reserves: vec![
            reserve("island", common::matching("region", &["island"]), 2, Some("open")),
            reserve("open", Match::all(), 3, None),
        ],
        fields: ["seats", "weight", "region", "wish"].map(str::to_owned).to_vec(),
        smallest_cell: 1,
        parts: ["am", "pm"].map(str::to_owned).to_vec(),
        slots: vec![slot("am", "am", "2027-01-07T00:00:00Z", 3), slot("pm", "pm", "2027-01-07T05:00:00Z", 3)],
        funds: Vec::new(),
        weighting: Some(Weighting { per_miss: 1, most: 3, rounds: 4 }),
        after: Some(After {
            catch_up: vec![
                slot("late", "am", "2027-01-08T00:00:00Z", 1),
                slot("last", "pm", "2027-01-09T05:00:00Z", 2),
            ],
            offers_at: ["2027-01-07T03:00:00Z", "2027-01-08T06:00:00Z"].map(at).to_vec(),
            lead_seconds: 3600,
        }),
        grace_seconds: 1800,
        times: Times {
            opens_at: at("2026-12-20T00:00:00Z"),
            closes_at: at("2026-12-30T09:00:00Z"),
            seals_at: at("2026-12-30T10:00:00Z"),
            reveals_at: at("2027-01-04T00:00:00Z"),
            pulse_at: at("2027-01-04T01:00:00Z"),
            results_at: at("2027-01-04T01:10:00Z"),
        },
        beacon: Beacon::None {},
        commitment: seed::commitment(&Digest([2; 32])),
        signing_key: signer().verifier().to_vkey(),
    }
}

/// person key, seats, weight, region, wish; the salt is 32 times the number, from 1.
const PEOPLE: [(&str, u32, u32, &str, &str); 8] = [
    ("ci:ada", 1, 1, "north", "pm"),
    ("ci:bora", 1, 1, "island", "any"),
    ("ci:chul", 2, 1, "north", "am"),
    ("ci:dami", 1, 3, "north", "am"),
    ("ci:eun", 1, 1, "north", "pm"),
    ("ci:gyu", 1, 2, "island", "am"),
    ("ci:han", 1, 1, "north", "am+pm"),
    ("ci:ina", 1, 1, "north", "pm"),
];

struct Drawn {
    rules: Rules,
    pool: Pool,
    seed: SeedInput,
    record: BTreeMap<String, Vec<u8>>,
    log: Plain,
}

fn drawn() -> Drawn {
    let rules = rules();
    let entry = |(number, (person, seats, weight, region, wish)): (u8, (&str, u32, u32, &str, &str))| Entry {
        receipt: Receipt::derive(rules.round.as_str(), &[number; 32], person).unwrap(),
        seats,
        want: rules.goods.cap * u64::from(seats),
        weight,
        wish: wish.to_owned(),
        others: vec![region.to_owned()],
    };
    let entries: Vec<Entry> = (1..).zip(PEOPLE).map(entry).collect();
    let pool = Pool::from_entries(&rules, &entries).unwrap();
    let rules_json = rules.to_json();
    let (rules_digest, round) = (Digest::of(&rules_json), rules.round.clone());
    let seal = Seal {
        round: round.clone(),
        version: 1,
        rules_digest,
        count: 8,
        pool_digest: pool.digest(),
        root: pool.root(),
        sealed_at: rules.times.seals_at,
        pulse: PulseToCome::of(&rules),
    };
    let seed = SeedInput {
        round,
        rules_digest,
        root: pool.root(),
        organiser_seed: Digest([2; 32]),
        dice: None,
        pulse: Digest::ZERO,
    };
    let result = result::text(&rules, &draw(&rules, &pool, &seed.draw_seed()).unwrap());
    let note = seal.sign(&signer()).unwrap();
    let log = Plain::of(&[], (&rules, rules_digest), &pool, (&seal, &note), &seed, &result);
    let journal = log.record(&rules.round, &signer()).unwrap();
    let pulse = Pulse::None {};
    let record = record::files(rules_json.as_bytes(), &pool, &note, &seed, &pulse, &result, &journal);
    Drawn { rules, pool, seed, record, log }
}

/// Two offers and an outage between them; who is meant is told by rank.
fn happen(drawn: &mut Drawn, by_rank: &[Receipt]) -> (Vec<Offer>, Vec<Happened>) {
    let mut course = Course::new(&drawn.rules, &drawn.pool, &drawn.seed.draw_seed()).unwrap();
    let round = drawn.rules.round.clone();
    let mut logged = |at, act| drawn.log.events.push(Event { at, round: round.clone(), act });
    let fact = |(rank, kind): (usize, FactKind)| Fact { receipt: by_rank[rank - 1], kind };

    let first = course.offer(&FIRST.map(fact)).unwrap();
    logged(at("2027-01-07T03:00:01Z"), plain::offered(&first));
    let (from, seconds, reason) = (at("2027-01-07T05:10:00Z"), 3600, "power cut".to_owned());
    course.shift(from, seconds);
    logged(at("2027-01-07T06:20:00Z"), Act::Shifted { from, seconds, reason });
    let second = course.offer(&SECOND.map(fact)).unwrap();
    logged(at("2027-01-08T06:00:01Z"), plain::offered(&second));
    let happened = vec![
        Happened::Offered(first.facts.clone()),
        Happened::Shifted(from, seconds),
        Happened::Offered(second.facts.clone()),
    ];
    (vec![first, second], happened)
}

const FIRST: [(usize, FactKind); 3] = [(1, FactKind::Returned), (3, FactKind::Missed), (8, FactKind::Missed)];
const SECOND: [(usize, FactKind); 2] = [(3, FactKind::Missed), (4, FactKind::Returned)];

#[test]
fn the_example_after_the_draw_is_what_the_code_says() {
    let mut drawn = drawn();
    let result = String::from_utf8(drawn.record["result.txt"].clone()).unwrap();
    let by_rank: Vec<Receipt> =
        result.lines().map(|line| line.split(' ').nth(1).unwrap().parse().unwrap()).collect();
    let (offers, happened) = happen(&mut drawn, &by_rank);
    let after = drawn.log.after(&drawn.rules.round, &offers, &signer()).unwrap();
    drawn.record.extend(after.files());
    let report = verify::verify(&drawn.record).unwrap();
    assert!(report.matches, "{report}");

    let mut told = String::new();
    for receipt in &by_rank {
        let seed = drawn.seed.draw_seed();
        let lines = afterwards(&drawn.rules, &drawn.pool, &seed, receipt, &happened).unwrap();
        if !lines.is_empty() {
            let _ = write!(told, "{receipt}\n{lines}");
        }
    }
    let mut values = BTreeMap::from([("after told".to_owned(), told)]);
    for name in ["pool.txt", "result.txt"].into_iter().chain(record::AFTER_FILES) {
        let text = String::from_utf8(drawn.record[name].clone()).unwrap();
        values.insert(format!("after {name}"), text);
    }
    let lines: Vec<String> = report.to_string().lines().map(str::to_owned).collect();
    values.insert("after report".to_owned(), format!("{}\n", lines[25..28].join("\n")));
    page::check("example-after", &drawn.record, &values);
}
