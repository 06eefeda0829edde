#![no_main]

use libfuzzer_sys::fuzz_target;
use public_audit::seed::SeedInput;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(seed) = SeedInput::parse(text) {
        assert_eq!(seed.to_text(), text);
    }
});
