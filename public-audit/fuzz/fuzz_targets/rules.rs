#![no_main]

use libfuzzer_sys::fuzz_target;
use public_audit::Rules;

fuzz_target!(|data: &[u8]| {
    // What is read is written in one form, which is read again as the same.
    if let Ok(rules) = Rules::parse(data) {
        assert_eq!(Rules::parse(rules.to_json().as_bytes()), Ok(rules));
    }
});
