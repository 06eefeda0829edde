#![no_main]

use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;

use public_audit::Digest;
use public_audit::record::{manifest_of_digests, parse_manifest};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(files) = parse_manifest(text) {
        let digests: BTreeMap<&str, Digest> = files.into_iter().collect();
        assert_eq!(manifest_of_digests(&digests), text);
    }
});
