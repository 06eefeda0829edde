#![no_main]

use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;

use public_audit::record;
use public_audit::scratch::{Desk, InMemory};
use public_audit::verify::{verify, verify_on};

fuzz_target!(|data: &[u8]| {
    // One file of the example is exchanged for something else: nothing may fall over, and only the
    // same bytes may match.
    const FILES: [(&str, &[u8]); 13] = [
        (record::RULES, include_bytes!("../../example-after/rules.json")),
        (record::POOL, include_bytes!("../../example-after/pool.txt")),
        (record::SEAL, include_bytes!("../../example-after/seal.txt")),
        (record::SEED_INPUT, include_bytes!("../../example-after/seed-input.txt")),
        (record::PULSE, include_bytes!("../../example-after/pulse.json")),
        (record::RESULT, include_bytes!("../../example-after/result.txt")),
        (record::BATCHES, include_bytes!("../../example-after/batches.txt")),
        (record::JOURNAL, include_bytes!("../../example-after/journal.txt")),
        (record::CHECKPOINT, include_bytes!("../../example-after/checkpoint.txt")),
        (record::OFFERS, include_bytes!("../../example-after/offers.txt")),
        (record::AFTER_JOURNAL, include_bytes!("../../example-after/after-journal.txt")),
        (record::AFTER_CHECKPOINT, include_bytes!("../../example-after/after-checkpoint.txt")),
        (record::MANIFEST, include_bytes!("../../example-after/manifest.txt")),
    ];
    let Some((which, bytes)) = data.split_first() else { return };
    let (name, good) = FILES[usize::from(*which) % FILES.len()];
    let mut files: BTreeMap<String, Vec<u8>> =
        FILES.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    files.insert(name.to_owned(), bytes.to_vec());
    if name != record::MANIFEST {
        files.remove(record::MANIFEST);
        let all: Vec<(&str, &[u8])> =
            files.iter().map(|(name, file)| (name.as_str(), file.as_slice()))
                .filter(|(name, _)| !record::AFTER_FILES.contains(name)).collect();
        let manifest = record::manifest(&all).into_bytes();
        files.insert(record::MANIFEST.to_owned(), manifest);
    }
    if let Ok(report) = verify(&files) {
        // Whatever the bytes, little memory finds the same.
        let little = Desk { memory: 200, scratch: &InMemory };
        assert_eq!(verify_on(little, &files).ok().as_ref(), Some(&report));
        assert!(!report.matches || bytes == good || name.ends_with(record::CHECKPOINT), "{name}");
    }
});
