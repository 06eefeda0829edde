//! Whole records: good ones match, and one changed byte anywhere does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;

use public_audit::record::{self, Pulse};
use public_audit::rules::{Beacon, Mode};
use public_audit::verify::{CHECKS, Verdict, verify};

#[test]
fn good_records_match() {
    for mode in [Mode::Share, Mode::Everyone, Mode::Lottery] {
        let rules = common::rules(mode);
        for count in [0, 1, 2, 7, 40] {
            let record = common::record(&rules, &common::pool(&rules, count, 3), Some("3141"));
            let report = verify(&record).unwrap();
            assert!(report.matches, "{mode:?} {count}\n{report}");
            let (checks, later) = report.checks.split_last_chunk::<3>().unwrap();
            assert!(checks.iter().all(|check| check.verdict == Verdict::Pass));
            assert!(
                later
                    .iter()
                    .all(|check| check.verdict == Verdict::Skip && check.reason.starts_with("nothing"))
            );
            assert_eq!(report.checks.iter().map(|c| c.name).collect::<Vec<_>>(), CHECKS);
        }
    }
}

#[test]
fn a_declared_pulse_matches() {
    let mut rules = common::rules(Mode::Share);
    rules.beacon = Beacon::Declared { source: "Lotto 6/45 draw 1252, six numbers".to_owned() };
    let values = record::declared(&[vec![45, 2, 31, 9, 17, 20], vec![0]]);
    assert_eq!(values, "2.9.17.20.31.45./0./");
    let pulse = Pulse::Declared { values };
    let record = common::record_with(&rules, &common::pool(&rules, 9, 1), None, &pulse);
    let report = verify(&record).unwrap();
    assert!(report.matches, "{report}");
    for bad in ["", "/", "./", "2.1./", "01./", "1/", "1.", "1./ ", "+1./", "1..2./"] {
        assert!(!record::is_declared(bad), "{bad}");
    }
}

#[test]
fn a_manifest_may_have_a_thousand_lines_with_the_longest_names() {
    let mut record = small(Mode::Share);
    let more = |record: &mut BTreeMap<String, Vec<u8>>, number: usize| {
        record.remove(record::MANIFEST);
        record.insert(format!("{number:064}"), Vec::new());
        let files: Vec<_> = record.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let manifest = record::manifest(&files);
        record.insert(record::MANIFEST.to_owned(), manifest.into_bytes());
    };
    (0..1000 - record::FILES.len()).for_each(|number| more(&mut record, number));
    let report = verify(&record).unwrap();
    assert!(report.matches, "{report}");
    more(&mut record, 1000);
    assert_eq!(verify(&record).unwrap().failed().map(|check| check.name).collect::<Vec<_>>(), ["manifest"]);
}

/// As small as a record with two cohorts can be, so that every byte of it can be tried.
fn small(mode: Mode) -> BTreeMap<String, Vec<u8>> {
    let mut rules = common::rules(mode);
    rules.slots.retain(|slot| ["s1-am", "m1-am"].contains(&slot.name.as_str()));
    common::record(&rules, &common::pool(&rules, 4, 5), None)
}

#[test]
fn every_changed_byte_is_noticed() {
    let good = small(Mode::Share);
    for (name, bytes) in &good {
        // Every position once, each with one of several changes in turn; of the rules, which are
        // longer than all others together, every third.
        for at in (0..bytes.len()).step_by(if name == record::RULES { 3 } else { 1 }) {
            let mut record = good.clone();
            let change = [0x01, 0x20, 0x80, 0x10, 0x04][at % 5];
            record.get_mut(name).unwrap()[at] ^= change;
            let report = verify(&record).unwrap();
            assert!(!report.matches, "{name} byte {at}");
            assert!(report.failed().next().is_some());
        }
        for change in ["cut", "longer", "line", "missing", "empty"] {
            let mut record = good.clone();
            let file = record.get_mut(name).unwrap();
            match change {
                "cut" => drop(file.pop()),
                "longer" => file.push(b'x'),
                "line" => file.push(b'\n'),
                "empty" => file.clear(),
                _ => drop(record.remove(name)),
            }
            let report = verify(&record).unwrap();
            assert!(!report.matches, "{name} {change}");
        }
    }
}

#[test]
fn changed_bytes_are_noticed_without_the_manifest_too() {
    for mode in [Mode::Share, Mode::Lottery] {
        let good = small(mode);
        for (name, bytes) in &good {
            // The manifest is mended after the change, as whoever tampers in earnest would.
            for at in (0..bytes.len()).step_by(11) {
                let mut record = good.clone();
                record.get_mut(name).unwrap()[at] ^= 1;
                if name != record::MANIFEST {
                    record.remove(record::MANIFEST);
                    let files: Vec<(&str, &[u8])> =
                        record.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
                    let manifest = record::manifest(&files).into_bytes();
                    record.insert(record::MANIFEST.to_owned(), manifest);
                }
                let report = verify(&record).unwrap();
                assert!(!report.matches, "{name} byte {at}");
            }
        }
    }
}
