#![no_main]

use libfuzzer_sys::fuzz_target;
use public_audit::journal::cosignature::{Cosigner, Witness};
use public_audit::note::{self, Verifier};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = note::split(text);
    if let Ok(key) = Verifier::parse(text) {
        assert_eq!(key.to_vkey(), text);
    }
    if let Ok(key) = Cosigner::parse(text) {
        assert_eq!(key.to_secret(), text);
    }
    let _ = Witness::parse(text);
    let key = "jebi.example/tongyeong+dcdd59ec+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
    if let Ok(opened) = Verifier::parse(key).and_then(|key| key.open(text).map(str::to_owned)) {
        assert!(text.starts_with(&opened));
    }
});
