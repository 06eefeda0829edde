//! Answers from memory: the same as they were, for nobody else, and never older than what their reader has done.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use chrono::TimeDelta;

use crate::{
    after::draft,
    sale::{Desk, at_level, drawn_crowd, seller},
    support::{Engine, Page, Resident, TestApp, between, both},
};

both!(
    files_of_the_record_need_neither_disk_nor_database_once_they_were_read,
    a_page_is_made_once_a_second_for_each_of_its_readers_alone,
    whoever_sends_a_form_sees_what_has_become_of_it_within_the_same_second,
    what_is_published_on_the_second_is_never_hidden_by_the_one_before,
    in_the_last_minutes_before_ones_own_second_a_storm_asks_once_a_second_and_nobody_is_early_or_late,
    a_pass_is_given_again_to_its_owner_alone_and_is_gone_in_the_second_after_it_was_used,
    the_checkpoint_grows_when_the_second_is_over,
    a_file_is_put_together_once_and_under_its_own_name_alone,
);

/// On, and still in the same second: tests begin with one.
const MOMENT: TimeDelta = TimeDelta::milliseconds(1);
/// How often one's own page asks at most (`docs/pages.md`).
const STATED: u64 = 19;

async fn files_of_the_record_need_neither_disk_nor_database_once_they_were_read(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.crowd(&round.slug, 3).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    let of = |name: &str| format!("/rounds/{}/record/{name}", round.slug);
    let mut browser = t.browser();
    let mut before = Vec::new();
    for name in ["manifest.txt", "result.txt", "rules.json"] {
        let page = browser.get(&of(name)).await;
        let tag = page.header(header::ETAG).to_owned();
        assert_eq!(tag, format!("\"{}\"", public_audit::Digest::of(&page.bytes)), "{name}");
        before.push((name, tag, page));
    }
    std::fs::remove_dir_all(t.app.record_dir(&round.slug)).unwrap();
    t.pass(TimeDelta::hours(1));
    let asked = t.app.db.asked();
    for (name, tag, first) in before {
        let page = t.browser().get(&of(name)).await;
        assert_eq!((page.status, &page.bytes), (StatusCode::OK, &first.bytes), "{name}");
        for (header, value) in &first.headers {
            let same = page.headers.get(header) == Some(value);
            // Each answer has a name of its own, by which it is found in the log.
            assert_eq!(same, header != "x-request-id", "{name}: {header}");
        }
        let request = browser.request(Method::GET, &of(name)).header(header::IF_NONE_MATCH, &tag);
        let page = browser.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!((page.status, page.bytes.len()), (StatusCode::NOT_MODIFIED, 0), "{name}");
        assert_eq!(page.header(header::ETAG), tag);
    }
    assert_eq!(t.app.db.asked(), asked);
}

/// Entrants whose pages have been looked at, so that nothing on them is said only once.
async fn at_rest(t: &TestApp, crowd: &mut [Resident]) {
    for resident in crowd.iter_mut() {
        resident.identify(t, "my").await;
        resident.mine().await;
    }
    t.pass(TimeDelta::seconds(1));
}

/// A page but for the time that it tells its script, which is that at which it is given.
fn still(page: &Page) -> String {
    let mut parts = page.body().split("data-now=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |page, part| page + part.trim_start_matches(|digit: char| digit.is_ascii_digit()))
}

async fn a_page_is_made_once_a_second_for_each_of_its_readers_alone(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut crowd = t.crowd(&round.slug, 2).await;
    at_rest(&t, &mut crowd).await;
    let [minji, jun] = &mut crowd[..] else { panic!("two") };
    let [hers, his] = [minji.mine().await, jun.mine().await];
    assert_ne!(hers.receipt(), his.receipt());
    t.pass(MOMENT);
    let asked = t.app.db.asked();
    for _ in 0..3 {
        let (she, he) = (minji.mine().await, jun.mine().await);
        assert_eq!((she.receipt(), he.receipt()), (hers.receipt(), his.receipt()));
        assert_eq!(still(&she), still(&hers));
        assert_eq!(she.header(header::CACHE_CONTROL), "no-store");
        assert!(!she.headers.contains_key(header::ETAG));
    }
    assert_eq!(t.app.db.asked(), asked, "nothing was asked anew");
    // Without her cookie, or with it in another language, there is another page.
    let mut stranger = t.stranger_at(&round.slug, "stranger@example.org");
    assert_eq!(stranger.get("my").await.to(), minji.path("enter?purpose=my"));
    let mut english = minji.clone();
    english.browser = english.browser.in_english();
    assert_eq!(english.mine().await.language(), "en");
    assert_eq!(minji.mine().await.language(), "ko");
    t.pass(TimeDelta::seconds(1));
    minji.mine().await;
    assert!(t.app.db.asked() > asked, "the next second's page is made anew");
    // The round's page says to her, and to her alone, that she is known.
    for _ in 0..2 {
        t.pass(MOMENT);
        let round_page = format!("/rounds/{}", round.slug);
        let hers = minji.browser.get(&round_page).await;
        assert!(hers.body().contains("data-until"), "{}", hers.body());
        assert!(!t.browser().get(&round_page).await.body().contains("data-until"));
    }
}

async fn whoever_sends_a_form_sees_what_has_become_of_it_within_the_same_second(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(draft(&t, 10, 100)).await;
    t.jump(round.opens_at);
    let mut crowd = t.crowd(&round.slug, 2).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    at_rest(&t, &mut crowd).await;
    let [minji, jun] = &mut crowd[..] else { panic!("two") };
    let held = minji.mine().await;
    assert!(held.body().contains("my/return"), "{}", held.body());
    jun.mine().await;
    t.pass(MOMENT);
    let asked = t.app.db.asked();
    assert_eq!(still(&minji.mine().await), still(&held));
    assert_eq!(t.app.db.asked(), asked, "it is held");
    for (form, word) in [("my/return", "ended"), ("my/keep", held.word()), ("my/return", "ended")] {
        // No answer of these gives a new cookie: the page must be let go.
        let cookies = minji.browser.cookies.clone();
        assert_eq!(minji.post(form, &[]).await.to(), minji.path("my"));
        assert_eq!(minji.browser.cookies, cookies);
        t.pass(MOMENT);
        assert_eq!(minji.mine().await.word(), word, "{form}");
        t.pass(MOMENT);
        assert_eq!(minji.mine().await.word(), word, "{form}, and again");
    }
    // Whoever leaves is not shown to the next person at this device.
    let left = minji.browser.clone();
    minji.post("my/leave", &[]).await;
    t.pass(MOMENT);
    assert_eq!(minji.get("my").await.to(), minji.path("enter?purpose=my"));
    assert_ne!(left.cookies, minji.browser.cookies);
}

async fn what_is_published_on_the_second_is_never_hidden_by_the_one_before(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut crowd = t.crowd(&round.slug, 1).await;
    t.draw(&round).await;
    t.jump(round.results_at - TimeDelta::seconds(2));
    at_rest(&t, &mut crowd).await;
    t.jump(round.results_at - TimeDelta::milliseconds(3));
    let minji = &mut crowd[0];
    minji.mine().await;
    t.jump(round.results_at - TimeDelta::milliseconds(2));
    assert!(!minji.mine().await.body().contains("id=\"moment\""));
    t.jump(round.results_at - MOMENT);
    assert!(!minji.mine().await.body().contains("id=\"moment\""));
    t.jump(round.results_at);
    assert!(minji.mine().await.body().contains("id=\"moment\""));
}

/// What the page tells its script, to the millisecond.
fn clock(page: &Page) -> Option<i64> {
    between(page.body(), "id=\"moment\"", ">")
        .and_then(|moment| between(moment, "data-now=\"", "\""))
        .and_then(|now| now.parse().ok())
}

async fn in_the_last_minutes_before_ones_own_second_a_storm_asks_once_a_second_and_nobody_is_early_or_late(
    engine: Engine,
) {
    let t = TestApp::start(engine).await;
    seller(&t, "market").await;
    let (_, mut crowd, begins) = drawn_crowd(&t, at_level("market", 2), 1).await;
    t.jump(begins - TimeDelta::seconds(91));
    at_rest(&t, &mut crowd).await;
    let minji = &mut crowd[0];
    // Two seconds of a storm: the first of each asks, and every page says what time it is when it is given.
    for _ in 0..2 {
        let asked = t.app.db.asked();
        let first = minji.mine().await;
        assert_eq!(clock(&first), Some(t.now().timestamp_millis()));
        let once = t.app.db.asked() - asked;
        assert!((1..=STATED).contains(&once), "{once}");
        for _ in 0..99 {
            t.pass(TimeDelta::milliseconds(10));
            let page = minji.mine().await;
            assert_eq!(clock(&page), Some(t.now().timestamp_millis()));
            assert_eq!(page.bytes.len(), first.bytes.len());
        }
        assert_eq!(t.app.db.asked() - asked, once, "a hundred looks in a second");
        t.pass(TimeDelta::milliseconds(10));
    }
    // And over one's own second: not a millisecond early, not one late.
    t.jump(begins - TimeDelta::seconds(1));
    let looks =
        [(0, true, true), (400, false, true), (599, false, true), (1, true, false), (1, false, false)];
    for (ms, asks, waits) in looks {
        t.pass(TimeDelta::milliseconds(ms));
        let asked = t.app.db.asked();
        let page = minji.mine().await;
        assert_eq!((t.app.db.asked() > asked, t.now() < begins), (asks, waits), "{}", t.now());
        assert_eq!(
            (clock(&page).is_some(), page.body().contains("id=\"pass\"")),
            (waits, !waits),
            "{}",
            page.body()
        );
    }
}

async fn a_pass_is_given_again_to_its_owner_alone_and_is_gone_in_the_second_after_it_was_used(
    engine: Engine,
) {
    let t = TestApp::start(engine).await;
    let key = seller(&t, "bank").await;
    let (round, mut crowd, begins) = drawn_crowd(&t, at_level("bank", 3), 2).await;
    t.jump(begins);
    at_rest(&t, &mut crowd).await;
    let [minji, jun] = &mut crowd[..] else { panic!("two") };
    let pass = |page: &Page| between(page.body(), "<code id=\"pass\">", "<").map(str::to_owned);
    let [hers, his] = [minji.mine().await, jun.mine().await];
    let (her_pass, his_pass) = (pass(&hers).unwrap(), pass(&his).unwrap());
    assert_ne!(her_pass, his_pass);
    t.pass(MOMENT);
    let asked = t.app.db.asked();
    for _ in 0..3 {
        assert_eq!(still(&minji.mine().await), still(&hers));
        assert_eq!(still(&jun.mine().await), still(&his));
    }
    assert_eq!(t.app.db.asked(), asked, "both are held");
    let mut desk = Desk::new(&t, &key, &round);
    let (status, reserved) = desk.reserve(&her_pass).await;
    assert_eq!(status, StatusCode::CREATED, "{reserved}");
    let (status, done) = desk.say(reserved["id"].as_str().unwrap(), "redeem").await;
    assert_eq!((status, done["state"].as_str()), (StatusCode::OK, Some("redeemed")));
    t.pass(TimeDelta::seconds(1));
    for _ in 0..2 {
        assert_eq!(pass(&minji.mine().await), None);
        assert_eq!(pass(&jun.mine().await), Some(his_pass.clone()));
        t.pass(MOMENT);
    }
}

async fn the_checkpoint_grows_when_the_second_is_over(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut browser = t.browser();
    t.tick().await;
    let first = browser.get("/journal/checkpoint").await;
    assert_eq!(first.header(header::CACHE_CONTROL), "no-cache");
    t.entered(&round, 3).await;
    t.pass(TimeDelta::hours(1));
    t.tick().await;
    let grown = browser.get("/journal/checkpoint").await;
    assert_ne!(grown.bytes, first.bytes);
    assert_ne!(grown.header(header::ETAG), first.header(header::ETAG));
    t.pass(MOMENT);
    let asked = t.app.db.asked();
    assert_eq!(browser.get("/journal/checkpoint").await.bytes, grown.bytes);
    assert_eq!(t.app.db.asked(), asked);
    // What another instance holds is its own.
    let other = t.another().await;
    assert_eq!(t.browser_at(&other).get("/journal/checkpoint").await.bytes, grown.bytes);
}

/// Whoever reads slowly under names of their own making holds a piece of it, and no copy.
async fn a_file_is_put_together_once_and_under_its_own_name_alone(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(t.draft(2_000)).await;
    t.jump(round.opens_at);
    t.entered(&round, 1_000).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    let path = format!("/rounds/{}/record/result.txt", round.slug);
    let held = t.browser().get(&path).await;
    assert!(held.bytes.len() > 64 << 10, "{}", held.bytes.len());
    assert_eq!(held.header(header::ETAG), format!("\"{}\"", public_audit::Digest::of(&held.bytes)));
    let asked = t.app.db.asked();
    assert_eq!(t.browser().get(&path).await.bytes, held.bytes);
    assert_eq!(t.app.db.asked(), asked);
    for other in [format!("{path}?1"), path.replace("result", "%72esult")] {
        let page = t.browser().get(&other).await;
        assert_eq!((page.status, &page.bytes), (StatusCode::OK, &held.bytes), "{other}");
        assert_eq!(page.header(header::ETAG), "", "{other} is held");
        assert_eq!(page.header(header::CONTENT_LENGTH), held.bytes.len().to_string(), "{other}");
    }
}
