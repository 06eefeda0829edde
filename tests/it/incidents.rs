//! What goes wrong for everybody stands on the status page, without anybody's decision.

use chrono::TimeDelta;
use jebi::{
    domain::{plan::Inputs, staff::Role},
    jobs,
    lifecycle::incidents::look,
    store,
};
use sea_orm::ConnectionTrait;

use crate::support::{Engine, Member, TestApp, both};

both!(
    pages_that_fail_are_an_incident_and_it_ends,
    a_late_step_is_one_whoever_sees_it,
    notices_that_wait_are_one,
    a_dead_mail_server_is_one,
    more_purchases_than_the_limit_are_one,
    more_people_led_to_a_seller_than_the_limit_are_one,
);

/// A table that is not there makes pages fail.
async fn rename(t: &TestApp, from: &str, to: &str) {
    let txn = t.app.db.begin().await.unwrap();
    txn.execute_unprepared(&format!("ALTER TABLE {from} RENAME TO {to}")).await.unwrap();
    txn.commit().await.unwrap();
}

/// What the public status page says.
async fn status(t: &TestApp) -> String {
    t.browser().get("/status").await.body().to_owned()
}

async fn rows(t: &TestApp) -> Vec<entities::incident::Model> {
    store::incident::list(t.db(), chrono::DateTime::UNIX_EPOCH, 100).await.unwrap()
}

const LASTING: &str = "부터 지금까지";

async fn pages_that_fail_are_an_incident_and_it_ends(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut lee = t.staff("lee", Role::Approver).await;
    t.tick().await;
    let quiet = status(&t).await;
    assert!(quiet.contains("정상 운영 중입니다") && quiet.contains("장애가 없었습니다"), "{quiet}");
    let break_down = async |t: &TestApp, lee: &mut Member, times: usize| {
        rename(t, "sign_in", "away").await;
        for _ in 0..times {
            assert_eq!(lee.get("/console").await.status.as_u16(), 500);
        }
        rename(t, "away", "sign_in").await;
    };
    // A few are bad luck.
    break_down(&t, &mut lee, 4).await;
    t.tick().await;
    assert!(rows(&t).await.is_empty());
    // What failed while nobody could write it down is not forgotten.
    break_down(&t, &mut lee, 6).await;
    rename(&t, "incident", "away").await;
    look(&t.app, t.now()).await.unwrap_err();
    rename(&t, "away", "incident").await;
    t.pass(TimeDelta::minutes(1));
    let (began, minute) = (t.now(), jebi::words::instant::minute(t.now(), jebi::words::Lang::Ko));
    t.tick().await;
    let wrong = status(&t).await;
    assert!(wrong.contains("일부 화면이 열리지 않음") && wrong.contains(LASTING), "{wrong}");
    assert!(!wrong.contains("정상 운영 중입니다") && wrong.contains(&minute), "{wrong}");
    // Looked at again it is the same one, and over when it was not seen for a while.
    for _ in 0..3 {
        t.pass(TimeDelta::minutes(2));
        t.tick().await;
    }
    let all = rows(&t).await;
    assert_eq!((all.len(), all[0].began_at, all[0].ended_at), (1, began, Some(began)));
    let after = status(&t).await;
    assert!(after.contains("정상 운영 중입니다") && after.contains("일부 화면이 열리지 않음"), "{after}");
    assert!(!after.contains(LASTING), "{after}");
    // It stays for two weeks.
    t.pass(TimeDelta::days(15));
    assert!(!status(&t).await.contains("일부 화면이 열리지 않음"));
}

async fn a_late_step_is_one_whoever_sees_it(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let another = t.another().await;
    t.jump(round.closes_at + TimeDelta::minutes(2));
    look(&t.app, t.now()).await.unwrap();
    assert!(rows(&t).await.is_empty(), "a step may take a moment");
    t.jump(round.closes_at + TimeDelta::minutes(4));
    let (one, other) = tokio::join!(look(&t.app, t.now()), look(&another, t.now()));
    one.unwrap();
    other.unwrap();
    let all = rows(&t).await;
    let about = format!("{} closes", round.slug);
    assert_eq!(
        all.iter().map(|row| row.about.as_str()).filter(|found| *found == about).count(),
        1,
        "{all:?}"
    );
    assert!(status(&t).await.contains("‘신청 마감’ 늦어짐"));
    let mut lee = t.staff("lee", Role::Observer).await;
    let day = lee.see(&format!("/console/rounds/{}/day", round.slug)).await;
    assert!(day.body().contains("‘신청 마감’ 늦어짐"), "{}", day.body());
    // It is taken, and nobody sees it late any more.
    jobs::tick(&another).await;
    t.pass(TimeDelta::minutes(6));
    jobs::tick(&another).await;
    let closing = rows(&t).await.into_iter().find(|row| row.about == about).unwrap();
    assert!(closing.ended_at.is_some(), "{closing:?}");
}

async fn notices_that_wait_are_one(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.stranger_at(&round.slug, "minji@example.org");
    minji.ask("enter").await;
    look(&t.app, t.now() + TimeDelta::minutes(2)).await.unwrap();
    assert!(rows(&t).await.is_empty());
    look(&t.app, t.now() + TimeDelta::minutes(4)).await.unwrap();
    assert!(status(&t).await.contains("이메일 알림이 늦음"), "{:?}", rows(&t).await);
}

async fn a_dead_mail_server_is_one(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    for name in ["a", "b", "c"] {
        t.stranger_at(&round.slug, &format!("{name}@example.org")).ask("enter").await;
    }
    // Nobody listens there.
    let dead = t.vendor_at(1);
    t.send_by(&t.app, &dead).await;
    t.pass(TimeDelta::seconds(31));
    t.send_by(&t.app, &dead).await;
    look(&t.app, t.now()).await.unwrap();
    assert!(status(&t).await.contains("이메일 알림이 늦음"), "{:?}", t.notices().await);
}

async fn more_purchases_than_the_limit_are_one(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(t.draft(20)).await;
    t.jump(round.opens_at);
    t.entered(&round, 10).await;
    t.draw(&round).await;
    t.jump(t.round(&round).await.serves_at() + TimeDelta::minutes(5));
    for (number, entry) in t.entries(&round).await.iter().enumerate() {
        let at = t.now() - TimeDelta::seconds(10 + i64::try_from(number).unwrap());
        let receipt = entry.receipt.clone();
        let row = entities::bought::Model {
            round_id: round.id,
            receipt,
            at,
            amount: 10_000,
            source: "bank".to_owned(),
        };
        let txn = t.app.db.begin().await.unwrap();
        store::bought::insert_all(&txn, vec![row]).await.unwrap();
        txn.commit().await.unwrap();
    }
    look(&t.app, t.now()).await.unwrap();
    let over = async || rows(&t).await.iter().any(|row| row.kind == "over");
    assert!(!over().await, "the seller takes more than that");
    lower(&t, &round).await;
    look(&t.app, t.now()).await.unwrap();
    assert!(status(&t).await.contains("구매가 예상보다 몰림(seller 한도 넘음)"), "{:?}", rows(&t).await);
}

/// The seller takes nine people in three minutes.
async fn lower(t: &TestApp, round: &entities::round::Model) {
    let plan = store::plan::find(t.db(), round.id).await.unwrap().unwrap();
    let mut inputs: Inputs = serde_json::from_str(&plan.inputs).unwrap();
    inputs.dependency[0].per_second = Some(0.05);
    let inputs = serde_json::to_string(&inputs).unwrap().replace('\'', "''");
    t.meddle(&format!("UPDATE plan SET inputs = '{inputs}'")).await;
}

/// A seller behind the gate tells of purchases days later: it is seen all the same.
async fn more_people_led_to_a_seller_than_the_limit_are_one(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(t.draft(20)).await;
    t.jump(round.opens_at);
    t.entered(&round, 10).await;
    t.draw(&round).await;
    t.jump(t.round(&round).await.serves_at() + TimeDelta::minutes(5));
    lower(&t, &round).await;
    let over = async || rows(&t).await.iter().any(|row| row.kind == "over");
    for (number, entry) in t.entries(&round).await.into_iter().enumerate() {
        look(&t.app, t.now()).await.unwrap();
        assert!(!over().await, "after {number}");
        let row = entities::handover::Model {
            id: format!("{number:032}"),
            round_id: round.id,
            receipt: entry.receipt,
            seller: "market".to_owned(),
            at: t.now() - TimeDelta::seconds(10),
            until_at: t.now() + TimeDelta::minutes(3),
        };
        store::handover::keep(t.db(), row).await.unwrap();
    }
    look(&t.app, t.now()).await.unwrap();
    assert!(over().await);
}
