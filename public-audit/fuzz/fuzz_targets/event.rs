#![no_main]

use libfuzzer_sys::fuzz_target;
use public_audit::journal::Event;
use public_audit::journal::rounds::Rounds;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut rounds = Rounds::default();
    for line in text.split('\n') {
        if let Ok(event) = line.parse::<Event>() {
            assert_eq!(event.to_string(), line);
            let _ = rounds.take(&event);
        }
    }
});
