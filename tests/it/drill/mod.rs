//! Drills: the incidents rehearsed at a small scale, drills that must not hold, drafts, and what a report is good for.

mod drafts;
mod incidents;
mod opening;
mod too_little;

use jebi::drill::{Options, SCENARIOS};
use tempfile::TempDir;

/// How many residents each incident has.
const RESIDENTS: [(&str, u32); 6] = [
    ("tongyeong", 10_000),
    ("sejong", 90_000),
    ("busan", 900_000),
    ("onnuri", 4_300_000),
    ("gyeonggi", 13_260_000),
    ("gyeonggi-entering", 826_226),
];

fn scale(scenario: &str, people: u32) -> f64 {
    let (_, residents) = RESIDENTS.iter().find(|(name, _)| *name == scenario).unwrap();
    f64::from(people) / f64::from(*residents)
}

fn options(scenario: &str, people: u32, capacity: u32, folder: &TempDir) -> Options {
    Options {
        scenario: scenario.to_owned(),
        draft: None,
        scale: Some(scale(scenario, people)),
        seed: 7,
        report: folder.path().join("drill"),
        json: false,
        sample: Some(20_000),
        capacity,
    }
}

#[test]
fn whatever_is_drilled_is_drilled_here() {
    assert_eq!(RESIDENTS.map(|(name, _)| name), SCENARIOS);
}
