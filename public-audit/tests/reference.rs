//! Two more implementations, written from the specification, against this crate: byte for byte. The
//! Python reference, and the browser's verifier run by Node.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::Numbers;
use public_audit::rules::{Mode, Rules};
use public_audit::tamper::{Forge, catalogue};
use public_audit::{Pool, verify};

fn python(dir: &Path, argument: &str) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("reference/jebi_verify.py");
    let mut python = Command::new("python3");
    python.arg(script).arg(dir).args((!argument.is_empty()).then_some(argument));
    python.output().expect("this test needs python3")
}

/// Needs no packages: what the verifier takes from others is committed beside it.
fn node(dir: &Path, argument: &str) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser/cli.mjs");
    let mut node = Command::new("node");
    node.arg(script).arg("verify").arg(dir).args((!argument.is_empty()).then_some(argument));
    node.output().expect("this test needs node 20 or later")
}

fn folder(name: &str, record: &BTreeMap<String, Vec<u8>>) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reference").join(name);
    let _ = fs::remove_dir_all(&dir);
    write(&dir, record);
    dir
}

fn write(dir: &Path, record: &BTreeMap<String, Vec<u8>>) {
    fs::create_dir_all(dir).unwrap();
    for (name, bytes) in record {
        fs::write(dir.join(name), bytes).unwrap();
    }
}

/// Thirty rounds of all modes, sizes, budgets, capacities, fields and dice.
#[test]
fn random_rounds_agree() {
    for number in 0..30_u64 {
        let mut numbers = Numbers(number);
        let mode = [Mode::Share, Mode::Everyone, Mode::Lottery][usize::try_from(number % 3).unwrap()];
        let mut rules = common::rules(mode);
        rules.goods.budget = 1 + numbers.below(12_000_000);
        let most = 1 + numbers.below(40);
        for slot in &mut rules.slots {
            slot.capacity = u32::try_from(numbers.below(most)).unwrap();
            slot.seconds = u32::try_from(1 + numbers.below(7200)).unwrap();
        }
        // Time order is not the order of the file.
        let last = rules.slots.len() - 1;
        for at in 0..last {
            let other = usize::try_from(numbers.below(last as u64)).unwrap();
            rules.slots.swap(at, other);
        }
        let count = usize::try_from(numbers.below(80)).unwrap();
        let mut entries = common::entries(&rules, count, number);
        if number % 5 == 4 {
            // Fewer fields: what is not listed has its default.
            rules.fields = vec!["region".to_owned(), "household".to_owned()];
            for entry in &mut entries {
                (entry.seats, entry.want, entry.weight) = (1, rules.goods.cap, 1);
                entry.wish = "any".to_owned();
                entry.others.reverse();
            }
        }
        let pool = Pool::from_entries(&rules, &entries).unwrap();
        let record = common::record(&rules, &pool, [None, Some("20261202")][count % 2]);
        same_result(&number.to_string(), &record);
    }
}

/// Both others print the result of this record.
fn same_result(name: &str, record: &BTreeMap<String, Vec<u8>>) {
    let dir = folder(name, record);
    for (who, output) in [("Python", python(&dir, "--print")), ("JavaScript", node(&dir, "--print"))] {
        let place = format!("{who}, {}", dir.display());
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{place}");
        let ours = String::from_utf8_lossy(&record["result.txt"]);
        assert_eq!(String::from_utf8_lossy(&output.stdout), ours, "{place}");
    }
}

/// A city may call its fields as it likes, also by words that an implementation has for something else.
#[test]
fn fields_may_have_any_name() {
    for (number, [one, other]) in
        (0..).zip([["slot", "cohort"], ["amount", "lot"], ["receipt", "reserve"], ["walk", "constructor"]])
    {
        let rules = common::rules(Mode::Lottery);
        let entries = common::entries(&rules, 40, number);
        let renamed = rules.to_json().replace("\"household\"", &format!("\"{one}\""));
        let renamed = renamed.replace("\"region\"", &format!("\"{other}\""));
        let rules = Rules::parse(renamed.as_bytes()).unwrap();
        let record = common::record(&rules, &Pool::from_entries(&rules, &entries).unwrap(), None);
        same_result(&format!("{one}-{other}"), &record);
    }
}

/// A hundred seats of the largest cap: sixteen digits, which neither a float nor a sum of 64 bits holds.
#[test]
fn the_largest_amounts_agree() {
    let mut rules = common::rules(Mode::Everyone);
    rules.goods.cap = 99_999_999_990_000;
    rules.fields = vec!["seats".to_owned(), "region".to_owned(), "household".to_owned()];
    let mut entries = common::entries(&rules, 12, 1);
    for entry in &mut entries {
        (entry.seats, entry.want, entry.weight) = (100, 100 * rules.goods.cap, 1);
        entry.wish = "any".to_owned();
        entry.others.reverse();
    }
    rules.slots.iter_mut().for_each(|slot| slot.capacity = 1200);
    let pool = Pool::from_entries(&rules, &entries).unwrap();
    let record = common::record(&rules, &pool, None);
    let result = String::from_utf8(record["result.txt"].clone()).unwrap();
    assert!(result.lines().all(|line| line.ends_with(" 9999999999000000")), "{result}");
    assert!(verify::verify(&record).unwrap().matches);
    let dir = folder("largest", &record);
    for output in [python(&dir, ""), node(&dir, "")] {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn they_notice_a_changed_result_pool_or_seed() {
    let rules = common::rules(Mode::Share);
    let good = common::record(&rules, &common::pool(&rules, 9, 1), None);
    let dir = folder("good", &good);
    assert!(python(&dir, "").status.success());
    assert!(node(&dir, "").status.success());
    for (file, from, to) in [
        ("result.txt", "1 ", "2 "),
        ("pool.txt", "wish=", "wish=am+"),
        ("seed-input.txt", "\n-\n", "\n6\n"),
        ("seed-input.txt", "0202", "0203"),
        ("rules.json", "1800", "1801"),
    ] {
        let mut record = good.clone();
        let text = String::from_utf8(record[file].clone()).unwrap();
        assert!(text.contains(from));
        record.insert(file.to_owned(), text.replacen(from, to, 1).into_bytes());
        let dir = folder("bad", &record);
        assert_eq!(python(&dir, "").status.code(), Some(1), "{file}");
        assert_eq!(node(&dir, "").status.code(), Some(1), "{file}");
    }
}

/// What an organiser may try is caught by the browser's verifier as well, and first by the same check.
#[test]
fn the_browser_catches_every_tampering() {
    let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tampered");
    let _ = fs::remove_dir_all(&all);
    for case in catalogue() {
        let mut forge = Forge::of(case.base).unwrap();
        (case.tamper)(&mut forge).unwrap();
        write(&all.join(case.name), &forge.finish());
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser/test/support/failures.mjs");
    let output =
        Command::new("node").arg(script).arg(&all).output().expect("this test needs node 20 or later");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let mut expected: Vec<_> =
        catalogue().iter().map(|case| format!("{} {}", case.name, case.check)).collect();
    expected.sort();
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().collect::<Vec<_>>(), expected);
}
