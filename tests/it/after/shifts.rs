//! Time stands still.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use entities::{assignment, bought as sales};
use jebi::{
    lifecycle::after::{
        facts,
        shift::{shift, shifting},
    },
    store,
};

use super::{DAY, draft, drawn, places, reasons, staff, told, verified_after};
use crate::support::{Engine, TestApp, both, kst};

both!(
    a_shift_moves_exactly_what_had_not_begun_and_tells_each_once,
    reminders_are_of_places_as_they_are_now,
    who_buys_at_this_moment_keeps_nobody_from_deciding,
);

async fn a_shift_moves_exactly_what_had_not_begun_and_tells_each_once(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(draft(&t, 24, 24)).await;
    t.jump(round.opens_at);
    t.entered(&round, 24).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    // Half of the results are told when it is known that buying will stop.
    let half = round.results_at + TimeDelta::minutes(i64::from(round.spread_minutes) / 2);
    t.send_until(half).await;
    let before = t.notices().await;
    let knows: BTreeSet<String> = before
        .iter()
        .filter(|notice| notice.reason == "result" && notice.state == "accepted")
        .map(|notice| notice.about.clone())
        .collect();
    assert!(knows.len() > 5 && knows.len() < 20, "{}", knows.len());
    let (row, from) = (t.row(&round).await, kst(&format!("{DAY} 10:05")));
    assert!(shifting(&t.app, &row, from, 0, "x").await.is_err());
    assert!(shifting(&t.app, &row, from, 60, "two\nlines").await.is_err());
    let to_come = shifting(&t.app, &row, from, 35 * 60, "정전 (power cut)").await.unwrap();
    let drawn = places(&t, &round).await;
    let moves_of = |place: &assignment::Model| place.starts_at.is_some_and(|at| at >= from);
    let longer = |place: &assignment::Model| {
        place.starts_at.is_some_and(|at| at < from && at + TimeDelta::hours(4) > from)
    };
    let concerned: BTreeSet<&str> = to_come.concerned.iter().map(|one| one.receipt.as_str()).collect();
    let expected: BTreeSet<&str> =
        drawn.iter().filter(|p| moves_of(p) || longer(p)).map(|p| p.receipt.as_str()).collect();
    assert_eq!(concerned, expected);
    for one in &to_come.concerned {
        let place = drawn.iter().find(|place| place.receipt == one.receipt).unwrap();
        let by = TimeDelta::minutes(if moves_of(place) { 35 } else { 0 });
        assert_eq!(one.then.starts_at, place.starts_at.unwrap() + by);
        assert_eq!(one.then.until, place.starts_at.unwrap() + TimeDelta::hours(4) + TimeDelta::minutes(35));
    }
    shift(&t.app, &row, to_come, &staff(), t.now()).await.unwrap();
    // What was drawn stays as drawn.
    assert_eq!(places(&t, &round).await, drawn);
    t.send_until(kst(&format!("{DAY} 09:00"))).await;
    for place in &drawn {
        let heard = reasons(&t, &place.receipt).await;
        let count = |reason: &str| heard.iter().filter(|heard| *heard == reason).count();
        assert_eq!(count("result"), 1, "{heard:?}");
        let told = moves_of(place) || longer(place);
        assert_eq!(count("shifted"), usize::from(told && knows.contains(&place.receipt)), "{heard:?}");
    }
    // Whoever had not heard hears the new time at once.
    let place = drawn.iter().find(|place| moves_of(place) && !knows.contains(&place.receipt)).unwrap();
    let opened = t.round(&round).await;
    let address = (0..24).map(|n| format!("r{n}@example.org"));
    let address = address
        .into_iter()
        .find(|a| opened.receipt(&format!("email:{a}")).unwrap().to_string() == place.receipt);
    let letters = t.mailbox.messages_for(&address.unwrap());
    let then = place.starts_at.unwrap() + TimeDelta::minutes(35);
    let then = jebi::words::instant::minute(then, jebi::words::Lang::Ko);
    assert!(letters.iter().any(|letter| letter.body.contains(&then)), "{then} in {letters:?}");
    // The page shows it, and what was before.
    let mut resident = t.stranger_at(&round.slug, &letters[0].to);
    resident.identify(&t, "my").await;
    let page = resident.mine().await;
    assert!(page.body().contains("정전 (power cut)"), "{}", page.body());
    verified_after(&t, &round).await;
}

async fn reminders_are_of_places_as_they_are_now(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = drawn(&t, 8, 6).await;
    let mut placed: Vec<(DateTime<Utc>, String)> =
        places(&t, &round).await.into_iter().filter_map(|p| Some((p.starts_at?, p.receipt))).collect();
    placed.sort();
    let [.., (gone_at, gone), (_, sold), (kept_at, kept)] = placed.as_slice() else {
        unreachable!("six have a place")
    };
    let reminders = async |about: &str| {
        let all = store::notice::list(t.db(), round.id, "soon").await.unwrap().into_iter();
        all.filter(|n| n.about == about).map(|n| (n.state, n.deadline_at)).collect::<Vec<_>>()
    };
    let ticks = async || {
        for _ in 0..20 {
            t.tick().await;
        }
    };
    // Planned, and then the place is given back: it is not told.
    t.jump(*gone_at - TimeDelta::minutes(25));
    ticks().await;
    assert_eq!(reminders(gone).await, [("planned".to_owned(), *gone_at)]);
    assert!(facts::give_back(&t.app, &*t.round(&round).await, gone, t.now()).await.unwrap());
    t.send_until(*gone_at - TimeDelta::minutes(9)).await;
    assert_eq!(reminders(gone).await, [("rejected".to_owned(), *gone_at)]);
    // One buys, and time stands still.
    let (round_id, at) = (round.id, t.now());
    let sale =
        sales::Model { round_id, receipt: sold.clone(), amount: 10_000, at, source: "bank".to_owned() };
    store::bought::insert_all(t.db(), vec![sale]).await.unwrap();
    let row = t.row(&round).await;
    let to_come = shifting(&t.app, &row, t.now(), 35 * 60, "정전").await.unwrap();
    shift(&t.app, &row, to_come, &staff(), t.now()).await.unwrap();
    let then = *kept_at + TimeDelta::minutes(35);
    t.jump(then - TimeDelta::minutes(20));
    ticks().await;
    assert_eq!(reminders(kept).await.last(), Some(&("planned".to_owned(), then)));
    assert_eq!(reminders(gone).await.len(), 1, "it is given back still");
    assert!(!reminders(sold).await.iter().any(|(state, _)| state == "planned"), "it has bought");
    t.send_until(then - TimeDelta::minutes(9)).await;
    let told = reminders(kept).await;
    assert_eq!(told.iter().filter(|(state, _)| state == "accepted").count(), 1, "{told:?}");
    assert_eq!(told.last(), Some(&("accepted".to_owned(), then)));
}

async fn who_buys_at_this_moment_keeps_nobody_from_deciding(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = drawn(&t, 8, 8).await;
    let first = places(&t, &round).await.into_iter().filter_map(|place| place.starts_at).min().unwrap();
    let (row, now) = (t.row(&round).await, first + TimeDelta::minutes(1));
    t.jump(now);
    let to_come = shifting(&t.app, &row, now, 600, "정전").await.unwrap();
    let again = shifting(&t.app, &row, now, 600, "정전").await.unwrap();
    let begun = |one: &&jebi::lifecycle::after::shift::Concerned| one.before.starts_at <= now;
    let buyer = to_come.concerned.iter().find(begun).unwrap().receipt.clone();
    let other = to_come.concerned.iter().find(|one| one.receipt != buyer).unwrap().receipt.clone();
    told(&t, &round, &[(&buyer, now)], Some(now)).await;
    shift(&t.app, &row, to_come, &staff(), now).await.unwrap();
    t.send_until(now + TimeDelta::minutes(30)).await;
    let shifted = async |receipt: &str| reasons(&t, receipt).await.iter().any(|reason| reason == "shifted");
    assert!(shifted(&other).await && !shifted(&buyer).await, "who has bought is told of another time");
    // Another shift is no purchase: it moved the times that were looked at.
    assert!(shift(&t.app, &row, again, &staff(), now).await.is_err());
}
