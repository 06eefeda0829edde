//! What `jebi-audit verify` keeps in memory does not grow with the entries.
#![cfg(all(target_os = "linux", feature = "cli"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use public_audit::Pool;
use public_audit::rules::Mode;

/// The most that it had at once, in KiB, when 1 MiB may grow.
fn peak(count: usize) -> u64 {
    let mut rules = common::rules(Mode::Share);
    rules.goods.budget = 150_000 * count as u64;
    rules.slots.iter_mut().for_each(|slot| slot.capacity = u32::try_from(4 * count).unwrap());
    let pool = Pool::from_entries(&rules, &common::entries(&rules, count, 1)).unwrap();
    peak_of(&count.to_string(), &common::record(&rules, &pool, None))
}

fn peak_of(name: &str, record: &BTreeMap<String, Vec<u8>>) -> u64 {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("memory").join(name);
    fs::create_dir_all(&dir).unwrap();
    for (name, bytes) in record {
        fs::write(dir.join(name), bytes).unwrap();
    }
    let mut verify = Command::new(env!("CARGO_BIN_EXE_jebi-audit"));
    verify.arg("verify").arg(&dir).args(["--memory", "1"]).stdout(Stdio::null());
    let mut child = verify.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        // The kernel remembers the most so far, so that it does not matter when one looks.
        let told = fs::read_to_string(&status).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let seen = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        peak = seen.unwrap_or(peak);
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success());
            fs::remove_dir_all(&dir).unwrap();
            return peak;
        }
        std::thread::yield_now();
    }
}

#[test]
fn it_does_not_grow_with_the_entries() {
    let (few, many) = (peak(2_000), peak(60_000));
    println!("{few} KiB for 2,000 entries, {many} KiB for 60,000");
    // A pool in memory would take some 2 MB, and the ranks and leaves some 6 MB more.
    assert!(many < few + 3_000, "{few} KiB for 2,000 entries, {many} KiB for 60,000");
}

/// What was offered is recomputed with everybody in memory, but not with all that they publish.
#[test]
fn nor_with_values_that_nothing_depends_on() {
    let with = |name: &str, value: fn(usize) -> usize| {
        let mut rules = common::rules(Mode::Share);
        rules.slots.iter_mut().for_each(|slot| slot.capacity = 60_000);
        let more = (0..10).map(|number| format!("more{number}"));
        rules.fields.extend(more);
        rules.after = Some(common::after());
        let mut entries = common::entries(&rules, 6_000, 1);
        for (number, entry) in entries.iter_mut().enumerate() {
            entry.others.extend((0..10).map(|field| format!("{:060}", value(10 * number + field))));
        }
        let pool = Pool::from_entries(&rules, &entries).unwrap();
        peak_of(name, &common::course::record_after(&rules, &pool, 1))
    };
    let (alike, different) = (with("alike", |_| 0), with("different", |number| number));
    println!("{alike} KiB for values that are alike, {different} KiB for others");
    assert!(different < alike + 4_000, "{alike} KiB for values that are alike, {different} KiB for others");
}
