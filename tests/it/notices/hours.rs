//! Hours: results leave evenly, and nobody is woken.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Asia::Seoul;
use jebi::store;

use super::results_by_minute;
use crate::support::{Engine, SmtpPeer, TestApp, both, kst};

both!(
    results_leave_evenly_and_wake_nobody,
    a_backlog_wakes_nobody,
    at_night_only_the_last_word_counts,
    a_retry_waits_for_the_morning,
);

async fn results_leave_evenly_and_wake_nobody(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(200);
    draft.times.results = "2026-11-27 20:00".to_owned();
    draft.opening[0].first_day = "2026-11-29".to_owned();
    draft.spread_hours = 2;
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.entered(&round, 150).await;
    t.draw(&round).await;
    let mut load: BTreeMap<DateTime<Utc>, usize> = BTreeMap::new();
    for notice in store::notice::list(t.db(), round.id, "result").await.unwrap() {
        assert!((8..21).contains(&notice.planned_at.with_timezone(&Seoul).hour()), "{}", notice.planned_at);
        assert!(notice.planned_at >= round.results_at);
        *load.entry(notice.planned_at.with_second(0).unwrap()).or_default() += 1;
    }
    // 150 over 120 minutes: one or two in each, the last hour of the evening and the first of the day.
    assert_eq!((load.len(), load.values().min(), load.values().max()), (120, Some(&1), Some(&2)));
    assert_eq!(load.first_key_value().unwrap().0, &kst("2026-11-27 20:00"));
    assert_eq!(load.last_key_value().unwrap().0, &kst("2026-11-28 08:59"));
    // Those who go first hear first.
    let heard = store::notice::list(t.db(), round.id, "result").await.unwrap();
    let places = store::assignment::list_by_rank(t.db(), round.id).await.unwrap();
    let starts: Vec<_> = heard
        .iter()
        .map(|notice| places.iter().find(|place| place.receipt == notice.about).unwrap().starts_at.unwrap())
        .collect();
    let (early, late) = starts.split_at(starts.len() / 2);
    assert!(early.iter().max().unwrap() <= &(*late.iter().min().unwrap() + TimeDelta::minutes(1)));
}

/// What was held up in the evening is not made up for at night, nor all at once in the morning.
async fn a_backlog_wakes_nobody(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(200);
    draft.times.results = "2026-11-27 20:00".to_owned();
    draft.opening[0].first_day = "2026-11-29".to_owned();
    draft.spread_hours = 2;
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.entered(&round, 90).await;
    t.send().await;
    t.draw(&round).await;
    let mut minji = t.stranger_at(&round.slug, "minji@example.org");
    // Back for the last two minutes of the evening; then it is night.
    t.jump(kst("2026-11-27 20:58"));
    t.send_until(kst("2026-11-27 20:59")).await;
    t.jump(kst("2026-11-27 22:30"));
    minji.ask("my").await.to();
    assert_eq!(t.send().await, 1, "a code leaves at any hour, and nothing else");
    t.jump(kst("2026-11-28 07:59"));
    assert_eq!(t.send().await, 0);
    t.send_until(kst("2026-11-28 10:00")).await;
    let load = results_by_minute(&t).await;
    assert_eq!(load.values().sum::<usize>(), 90);
    assert_eq!(load.values().max(), Some(&1), "{load:?}");
    for minute in load.keys() {
        assert!((8..21).contains(&minute.with_timezone(&Seoul).hour()), "{minute}");
    }
}

async fn at_night_only_the_last_word_counts(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.jump(kst("2026-11-23 21:30"));
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    let mut sejin = t.resident(&round.slug, "sejin@example.org").await;
    for resident in [&mut minji, &mut sejin] {
        resident.enter(100_000, &[]).await;
        t.tick().await;
        resident.enter(200_000, &[]).await;
        t.tick().await;
    }
    minji.withdraw().await;
    t.tick().await;
    // A code leaves at any hour, a confirmation waits for the morning.
    assert_eq!((t.send().await, t.mailbox.count()), (0, 2));
    t.jump(kst("2026-11-24 07:59"));
    assert_eq!(t.send().await, 0);
    t.jump(kst("2026-11-24 08:00"));
    t.tick().await;
    t.send().await;
    let words =
        |to: &str| t.mailbox.messages_for(to)[1..].iter().map(|mail| mail.body.clone()).collect::<Vec<_>>();
    let (minji, sejin) = (words("minji@example.org"), words("sejin@example.org"));
    assert!(matches!(&minji[..], [only] if only.contains("취소")), "{minji:#?}");
    assert!(matches!(&sejin[..], [only] if only.contains("200,000")), "{sejin:#?}");
}

/// A confirmation that was refused in the evening is not tried again at night.
async fn a_retry_waits_for_the_morning(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.jump(kst("2026-11-23 20:57"));
    t.entered(&round, 2).await;
    let grey = |command: &str| Some(if command.starts_with("RCPT") { "451 4.7.1 greylisted" } else { "" });
    assert_eq!(t.send_by(&t.app, &t.vendor_at(SmtpPeer::start(grey).await.port)).await, 2);
    for night in ["2026-11-23 21:05", "2026-11-24 03:00", "2026-11-24 07:59"] {
        t.jump(kst(night));
        assert_eq!(t.send().await, 0, "{night}");
    }
    t.jump(kst("2026-11-24 08:00"));
    assert_eq!(t.send().await, 2);
}
