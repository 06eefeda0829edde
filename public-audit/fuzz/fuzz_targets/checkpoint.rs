#![no_main]

use libfuzzer_sys::fuzz_target;
use public_audit::journal::Checkpoint;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(checkpoint.text(), text);
    }
    let _ = Checkpoint::peek(text);
});
