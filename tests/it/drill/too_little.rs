//! Drills of a seller that takes less than it says: they must not hold, and say why.

use std::{fs, process::Stdio};

use jebi::drill::{Reason, drill};

use super::options;

fn reason<'a>(held: &'a [Reason], kind: &str, subject: &str) -> Option<&'a Reason> {
    held.iter().find(|reason| reason.kind == kind && reason.subject == subject)
}

/// A seller that takes half of what it says is named, in both parts of the drill where it matters.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_an_identity_check_is_too_little_for_gyeonggi_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let drilled = drill(&options("gyeonggi", 30, 50, &folder), None).await.unwrap();
    let [figures, page, note] = drilled.report.files;
    for (name, text) in [("report.json", &figures), ("index.html", &page), ("report.note", &note)] {
        assert_eq!(fs::read_to_string(drilled.report.dir.join(name)).unwrap(), *text, "{name}");
    }
    let outcome = drilled.outcome;
    let named =
        reason(&outcome.held, "over", "identity check").unwrap_or_else(|| panic!("{:?}", outcome.held));
    assert!(named.en.contains("13.6") && named.ko.contains("13.6"), "{named:?}");
    assert_eq!(outcome.broke_first[0].dependency, "identity check");
    assert!(page.contains("이 회차는 견디지 못했습니다") && page.contains("The round did not hold"));
    // Thirty of thirteen million meet no limit, and do not say that it holds.
    assert!(outcome.spikes.iter().all(|row| row.sockets.is_none()), "{:?}", outcome.spikes);
    assert_eq!(outcome.people.enough.0, 0);
    assert!(page.contains("too few people over sockets"), "the page says so");
    let row = outcome.spikes.iter().find(|row| row.dependency == "identity check").unwrap();
    let (planned, whole) = (row.planned.unwrap(), row.whole.unwrap());
    assert!(planned.limit > 1.9 * whole.limit, "each by its own limit: {row:?}");
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
    // What those over sockets asked shows it by itself: thirty are enough for a window of an hour.
    let spikes = figures["spikes"].as_array().unwrap();
    let starts = |row: &&serde_json::Value| row["dependency"] == "seller" && row["spike"] == "starts";
    let sockets = &spikes.iter().find(starts).unwrap()["sockets"];
    assert!(sockets["load"].as_f64().unwrap() > sockets["limit"].as_f64().unwrap(), "{spikes:#?}");
}
