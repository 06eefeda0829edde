#![no_main]

use libfuzzer_sys::fuzz_target;
use public_audit::{Entry, Pool, Rules};

fuzz_target!(|data: &[u8]| {
    // Under the rules of the example and of a round with cohorts.
    const RULES: [&[u8]; 1] = [include_bytes!("../../example/rules.json")];
    for rules in RULES {
        let Ok(rules) = Rules::parse(rules) else { return };
        if let Ok(pool) = Pool::parse(&rules, data) {
            assert_eq!(pool.text().as_bytes(), data);
        }
        if let Some(line) = std::str::from_utf8(data).ok()
            && let Ok(entry) = Entry::parse(&rules, line)
        {
            assert_eq!(entry.line(&rules).as_deref(), Ok(line));
        }
    }
});
