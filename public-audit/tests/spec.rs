//! The worked example of SPEC.md: every value in it is recomputed here, and the record it describes
//! lies in `example/`. A document that says something else than the code fails this test.
//!
//! `BLESS=1 cargo test --test spec` writes the values into both after a deliberate change.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use common::{at, page};
use public_audit::journal::event::Event;
use public_audit::journal::paths::{Paths, Placed, Published};
use public_audit::journal::plain::Plain;
use public_audit::note::Signer;
use public_audit::record::{self, Pulse};
use public_audit::rules::{Beacon, Format, Goods, Match, Mode, Rules, Slot, Times};
use public_audit::seal::{EntryNote, PulseToCome, Seal};
use public_audit::seed::{self, SeedInput};
use public_audit::{Digest, Entry, Pool, Receipt, draw, explain, lot, merkle, result, sample, verify};

const UNIT: u64 = 10_000;

fn signer() -> Signer {
    Signer::new("jebi.example/tongyeong", &[7; 32]).unwrap()
}

fn slot(name: &str, part: &str, starts_at: &str) -> Slot {
    let (name, part) = (name.to_owned(), part.to_owned());
    Slot { name, cohort: Match::all(), part, starts_at: at(starts_at), seconds: 3600, capacity: 4 }
}

fn rules() -> Rules {
    Rules {
        format: Format::Jebi1,
        round: "example-2026-12".parse().unwrap(),
        number: 1,
        goods: Goods { unit: UNIT, budget: 700_000, cap: 250_000 },
        mode: Mode::Share,
        reserves: Vec::new(),
        fields: ["seats", "want", "weight", "wish"].map(str::to_owned).to_vec(),
        smallest_cell: 1,
        parts: ["am", "pm"].map(str::to_owned).to_vec(),
        slots: vec![slot("am", "am", "2026-12-02T00:00:00Z"), slot("pm", "pm", "2026-12-02T05:00:00Z")],
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
        commitment: seed::commitment(&Digest([2; 32])),
        signing_key: signer().verifier().to_vkey(),
    }
}

/// person key, seats, want in units, weight, wish; the salt is 32 times the number, from 1.
const PEOPLE: [(&str, u32, u64, u32, &str); 5] = [
    ("ci:ada", 1, 25, 1, "pm"),
    ("ci:bora", 2, 25, 1, "any"),
    ("ci:chul", 1, 10, 1, "pm+am"),
    ("ci:dami", 1, 5, 3, "pm"),
    ("ci:eun", 1, 25, 1, "pm"),
];

fn receipt(number: usize) -> Receipt {
    let salt = [u8::try_from(number + 1).unwrap(); 32];
    Receipt::derive("example-2026-12", &salt, PEOPLE[number].0).unwrap()
}

/// The record, and every intermediate value by the name of its block in SPEC.md.
fn example() -> (BTreeMap<String, Vec<u8>>, BTreeMap<&'static str, String>) {
    let rules = rules();
    let mut blocks = BTreeMap::new();
    let mut receipts = String::new();
    let mut entries = Vec::new();
    for (number, (person, seats, units, weight, wish)) in PEOPLE.into_iter().enumerate() {
        let salt = format!("{:02x}", number + 1).repeat(32);
        let receipt = receipt(number);
        let _ = writeln!(receipts, "person key {person:7}  salt {}…  receipt {receipt}", &salt[..4]);
        if number == 0 {
            let input = format!("jebi-receipt-1\nexample-2026-12\n{salt}\n{person}\n");
            let digest = Digest::of(&input);
            blocks.insert("receipt-input", input);
            blocks.insert("receipt-digest", format!("{digest}\n"));
        }
        let (wish, want) = (wish.to_owned(), units * UNIT);
        entries.push(Entry { receipt, seats, want, weight, wish, others: Vec::new() });
    }
    blocks.insert("receipts", receipts);
    let pool = Pool::from_entries(&rules, &entries).unwrap();

    let leaves = pool.leaves();
    let mut tree = String::new();
    for (number, leaf) in leaves.iter().enumerate() {
        let _ = writeln!(tree, "leaf {number}      {leaf}");
    }
    let left = merkle::node(&leaves[0], &leaves[1]);
    let right = merkle::node(&leaves[2], &leaves[3]);
    let four = merkle::node(&left, &right);
    let _ = writeln!(tree, "node 0-1    {left}\nnode 2-3    {right}\nnode 0-3    {four}");
    let _ = writeln!(tree, "root        {}", pool.root());
    assert_eq!(merkle::node(&four, &leaves[4]), pool.root());
    blocks.insert("tree", tree);
    let path = merkle::path(&leaves, 2).unwrap();
    assert_eq!(path, [leaves[3], left, leaves[4]]);
    blocks.insert("path", path.iter().map(|sibling| format!("{sibling}\n")).collect());

    let rules_json = rules.to_json();
    let rules_digest = Digest::of(&rules_json);
    let seal = Seal {
        round: rules.round.clone(),
        version: 1,
        rules_digest,
        count: 5,
        pool_digest: pool.digest(),
        root: pool.root(),
        sealed_at: rules.times.seals_at,
        pulse: PulseToCome::of(&rules),
    };
    let entered = EntryNote {
        round: rules.round.clone(),
        line: pool.line(0).unwrap(),
        entered_at: at("2026-11-21T03:04:05Z"),
        logged_by: at("2026-11-21T03:14:05Z"),
    };
    blocks.insert("entry-note", entered.sign(&signer()).unwrap());
    let seed_input = SeedInput {
        round: rules.round.clone(),
        rules_digest,
        root: pool.root(),
        organiser_seed: Digest([2; 32]),
        dice: Some("3141".to_owned()),
        pulse: Digest::ZERO,
    };
    let draw_seed = seed_input.draw_seed();
    blocks.insert("commit-input", format!("jebi-commit-1\n{}\n", Digest([2; 32])));
    blocks.insert("draw-seed", format!("{draw_seed}\n"));

    let mut lots = String::new();
    let order = pool.text().lines().map(|line| line[..19].parse().unwrap()).collect::<Vec<Receipt>>();
    for (index, receipt) in order.iter().enumerate() {
        let weight = pool.entry(index).unwrap().weight;
        let _ = writeln!(lots, "{receipt}  key {}", lot::lot_key(&draw_seed, receipt));
        for (n, number) in lot::lots(&draw_seed, receipt, weight).into_iter().enumerate() {
            let _ = writeln!(lots, "                     number {n}  {number:>20}");
        }
        let jitter = lot::stream_number(&draw_seed, receipt, weight);
        let _ =
            writeln!(lots, "                     number {weight}  {jitter:>20}  jitter {} s", jitter % 60);
    }
    blocks.insert("lots", lots);

    let drawn = draw(&rules, &pool, &draw_seed).unwrap();
    let mut ranks = String::new();
    for row in drawn.rows() {
        let entry = pool.entry(row.entry as usize).unwrap();
        let (rank, receipt, lot) = (row.rank, row.receipt, row.lot);
        let want = entry.want;
        let level = want.min(drawn.share_level.unwrap());
        let place = row.assignment.unwrap();
        let _ = writeln!(
            ranks,
            "{rank}  {receipt}  lot {lot:>20}  seats {}  want {want:>6}  min {level:>6}  amount {:>6}  wish {:5}  slot {}",
            entry.seats, place.amount, entry.wish, rules.slots[place.slot as usize].name,
        );
    }
    blocks.insert("ranks", ranks);
    assert_eq!(drawn.share_level, Some(180_000));
    let result = result::text(&rules, &drawn);
    blocks.insert("result-root", format!("{}\n", result::root(&rules, &drawn)));

    let asked: Receipt = "qeca-dx5d-kc6h-ad31".parse().unwrap();
    blocks.insert("explain", explain::explain(&rules, &pool, &draw_seed, &asked).unwrap());
    let sample = sample::sample(&rules, pool.text().as_bytes(), &draw_seed, 3).unwrap();
    blocks.insert("sample", sample.iter().map(|receipt| format!("{receipt}\n")).collect());

    let note = seal.sign(&signer()).unwrap();
    let earlier: Event = "2026-06-30T00:00:00Z erased example-2025-12 people=4".parse().unwrap();
    let log = Plain::of(&[earlier], (&rules, rules_digest), &pool, (&seal, &note), &seed_input, &result);
    let journal = log.record(&rules.round, &signer()).unwrap();
    let (pulse, result_leaves) = (Pulse::None {}, result.lines().map(|line| merkle::leaf(line.as_bytes())));
    let result_leaves: Vec<Digest> = result_leaves.collect();
    let paths = Paths {
        round: rules.round.clone(),
        pool: Placed { index: 2, count: 5, path, line: pool.line(2).unwrap() },
        drawn: Some((
            Placed {
                index: 4,
                count: 5,
                path: merkle::path(&result_leaves, 4).unwrap(),
                line: result.lines().nth(4).unwrap().to_owned(),
            },
            log.excerpt(&rules.round).events.last().unwrap().clone(),
        )),
    };
    blocks.insert("paths", paths.text());
    let seed_text = seed_input.to_text();
    let published = Published {
        rules: rules_json.as_bytes(),
        seal: &note,
        drawn: Some((seed_text.as_str(), journal.checkpoint.as_str())),
    };
    assert_eq!(paths.check(&published).unwrap().entry.receipt, asked);
    let record = record::files(rules_json.as_bytes(), &pool, &note, &seed_input, &pulse, &result, &journal);
    (record, blocks)
}

#[test]
fn the_example_is_what_the_code_says() {
    let (record, blocks) = example();
    let report = verify::verify(&record).unwrap();
    assert!(report.matches, "{report}");
    let mut values: BTreeMap<String, String> =
        blocks.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    for (name, bytes) in &record {
        values.insert(name.clone(), String::from_utf8(bytes.clone()).unwrap());
    }
    values.insert("report".to_owned(), format!("{report}\n"));

    page::check("example", &record, &values);
}
