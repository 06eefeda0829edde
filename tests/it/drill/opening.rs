//! No report, no opening: which reports let a round through.

use jebi::{
    domain::{
        draft::{BeaconChoice, Draft},
        drill::{Size, subject},
        staff::Role,
    },
    lifecycle::announce::{Staff, announce},
    store::{self, drill::Report},
};

use crate::support::{Engine, TestApp, both};

both!(no_report_no_opening);

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
    assert!(why.contains("run `jebi drill FILE`") && why.contains("100 people"), "{why}");
    let mut small = t.draft(20);
    (small.slug, small.beacon) = ("small".to_owned(), BeaconChoice::Drand);
    announce(&t.app, &small, &staff).await.unwrap();
    (small.slug, small.drill) = ("small-drilled".to_owned(), true);
    assert!(refused(small).await.contains("drill = true"));

    // Only a drill in which it held counts, and only of these rules and this plan.
    let keep_with = |held: bool, size: Size, all_met: bool, draft: &Draft| {
        let subject = subject(draft).unwrap().to_string();
        let t = &t;
        async move {
            let txn = t.app.db.begin().await.unwrap();
            let (report, page, note) = ("{}", "<p>drilled</p>", "");
            let made_at = t.now();
            let kept = Report { subject: &subject, held, made_at, size, all_met, report, page, note };
            let id = store::drill::insert(&txn, kept).await.unwrap();
            txn.commit().await.unwrap();
            id
        }
    };
    let everybody = Size { over_sockets: 100, in_process: 100 };
    let keep = |held: bool, draft: &Draft| keep_with(held, everybody, true, draft);
    // One of a few people lets nobody through, and neither does one whose trouble met nobody; they say what to run.
    for few in [Size { over_sockets: 99, ..everybody }, Size { in_process: 1, ..everybody }] {
        keep_with(true, few, true, &draft).await;
        let why = refused(draft.clone()).await;
        let had = format!("had {} people over sockets and {} in process", few.over_sockets, few.in_process);
        let asked = "100 and 100 are asked for: run `jebi drill FILE` without --scale and --sample";
        assert!(why.contains(&had) && why.contains(asked), "{why}");
    }
    // Thirty are not enough because the draft expects no more: a hundred could come.
    let mut modest = Draft { slug: "modest".to_owned(), ..draft.clone() };
    modest.expect.entrants = Some(30);
    keep_with(true, Size { over_sockets: 30, in_process: 30 }, true, &modest).await;
    let why = refused(modest).await;
    assert!(why.contains("had 30 people over sockets and 30 in process, and 100 and 100"), "{why}");
    // Neither are they because it does not say how many could: more have a seat, who are asked for.
    let mut silent = Draft { slug: "silent".to_owned(), ..draft.clone() };
    (silent.expect.entrants, silent.expect.at_most) = (Some(30), None);
    keep_with(true, Size { over_sockets: 30, in_process: 30 }, true, &silent).await;
    let why = refused(silent).await;
    assert!(why.contains("had 30 people over sockets and 30 in process"), "{why}");
    assert!(why.contains("people could take part, for expect.at_most does not say fewer"), "{why}");
    keep_with(true, everybody, false, &draft).await;
    let why = refused(draft.clone()).await;
    assert!(why.contains("nobody met some of the trouble") && why.contains("another --seed"), "{why}");
    keep(false, &draft).await;
    let why = refused(draft.clone()).await;
    assert!(why.contains("did not hold"), "{why}");
    let id = keep(true, &draft).await;
    // What shows less than that takes nothing away from it.
    keep_with(true, Size { over_sockets: 1, in_process: 1 }, true, &draft).await;
    keep_with(true, everybody, false, &draft).await;
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
    keep(true, &draft).await;
    keep_with(false, Size { over_sockets: 1, in_process: 1 }, true, &draft).await;
    assert!(refused(draft).await.contains("did not hold"));
}
