//! Who could buy while the bank was down is waited for longer, also where second times are still to come; nobody begins
//! later, nobody is missed before the new end, and the citizen's verifier computes the same.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use jebi::{
    lifecycle::after::shift::{extending, shift, shifting},
    store,
};

use super::{DAY, OFFERS, both_tick, drawn, places, receipts, staff, told, verified_after};
use crate::support::{Engine, TestApp, both, kst};

both!(an_extension_holds_who_could_buy_and_moves_nobody);

async fn an_extension_holds_who_could_buy_and_moves_nobody(engine: Engine) {
    let t = TestApp::start(engine).await;
    let other = t.another().await;
    let round = drawn(&t, 12, 12).await;
    let (since, now) = (kst(&format!("{DAY} 10:30")), kst(&format!("{DAY} 12:00")));
    t.jump(now);
    let row = t.row(&round).await;
    let before = places(&t, &round).await;
    let grace = TimeDelta::hours(4);
    let begun: BTreeSet<String> = before
        .iter()
        .filter(|place| place.starts_at.is_some_and(|at| at <= now && since < at + grace))
        .map(|place| place.receipt.clone())
        .collect();
    assert!(begun.len() > 2 && begun.len() < 12, "{begun:?}");
    // The day before a catch-up, a shift to the same end would move the others; this moves nobody.
    let day = 24 * 3_600;
    let to_come = extending(&t.app, &row, (since, now), day, "은행 전산 장애").await.unwrap();
    assert_eq!(to_come.concerned.iter().map(|one| one.receipt.clone()).collect::<BTreeSet<_>>(), begun);
    for one in &to_come.concerned {
        assert_eq!(one.before.starts_at, one.then.starts_at);
        assert_eq!(one.before.until + TimeDelta::hours(24), one.then.until);
    }
    assert!(extending(&t.app, &row, (now, since), 60, "x").await.is_err(), "it ends before it begins");
    shift(&t.app, &row, to_come.clone(), &staff(), t.now()).await.unwrap();
    assert!(shift(&t.app, &row, to_come, &staff(), t.now()).await.is_err(), "the same again");
    let last = store::journal::list(t.db(), round.id).await.unwrap().pop().unwrap();
    assert_eq!((last.kind.as_str(), last.staff.as_str()), ("extended", "a clerk, an approver"));
    let page = t.browser().get(&format!("/rounds/{}", round.slug)).await;
    assert!(
        page.body().contains("은행 전산 장애") && page.body().contains("시작 시각은 그대로"),
        "{}",
        page.body()
    );
    // Each of them is told once, and nobody else.
    t.send_until(kst(&format!("{DAY} 20:00"))).await;
    let notices = t.notices().await.into_iter();
    let told_of: Vec<String> = notices.filter(|n| n.reason == "shifted").map(|n| n.about).collect();
    assert_eq!(told_of.iter().cloned().collect::<BTreeSet<_>>(), begun);
    assert_eq!(told_of.len(), begun.len(), "somebody is told twice");

    // The first offer: the seller says that nobody has bought, and those who are waited for have missed nothing.
    t.jump(kst(OFFERS[0]) - TimeDelta::minutes(30));
    told(&t, &round, &[], Some(t.now())).await;
    t.jump(kst(OFFERS[0]));
    both_tick(&t, &other).await;
    let missed = receipts(&t, &round, 1, "caught_up").await;
    assert!(!missed.is_empty() && missed.is_disjoint(&begun), "{missed:?} {begun:?}");
    verified_after(&t, &round).await;
    // A shift on top moves what it moves; at the second offer their time is over.
    let row = t.row(&round).await;
    let to_come = shifting(&t.app, &row, kst("2026-11-29 11:00"), 600, "정전").await.unwrap();
    shift(&t.app, &row, to_come, &staff(), t.now()).await.unwrap();
    t.jump(kst(OFFERS[1]) - TimeDelta::minutes(30));
    told(&t, &round, &[], Some(t.now())).await;
    t.jump(kst(OFFERS[1]));
    both_tick(&t, &other).await;
    let caught = receipts(&t, &round, 2, "caught_up").await;
    assert!(begun.is_subset(&caught), "{caught:?}");
    let files = verified_after(&t, &round).await;
    let journal = String::from_utf8_lossy(&files["after-journal.txt"]).into_owned();
    assert_eq!([" extended ", " shifted ", " offered "].map(|word| journal.matches(word).count()), [1, 1, 2]);
}
