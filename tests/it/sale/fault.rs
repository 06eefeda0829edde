//! 장애: who stands before something that is out of order in their own turn reads so, and what they hold is there.

use chrono::TimeDelta;
use jebi::{
    domain::draft::Seller,
    lifecycle::{
        after::{pause, shift},
        announce::Staff,
    },
    store::{self, incident},
};

use super::at_level;
use crate::support::{Engine, Page, Resident, TestApp, both};

both!(
    what_is_out_of_order_in_ones_own_turn_is_said,
    a_draw_that_is_late_is_said_to_who_waits_for_it,
    who_waits_for_their_second_is_known_when_it_comes,
);

/// Begins, or ends, an incident.
async fn goes_wrong(t: &TestApp, kind: &str, about: &str) {
    let txn = t.app.db.begin().await.unwrap();
    incident::insert(&txn, kind, about, t.now()).await.unwrap();
    txn.commit().await.unwrap();
}

async fn is_over(t: &TestApp) {
    let txn = t.app.db.begin().await.unwrap();
    for row in incident::list_open(&txn).await.unwrap() {
        incident::settle(&txn, row.id, t.now()).await.unwrap();
    }
    txn.commit().await.unwrap();
}

/// The page of an entry, by whoever shows anew who they are.
async fn mine(t: &TestApp, minji: &mut Resident) -> Page {
    minji.identify(t, "my").await;
    minji.mine().await
}

async fn what_is_out_of_order_in_ones_own_turn_is_said(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(20);
    let titled = Seller {
        title: Some("통영사랑상품권 앱".to_owned()),
        title_en: Some("The Tongyeong Love app".to_owned()),
        ..at_level("gate", 1)
    };
    let desk = Seller { url: Some("https://desk.example/map".to_owned()), ..at_level("desk", 0) };
    draft.seller = vec![titled, desk];
    let round = t.announced(draft).await;
    let slug = round.slug.as_str();
    t.jump(round.opens_at);
    let mut minji = t.resident(slug, "minji@example.org").await;
    minji.enter(100_000, &[]).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    // Where to buy: by the name that residents know; not past the gate.
    let before = mine(&t, &mut minji).await;
    let body = before.body();
    assert_eq!(before.word(), "not_yet");
    assert!(body.contains("<dt>구매하는 곳</dt><dd>통영사랑상품권 앱</dd>"), "{body}");
    assert!(body.contains("href=\"https://desk.example/map\" rel=\"noreferrer\">desk</a>"), "{body}");
    assert!(!body.contains("127.0.0.1:9"), "{body}");

    // Trouble of others is none of theirs, and neither is any before their turn.
    goes_wrong(&t, "over", &format!("{slug} bank")).await;
    assert_eq!(minji.mine().await.word(), "not_yet");
    let place = store::assignment::list_by_rank(t.db(), round.id).await.unwrap().remove(0);
    let starts_at = place.starts_at.unwrap();
    t.jump(starts_at + TimeDelta::minutes(1));
    let wrong = mine(&t, &mut minji).await;
    let body = wrong.body();
    assert_eq!(wrong.word(), "fault");
    assert!(body.contains("장애가 있습니다") && body.contains("href=\"/status\""), "{body}");
    assert!(body.contains("구매 화면으로 가기") && body.contains("100,000"), "{body}");
    is_over(&t).await;
    for (kind, about) in [
        ("over", "another-round bank".to_owned()),
        ("notices", "sms".to_owned()),
        ("late", format!("{slug} offer")),
    ] {
        goes_wrong(&t, kind, &about).await;
    }
    assert_eq!(minji.mine().await.word(), "your_turn");

    // Time stands still: from when on it goes on is said, and then it is their turn again.
    let row = t.row(&round).await;
    let from = starts_at + TimeDelta::minutes(2);
    t.jump(from + TimeDelta::minutes(1));
    let shifting = shift::shifting(&t.app, &row, from, 3_600, "은행이 멈췄습니다.").await.unwrap();
    let staff = Staff::new("a clerk", "an approver");
    shift::shift(&t.app, &row, shifting, &staff, t.now()).await.unwrap();
    t.app.rounds.forget();
    let still = mine(&t, &mut minji).await;
    assert_eq!(still.word(), "fault");
    assert!(
        still.body().contains("은행이 멈췄습니다.") && still.body().contains("시간을 멈추었습니다"),
        "{}",
        still.body()
    );
    t.jump(from + TimeDelta::hours(1));
    let turn = mine(&t, &mut minji).await;
    assert!(turn.word() == "your_turn" && turn.body().contains("/gate/"), "{}", turn.body());
    // One person lets the sale stand still: nobody is led on, and it is over by itself.
    let (row, noted) = (t.row(&round).await, store::access::Access::default());
    pause::pause(&t.app, &row, 30, "정전입니다", ("kim", &noted), t.now()).await.unwrap();
    let still = minji.mine().await;
    assert!(still.word() == "fault" && still.body().contains("정전입니다"), "{}", still.body());
    assert!(!still.body().contains("/gate/"), "{}", still.body());
    t.pass(TimeDelta::minutes(30));
    let turn = minji.mine().await;
    assert!(turn.word() == "your_turn" && turn.body().contains("/gate/"), "{}", turn.body());
    // Who is waited for longer reads of no trouble when that is written down.
    let row = t.row(&round).await;
    let longer = shift::extending(&t.app, &row, (t.now(), t.now()), 3_600, "정전이었습니다").await.unwrap();
    shift::shift(&t.app, &row, longer, &Staff::new("a clerk", "an approver"), t.now()).await.unwrap();
    t.app.rounds.forget();
    let turn = minji.mine().await;
    assert!(turn.word() == "your_turn" && turn.body().contains("정전이었습니다"), "{}", turn.body());
}

async fn a_draw_that_is_late_is_said_to_who_waits_for_it(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let mut minji = t.resident(slug, "minji@example.org").await;
    minji.enter(100_000, &[]).await;
    t.tick().await;
    goes_wrong(&t, "late", &format!("{slug} results")).await;
    assert_eq!(minji.mine().await.word(), "not_yet", "before the close nothing of theirs is late");
    t.jump(round.results_at + TimeDelta::minutes(4));
    let late = mine(&t, &mut minji).await;
    assert_eq!(late.word(), "fault");
    assert!(late.body().contains("신청은 그대로입니다"), "{}", late.body());
    is_over(&t).await;
    goes_wrong(&t, "late", "another-round results").await;
    assert_eq!(minji.mine().await.word(), "not_yet");
}

/// The identity check holds for two hours; a page that waits longer goes on by itself all the same.
async fn who_waits_for_their_second_is_known_when_it_comes(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.enter(100_000, &[]).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    let place = store::assignment::list_by_rank(t.db(), round.id).await.unwrap().remove(0);
    let starts_at = place.starts_at.unwrap();
    t.jump(starts_at - TimeDelta::hours(5));
    assert_eq!(mine(&t, &mut minji).await.word(), "not_yet");
    // To ask for more time takes none away.
    assert!(minji.browser.post("/stay", &[]).await.status.is_redirection());
    let mut other = minji.clone();
    t.jump(starts_at);
    assert_eq!(minji.mine().await.word(), "your_turn");
    // Not for good: half an hour later somebody may have left the device.
    t.pass(TimeDelta::minutes(30));
    assert_eq!(other.get("my").await.to(), other.path("enter?purpose=my"));
}
