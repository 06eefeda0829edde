//! The five incidents, rehearsed at a small scale; and drills that must not hold.

use std::{collections::BTreeSet, fs, process::Stdio};

use jebi::{
    config,
    domain::{
        draft::{BeaconChoice, Draft},
        drill::{Size, subject},
        plan::Spike,
        staff::Role,
    },
    drill::{Options, Outcome, Reason, SCENARIOS, drill},
    lifecycle::announce::{Staff, announce},
    store::{self, drill::Report},
};
use public_audit::{Digest, note::Verifier};
use tempfile::TempDir;

use crate::{
    roster,
    support::{Engine, TestApp, both},
};

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

/// A drill that must hold, with what every one of them shows.
async fn holds(scenario: &str, people: u32) -> (Outcome, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let outcome = drill(&options(scenario, people, 100, &folder), None).await.unwrap().outcome;
    assert!(outcome.held.is_empty(), "{scenario}: {:#?}", outcome.held);
    let sockets = &outcome.sockets;
    assert_eq!(outcome.people.sockets, u64::from(people));
    assert_eq!(sockets.placed.0 + sockets.placed.1, u64::from(people), "{sockets:?}");
    assert_eq!(sockets.told, (u64::from(people), 0, 0, 0), "{sockets:?}");
    assert!(sockets.come > u64::from(people) / 2 && sockets.turned_away == 0, "{sockets:?}");
    assert!(sockets.bought.0 > 0 && sockets.bought.0 + sockets.bought.1 >= sockets.come, "{sockets:?}");
    // Whoever did not come was given a second time, and most of them came then.
    assert!(sockets.bought.1 > 0, "{sockets:?}");
    // The trouble was there, and each of it met somebody.
    let kinds: BTreeSet<&str> = outcome.trouble.iter().map(|trouble| trouble.kind).collect();
    assert_eq!(kinds, BTreeSet::from(["bank", "identity", "outage", "restart", "vendor"]));
    assert!(outcome.trouble.iter().all(|trouble| trouble.met > 0), "{:?}", outcome.trouble);
    // Whoever came while the service was away came again, and waited for as long.
    let outage = outcome.trouble.iter().find(|trouble| trouble.kind == "outage").unwrap();
    assert!(sockets.away >= outage.met && sockets.waits.2 >= 5 * 60, "{sockets:?}");
    assert_eq!(sockets.errors, 0, "{sockets:?}");
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
    let (outcome, _folder) = holds("sejong", 60).await;
    assert_eq!(outcome.sockets.entered, 60);
    assert_eq!(outcome.seller.0, "payment network");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn busan_holds_and_nobody_registers() {
    let (outcome, _folder) = holds("busan", 40).await;
    assert_eq!((outcome.sockets.entered, outcome.seller.0.as_str()), (0, "identity check"));
    // Not all that were still to be told, but those whose results fell due while the service was away.
    let restart = outcome.trouble.iter().find(|trouble| trouble.kind == "restart").unwrap();
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
    let (outcome, _folder) = holds("gyeonggi-entering", 60).await;
    assert_eq!((outcome.people.whole, outcome.sockets.entered), (826_226, 60));
    // What fell over then lets people through at a minute of their own.
    assert_eq!(outcome.seller.0, "identity check");
    let mut opening = outcome.spikes.iter().filter(|row| row.spike == Spike::Opening);
    let codes = opening.find(|row| row.dependency == "SMS vendors").unwrap();
    let (planned, whole) = (codes.planned.unwrap(), codes.whole.unwrap());
    // A third of the first hour's in the first minute; the sample flattens that.
    assert!(planned.load > 400.0 && planned.load <= planned.limit, "{planned:?}");
    assert!(whole.load > 20.0 && whole.load <= planned.load, "{whole:?} of {planned:?}");
}

fn reason<'a>(held: &'a [Reason], kind: &str, subject: &str) -> Option<&'a Reason> {
    held.iter().find(|reason| reason.kind == kind && reason.subject == subject)
}

/// A seller that takes half of what it says is named, in both parts of the drill where it matters.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_an_identity_check_is_too_little_for_gyeonggi_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let drilled = drill(&options("gyeonggi", 30, 50, &folder), None).await.unwrap();
    let [figures, page, note] = drilled.files;
    for (name, text) in [("report.json", &figures), ("index.html", &page), ("report.note", &note)] {
        assert_eq!(fs::read_to_string(drilled.dir.join(name)).unwrap(), *text, "{name}");
    }
    let outcome = drilled.outcome;
    let named =
        reason(&outcome.held, "over", "identity check").unwrap_or_else(|| panic!("{:?}", outcome.held));
    assert!(named.en.contains("13.6") && named.ko.contains("13.6"), "{named:?}");
    assert_eq!(outcome.broke_first.as_ref().unwrap().dependency, "identity check");
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
    assert_eq!(SCENARIOS.len(), 6);
}

/// The example of a draft, for everybody, with questions that funds look at.
fn questions() -> Draft {
    let text = include_str!("../../docs/round.example.toml");
    let more = r#"
        [[field]]
        name = "household"
        [[field]]
        name = "region"
        label_ko = "사는 곳"
        label_en = "Where you live"
        values = [
          { name = "jungang", ko = "중앙동", en = "Jungang-dong" },
          { name = "donghae", ko = "동해동", en = "Donghae-dong" },
        ]
        [[fund]]
        name = "city"
        per_seat = 50_000
        budget = 1_000_000_000
        label_ko = "시"
        label_en = "City"
        [[fund]]
        name = "large"
        match = { household = ["4+"] }
        per_seat = 20_000
        budget = 1_000_000_000
        label_ko = "큰 세대"
        label_en = "Large households"
        [[fund]]
        name = "jungang"
        match = { region = ["jungang"] }
        per_seat = 10_000
        budget = 1_000_000_000
        label_ko = "중앙동"
        label_en = "Jungang-dong"
    "#;
    Draft::parse(&(text.replace("mode = \"share\"", "mode = \"everyone\"") + more)).unwrap()
}

/// Not only the five: whatever a clerk has written.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_with_questions_is_drilled() {
    let folder = tempfile::tempdir().unwrap();
    let mut draft = questions();
    // Who expects few of those who could come drills with more: here with all that the draft knows of, as an announcement
    // asks for. There are not so many seats that a tenth of them were more.
    (draft.expect.entrants, draft.expect.at_most) = (Some(5), Some(40));
    draft.opening[0].slot_capacity = Some(20);
    let of = subject(&draft).unwrap();
    let options =
        Options { draft: Some(Box::new(draft)), scale: None, ..options("tongyeong", 50, 100, &folder) };
    let outcome = drill(&options, None).await.unwrap().outcome;
    assert!(outcome.held.is_empty(), "{:#?}", outcome.held);
    assert_eq!(outcome.size(), Size { over_sockets: 40, in_process: 40 });
    assert_eq!((outcome.subject, outcome.sockets.entered), (of, outcome.people.sockets));
    assert!(outcome.sockets.ledger.0 > 0);
    // The same people come by the other two rules.
    assert!(outcome.policies[1..].iter().all(|policy| (policy.come - 40.0).abs() < 1e-9), "{outcome:#?}");
}

/// The example at a bank and at a counter, from which its slots have their capacity; no dependency limits who buys.
fn at_sellers() -> Draft {
    let sellers = r#"
        [[seller]]
        name = "bank"
        per_minute = 10
        dips = [{ from = "12:00", to = "13:00", percent = 60 }]
        [[seller]]
        name = "city hall"
        per_minute = 3
        from = "10:00"
        until = "16:00"
        stock = 2_000
    "#;
    let text = include_str!("../../docs/round.example.toml")
        .replace("slot_capacity = 500 ", "sellers = [\"bank\", \"city hall\"]\npercent = 90\n#");
    let mut draft = Draft::parse(&(text + sellers)).unwrap();
    draft.dependency.retain(|dependency| dependency.name != "seller");
    draft
}

/// What its sellers say that they take is enough to drill a draft; where nobody says anything, it says what to write.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_with_sellers_is_drilled() {
    let folder = tempfile::tempdir().unwrap();
    let draft = at_sellers();
    let of = subject(&draft).unwrap();
    let forty =
        |draft: Draft| Options { draft: Some(Box::new(draft)), ..options("tongyeong", 80, 100, &folder) };
    let outcome = drill(&forty(draft.clone()), None).await.unwrap().outcome;
    assert!(outcome.held.is_empty(), "{:#?}", outcome.held);
    assert_eq!((outcome.subject, outcome.people.sockets), (of, 40));
    let (name, says, takes) = &outcome.seller;
    assert_eq!(name, "bank, city hall");
    assert!((says - 13.0 / 60.0).abs() < 1e-9 && (says - takes).abs() < 1e-9, "{:?}", outcome.seller);
    let sockets = &outcome.sockets;
    assert_eq!((sockets.entered, sockets.placed.0 + sockets.placed.1), (40, 40), "{sockets:?}");
    assert!(sockets.ledger.0 > 0 && sockets.bought.0 + sockets.bought.1 == sockets.come, "{sockets:?}");

    let mut nobody = draft;
    nobody.seller.clear();
    let opening = &mut nobody.opening[0];
    (opening.sellers, opening.percent, opening.slot_capacity) = (Vec::new(), None, Some(500));
    let told = drill(&forty(nobody), None).await.err().unwrap().to_string();
    for words in ["nothing was drilled", "[[dependency]]", "uses = { purchase = 1 }", "[[seller]]"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    // What cannot be drilled takes nothing away from the report of what was.
    assert!(folder.path().join("drill/report.json").is_file());
}

both!(no_report_no_opening, whoever_has_a_seat_counts, a_month_of_the_example_is_drilled_first);

async fn no_report_no_opening(engine: Engine) {
    let t = TestApp::start_with(engine, |config| config.drill.from_people = 80).await;
    let mut draft = t.draft(100);
    let staff = Staff::new("a clerk", "an approver");
    // A rehearsal needs none; a small round neither, unless it says so.
    draft.slug = "rehearsal".to_owned();
    announce(&t.app, &draft, &staff).await.unwrap();
    draft.beacon = BeaconChoice::Drand;
    draft.slug = "large".to_owned();
    let refused = |draft: Draft| {
        let (t, staff) = (&t, &staff);
        async move { announce(&t.app, &draft, staff).await.unwrap_err().to_string() }
    };
    let why = refused(draft.clone()).await;
    // More have a seat than the draft says could take part.
    assert!(why.contains("run `jebi drill FILE`") && why.contains("126 people"), "{why}");
    let mut small = t.draft(20);
    (small.slug, small.beacon) = ("small".to_owned(), BeaconChoice::Drand);
    announce(&t.app, &small, &staff).await.unwrap();
    (small.slug, small.drill) = ("small-drilled".to_owned(), true);
    assert!(refused(small).await.contains("drill = true"));

    // Only a drill in which it held counts, and only of these rules and this plan.
    let everybody = Size { over_sockets: 100, in_process: 100 };
    // One of a few people lets nobody through, and neither does one whose trouble met nobody; they say what to run.
    for few in [Size { over_sockets: 99, ..everybody }, Size { in_process: 1, ..everybody }] {
        keep(&t, &draft, true, few, true).await;
        let why = refused(draft.clone()).await;
        let had = format!("had {} people over sockets and {} in process", few.over_sockets, few.in_process);
        let asked = "100 and 100 are asked for: run `jebi drill FILE` without --scale and --sample";
        assert!(why.contains(&had) && why.contains(asked), "{why}");
    }
    // Thirty are not enough because the draft expects no more: a hundred could come.
    let mut modest = Draft { slug: "modest".to_owned(), ..draft.clone() };
    modest.expect.entrants = Some(30);
    keep(&t, &modest, true, Size { over_sockets: 30, in_process: 30 }, true).await;
    let why = refused(modest).await;
    assert!(why.contains("had 30 people over sockets and 30 in process, and 100 and 100"), "{why}");
    // Neither are they because it does not say how many could: more have a seat, who are asked for.
    let mut silent = Draft { slug: "silent".to_owned(), ..draft.clone() };
    (silent.expect.entrants, silent.expect.at_most) = (Some(30), None);
    keep(&t, &silent, true, Size { over_sockets: 30, in_process: 30 }, true).await;
    let why = refused(silent).await;
    assert!(why.contains("had 30 people over sockets and 30 in process"), "{why}");
    assert!(why.contains("people could take part, for expect.at_most does not say fewer"), "{why}");
    keep(&t, &draft, true, everybody, false).await;
    let why = refused(draft.clone()).await;
    assert!(why.contains("nobody met some of the trouble") && why.contains("another --seed"), "{why}");
    keep(&t, &draft, false, everybody, true).await;
    let why = refused(draft.clone()).await;
    assert!(why.contains("did not hold"), "{why}");
    let id = keep(&t, &draft, true, everybody, true).await;
    // What shows less than that takes nothing away from it.
    keep(&t, &draft, true, Size { over_sockets: 1, in_process: 1 }, true).await;
    keep(&t, &draft, true, everybody, false).await;
    let other = Draft { grace_hours: draft.grace_hours + 1, ..draft.clone() };
    assert!(refused(other).await.contains("run `jebi drill FILE`"));
    let round = announce(&t.app, &draft, &staff).await.unwrap();
    assert_eq!(store::drill::find_of(t.db(), round.id).await.unwrap(), Some(id));
    // Staff read it as it was written; its style is all that it may bring along.
    let mut kim = t.staff("kim", Role::Clerk).await;
    let page = kim.see(&format!("/console/drills/{id}")).await;
    assert_eq!(page.body(), "<p>drilled</p>");
    // Whoever drills again in vain cannot announce it any more, with however few people.
    draft.slug = "large-again".to_owned();
    keep(&t, &draft, true, everybody, true).await;
    keep(&t, &draft, false, Size { over_sockets: 1, in_process: 1 }, true).await;
    assert!(refused(draft).await.contains("did not hold"));
}

/// That a draft says fewer than the limit does not open its round to all who have a seat; a roster keeps them out.
async fn whoever_has_a_seat_counts(engine: Engine) {
    let t = TestApp::start_with(engine, |config| config.drill.from_people = 80).await;
    let staff = Staff::new("a clerk", "an approver");
    let modest = |slug: &str, residents: u32, at_most: u64| {
        let mut draft = t.draft(residents);
        (draft.slug, draft.beacon) = (slug.to_owned(), BeaconChoice::Drand);
        (draft.expect.entrants, draft.expect.at_most) = (Some(30), Some(at_most));
        draft
    };
    // With 126 seats for 79 it is refused, and a report of all 79 suffices.
    let mut draft = modest("seats", 100, 79);
    let why = announce(&t.app, &draft, &staff).await.unwrap_err().to_string();
    let because = "126 people could take part, for there are seats for more than expect.at_most says";
    assert!(why.contains(because) && why.contains("from 80 on it is asked for"), "{why}");
    let of_all = Size { over_sockets: 79, in_process: 79 };
    keep(&t, &draft, true, Size { over_sockets: 78, ..of_all }, true).await;
    let why = announce(&t.app, &draft, &staff).await.unwrap_err().to_string();
    assert!(why.contains("had 78 people over sockets") && why.contains("79 and 79 are asked for"), "{why}");
    let id = keep(&t, &draft, true, of_all, true).await;
    let round = announce(&t.app, &draft, &staff).await.unwrap();
    assert_eq!(store::drill::find_of(t.db(), round.id).await.unwrap(), Some(id));
    // With 72 seats for 60 nobody asks for one.
    announce(&t.app, &modest("few", 60, 60), &staff).await.unwrap();
    // Four are on the roster: nobody else comes, though the seats are as many as before.
    roster::imported(&t, &roster::people(4), None).await.unwrap();
    (draft.slug, draft.roster) = ("on-a-roster".to_owned(), Some("list".to_owned()));
    announce(&t.app, &draft, &staff).await.unwrap();
}

/// As a deployment is that says nothing of drills.
async fn a_month_of_the_example_is_drilled_first(engine: Engine) {
    let t = TestApp::start_with(engine, |config| config.drill = config::Drill::default()).await;
    let staff = Staff::new("a clerk", "an approver");
    let draft = Draft::parse(include_str!("../../docs/round.example.toml")).unwrap();
    let why = announce(&t.app, &draft, &staff).await.unwrap_err().to_string();
    assert!(why.contains("9,000 people could take part, and from 2,000 on it is asked for"), "{why}");
    assert!(why.contains("run `jebi drill FILE`"), "{why}");
    let id = keep(&t, &draft, true, Size { over_sockets: 2_000, in_process: 5_000 }, true).await;
    let round = announce(&t.app, &draft, &staff).await.unwrap();
    assert_eq!(store::drill::find_of(t.db(), round.id).await.unwrap(), Some(id));
}

/// A report as `jebi drill` keeps it; its number.
async fn keep(t: &TestApp, draft: &Draft, held: bool, size: Size, all_met: bool) -> i64 {
    let subject = subject(draft).unwrap().to_string();
    let txn = t.app.db.begin().await.unwrap();
    let (report, page, note, made_at) = ("{}", "<p>drilled</p>", "", t.now());
    let kept = Report { subject: &subject, held, made_at, size, all_met, report, page, note };
    let id = store::drill::insert(&txn, kept).await.unwrap();
    txn.commit().await.unwrap();
    id
}
