//! One person lets the sale stand still: nobody is let through, nobody loses a minute, nobody begins later, and it ends
//! by itself.

use axum::http::{Method, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use jebi::{
    domain::{
        draft::{After, Seller},
        pass::Verdict,
        staff::Role,
    },
    lifecycle::sale::{
        Right,
        gate::{Passage, passage},
    },
    store,
};

use super::{DAY, Desk, at_level, drawn, pass, places, seller};
use crate::{
    after,
    support::{Engine, TestApp, both, kst},
};

both!(
    one_person_lets_the_sale_stand_still,
    one_pause_after_another_is_one_incident,
    a_pause_past_an_offer_says_so_and_past_the_last_takes_two,
    a_pause_holds_who_was_given_longer_and_not_who_gave_back,
    an_hour_of_pauses_is_one_hour_however_often_it_goes_on,
);

async fn one_person_lets_the_sale_stand_still(engine: Engine) {
    let t = TestApp::start(engine).await;
    let key = seller(&t, "bank").await;
    let list_key = seller(&t, "kiosk").await;
    let bank = Seller { webhook: Some("http://127.0.0.1:9/hook".to_owned()), ..at_level("bank", 3) };
    let round = drawn(&t, 16, vec![bank, at_level("kiosk", 2), at_level("market", 1)]).await;
    let mut places = places(&t, &round).await;
    places.sort_by_key(|place| place.starts_at);
    let at = kst(DAY) + TimeDelta::hours(4);
    t.jump(at);
    let (mut desk, mut kiosk) = (Desk::new(&t, &key, &round), Desk::new(&t, &list_key, &round));
    // One is paying when it begins.
    let (status, held) = desk.reserve(&pass(&t, &round, &places[0].receipt).await).await;
    assert_eq!(status, StatusCode::CREATED, "{held}");

    // A clerk, alone; what residents will read is shown first, and nothing is done by looking.
    let mut kim = t.staff("kim", Role::Clerk).await;
    let path = format!("/console/rounds/{}/pause", round.slug);
    let day = format!("/console/rounds/{}/day", round.slug);
    assert!(kim.see(&day).await.body().contains(&path));
    kim.see(&path).await;
    assert_eq!(kim.post(&path, &[("minutes", "61")]).await.wrong_fields(), ["reason", "minutes"]);
    let fields = [("minutes", "60"), ("reason", "은행이 멈췄습니다")];
    let shown = kim.post(&path, &fields).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body());
    let end = at + TimeDelta::minutes(60);
    let open = places.iter().filter(|place| place.starts_at.unwrap() <= at).count();
    let begins = |place: &&entities::assignment::Model| {
        place.starts_at.is_some_and(|start| at < start && start <= end)
    };
    let soon = places.iter().filter(begins).count();
    assert!(soon > 0 && open + soon < places.len(), "{open} {soon}");
    for words in [
        format!("지금 살 수 있는 사람: {open}명"),
        format!("멈춘 동안 차례가 오는 사람: {soon}명"),
        "오후 2:00에 이어지고".to_owned(),
        "판매가 잠시 멈춤".to_owned(),
        "It goes on at".to_owned(),
        "은행이 멈췄습니다".to_owned(),
    ] {
        assert!(shown.body().contains(&words), "{words}: {}", shown.body());
    }
    let shifts = async || store::shift::list(t.db(), round.id).await.unwrap();
    assert!(shifts().await.is_empty(), "looking did something");
    let seen = [fields[0], fields[1], ("seen", "yes")];
    assert_eq!(kim.post(&path, &seen).await.to(), day);
    assert_eq!(shifts().await.len(), 1);
    assert!(kim.see(&day).await.body().contains("까지 멈춰 있습니다"));
    // Not twice at once.
    let again = kim.post(&path, &seen).await;
    assert_eq!((again.status, shifts().await.len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));

    // Nobody is let through, at any level; who was paying pays.
    let until = async |at: usize| {
        let round = t.round(&round).await;
        let right = Right::find(t.db(), &round, &places[at].receipt).await.unwrap().unwrap();
        (right.standing.place().unwrap().turn, right.verdict(t.now()))
    };
    let later = |minutes: i64| TimeDelta::hours(24) + TimeDelta::minutes(minutes);
    for (number, longer) in [(1, 60), (open, 60), (open + soon, 0)] {
        let (turn, _) = until(number).await;
        let starts_at = places[number].starts_at.unwrap();
        assert_eq!((turn.starts_at, turn.until), (starts_at, starts_at + later(longer)), "{number}");
    }
    let token = pass(&t, &round, &places[1].receipt).await;
    let found = desk.check(&token).await;
    let from = |found: &serde_json::Value| found["from"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    assert_eq!((found["status"].as_str(), from(&found)), (Some("not_yet"), end), "{found}");
    assert_eq!(desk.reserve(&token).await.1["type"], "urn:jebi:problem:not_yet");
    assert_eq!(desk.say(held["id"].as_str().unwrap(), "redeem").await.0, StatusCode::OK);
    let opened = t.round(&round).await;
    let market = opened.sellers.iter().find(|terms| terms.name == "market").unwrap().clone();
    let go = async |at: usize| {
        let opened = t.round(&round).await;
        passage(&t.app, &opened, &market, &places[at].receipt, t.now()).await.unwrap()
    };
    assert!(matches!(go(1).await, Passage::Refused(Verdict::NotYet(window)) if window.from == end));
    let listed = async |kiosk: &mut Desk, from: DateTime<Utc>| {
        let text = kiosk.text(Method::GET, "allow-list").await;
        let from = from.with_timezone(&chrono_tz::Asia::Seoul).to_rfc3339();
        text.lines().find(|line| line.starts_with(&places[1].receipt)).unwrap().contains(&format!(",{from},"))
    };
    assert!(listed(&mut kiosk, end).await, "the list lets somebody in");
    let status = t.browser().get("/status").await;
    assert!(status.body().contains("판매가 잠시 멈춤"), "{}", status.body());
    let last = store::journal::list(t.db(), round.id).await.unwrap().pop().unwrap();
    assert_eq!((last.kind.as_str(), last.staff.as_str()), ("extended", "kim"));

    // It ends by itself, to the second; also for who began meanwhile.
    t.jump(end - TimeDelta::seconds(1));
    assert_eq!(desk.check(&token).await["status"], "not_yet");
    t.jump(end);
    assert_eq!(desk.check(&token).await["status"], "valid");
    assert!(matches!(until(open).await.1, Verdict::Valid(_)));
    assert!(matches!(go(1).await, Passage::Through(_)));
    assert!(listed(&mut kiosk, places[1].starts_at.unwrap()).await);
    t.tick().await;
    let open_now = store::incident::list_open(t.db()).await.unwrap();
    assert!(open_now.iter().all(|row| row.kind != "paused"), "{open_now:?}");

    // Or earlier, by one person too; what was lengthened stays.
    t.pass(TimeDelta::minutes(5));
    kim.sign_in(&t).await;
    kim.see(&path).await;
    let longer = [("minutes", "30"), ("reason", "정전"), ("seen", "yes")];
    // An hour a day is one person's; then it is somebody else's to say.
    let enough = kim.post(&path, &longer).await;
    assert_eq!((enough.status, shifts().await.len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    assert!(enough.body().contains("한 시간까지입니다"), "{}", enough.body());
    let mut lee = t.staff("lee", Role::Approver).await;
    lee.see(&path).await;
    assert_eq!(lee.post(&path, &longer).await.to(), day);
    assert_eq!(desk.check(&token).await["status"], "not_yet");
    t.pass(TimeDelta::minutes(2));
    assert!(kim.see(&path).await.body().contains("/resume"));
    assert_eq!(kim.post(&format!("/console/rounds/{}/resume", round.slug), &[]).await.to(), day);
    assert_eq!(desk.check(&token).await["status"], "valid");
    assert_eq!(until(1).await.0.until, places[1].starts_at.unwrap() + later(90));
    let open_now = store::incident::list_open(t.db()).await.unwrap();
    assert!(open_now.iter().all(|row| row.kind != "paused"), "{open_now:?}");
    let told = store::webhook::list(t.db(), "bank").await.unwrap().into_iter().map(|row| row.kind);
    let told: Vec<String> = told.filter(|kind| kind.starts_with("round.")).collect();
    assert_eq!(told, ["round.paused", "round.paused", "round.resumed"]);
    let log = t.accesses().await;
    let noted = log
        .iter()
        .filter(|(kind, about)| *about == round.slug && ["paused", "resumed"].contains(&kind.as_str()));
    assert_eq!(noted.count(), 3);
    // Everybody reads how long it did stand still, and beside it how much longer they have.
    let page = t.browser().get(&format!("/rounds/{}", round.slug)).await;
    for (stood, more) in [("1시간", "1시간"), ("2분", "30분")] {
        let said = format!("판매를 {stood} 멈추었습니다. 그동안 살 수 있었던 사람의 기한은 {more} 늘었고");
        assert!(page.body().contains(&said), "{said}: {}", page.body());
    }
    // Once nobody can buy any more there is nothing to let stand still.
    t.jump(t.row(&round).await.ends_at - TimeDelta::seconds(1));
    let mut choi = t.staff("choi", Role::Approver).await;
    choi.see(&path).await;
    let nobody = choi.post(&path, &seen).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", nobody.body());
}

/// The second begins before anybody has looked whether the first is over: one line of it on the status page, not two.
async fn one_pause_after_another_is_one_incident(engine: Engine) {
    let t = TestApp::start(engine).await;
    seller(&t, "bank").await;
    let round = drawn(&t, 16, vec![at_level("bank", 3)]).await;
    t.jump(kst(DAY) + TimeDelta::hours(4));
    let path = format!("/console/rounds/{}/pause", round.slug);
    for (name, minutes) in [("kim", "60"), ("lee", "30")] {
        let mut who = t.staff(name, Role::Approver).await;
        who.see(&path).await;
        let fields = [("minutes", minutes), ("reason", "은행이 멈췄습니다"), ("seen", "yes")];
        who.post(&path, &fields).await.to();
        t.pass(TimeDelta::minutes(60));
    }
    let since = t.now() - TimeDelta::days(1);
    let all = store::incident::list(t.db(), since, 9).await.unwrap();
    assert_eq!(all.iter().filter(|row| row.kind == "paused").count(), 1, "{all:?}");
}

/// Offers stay where the rules put them: who is waited for past one keeps a place from going on, and past the last for good.
async fn a_pause_past_an_offer_says_so_and_past_the_last_takes_two(engine: Engine) {
    let first = "2026-11-29 10:00";
    for (offers, goes_on) in [(vec![first, "2026-11-30 10:00"], true), (vec![first], false)] {
        let t = TestApp::start(engine).await;
        let mut draft = after::draft(&t, 16, 100);
        draft.grace_hours = 24;
        draft.after =
            Some(After { offers: offers.into_iter().map(str::to_owned).collect(), lead_minutes: 60 });
        let round = t.announced(draft).await;
        t.jump(round.opens_at);
        t.entered(&round, 16).await;
        t.draw(&round).await;
        t.jump(round.results_at);
        let now = kst("2026-11-29 09:15");
        t.send_until(now).await;
        let held = |place: &&entities::assignment::Model| {
            let until = place.starts_at.map(|at| at + TimeDelta::hours(24));
            until.is_some_and(|until| now < until && until <= kst(first))
        };
        let late = places(&t, &round).await.iter().filter(held).count();
        assert!(late > 0, "nobody is held until shortly before the offer");
        let mut kim = t.staff("kim", Role::Clerk).await;
        let path = format!("/console/rounds/{}/pause", round.slug);
        kim.see(&path).await;
        let fields = [("minutes", "60"), ("reason", "은행이 멈췄습니다")];
        let shown = kim.post(&path, &fields).await;
        let seen = kim.post(&path, &[fields[0], fields[1], ("seen", "yes")]).await;
        let paused = store::shift::list(t.db(), round.id).await.unwrap().len();
        if goes_on {
            let said = format!("때 넘어갔을 자리: {late}개");
            assert!(shown.body().contains(&said), "{said}: {}", shown.body());
            assert_eq!((seen.status, paused), (StatusCode::SEE_OTHER, 1));
        } else {
            for page in [shown, seen] {
                assert_eq!((page.status, paused), (StatusCode::UNPROCESSABLE_ENTITY, 0));
                assert!(page.body().contains("기다리는 사람에게 넘어가지 않습니다"), "{}", page.body());
            }
        }
    }
}

/// Who was given longer because a payment failed is waited for as everybody is; who gave back is not. Both ways for the last
/// offer, past which one person holds nobody, and for one before another.
async fn a_pause_holds_who_was_given_longer_and_not_who_gave_back(engine: Engine) {
    let first = "2026-11-29 10:00";
    for (offers, goes_on) in [(vec![first, "2026-11-30 10:00"], true), (vec![first], false)] {
        let t = TestApp::start(engine).await;
        let mut draft = after::draft(&t, 16, 100);
        draft.grace_hours = 24;
        draft.after =
            Some(After { offers: offers.into_iter().map(str::to_owned).collect(), lead_minutes: 60 });
        let round = t.announced(draft).await;
        t.jump(round.opens_at);
        t.entered(&round, 16).await;
        t.draw(&round).await;
        t.jump(round.results_at);
        let mut all = places(&t, &round).await;
        all.retain(|place| place.starts_at.is_some());
        all.sort_by_key(|place| place.starts_at);
        // The first to begin had their time already; of the others some end before the offer.
        let until = |place: &entities::assignment::Model| place.starts_at.unwrap() + TimeDelta::hours(24);
        let now = until(&all[0]).max(kst("2026-11-29 09:15"));
        t.send_until(now).await;
        let open = all.iter().filter(|place| now < until(place)).count();
        let held: Vec<_> =
            all.iter().filter(|place| now < until(place) && until(place) <= kst(first)).collect();
        assert!(!held.is_empty() && held.len() < open, "{} of {open} end before the offer", held.len());
        let mut kim = t.staff("kim", Role::Clerk).await;
        let path = format!("/console/rounds/{}/pause", round.slug);
        kim.see(&path).await;
        let fields = [("minutes", "60"), ("reason", "은행이 멈췄습니다")];
        // So many can buy, and so many go on later; past the last offer that is refused.
        let mut shows = async |open: usize, late: usize| {
            let shown = kim.post(&path, &fields).await;
            if late > 0 && !goes_on {
                assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY, "{late}: {}", shown.body());
                return;
            }
            assert_eq!(shown.status, StatusCode::OK, "{late}: {}", shown.body());
            assert!(shown.body().contains(&format!("지금 살 수 있는 사람: {open}명")), "{}", shown.body());
            let said = shown.body().contains(&format!("때 넘어갔을 자리: {late}개"));
            assert_eq!(
                (said, shown.body().contains("때 넘어갔을 자리")),
                (late > 0, late > 0),
                "{}",
                shown.body()
            );
        };
        let say = async |receipt: &str, kind: &str| {
            store::fact::insert(t.db(), round.id, receipt, kind, t.now(), ["", ""]).await.unwrap();
        };
        let longer = async |receipt: &str, minutes: i64| {
            let until = kst(first) + TimeDelta::minutes(minutes);
            store::reservation::extend(t.db(), round.id, receipt, until, t.now(), "payment").await.unwrap();
        };
        shows(open, held.len()).await;
        // What was given back goes on at the offer, whatever its end.
        for place in &held {
            say(&place.receipt, store::fact::RETURNED).await;
        }
        let others = open - held.len();
        shows(others, 0).await;
        // The last that was said counts.
        say(&held[0].receipt, store::fact::KEPT).await;
        shows(others + 1, 1).await;
        // Held past the offer anyway, it is not late by the pause; nor counted twice.
        longer(&held[0].receipt, -1).await;
        shows(others + 1, 1).await;
        longer(&held[0].receipt, 20).await;
        shows(others + 1, 0).await;
        say(&held[0].receipt, store::fact::INELIGIBLE).await;
        shows(others, 0).await;
        // Somebody's own time is over and a payment failed in it.
        longer(&all[0].receipt, -10).await;
        shows(others + 1, 1).await;
        say(&all[0].receipt, store::fact::RETURNED).await;
        shows(others, 0).await;
    }
}

/// One person pauses, lets it go on, and pauses again: each time everybody's time is longer by the whole pause, so it counts
/// whole, and an hour is all there is.
async fn an_hour_of_pauses_is_one_hour_however_often_it_goes_on(engine: Engine) {
    let t = TestApp::start(engine).await;
    seller(&t, "bank").await;
    let round = drawn(&t, 16, vec![at_level("bank", 3)]).await;
    t.jump(kst("2026-11-28 13:00"));
    let mut kim = t.staff("kim", Role::Clerk).await;
    let of_round = |form: &str| format!("/console/rounds/{}/{form}", round.slug);
    let paused = async || store::shift::list(t.db(), round.id).await.unwrap();
    for (number, minutes, status) in [
        (1, "30", StatusCode::SEE_OTHER),
        (2, "20", StatusCode::SEE_OTHER),
        (2, "20", StatusCode::UNPROCESSABLE_ENTITY),
        (3, "10", StatusCode::SEE_OTHER),
        (3, "1", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        kim.see(&of_round("pause")).await;
        let fields = [("minutes", minutes), ("reason", "은행이 멈췄습니다"), ("seen", "yes")];
        let done = kim.post(&of_round("pause"), &fields).await;
        assert_eq!((done.status, paused().await.len()), (status, number), "{minutes}: {}", done.body());
        if status == StatusCode::SEE_OTHER {
            t.pass(TimeDelta::seconds(5));
            kim.see(&of_round("pause")).await;
            kim.post(&of_round("resume"), &[]).await.to();
        }
    }
    let longer: i64 = paused().await.iter().map(|pause| pause.seconds).sum();
    assert_eq!(longer, 3_600, "one person made everybody's time longer by more than an hour");
    // Each stands in the journal and in the log under who it was.
    let lines = store::journal::list_kinds(t.db(), round.id, &["extended"]).await.unwrap();
    assert!(lines.len() == 3 && lines.iter().all(|line| line.staff == "kim"), "{lines:?}");
    let log = t.accesses().await;
    let of = |kind: &str| log.iter().filter(|(did, about)| did == kind && *about == round.slug).count();
    assert_eq!((of("paused"), of("resumed")), (3, 3));
}
