#![no_main]

use libfuzzer_sys::fuzz_target;
use public_audit::beacon;
use public_audit::record::Pulse;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(pulse) = Pulse::parse(text) {
        assert_eq!(pulse.to_json(), text);
        if let Pulse::Drand { round, .. } = pulse {
            let _ = pulse.verify(&beacon::quicknet(round));
        }
    }
});
