//! The five incidents, rehearsed at a small scale.

use std::{collections::BTreeSet, fs};

use jebi::{
    domain::{draft::Carries, plan::Spike},
    drill::{Outcome, TroubleKind, drill},
};
use public_audit::{Digest, note::Verifier};
use tempfile::TempDir;

use super::options;

/// A drill that must hold, with what every one of them shows.
async fn holds(scenario: &str, people: u32) -> (Outcome, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let outcome = drill(&options(scenario, people, 100, &folder), None).await.unwrap().outcome;
    assert!(outcome.held.is_empty(), "{scenario}: {:#?}", outcome.held);
    let sockets = &outcome.sockets;
    assert_eq!(outcome.people.sockets, u64::from(people));
    assert_eq!(sockets.placed.0 + sockets.placed.1, u64::from(people), "{sockets:?}");
    // Whoever can be reached is told, once; exactly the others are on the list. One in a hundred is one of these few.
    assert_eq!((sockets.told, sockets.gone), ((u64::from(people) - 1, 0, 1, 0), 1), "{sockets:?}");
    assert!(sockets.come > u64::from(people) / 2 && sockets.turned_away == 0, "{sockets:?}");
    assert!(sockets.bought.0 > 0 && sockets.bought.0 + sockets.bought.1 >= sockets.come, "{sockets:?}");
    // Whoever did not come was given a second time, and most of them came then.
    assert!(sockets.bought.1 > 0, "{sockets:?}");
    // The trouble was there, and each of it met somebody.
    let kinds: BTreeSet<TroubleKind> = outcome.trouble.iter().map(|trouble| trouble.kind).collect();
    assert_eq!(kinds, BTreeSet::from(TroubleKind::ALL));
    assert!(outcome.trouble.iter().all(|trouble| trouble.met > 0), "{:?}", outcome.trouble);
    assert_eq!(outcome.unmet(), Vec::<TroubleKind>::new());
    // Each kind of people was there, and did what it does: came too early to buy, and paid twice at once.
    for said in ["not_yet", "already"] {
        assert!(sockets.refusals[said] > 0, "{said}: {sockets:?}");
    }
    // Whoever came while the service was away came again, and waited for as long.
    let outage = outcome.trouble.iter().find(|trouble| trouble.kind == TroubleKind::Outage).unwrap();
    assert!(sockets.away >= outage.met && sockets.waits.2 >= 5 * 60, "{sockets:?}");
    // All who came while it was away, and most of those who were in the middle of it.
    assert!(outage.of.is_some_and(|of| of > 0 && outage.met <= of), "{outage:?}");
    assert_eq!(sockets.errors, 0, "{sockets:?}");
    // The other two rules would not have held.
    let [own, common, digit] = &outcome.policies[..] else { panic!("three rules") };
    assert!(own.over.0 == 0 && common.over.0 > 0 && digit.over.0 > 0);
    assert!(common.peak > 10.0 * own.peak, "{} and {}", common.peak, own.peak);
    (outcome, folder)
}

/// A drill that must hold, of sixty people who enter.
async fn holds_and_all_enter(scenario: &str) -> (Outcome, TempDir) {
    let (outcome, folder) = holds(scenario, 60).await;
    let sockets = &outcome.sockets;
    assert_eq!(sockets.entered, 60);
    // Three each tap twice and have lost their receipt, give or take one; they have one entry all the same.
    assert!((4..=8).contains(&sockets.repeated), "{sockets:?}");
    // Six are impatient and three come on the wrong day: more than either are alone. And somebody comes after the close.
    assert!((8..=10).contains(&sockets.wrong_time.0) && sockets.wrong_time.1 > 0, "{sockets:?}");
    // Somebody was in the middle of entering when the service went, and somebody came while it was away.
    let restart = outcome.trouble.iter().find(|trouble| trouble.kind == TroubleKind::Restart).unwrap();
    assert!(restart.of.is_some_and(|of| of >= 2), "{restart:?}");
    // It is counted, and more than anybody who is not human asks for: eight pages and one code each.
    assert!(sockets.asked[&Carries::Pages] > 8 * 60, "{sockets:?}");
    assert!(sockets.asked[&Carries::Texts] + sockets.asked[&Carries::Mails] > 60, "{sockets:?}");
    (outcome, folder)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tongyeong_holds_and_its_report_can_be_checked() {
    let (outcome, folder) = holds_and_all_enter("tongyeong").await;
    for row in &outcome.spikes {
        let planned = row.planned.unwrap();
        assert!(planned.load <= planned.limit, "{row:?}");
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
    assert!(Verifier::parse(key).unwrap().open(&note.replace("subject", "object")).is_err());
    // By a key that nobody else knows; and everything that a second drill of the same people takes.
    assert!(
        page.contains("This key was made for this drill") && !page.contains("compare it with signing_key")
    );
    assert!(page.contains("--scale 0.006 --seed 7 --sample 20000 --capacity 100"), "{page}");
    assert_eq!(figures["version"], env!("CARGO_PKG_VERSION"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sejong_holds() {
    let (outcome, _folder) = holds_and_all_enter("sejong").await;
    assert_eq!(outcome.seller.0, "payment network");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn busan_holds_and_nobody_registers() {
    let (outcome, _folder) = holds("busan", 40).await;
    assert_eq!((outcome.sockets.entered, outcome.seller.0.as_str()), (0, "identity check"));
    // Not all that were still to be told, but those whose results fell due while the service was away.
    let restart = outcome.trouble.iter().find(|trouble| trouble.kind == TroubleKind::Restart).unwrap();
    assert!((1..=6).contains(&restart.met), "{restart:?}");
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

/// The 826,226 of its first day enter in the eleven hours in which they came, until two at night.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_day_of_gyeonggi_holds_and_all_enter() {
    let (outcome, _folder) = holds_and_all_enter("gyeonggi-entering").await;
    assert_eq!(outcome.people.whole, 826_226);
    // What fell over then lets people through at a minute of their own.
    assert_eq!(outcome.seller.0, "identity check");
    let mut opening = outcome.spikes.iter().filter(|row| row.spike == Spike::Opening);
    let codes = opening.find(|row| row.dependency == "SMS vendors").unwrap();
    let (planned, whole) = (codes.planned.unwrap(), codes.whole.unwrap());
    // A third of the first hour's in the first minute; the sample flattens that.
    assert!(planned.load > 400.0 && planned.load <= planned.limit, "{planned:?}");
    assert!(whole.load > 20.0 && whole.load <= planned.load, "{whole:?} of {planned:?}");
}
