//! The Python reference, written from the specification, against this crate: byte for byte.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::Numbers;
use public_audit::Pool;
use public_audit::rules::Mode;

fn python(dir: &Path, argument: &str) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("reference/jebi_verify.py");
    let mut python = Command::new("python3");
    python.arg(script).arg(dir).args((!argument.is_empty()).then_some(argument));
    python.output().expect("this test needs python3")
}

fn folder(name: &str, record: &std::collections::BTreeMap<String, Vec<u8>>) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reference").join(name);
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).unwrap();
    for (name, bytes) in record {
        fs::write(dir.join(name), bytes).unwrap();
    }
    dir
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
        let dir = folder(&number.to_string(), &record);
        let output = python(&dir, "--print");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let (theirs, ours) = (String::from_utf8(output.stdout).unwrap(), &record["result.txt"]);
        assert_eq!(theirs.as_bytes(), ours.as_slice(), "round {number} in {}", dir.display());
    }
}

#[test]
fn it_notices_a_changed_result_pool_or_seed() {
    let rules = common::rules(Mode::Share);
    let good = common::record(&rules, &common::pool(&rules, 9, 1), None);
    assert!(python(&folder("good", &good), "").status.success());
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
        assert_eq!(python(&folder("bad", &record), "").status.code(), Some(1), "{file}");
    }
}
