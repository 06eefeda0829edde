#![no_main]

use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;

use public_audit::record;
use public_audit::verify::verify;

fuzz_target!(|data: &[u8]| {
    // One file of the example is exchanged for something else: nothing may fall over, and only the
    // same bytes may match.
    const FILES: [(&str, &[u8]); 10] = [
        (record::RULES, include_bytes!("../../example/rules.json")),
        (record::POOL, include_bytes!("../../example/pool.txt")),
        (record::SEAL, include_bytes!("../../example/seal.txt")),
        (record::SEED_INPUT, include_bytes!("../../example/seed-input.txt")),
        (record::PULSE, include_bytes!("../../example/pulse.json")),
        (record::RESULT, include_bytes!("../../example/result.txt")),
        (record::BATCHES, include_bytes!("../../example/batches.txt")),
        (record::JOURNAL, include_bytes!("../../example/journal.txt")),
        (record::CHECKPOINT, include_bytes!("../../example/checkpoint.txt")),
        (record::MANIFEST, include_bytes!("../../example/manifest.txt")),
    ];
    let Some((which, bytes)) = data.split_first() else { return };
    let (name, good) = FILES[usize::from(*which) % FILES.len()];
    let mut files: BTreeMap<String, Vec<u8>> =
        FILES.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    files.insert(name.to_owned(), bytes.to_vec());
    if name != record::MANIFEST {
        files.remove(record::MANIFEST);
        let all: Vec<(&str, &[u8])> =
            files.iter().map(|(name, file)| (name.as_str(), file.as_slice())).collect();
        let manifest = record::manifest(&all).into_bytes();
        files.insert(record::MANIFEST.to_owned(), manifest);
    }
    if let Ok(report) = verify(&files) {
        assert!(!report.matches || bytes == good || name == record::CHECKPOINT, "{name}");
    }
});
