#![no_main]

use libfuzzer_sys::fuzz_target;
use public_audit::journal::cosignature::Cosigner;
use public_audit::journal::witness::{State, add_checkpoint};
use public_audit::note::Verifier;

fuzz_target!(|data: &[u8]| {
    let key = "jebi.example/tongyeong+dcdd59ec+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
    let (Ok(key), Ok(cosigner)) = (Verifier::parse(key), Cosigner::new("w", &[1; 32])) else { return };
    let mut state = State::new([key]);
    let before = state.clone();
    let Ok(now) = "2026-01-01T00:00:00Z".parse() else { return };
    if add_checkpoint(&mut state, data, &cosigner, now).is_err() {
        assert_eq!(state, before);
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    if state.remember(text).is_ok() {
        let mut again = State::new([]);
        let _ = again.remember(&state.text());
    }
});
