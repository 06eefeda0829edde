#![no_main]

use libfuzzer_sys::fuzz_target;
use public_audit::Digest;
use public_audit::journal::Excerpt;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(excerpt) = Excerpt::parse(text) {
        assert_eq!(excerpt.text(), text);
        for logged in &excerpt.events {
            let _ = logged.is_in(u64::MAX, &Digest::ZERO);
        }
    }
});
