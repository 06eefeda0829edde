#![no_main]

use libfuzzer_sys::fuzz_target;
use public_audit::journal::Paths;
use public_audit::journal::paths::Published;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(paths) = Paths::parse(text) {
        assert_eq!(paths.text(), text);
        let _ = paths.check(&Published {
            rules: include_bytes!("../../example/rules.json"),
            seal: include_str!("../../example/seal.txt"),
            drawn: Some((
                include_str!("../../example/seed-input.txt"),
                include_str!("../../example/checkpoint.txt"),
            )),
        });
    }
});
