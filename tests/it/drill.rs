//! The five incidents, rehearsed at a small scale; and drills that must not hold.

use std::{fs, process::Stdio};

use jebi::drill::{Options, Outcome, Reason, SCENARIOS, drill};
use public_audit::{Digest, note::Verifier};
use tempfile::TempDir;

/// How many residents each incident has.
const RESIDENTS: [(&str, u32); 5] = [
    ("tongyeong", 10_000),
    ("sejong", 90_000),
    ("busan", 900_000),
    ("onnuri", 4_300_000),
    ("gyeonggi", 13_260_000),
];

fn scale(scenario: &str, people: u32) -> f64 {
    let (_, residents) = RESIDENTS.iter().find(|(name, _)| *name == scenario).unwrap();
    f64::from(people) / f64::from(*residents)
}

fn options(scenario: &str, people: u32, capacity: u32, folder: &TempDir) -> Options {
    Options {
        scenario: scenario.to_owned(),
        scale: Some(scale(scenario, people)),
        seed: 7,
        report: folder.path().join("drill"),
        json: false,
        sample: 20_000,
        capacity,
    }
}

/// A drill that must hold, with what every one of them shows.
async fn holds(scenario: &str, people: u32) -> (Outcome, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let (outcome, _) = drill(&options(scenario, people, 100, &folder), None).await.unwrap();
    assert!(outcome.held.is_empty(), "{scenario}: {:#?}", outcome.held);
    let sockets = &outcome.sockets;
    assert_eq!(outcome.people.sockets, u64::from(people));
    assert_eq!(sockets.placed.0 + sockets.placed.1, u64::from(people), "{sockets:?}");
    assert_eq!(sockets.told, (u64::from(people), 0, 0, 0), "{sockets:?}");
    assert!(sockets.come > u64::from(people) / 2 && sockets.turned_away == 0, "{sockets:?}");
    assert!(sockets.bought.0 > 0 && sockets.bought.0 + sockets.bought.1 >= sockets.come, "{sockets:?}");
    // Whoever did not come was given a second time, and most of them came then.
    assert!(sockets.bought.1 > 0, "{sockets:?}");
    // The trouble was there.
    let met = |kind: &str| outcome.trouble.iter().find(|trouble| trouble.kind == kind).unwrap().met;
    assert!(met("identity") > 0 && met("vendor") > 0 && met("bank") > 0, "{:?}", outcome.trouble);
    assert!(outcome.trouble.iter().any(|trouble| trouble.kind == "restart"), "{:?}", outcome.trouble);
    // The other two rules would not have held.
    let [own, common, digit] = &outcome.policies[..] else { panic!("three rules") };
    assert!(own.over.0 == 0 && common.over.0 > 0 && digit.over.0 > 0);
    assert!(common.peak > 10.0 * own.peak, "{} and {}", common.peak, own.peak);
    (outcome, folder)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tongyeong_holds_and_its_report_can_be_checked() {
    let (outcome, folder) = holds("tongyeong", 60).await;
    let sockets = &outcome.sockets;
    assert_eq!(sockets.entered, 60);
    assert!(sockets.away > 0, "whoever came while the service was away came again: {sockets:?}");
    assert!(sockets.wrong_time.1 > 0, "{sockets:?}");
    for row in &outcome.spikes {
        let planned = row.planned.unwrap();
        assert!(planned <= row.limit, "{row:?}");
    }
    // The page stands by itself, in two languages.
    let read = |name: &str| fs::read_to_string(folder.path().join("drill").join(name)).unwrap();
    let (page, json, note) = (read("index.html"), read("report.json"), read("report.note"));
    for words in ["이 회차는 견뎠습니다", "The round held", "<svg", "<table", "jebi drill tongyeong"]
    {
        assert!(page.contains(words), "{words}");
    }
    for away in ["<script", "http:", "https:", "<link", "<img", "url("] {
        assert!(!page.contains(away), "{away}");
    }
    let figures: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(figures["sockets"]["entered"], 60);
    assert_eq!(figures["held"].as_array().unwrap().len(), 0);
    // Signed by the drill's key, over exactly these files.
    let key = page.rsplit("<code>").next().unwrap().split('<').next().unwrap();
    let text = Verifier::parse(key).unwrap().open(&note).unwrap().to_owned();
    for (name, bytes) in [("index.html", &page), ("report.json", &json)] {
        assert!(text.contains(&format!("{name} {}\n", Digest::of(bytes))), "{text}");
    }
    assert!(Verifier::parse(key).unwrap().open(&note.replace("draft", "craft")).is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sejong_holds() {
    let (outcome, _folder) = holds("sejong", 60).await;
    assert_eq!(outcome.sockets.entered, 60);
    assert_eq!(outcome.seller.0, "payment network");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn busan_holds_and_nobody_registers() {
    let (outcome, _folder) = holds("busan", 40).await;
    assert_eq!((outcome.sockets.entered, outcome.seller.0.as_str()), (0, "identity check"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn onnuri_holds() {
    let (outcome, _folder) = holds("onnuri", 40).await;
    assert_eq!(outcome.people.whole, 4_300_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gyeonggi_holds() {
    let (outcome, _folder) = holds("gyeonggi", 40).await;
    assert_eq!(outcome.people.whole, 13_260_000);
}

fn reason<'a>(held: &'a [Reason], kind: &str, subject: &str) -> Option<&'a Reason> {
    held.iter().find(|reason| reason.kind == kind && reason.subject == subject)
}

/// A seller that takes half of what it says is named, in both parts of the drill where it matters.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_an_identity_check_is_too_little_for_gyeonggi_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (outcome, page) = drill(&options("gyeonggi", 30, 50, &folder), None).await.unwrap();
    let named =
        reason(&outcome.held, "over", "identity check").unwrap_or_else(|| panic!("{:?}", outcome.held));
    assert!(named.en.contains("13.6") && named.ko.contains("13.6"), "{named:?}");
    assert_eq!(outcome.broke_first.as_ref().unwrap().dependency, "identity check");
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("이 회차는 견디지 못했습니다") && page.contains("The round did not hold"));
    // All limits but that one held.
    assert_eq!(outcome.held.len(), 1, "{:?}", outcome.held);
}

/// As a process: the exit code, and the figures on standard output.
#[tokio::test]
async fn a_seller_that_takes_next_to_nothing_ends_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_jebi"))
        .args(["drill", "tongyeong", "--scale", "0.003", "--capacity", "1", "--json", "--report"])
        .arg(folder.path().join("drill"))
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let figures: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let subjects: Vec<_> = figures["held"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| reason["subject"].as_str().unwrap())
        .collect();
    assert!(subjects.contains(&"seller"), "{subjects:?}");
    assert_eq!(SCENARIOS.len(), 5);
}
