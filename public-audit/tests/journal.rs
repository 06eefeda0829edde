//! The journal as a whole: proofs against another implementation, records with corrections, and the
//! light check of one entry.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use public_audit::journal::paths::{Paths, PathsError, Placed, Published};
use public_audit::journal::plain::{self, Plain};
use public_audit::journal::{Act, Batch, Event};
use public_audit::note::Signer;
use public_audit::record::{self, Pulse};
use public_audit::rules::{Mode, Rules};
use public_audit::seal::{PulseToCome, Seal};
use public_audit::seed::SeedInput;
use public_audit::verify::verify;
use public_audit::{Digest, Pool, draw, merkle, result};

#[test]
fn another_implementation_makes_the_same_proofs() {
    let lines: Vec<Vec<u8>> = (0..130_u8).map(|n| vec![n; usize::from(n) % 7]).collect();
    let leaves: Vec<Digest> = lines.iter().map(|line| merkle::leaf(line)).collect();
    let bytes = |proof: Vec<Digest>| proof.into_iter().flat_map(|hash| hash.0).collect::<Vec<u8>>();
    let mut tree = MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
    for (count, line) in (1..).zip(&lines) {
        tree.push(line.clone());
        assert_eq!(tree.root().as_bytes().as_slice(), merkle::root_of_leaves(&leaves[..count]).0);
        for index in 0..count {
            let path = merkle::path(&leaves[..count], index).unwrap();
            assert_eq!(tree.prove_inclusion(index).as_bytes(), bytes(path), "{index} of {count}");
        }
        for old in 1..count {
            let proof = merkle::consistency(&leaves[..count], old).unwrap();
            assert_eq!(tree.prove_consistency(count - old).as_bytes(), bytes(proof), "{old} to {count}");
        }
    }
}

/// Everything of a round, to be changed before it is written down.
struct Round {
    rules: Rules,
    pool: Pool,
    seal: Seal,
    note: String,
    seed: SeedInput,
    result: String,
    log: Plain,
}

/// A round whose seal has this version.
fn round(version: u32, organiser_seed: Digest) -> Round {
    let rules = common::rules(Mode::Share);
    let pool = common::pool(&rules, 9, 4);
    let rules_digest = Digest::of(rules.to_json());
    let seal = Seal {
        round: rules.round.clone(),
        version,
        rules_digest,
        count: pool.count() as u64,
        pool_digest: pool.digest(),
        root: pool.root(),
        sealed_at: rules.times.seals_at,
        pulse: PulseToCome::of(&rules),
    };
    let (round, root) = (rules.round.clone(), pool.root());
    let seed = SeedInput { round, rules_digest, root, organiser_seed, dice: None, pulse: Digest::ZERO };
    let result = result::text(&rules, &draw(&rules, &pool, &seed.draw_seed()).unwrap());
    let note = seal.sign(&common::signer()).unwrap();
    let log = Plain::of(&[], (&rules, rules_digest), &pool, (&seal, &note), &seed, &result);
    Round { rules, pool, seal, note, seed, result, log }
}

impl Round {
    fn record(&self) -> BTreeMap<String, Vec<u8>> {
        let journal = self.log.record(&self.rules.round, &common::signer()).unwrap();
        let (rules, pulse) = (self.rules.to_json(), Pulse::None {});
        record::files(rules.as_bytes(), &self.pool, &self.note, &self.seed, &pulse, &self.result, &journal)
    }

    /// The name of the first check that fails.
    fn failure(&self) -> Option<&'static str> {
        verify(&self.record()).unwrap().failed().next().map(|check| check.name)
    }

    fn at(&self, kind: &str) -> usize {
        self.log.events.iter().position(|event| event.act.kind() == kind).unwrap()
    }

    /// One more event after the one at `place`, at the same time.
    fn insert_after(&mut self, place: usize, act: Act) {
        let event = Event { act, ..self.log.events[place].clone() };
        self.log.events.insert(place + 1, event);
    }
}

#[test]
fn corrections_are_seals_with_versions_and_batches_between_them() {
    let mut round = round(2, common::organiser_seed());
    assert_eq!(round.failure(), Some("journal-events"), "the first version is missing");
    // The first seal had someone too many, who was entered and then taken out.
    let stranger = Digest([1; 32]);
    round.log.batches[1].added.insert(stranger);
    let second = round.log.events.iter().rposition(|event| event.act.kind() == "entered").unwrap();
    round.log.events[second].act = plain::entered(&round.log.batches[1]);
    let earlier = Seal { version: 1, count: 10, root: Digest([2; 32]), ..round.seal.clone() };
    let closed = round.at("closed");
    round.insert_after(closed, plain::sealed(&earlier, "an earlier note"));
    assert_eq!(round.failure(), Some("journal-pool"), "the stranger is still there");
    let third = Batch { number: 3, removed: [stranger].into(), ..Batch::default() };
    round.insert_after(closed + 1, plain::entered(&third));
    round.log.batches.push(third);
    assert_eq!(round.failure(), None);
    // Without the second seal, the correction counts for nothing.
    let last = round.log.events.iter().rposition(|event| event.act.kind() == "sealed").unwrap();
    round.log.events.remove(last);
    assert_eq!(round.failure(), Some("journal-events"));
}

#[test]
fn a_withheld_seed_counts_as_zero_and_is_not_in_the_journal() {
    let mut round = round(1, Digest::ZERO);
    assert!(round.log.events.iter().all(|event| event.act.kind() != "revealed"));
    assert_eq!(round.failure(), None);
    let sealed = round.at("sealed");
    round.insert_after(sealed, Act::Revealed { seed: common::organiser_seed() });
    assert_eq!(round.failure(), Some("journal-events"));
}

#[test]
fn holding_and_erasing_are_no_part_of_the_excerpt() {
    let mut round = round(1, common::organiser_seed());
    let pulse = round.at("pulse");
    round.insert_after(pulse, Act::Held { reason: "정전".to_owned() });
    round.insert_after(pulse + 1, Act::Released { reason: "복구됨".to_owned() });
    let last = round.log.events.len() - 1;
    round.insert_after(last, Act::Erased { people: 9 });
    // Nor is what comes after the draw; a void before it is.
    round.insert_after(last, Act::Voided { reason: "x".to_owned() });
    assert_eq!(round.failure(), None);
    round.insert_after(pulse, Act::Voided { reason: "x".to_owned() });
    assert_eq!(round.failure(), Some("journal-events"));
}

#[test]
fn witnesses_may_sign_the_checkpoint_too() {
    let mut record = round(1, common::organiser_seed()).record();
    let note = String::from_utf8(record[record::CHECKPOINT].clone()).unwrap();
    let text = note.split_inclusive('\n').take(3).collect::<String>();
    let witness = public_audit::journal::cosignature::Cosigner::new("w.example", &[9; 32]).unwrap();
    let line = witness.cosign(&text, common::at("2026-12-01T00:00:00Z"));
    record.insert(record::CHECKPOINT.to_owned(), format!("{note}{line}").into_bytes());
    record.remove(record::MANIFEST);
    let files: Vec<(&str, &[u8])> =
        record.iter().map(|(name, file)| (name.as_str(), file.as_slice())).collect();
    let manifest = record::manifest(&files).into_bytes();
    record.insert(record::MANIFEST.to_owned(), manifest);
    assert!(verify(&record).unwrap().matches);
}

fn paths(round: &Round, index: usize) -> Paths {
    let (line, leaves) = (round.pool.line(index).unwrap(), round.pool.leaves());
    let count = leaves.len() as u64;
    let lines: Vec<&str> = round.result.lines().collect();
    let rank = lines.iter().position(|result| result.contains(&line[..19])).unwrap();
    let results: Vec<Digest> = lines.iter().map(|line| merkle::leaf(line.as_bytes())).collect();
    let placed = |index: usize, leaves: &[Digest], line: &str| Placed {
        index: index as u64,
        count,
        path: merkle::path(leaves, index).unwrap(),
        line: line.to_owned(),
    };
    let drawn = round.log.excerpt(&round.rules.round).events.pop().unwrap();
    Paths {
        round: round.rules.round.clone(),
        pool: placed(index, &leaves, &line),
        drawn: Some((placed(rank, &results, lines[rank]), drawn)),
    }
}

#[test]
fn a_phone_checks_one_entry() {
    let round = round(1, common::organiser_seed());
    let (rules, seed) = (round.rules.to_json(), round.seed.to_text());
    let checkpoint = round.log.record(&round.rules.round, &common::signer()).unwrap().checkpoint;
    let full = Published {
        rules: rules.as_bytes(),
        seal: &round.note,
        drawn: Some((seed.as_str(), checkpoint.as_str())),
    };
    let sealed = Published { drawn: None, ..full };
    for index in 0..9 {
        let paths = Paths::parse(&paths(&round, index).text()).unwrap();
        let told = paths.check(&full).unwrap();
        assert_eq!(told.entry, round.pool.entry(index).unwrap());
        let (lot, line) = told.drawn.unwrap();
        assert_eq!(line.receipt, told.entry.receipt);
        let drawn = draw(&round.rules, &round.pool, &round.seed.draw_seed()).unwrap();
        assert_eq!(drawn.row(line.rank).unwrap().lot, lot);
        let before = Paths { drawn: None, ..paths.clone() };
        assert_eq!(before.check(&sealed).unwrap().drawn, None);
        assert!(before.check(&full).is_err() && paths.check(&sealed).is_err());
    }

    let good = paths(&round, 3);
    let another = paths(&round, 4);
    let change = |change: fn(&mut Paths, &Paths)| {
        let mut paths = good.clone();
        change(&mut paths, &another);
        paths.check(&full).unwrap_err()
    };
    for wrong in [
        change(|paths, _| paths.round = "t-2026-11".parse().unwrap()),
        change(|paths, _| paths.pool.index += 1),
        change(|paths, _| paths.pool.count += 1),
        change(|paths, _| paths.pool.line = paths.pool.line.replace("seats=", "seats=1")),
        change(|paths, _| paths.pool.path[0].0[0] ^= 1),
        change(|paths, other| paths.pool = other.pool.clone()),
        change(|paths, other| paths.drawn.as_mut().unwrap().0 = other.drawn.clone().unwrap().0),
        change(|paths, _| paths.drawn.as_mut().unwrap().0.index += 1),
        change(|paths, _| paths.drawn.as_mut().unwrap().0.count -= 1),
        change(|paths, _| paths.drawn.as_mut().unwrap().1.index -= 1),
        change(|paths, _| paths.drawn.as_mut().unwrap().1.event.act = Act::Closed),
    ] {
        assert!(matches!(wrong, PathsError::Mismatch(_)), "{wrong}");
    }
    // A true event of the log which is not the draw.
    let mut closed = good.clone();
    closed.drawn.as_mut().unwrap().1 = round.log.excerpt(&round.rules.round).events[3].clone();
    assert!(closed.check(&full).is_err());

    let published = |rules: &str, seal: &str, seed: &str, checkpoint: &str| {
        let drawn = Some((seed, checkpoint));
        good.check(&Published { rules: rules.as_bytes(), seal, drawn })
    };
    assert!(published(&rules, &round.note, &seed, &checkpoint).is_ok());
    let other = Signer::new("jebi.example/t", &[8; 32]).unwrap();
    let unsigned = round.seal.sign(&other).unwrap();
    assert!(matches!(published(&rules, &unsigned, &seed, &checkpoint), Err(PathsError::Seal(_))));
    let unsigned = round.log.record(&round.rules.round, &other).unwrap().checkpoint;
    assert!(matches!(published(&rules, &round.note, &seed, &unsigned), Err(PathsError::Checkpoint(_))));
    let zero = SeedInput { organiser_seed: Digest::ZERO, ..round.seed.clone() }.to_text();
    assert!(published(&rules, &round.note, &zero, &checkpoint).is_err());
    assert!(published(&rules.replace("2345678", "2345679"), &round.note, &seed, &checkpoint).is_err());
}
