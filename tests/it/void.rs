//! Void: ended in public, with a reason, and told to everybody who entered.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entities::notice;
use jebi::{
    domain::staff::Role,
    lifecycle::{announce::Staff, void::void},
};

use crate::support::{Engine, Page, TestApp, both};

both!(
    a_void_round_says_why_and_tells_everybody_at_the_planned_rate,
    what_is_drawn_or_could_be_is_never_void,
    a_round_that_cannot_be_sealed_can_be_ended,
    who_was_acknowledged_a_moment_before_is_told_too,
    whoever_comes_too_late_reads_that_it_is_void_and_why,
);

const REASON: &str = "정전으로 접수를 마치지 못했습니다 (power cut)";

/// The notices of a void round.
async fn told(t: &TestApp) -> Vec<notice::Model> {
    t.notices().await.into_iter().filter(|notice| notice.reason == "voided").collect()
}

fn staff() -> Staff {
    Staff::new("a clerk", "an approver")
}

async fn a_void_round_says_why_and_tells_everybody_at_the_planned_rate(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut crowd = t.crowd(&round.slug, 6).await;
    crowd[5].withdraw().await;
    t.tick().await;
    let row = t.row(&round).await;
    let alone = Staff { approver: "a clerk".to_owned(), ..staff() };
    assert!(void(&t.app, &row, REASON, &alone, t.now()).await.is_err());
    assert!(void(&t.app, &row, "two\nlines", &staff(), t.now()).await.is_err());
    void(&t.app, &row, REASON, &staff(), t.now()).await.unwrap();
    assert!(void(&t.app, &row, REASON, &staff(), t.now()).await.is_err());

    let page = t.browser().get(&format!("/rounds/{}", round.slug)).await;
    assert!(page.body().contains("정전으로 접수를 마치지 못했습니다 (power cut)"), "{}", page.body());
    let refused = t.stranger_at(&round.slug, "late@example.org").get("enter").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(crowd[0].mine().await.word(), "ended");

    t.tick().await;
    let planned = told(&t).await;
    assert_eq!(planned.len(), 5, "who withdrew is not told");
    let minutes: std::collections::BTreeSet<_> =
        planned.iter().map(|notice| notice.due_at.timestamp() / 60).collect();
    assert_eq!(minutes.len(), 5, "spread, not all at once");
    t.send_until(t.now() + TimeDelta::hours(8)).await;
    for resident in &crowd {
        let letters = t.mailbox.messages_for(&resident.address);
        let void = letters.iter().filter(|letter| letter.body.contains("무효")).count();
        assert_eq!(void, usize::from(resident.address != crowd[5].address));
    }
    // Nothing happens to it any more.
    t.jump(round.results_at);
    t.tick().await;
    assert!(t.row(&round).await.closed_at.is_none());
}

async fn what_is_drawn_or_could_be_is_never_void(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.crowd(&round.slug, 2).await;
    for at in [round.closes_at, round.seals_at, round.reveals_at] {
        t.jump(at);
        t.tick().await;
    }
    let before = t.row(&round).await;
    t.jump(round.pulse_at);
    // Also for who began before the pool was sealed, and took their time to think.
    for row in [t.row(&round).await, before, round.clone()] {
        let error = void(&t.app, &row, REASON, &staff(), t.now()).await.unwrap_err();
        assert!(error.to_string().contains("no second draw"), "{error}");
    }
    t.tick().await;
    assert!(void(&t.app, &t.row(&round).await, REASON, &staff(), t.now()).await.is_err());
    assert!(t.row(&round).await.voided_at.is_none());
}

async fn a_round_that_cannot_be_sealed_can_be_ended(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.crowd(&round.slug, 2).await;
    t.jump(round.pulse_at + TimeDelta::hours(1));
    t.tick().await;
    let row = t.row(&round).await;
    assert!(row.closed_at.is_some() && row.sealed_at.is_none());
    void(&t.app, &row, REASON, &staff(), t.now()).await.unwrap();
    t.tick().await;
    assert_eq!(told(&t).await.len(), 2);
}

async fn who_was_acknowledged_a_moment_before_is_told_too(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.enter(100_000, &[]).await;
    // Acknowledged, not folded.
    void(&t.app, &round, REASON, &staff(), t.now()).await.unwrap();
    t.tick().await;
    assert_eq!(told(&t).await.len(), 1);
    t.send_until(t.now() + TimeDelta::hours(8)).await;
    let letters = t.mailbox.messages_for(&minji.address);
    let of = |word: &str| letters.iter().filter(|letter| letter.body.contains(word)).count();
    assert_eq!((of("무효"), of("접수되었습니다")), (1, 0), "{letters:?}");
    // Who they are is erased when it was promised, though nothing was drawn.
    t.jump(jebi::app::erases_at(&round));
    t.tick().await;
    assert!(t.row(&round).await.purged_at.is_some());
    assert!(t.entries(&round).await.iter().all(|entry| entry.person_sealed.is_empty()));
}

/// Nobody is told that a round has closed, on a day that has not come, and that all is safe, when it is void.
async fn whoever_comes_too_late_reads_that_it_is_void_and_why(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let mut minji = t.resident(slug, "minji@example.org").await;
    let mut jane = t.resident(slug, "jane@example.org").await;
    jane.enter(250_000, &[]).await;
    t.tick().await;
    jane.get("withdraw").await;
    minji.answer(250_000, &[]).await;
    let mut lee = t.staff("lee", Role::Counter).await;
    let counter = format!("/console/counter/{slug}");
    lee.see(&counter).await;
    // What the pages have read of the round is older than this.
    let other = t.another().await;
    void(&other, &t.row(&round).await, REASON, &staff(), t.now()).await.unwrap();
    let says = |page: &Page| {
        assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.body());
        assert!(page.body().contains(REASON), "{}", page.body());
        assert!(!page.body().contains("마감") && !page.body().contains("그대로입니다"), "{}", page.body());
    };
    says(&minji.post("entry", &[]).await);
    says(&jane.post("withdraw", &[]).await);
    t.pass(TimeDelta::seconds(2));
    says(&minji.post("entry", &[]).await);
    says(&minji.get("details").await);
    for page in ["", "/paper"] {
        says(&lee.get(&format!("{counter}{page}")).await);
    }
    says(&lee.post(&format!("{counter}/entry"), &[]).await);
    assert_eq!(t.entries(&round).await.iter().filter(|entry| entry.withdrawn_at.is_none()).count(), 1);
}
