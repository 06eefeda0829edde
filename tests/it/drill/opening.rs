//! No report, no opening: which reports let a round through.

use jebi::{
    config,
    domain::{
        draft::{BeaconChoice, Draft},
        drill::{Size, subject},
        staff::Role,
        who::Household,
    },
    lifecycle::announce::{Staff, announce},
    store::{self, drill::Report},
};

use crate::{
    roster,
    support::{Engine, TestApp, both},
};

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
    let failed = keep(&t, &draft, false, everybody, true).await;
    let why = refused(draft.clone()).await;
    let named = format!("did not hold: change what its report (/console/drills/{failed}) names");
    assert!(why.contains(&named), "{why}");
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
    // Beside it what its foot tells to check it with.
    for (file, text) in [("report.json", "{}"), ("report.note", "a signed note\n")] {
        assert_eq!(kim.see(&format!("/console/drills/{id}/{file}")).await.body(), text);
    }
    // The page of a round leads there, also of one that was never proposed on the console.
    let page = kim.see("/console/rounds/large").await;
    assert!(page.body().contains(&format!("href=\"/console/drills/{id}\"")), "{}", page.body());
    let page = kim.see("/console/rounds/rehearsal").await;
    assert!(!page.body().contains("/console/drills/"), "{}", page.body());
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
    // Nobody else comes either where a household has one entry, though how many there are is not the number of people.
    (draft.slug, draft.household) = ("of-households".to_owned(), Household::One);
    announce(&t.app, &draft, &staff).await.unwrap();
}

/// As a deployment is that says nothing of drills.
async fn a_month_of_the_example_is_drilled_first(engine: Engine) {
    let t = TestApp::start_with(engine, |config| config.drill = config::Drill::default()).await;
    let staff = Staff::new("a clerk", "an approver");
    let draft = Draft::parse(include_str!("../../../docs/round.example.toml")).unwrap();
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
    let kept = Report {
        subject: &subject,
        titles: (&draft.title_ko, &draft.title_en),
        version: env!("CARGO_PKG_VERSION"),
        held,
        halted: false,
        made_at: t.now(),
        size,
        all_met,
        report: "{}",
        page: "<p>drilled</p>",
        note: "a signed note\n",
    };
    let id = store::drill::insert(&txn, kept).await.unwrap();
    txn.commit().await.unwrap();
    id
}
