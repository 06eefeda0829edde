#![no_main]

use libfuzzer_sys::fuzz_target;
use public_audit::seal::{EntryNote, Seal};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(seal) = Seal::parse(text) {
        assert_eq!(seal.to_text(), text);
    }
    if let Ok(note) = EntryNote::parse(text) {
        assert_eq!(note.to_text(), text);
    }
});
