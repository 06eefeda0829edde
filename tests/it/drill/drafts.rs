//! Drafts, as a clerk writes them; and what becomes of an earlier report where one cannot be drilled.

use std::fs;

use jebi::{
    domain::{
        draft::Draft,
        drill::{Size, subject},
    },
    drill::{Options, drill},
};

use super::options;

/// The example of a draft, for everybody, with questions that funds look at.
fn questions() -> Draft {
    let text = include_str!("../../../docs/round.example.toml");
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
    assert_eq!((outcome.drill.subject, outcome.sockets.entered), (of, outcome.people.sockets));
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
    let text = include_str!("../../../docs/round.example.toml")
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
    assert_eq!((outcome.drill.subject, outcome.people.sockets), (of, 40));
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

/// Whether the round of a drill is announced shows only when its service runs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_that_is_refused_takes_nothing_away_from_an_earlier_report() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("drill");
    let earlier = [
        (".jebi-drill", "Made by a drill.\n"),
        ("report.json", "{}\n"),
        ("index.html", "<p>The round held.</p>\n"),
        ("report.note", "jebi drill round.toml\n"),
    ];
    fs::create_dir(&dir).unwrap();
    earlier.iter().for_each(|(name, text)| fs::write(dir.join(name), text).unwrap());
    let mut draft = questions();
    (draft.expect.entrants, draft.expect.at_most) = (Some(40), Some(40));
    // One mail a day for forty people, each of whom is told more than once.
    let relay = draft.dependency.iter_mut().find(|dependency| dependency.name == "mail relay").unwrap();
    relay.per_day = Some(1.0);
    let options =
        Options { draft: Some(Box::new(draft)), scale: None, ..options("tongyeong", 50, 100, &folder) };
    let told = drill(&options, None).await.err().unwrap().to_string();
    assert!(told.contains("the round is not safe") && told.contains("mail relay"), "{told}");
    for (name, text) in &earlier[1..] {
        assert_eq!(fs::read_to_string(dir.join(name)).unwrap(), *text, "{name}");
    }
}
