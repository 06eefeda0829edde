#![no_main]

use libfuzzer_sys::fuzz_target;
use public_audit::result::Line;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = Line::parse(text);
});
