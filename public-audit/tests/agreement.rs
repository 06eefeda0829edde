//! Random rounds in which every rule comes with every other, by three implementations: this crate, the
//! Python reference and the browser's verifier. The draw and all that follows it agree byte for byte.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Numbers, at, matching};
use public_audit::after::{Course, Fact, FactKind, Offer, Place};
use public_audit::journal::event::{Act, Event};
use public_audit::journal::plain::{self, Plain};
use public_audit::record::Pulse;
use public_audit::rules::{After, Fund, Match, Mode, Reserve, Rules, Slot, Weighting};
use public_audit::seed::SeedInput;
use public_audit::{Entry, Instant, Pool, Receipt, verify};

const ROUNDS: u64 = 90;
const FIELDS: [(&str, &[&str]); 3] = [
    ("household", &["1", "2", "3", "4"]),
    ("region", &["island", "jungang", "north"]),
    ("birth_parity", &["even", "odd"]),
];

/// One chance in `of`.
fn chance(numbers: &mut Numbers, of: u64) -> bool {
    numbers.below(of) == 0
}

fn small(numbers: &mut Numbers, least: u64, most: u64) -> u32 {
    u32::try_from(least + numbers.below(most - least + 1)).unwrap()
}

/// Some values of some fields; everybody, if there are none.
fn some_match(numbers: &mut Numbers, fields: &[(&str, &[&str])]) -> Match {
    let mut all = BTreeMap::new();
    for (field, values) in fields {
        let some: BTreeSet<String> =
            values.iter().filter(|_| !chance(numbers, 3)).map(|value| (*value).to_owned()).collect();
        if !some.is_empty() && !chance(numbers, 3) {
            let values = some.iter().map(String::as_str).collect::<Vec<_>>();
            all.extend(matching(field, &values).0);
        }
    }
    Match(all)
}

/// Cohorts over several fields: they may overlap, and need not have everybody.
fn cohorts(numbers: &mut Numbers) -> Vec<Match> {
    let mut cohorts: Vec<Match> = (0..1 + numbers.below(4)).map(|_| some_match(numbers, &FIELDS)).collect();
    if !chance(numbers, 3) {
        cohorts.push(Match::all());
    }
    let mut different = Vec::new();
    for cohort in cohorts {
        if !different.contains(&cohort) {
            different.push(cohort);
        }
    }
    different
}

fn slots(numbers: &mut Numbers, name: &str, cohorts: &[Match], days: &[&str], most: u64) -> Vec<Slot> {
    let mut slots = Vec::new();
    for cohort in cohorts {
        for _ in 0..1 + numbers.below(5) {
            let hour = numbers.pick(&["00:00:00", "01:30:00", "03:00:00", "06:00:07", "09:00:00"]);
            slots.push(Slot {
                name: format!("{name}{}", slots.len()),
                cohort: cohort.clone(),
                part: numbers.pick(&["am", "noon", "pm", "eve"]).to_owned(),
                starts_at: at(&format!("{}T{hour}Z", numbers.pick(days))),
                seconds: small(numbers, 1, 9000),
                capacity: small(numbers, 0, most),
            });
        }
    }
    // Time order is not the order of the file.
    for from in 0..slots.len() {
        let to = usize::try_from(numbers.below(slots.len() as u64)).unwrap();
        slots.swap(from, to);
    }
    slots
}

fn reserves(numbers: &mut Numbers) -> Vec<Reserve> {
    let count = usize::try_from(1 + numbers.below(4)).unwrap();
    let name = |number: usize| format!("r{number}");
    let one = |number: usize| Reserve {
        name: name(number),
        matching: if number + 1 == count { Match::all() } else { some_match(numbers, &FIELDS) },
        places: numbers.below(14),
        spill: match usize::try_from(numbers.below(3)).unwrap() + number + 1 {
            to if to < count => Some(name(to)),
            _ => None,
        },
    };
    (0..count).map(one).collect()
}

/// In the last year that there is, every ninth round.
fn rules(numbers: &mut Numbers, number: u64) -> Rules {
    let mut rules = common::rules([Mode::Share, Mode::Everyone, Mode::Lottery][(number % 3) as usize]);
    let days = match number % 9 {
        8 => ["9999-12-29", "9999-12-30", "9999-12-31"],
        _ => ["2026-12-02", "2026-12-03", "2026-12-04"],
    };
    let cohorts = cohorts(numbers);
    rules.slots = slots(numbers, "s", &cohorts, &days[usize::from(number % 9 == 8)..][..2], 12);
    rules.fields.push("birth_parity".to_owned());
    rules.goods.budget = 1 + numbers.below(9_000_000);
    rules.grace_seconds = small(numbers, 0, 7200);
    if rules.mode == Mode::Lottery {
        rules.reserves = reserves(numbers);
    }
    if rules.mode == Mode::Everyone && !chance(numbers, 3) {
        rules.fields.retain(|field| field != "want");
        let fund = |number| Fund {
            name: format!("f{number}"),
            matching: some_match(numbers, &FIELDS),
            per_seat: 1 + numbers.below(100_000),
            budget: 1 + numbers.below(9_000_000),
        };
        rules.funds = (0..2).map(fund).collect();
    }
    if !chance(numbers, 3) {
        let (per_miss, rounds) = (small(numbers, 1, 3), small(numbers, 1, 4));
        let most = small(numbers, 1, u64::from(1 + per_miss * rounds));
        rules.weighting = Some(Weighting { per_miss, most, rounds });
    }
    if !chance(numbers, 8) {
        let first = rules.slots.iter().map(|slot| slot.starts_at).min().unwrap();
        let mut catch_up = slots(numbers, "c", &cohorts, &days, 6);
        catch_up.retain(|slot| slot.starts_at >= first);
        let hours = ["T00:00:00Z", "T02:00:00Z", "T12:00:00Z"];
        let mut offers_at: Vec<Instant> = days
            .iter()
            .flat_map(|day| hours.map(|hour| at(&format!("{day}{hour}"))))
            .filter(|_| !chance(numbers, 3))
            .collect();
        offers_at.push(at(&format!("{}T13:00:00Z", days[2])));
        // Often such that a slot is open, or not any more, by a second.
        let lead_seconds =
            [0, 3600, 5400, small(numbers, 0, 7200)][usize::try_from(numbers.below(4)).unwrap()];
        rules.after = Some(After { catch_up, offers_at, lead_seconds });
    }
    rules
}

fn entries(numbers: &mut Numbers, rules: &Rules, number: u64) -> Vec<Entry> {
    let count = usize::try_from(numbers.below(90)).unwrap();
    let mut entries = common::entries(rules, count, number);
    for entry in &mut entries {
        entry.weight = match &rules.weighting {
            Some(weighting) => weighting.most.min(1 + weighting.per_miss * small(numbers, 0, 4)),
            None => small(numbers, 1, 9),
        };
        entry.others = FIELDS.map(|(_, values)| numbers.pick(values).to_owned()).to_vec();
    }
    entries
}

/// What the municipality says before an offer: of some who can be said to have missed, most.
fn facts(numbers: &mut Numbers, course: &Course, at: Instant) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (receipt, place) in course.places() {
        let kind = match place {
            Place::Placed { until, .. } if until <= at && !chance(numbers, 3) => FactKind::Missed,
            Place::Placed { .. } if chance(numbers, 12) => FactKind::Returned,
            Place::Placed { .. } | Place::Waitlisted if chance(numbers, 20) => FactKind::Ineligible,
            _ => continue,
        };
        facts.push(Fact { receipt, kind });
    }
    facts
}

/// An instant at which something is on the edge: of a slot, of somebody's start, of the end of a hold.
fn edge(numbers: &mut Numbers, rules: &Rules, course: &Course) -> Instant {
    let mut edges: Vec<Instant> = rules.slots.iter().map(|slot| slot.starts_at).collect();
    let holds = !chance(numbers, 3);
    for (_, place) in course.places() {
        match place {
            Place::Placed { until, .. } if holds => edges.push(until),
            Place::Placed { start, .. } => edges.push(start),
            _ => {}
        }
    }
    let edge = edges[usize::try_from(numbers.below(edges.len() as u64)).unwrap()];
    let beside = i64::try_from(numbers.below(6)).unwrap().clamp(2, 4) - 3;
    Instant::from_unix(edge.unix() + beside).unwrap_or(edge)
}

/// Offers, and outages before some of them, as long as the rules have times for them.
fn happen(numbers: &mut Numbers, rules: &Rules, course: &mut Course, log: &mut Plain) -> Vec<Offer> {
    let round = rules.round.clone();
    let (mut offers, mut now) = (Vec::new(), rules.times.results_at);
    let no_times = After { catch_up: Vec::new(), offers_at: Vec::new(), lead_seconds: 0 };
    let times = &rules.after.as_ref().unwrap_or(&no_times).offers_at;
    for due in times.iter().copied().map(Some).chain([None]) {
        for _ in 0..numbers.below(3) {
            let most = [600, 30_000, 100_000][usize::try_from(numbers.below(3)).unwrap()];
            let (from, seconds) = (edge(numbers, rules, course), u64::from(small(numbers, 1, most)));
            let reason = "정전".to_owned();
            let act = if chance(numbers, 2) {
                course.shift(from, seconds);
                Act::Shifted { from, seconds, reason }
            } else {
                let until = edge(numbers, rules, course).max(from);
                course.extend(from, until, seconds);
                Act::Extended { from, until, seconds, reason }
            };
            log.events.push(Event { at: now, round: round.clone(), act });
        }
        let Some(due) = due else { break };
        now = due.max(now);
        let offer = course.offer(&facts(numbers, course, due)).unwrap();
        log.events.push(Event { at: now, round: round.clone(), act: plain::offered(&offer) });
        offers.push(offer);
    }
    offers
}

/// Where everybody is at the end, in rank order: also what no line of an offer tells, such as shifted starts.
fn places(course: &Course) -> String {
    let line = |(receipt, place): (Receipt, Place)| match place {
        Place::Placed { slot, start, until, amount, .. } => {
            format!("{receipt} {slot} {start} {until} {amount}\n")
        }
        Place::Waitlisted => format!("{receipt} waitlisted\n"),
        Place::Ended => format!("{receipt} ended\n"),
    };
    course.places().map(line).collect()
}

/// A record, and where everybody is.
fn record(number: u64) -> (BTreeMap<String, Vec<u8>>, String) {
    let mut numbers = Numbers(1_000_000 + number);
    let rules = rules(&mut numbers, number);
    let pool = Pool::from_entries(&rules, &entries(&mut numbers, &rules, number)).unwrap();
    let (mut log, dice) = (None, chance(&mut numbers, 2).then_some("314159"));
    let mut record =
        common::record_of(&rules, &pool, dice, &Pulse::None {}, |plain| log = Some(plain.clone()));
    let mut log = log.unwrap();
    let seed = String::from_utf8(record["seed-input.txt"].clone()).unwrap();
    let seed = SeedInput::parse(&seed).unwrap().draw_seed();
    let mut course = Course::new(&rules, &pool, &seed).unwrap();
    let offers = happen(&mut numbers, &rules, &mut course, &mut log);
    record.extend(log.after(&rules.round, &offers, &common::signer()).unwrap().files());
    (record, places(&course))
}

/// Name of the record, and what one implementation makes of it.
type Told = BTreeMap<String, serde_json::Value>;

fn told(command: &mut Command) -> Told {
    let output = command.output().expect("this test needs node 20 or later, and python3");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let lines = String::from_utf8(output.stdout).unwrap();
    let one = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        (value["name"].as_str().unwrap().to_owned(), value)
    };
    lines.lines().map(one).collect()
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn everything_agrees() {
    let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("agreement");
    let _ = fs::remove_dir_all(&all);
    let mut records = BTreeMap::new();
    for number in 0..ROUNDS {
        let (name, (record, places)) = (format!("{number:03}"), record(number));
        fs::create_dir_all(all.join(&name)).unwrap();
        for (file, bytes) in &record {
            fs::write(all.join(&name).join(file), bytes).unwrap();
        }
        records.insert(name, (record, places));
    }
    let browser = told(Command::new("node").arg(here("browser/test/support/recompute.mjs")).arg(&all));
    let python = told(Command::new("python3").args(["-B", "-c", PYTHON]).arg(here("reference")).arg(&all));

    let mut words = BTreeMap::<String, u32>::new();
    for (name, (record, places)) in &records {
        let report = verify::verify(record).unwrap();
        let verdict = |check: &verify::Check| format!("{} {:?}", check.name, check.verdict).to_uppercase();
        let ours: Vec<String> = report.checks.iter().map(verdict).collect();
        let theirs: Vec<String> = serde_json::from_value(browser[name]["checks"].clone()).unwrap();
        assert_eq!(
            ours,
            theirs.iter().map(|check| check.to_uppercase()).collect::<Vec<_>>(),
            "{name}\n{report}"
        );
        // Rooms and funds may be too small in such rounds, and nothing else is amiss.
        let failed = |check: &String| {
            check.ends_with("FAIL") && !check.starts_with("CAPACITY") && !check.starts_with("FUNDS")
        };
        assert!(!ours.iter().any(failed), "{name}\n{report}");
        for (file, told) in [("result.txt", "result"), ("offers.txt", "offers")] {
            let text = std::str::from_utf8(&record[file]).unwrap();
            assert_eq!(browser[name][told].as_str(), Some(text), "JavaScript, {file} of round {name}");
            assert_eq!(python[name][told].as_str(), Some(text), "Python, {file} of round {name}");
            for word in text.lines().filter_map(|line| line.split(' ').nth(2)) {
                *words.entry(word.to_owned()).or_default() += 1;
            }
        }
        for (who, told) in [("JavaScript", &browser), ("Python", &python)] {
            assert_eq!(told[name]["places"].as_str(), Some(&**places), "{who}, places of round {name}");
        }
        let events = String::from_utf8_lossy(&record["after-journal.txt"]);
        for word in ["shifted", "extended"] {
            let count = events.matches(&format!(" {word} ")).count();
            *words.entry(word.to_owned()).or_default() += u32::try_from(count).unwrap();
        }
    }
    // All of it happened, and often enough to mean something.
    let seen = [
        "assigned",
        "waitlisted",
        "missed",
        "returned",
        "ineligible",
        "caught_up",
        "lapsed",
        "shifted",
        "extended",
    ];
    assert!(seen.iter().all(|word| words.get(*word).is_some_and(|count| *count > 50)), "{words:?}");
}

/// One process for all records.
const PYTHON: &str = "
import json, pathlib, sys
sys.path.insert(0, sys.argv[1])
import jebi_after, jebi_verify
for folder in sorted(pathlib.Path(sys.argv[2]).iterdir()):
    course = jebi_after.Course(folder)
    told = {'name': folder.name, 'result': jebi_verify.draw(folder), 'offers': jebi_after.recomputed(folder, course)}
    told['places'] = ''.join(course.where(e) for e in course.ranked)
    print(json.dumps(told))
";

#[test]
fn the_reference_notices_other_moves_and_impossible_facts() {
    let script = here("reference/jebi_after.py");
    let exit =
        |dir: &Path| Command::new("python3").arg("-B").arg(&script).arg(dir).output().unwrap().status.code();
    assert_eq!(exit(&here("example-after")), Some(0));
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("after-changed");
    let good = fs::read_to_string(here("example-after/offers.txt")).unwrap();
    let (receipt, _) = good.split_once(" caught_up").unwrap();
    let receipt: Receipt = receipt[receipt.len() - 19..].parse().unwrap();
    for (from, to) in [
        (" lapsed - - -", " caught_up late 2027-01-08T01:00:00Z 50000"),
        ("T05:00:00Z 50000", "T05:00:01Z 50000"),
        (" returned", " missed"),
        (&*receipt.to_string(), "0000-0000-0000-0000"),
    ] {
        assert!(good.contains(from));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        for file in fs::read_dir(here("example-after")).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), dir.join(file.file_name())).unwrap();
        }
        fs::write(dir.join("offers.txt"), good.replacen(from, to, 1)).unwrap();
        assert_eq!(exit(&dir), Some(1), "{from}");
    }
}
