//! The catalogue of tamperings, each caught by its named check.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use public_audit::tamper::{Base, Catch, Forge, catalogue};
use public_audit::verify::{CHECKS, verify};

#[test]
fn the_bases_are_good() {
    for base in [Base::Drand, Base::Rehearsal, Base::Declared, Base::Funds, Base::After] {
        let report = verify(&Forge::of(base).unwrap().finish()).unwrap();
        assert!(report.matches, "{base:?}\n{report}");
    }
}

#[test]
fn every_tampering_is_caught_by_its_check() {
    let cases = catalogue();
    assert!(cases.len() >= 45, "{}", cases.len());
    let missed: Vec<String> = cases
        .iter()
        .map(|case| (case, case.run().unwrap()))
        .filter(|(_, catch)| *catch != Catch::Caught)
        .map(|(case, catch)| format!("{case} → {catch:?}"))
        .collect();
    assert!(missed.is_empty(), "\n{}", missed.join("\n"));
    let names: BTreeSet<_> = cases.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), cases.len(), "names are unique");
    // Every check has at least one tampering that it must catch.
    let caught: BTreeSet<_> = cases.iter().map(|case| case.check).collect();
    assert_eq!(caught, CHECKS.into_iter().collect());
}
