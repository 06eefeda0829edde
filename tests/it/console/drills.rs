//! The list of drills: a report is found without its number, with what came of it.

use jebi::{
    domain::{drill::Size, staff::Role},
    store::{self, drill::Report},
};

use crate::support::{Engine, TestApp, between, both};

both!(reports_of_drills_are_listed_the_latest_first);

/// A report as `jebi drill` keeps it; its number.
async fn keep(t: &TestApp, (held, halted): (bool, bool), round: Option<i64>) -> i64 {
    let txn = t.app.db.begin().await.unwrap();
    let kept = Report {
        subject: "0",
        titles: ("훈련한 상품권", "Drilled vouchers"),
        version: "1.2.3",
        held,
        halted,
        made_at: t.now(),
        size: Size::asked_for(20),
        all_met: held,
        report: "{\"figures\":1}",
        page: "<p>drilled</p>",
        note: "a signed note\n",
    };
    let id = store::drill::insert(&txn, kept).await.unwrap();
    if let Some(round) = round {
        store::drill::settle(&txn, id, round).await.unwrap();
    }
    txn.commit().await.unwrap();
    id
}

async fn reports_of_drills_are_listed_the_latest_first(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(t.draft(20)).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    // Where there is none it says how there comes to be one; the way there stands on every page.
    assert!(kim.see("/console").await.body().contains("href=\"/console/drills\""));
    let page = kim.see("/console/drills").await;
    assert!(page.body().contains("jebi drill draft-N.toml") && !page.body().contains("<table"));

    let held = keep(&t, (true, false), Some(round.id)).await;
    let failed = keep(&t, (false, false), None).await;
    let halted = keep(&t, (false, true), None).await;
    let page = kim.see("/console/drills").await;
    assert!(!page.body().contains("jebi drill draft-N.toml") && !page.body().contains("?before="));
    let row = |id: i64| between(page.body(), &format!("href=\"/console/drills/{id}\""), "</tr>").unwrap();
    let at = [halted, failed, held].map(|id| page.body().find(&format!("/console/drills/{id}\"")));
    assert!(at.iter().all(Option::is_some) && at.is_sorted(), "{}", page.body());
    let link = format!("href=\"/console/rounds/{}\"", round.slug);
    for (id, came_of) in
        [(held, ">견뎠습니다<"), (failed, ">견디지 못했습니다<"), (halted, "도중에 멈추었습니다")]
    {
        let row = row(id);
        for words in ["훈련한 상품권", "1.2.3", came_of] {
            assert!(row.contains(words), "{words}: {row}");
        }
        assert_eq!(row.contains(&link), id == held, "{row}");
    }
    // Nothing of the report itself is on it; whoever may read that may read the list.
    assert!(!page.body().contains("figures") && !page.body().contains("<p>drilled</p>"));
    let mut yun = t.staff("yun", Role::Observer).await;
    let seen = yun.see("/console").await;
    assert!(seen.body().contains("href=\"/console/drills\""), "{}", seen.body());
    assert!(yun.see("/console/drills").await.body().contains(&format!("/console/drills/{held}\"")));
    let choi = t.staff("choi", Role::Counter).await.see("/console").await;
    assert!(!choi.body().contains("/console/drills"), "{}", choi.body());

    // The latest fifty, and from there to those before.
    for _ in 0..48 {
        keep(&t, (true, false), None).await;
    }
    let page = kim.see("/console/drills").await;
    assert_eq!(page.body().matches("<th scope=\"row\">").count(), 50);
    let before = between(page.body(), "<a href=\"/console/drills?before=", "\"").unwrap();
    let page = kim.see(&format!("/console/drills?before={before}")).await;
    assert_eq!(page.body().matches("<th scope=\"row\">").count(), 1);
    assert!(page.body().contains(&format!("/console/drills/{held}\"")) && !page.body().contains("?before="));
}
