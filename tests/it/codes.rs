//! The one-time code: who guesses, repeats, borrows or floods gets nowhere, and learns nothing.

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use entities::code;
use futures_util::future::join_all;
use jebi::domain::draft::Draft;
use sea_orm::EntityTrait;

use crate::support::{Engine, Page, Resident, TestApp, both};

both!(
    five_wrong_guesses_end_a_code,
    guesses_at_the_same_moment_are_all_counted,
    a_code_is_worth_something_for_ten_minutes_and_once,
    a_code_of_another_session_is_a_wrong_one,
    the_sixth_code_within_an_hour_is_refused,
    the_eleventh_code_within_a_day_is_refused,
    floods_of_requests_are_counted_one_by_one,
    known_and_unknown_people_get_the_same_answers,
    a_cookie_planted_before_the_check_is_worth_nothing_after_it,
    a_proof_runs_out_and_the_answers_stay,
    after_the_close_the_way_leads_to_ones_own_entry,
    a_code_belongs_to_the_round_it_was_asked_for,
    who_came_to_look_is_asked_for_consent_before_entering,
    the_next_person_does_not_send_off_the_answers_of_the_last,
    who_leaves_a_device_is_forgotten_by_it,
);

/// Asks for a code and has the mail delivered.
async fn asked(t: &TestApp, slug: &str, address: &str) -> Resident {
    let mut resident = t.stranger_at(slug, address);
    resident.ask("enter").await.to();
    resident.get("code").await;
    t.send().await;
    resident
}

/// A code that is not the right one.
fn wrong(right: &str) -> String {
    format!("{:06}", (right.parse::<u32>().unwrap() + 1) % 1_000_000)
}

async fn five_wrong_guesses_end_a_code(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = asked(&t, &round.slug, "minji@example.org").await;
    let right = t.last_code("minji@example.org");
    for left in [4, 3, 2, 1] {
        let page = minji.post("code", &[("code", &wrong(&right))]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(page.wrong_fields(), ["code"]);
        assert!(page.body().contains(&format!("{left}번")), "{}", page.body());
        assert_eq!(page.value("code"), Some(wrong(&right)));
        // Loaded anew, the page says no other number.
        let again = minji.get("code").await;
        assert!(again.body().contains(&format!("남은 입력 기회: {left}번")), "{}", again.body());
    }
    // The fifth, and then even the right one: the page says that another can be asked for.
    for typed in [wrong(&right), right.clone(), wrong(&right)] {
        let page = minji.post("code", &[("code", &typed)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.body().contains("여러 번"), "{}", page.body());
    }
    minji.get("code").await;
    assert_eq!(minji.post("code/again", &[]).await.to(), minji.path("code"));
    minji.get("code").await;
    t.send().await;
    let fresh = t.last_code("minji@example.org");
    assert_eq!(minji.post("code", &[("code", &fresh)]).await.to(), minji.path("details"));
}

async fn guesses_at_the_same_moment_are_all_counted(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let minji = asked(&t, &round.slug, "minji@example.org").await;
    let right = t.last_code("minji@example.org");
    let guesses = (0..40_u32).map(|number| {
        let (mut minji, guess) =
            (minji.clone(), format!("{:06}", (right.parse::<u32>().unwrap() + 1 + number) % 1_000_000));
        async move { minji.post("code", &[("code", &guess)]).await.status }
    });
    for status in join_all(guesses).await {
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(code::Entity::find().one(t.db()).await.unwrap().unwrap().tries, 5);
    let page = minji.clone().post("code", &[("code", &right)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
}

async fn a_code_is_worth_something_for_ten_minutes_and_once(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = asked(&t, &round.slug, "minji@example.org").await;
    let right = t.last_code("minji@example.org");
    let mut copied = minji.clone();
    t.pass(TimeDelta::minutes(5));
    // As people type it.
    let wide: String =
        right[3..].chars().map(|c| char::from_u32(c as u32 - '0' as u32 + '０' as u32).unwrap()).collect();
    let typed = format!(" {}-{wide} ", &right[..3]);
    assert_eq!(minji.post("code", &[("code", &typed)]).await.to(), minji.path("details"));
    // A double tap is forgiven for a minute; later a copy of the session is worth nothing.
    assert_eq!(copied.clone().post("code", &[("code", &typed)]).await.to(), minji.path("details"));
    t.pass(TimeDelta::seconds(60));
    let page = copied.post("code", &[("code", &right)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(copied.get("details").await.status, StatusCode::UNAUTHORIZED);

    let mut late = asked(&t, &round.slug, "late@example.org").await;
    t.pass(TimeDelta::minutes(10) - TimeDelta::seconds(1));
    let right = t.last_code("late@example.org");
    assert_eq!(late.post("code", &[("code", &right)]).await.to(), late.path("details"));
    let mut sejin = asked(&t, &round.slug, "sejin@example.org").await;
    t.pass(TimeDelta::minutes(10));
    let right = t.last_code("sejin@example.org");
    let page = sejin.post("code", &[("code", &right)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(sejin.get("details").await.status, StatusCode::UNAUTHORIZED);
}

async fn a_code_of_another_session_is_a_wrong_one(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = asked(&t, &round.slug, "minji@example.org").await;
    let mut thief = asked(&t, &round.slug, "thief@example.org").await;
    let code = t.last_code("minji@example.org");
    if code != t.last_code("thief@example.org") {
        let page = thief.post("code", &[("code", &code)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(minji.post("code", &[("code", &code)]).await.to(), minji.path("details"));
    // An earlier code of the same person is dead as well once a new one is asked for.
    let mut sejin = asked(&t, &round.slug, "sejin@example.org").await;
    let first = t.last_code("sejin@example.org");
    sejin.post("code/again", &[]).await.to();
    sejin.get("code").await;
    t.send().await;
    let second = t.last_code("sejin@example.org");
    if first != second {
        let page = sejin.post("code", &[("code", &first)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(sejin.post("code", &[("code", &second)]).await.to(), sejin.path("details"));
}

async fn the_sixth_code_within_an_hour_is_refused(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.stranger_at(&round.slug, "minji@example.org");
    for _ in 0..5 {
        minji.ask("enter").await.to();
        t.pass(TimeDelta::minutes(11));
    }
    let page = minji.ask("enter").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.value("email").as_deref(), Some("minji@example.org"));
    // From another browser and with another spelling it is the same address; another one is not.
    let mut elsewhere = t.stranger_at(&round.slug, "Minji@EXAMPLE.org");
    assert_eq!(elsewhere.ask("my").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(t.stranger_at(&round.slug, "sejin@example.org").ask("enter").await.to(), minji.path("code"));
    minji.get("code").await;
    assert_eq!(minji.post("code/again", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // The first was asked for an hour ago.
    t.pass(TimeDelta::minutes(6));
    minji.ask("enter").await.to();
}

/// Whoever keeps to what an hour allows does not ring a telephone all day; codes that are forgotten were sent all the same.
async fn the_eleventh_code_within_a_day_is_refused(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.stranger_at(&round.slug, "minji@example.org");
    for _ in 0..10 {
        minji.ask("enter").await.to();
        t.pass(TimeDelta::minutes(31));
    }
    t.tick().await;
    assert!(code::Entity::find().all(t.db()).await.unwrap().len() < 10);
    assert_eq!(minji.ask("enter").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    t.stranger_at(&round.slug, "sejin@example.org").ask("enter").await.to();
    t.pass(TimeDelta::hours(22));
    minji.ask("enter").await.to();
}

async fn floods_of_requests_are_counted_one_by_one(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.stranger_at(&round.slug, "minji@example.org");
    minji.get("enter").await;
    let requests = (0..24).map(|_| {
        let mut minji = minji.clone();
        tokio::spawn(async move {
            let fields = [
                ("purpose", "enter"),
                ("channel", "email"),
                ("email", "minji@example.org"),
                ("consent", "yes"),
            ];
            minji.post("enter", &fields).await.status
        })
    });
    let sent = join_all(requests).await.into_iter().filter(|s| *s.as_ref().unwrap() == StatusCode::SEE_OTHER);
    assert_eq!(sent.count(), 5);
    t.send().await;
    assert_eq!(t.mailbox.count(), 5);
}

/// What can be seen of an answer from outside, without what differs from request to request.
fn seen(page: &Page, address: &str) -> (StatusCode, Vec<String>, String) {
    let mut names: Vec<String> = page.headers.keys().map(ToString::to_string).collect();
    names.sort();
    let body = String::from_utf8_lossy(&page.bytes);
    let token = page.hidden("csrf").unwrap_or_default();
    let masked = format!("{}…@", &address[..1]);
    let body = body.replace(address, "ADDRESS").replace(&masked, "MASKED@");
    (page.status, names, if token.is_empty() { body } else { body.replace(&token, "TOKEN") })
}

async fn known_and_unknown_people_get_the_same_answers(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut known = t.resident(&round.slug, "known@example.org").await;
    known.enter(100_000, &[]).await;
    let mut gone = t.resident(&round.slug, "leaver@example.org").await;
    gone.enter(100_000, &[]).await;
    gone.withdraw().await;
    t.tick().await;
    for purpose in ["enter", "my"] {
        let mut answers = Vec::new();
        for address in ["known@example.org", "leaver@example.org", "nobody@example.org"] {
            let mut probe = t.stranger_at(&round.slug, address);
            let asked = probe.ask(purpose).await;
            let code_page = probe.get("code").await;
            let guessed = probe.post("code", &[("code", "12345")]).await;
            let again = probe.post("code/again", &[]).await;
            let mine = probe.get("my").await;
            let receipt = probe.get("my/receipt.txt").await;
            answers.push(
                [&asked, &code_page, &guessed, &again, &mine, &receipt].map(|page| seen(page, address)),
            );
        }
        assert_eq!(answers[0], answers[2], "one can tell who has entered");
        assert_eq!(answers[1], answers[2], "one can tell who has left");
    }
}

async fn a_cookie_planted_before_the_check_is_worth_nothing_after_it(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = asked(&t, &round.slug, "minji@example.org").await;
    let planted = minji.clone();
    let right = t.last_code("minji@example.org");
    minji.post("code", &[("code", &right)]).await.to();
    // The old cookie proves nothing, and its token opens no form of the new session.
    for page in ["details", "check", "withdraw"] {
        assert_eq!(planted.clone().get(page).await.status, StatusCode::UNAUTHORIZED, "{page}");
    }
    let mut forged = minji.clone();
    forged.browser.csrf = planted.browser.csrf.clone();
    assert_eq!(forged.post("details", &[("want", "10000")]).await.status, StatusCode::FORBIDDEN);

    // Nobody reads a cookie but us, and a changed one is none.
    let answer = minji.get("enter?other=yes").await;
    let cookie = answer.header(header::SET_COOKIE);
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let value = minji.browser.cookies["jebi"].clone();
    assert!(!value.contains("minji"));
    for at in (0..value.len()).step_by(17) {
        let mut bytes = value.clone().into_bytes();
        bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
        let mut touched = minji.clone();
        touched.browser.cookies.insert("jebi".to_owned(), String::from_utf8(bytes).unwrap());
        assert_eq!(touched.get("details").await.status, StatusCode::UNAUTHORIZED);
    }

    // Behind TLS the browser itself holds the cookie to this host.
    let safe =
        TestApp::start_with(engine, |config| config.public_url = "https://draw.example".to_owned()).await;
    let round = safe.announced(safe.draft(10)).await;
    safe.jump(round.opens_at);
    let answer = safe.stranger_at(&round.slug, "").get("enter").await;
    let cookie = answer.header(header::SET_COOKIE);
    assert!(cookie.starts_with("__Host-jebi=") && cookie.contains("Secure"), "{cookie}");
}

async fn a_proof_runs_out_and_the_answers_stay(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.answer(120_000, &["noon"]).await;
    t.pass(TimeDelta::hours(2));
    let page = minji.post("entry", &[]).await;
    assert_eq!((page.status, page.language()), (StatusCode::UNAUTHORIZED, "ko"));
    assert_eq!(page.way_out().as_deref(), Some(minji.path("enter?purpose=enter").as_str()));
    minji.identify(&t, "enter").await;
    let details = minji.get("details").await;
    assert_eq!(details.value("want").as_deref(), Some("120000"));
    assert_eq!(details.value("wish_1").as_deref(), Some("noon"));
    let check = minji.get("check").await;
    assert!(check.body().contains("120,000"));
    assert_eq!(minji.post("entry", &[]).await.to(), minji.path("my"));
}

async fn after_the_close_the_way_leads_to_ones_own_entry(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.enter(100_000, &[]).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    let way = minji.path("enter?purpose=my");
    let answers = [
        minji.get("my/receipt.txt").await,
        minji.post("my/return", &[]).await,
        minji.post("my/keep", &[]).await,
        minji.get("roster?purpose=my").await,
    ];
    for page in answers {
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{}", page.body());
        assert_eq!(page.way_out().as_deref(), Some(way.as_str()));
    }
    assert_eq!(minji.get("code").await.to(), way);
    assert_eq!(minji.browser.get(&way).await.status, StatusCode::OK);
    minji.identify(&t, "my").await;
    assert_eq!(minji.mine().await.word(), "not_yet");
}

async fn a_code_belongs_to_the_round_it_was_asked_for(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let other = t.announced(Draft { slug: "another".to_owned(), ..t.draft(10) }).await;
    let minji = asked(&t, &round.slug, "minji@example.org").await;
    let right = t.last_code("minji@example.org");
    let mut there = Resident::new(minji.browser.clone(), &other.slug, "minji@example.org");
    assert_eq!(there.get("code").await.to(), there.path("enter?purpose=enter"));
    assert_eq!(there.post("code", &[("code", &right)]).await.to(), there.path("enter?purpose=enter"));
    let mut here = minji;
    assert_eq!(here.post("code", &[("code", &right)]).await.to(), here.path("details"));
}

async fn who_came_to_look_is_asked_for_consent_before_entering(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.stranger_at(&round.slug, "minji@example.org");
    minji.identify(&t, "my").await;
    assert_eq!(minji.mine().await.status, StatusCode::OK);
    let consent = minji.path("enter?agree=yes");
    assert_eq!(minji.get("details").await.to(), consent);
    assert_eq!(minji.get("enter?agree=yes").await.status, StatusCode::OK);
    assert_eq!(minji.post("details", &[("want", "100000")]).await.to(), consent);
    assert_eq!(minji.get("check").await.to(), minji.path("details"));
    assert!(minji.post("entry", &[]).await.to() == minji.path("details"), "entered without consent");
    t.tick().await;
    assert!(t.entries(&round).await.is_empty());
    // To agree is enough, for who it is has been shown; without agreeing the page asks again.
    let page = minji.get("enter?agree=yes").await;
    assert!(!page.body().contains("minji@example.org") && page.body().contains("name=\"known\""));
    let page = minji.post("enter", &[("purpose", "enter"), ("known", "yes")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body().contains("consent-error") && page.body().contains("name=\"known\""));
    let agreed = minji.post("enter", &[("purpose", "enter"), ("known", "yes"), ("consent", "yes")]).await;
    assert_eq!(agreed.to(), minji.path("details"));
    minji.enter(100_000, &[]).await;
    t.tick().await;
    let mut later = t.stranger_at(&round.slug, "minji@example.org");
    later.identify(&t, "my").await;
    later.enter(50_000, &[]).await;
    t.tick().await;
    assert_eq!(t.entries(&round).await[0].want, 50_000);
}

async fn the_next_person_does_not_send_off_the_answers_of_the_last(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.answer(100_000, &["am"]).await;
    let mut mother = Resident::new(minji.browser.clone(), &round.slug, "mother@example.org");
    mother.identify(&t, "enter").await;
    assert_eq!(mother.get("enter?other=yes").await.status, StatusCode::OK);
    assert_eq!(mother.get("check").await.to(), mother.path("details"));
    assert_eq!(mother.post("entry", &[]).await.to(), mother.path("details"));
    t.tick().await;
    assert!(t.entries(&round).await.is_empty());
}

async fn who_leaves_a_device_is_forgotten_by_it(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.enter(100_000, &[]).await;
    t.tick().await;
    // The button stands at the foot of every page of the round, and of a page of none it is said where.
    for page in ["my", "details", "withdraw", "pool"] {
        let page = minji.get(page).await;
        assert_eq!(page.body().matches("/my/leave").count(), 1, "{}", page.body());
    }
    let round_page = minji.browser.get(&format!("/rounds/{}", round.slug)).await;
    assert!(round_page.body().contains("/my/leave"));
    assert!(minji.browser.get("/").await.body().contains("회차 화면 맨 아래"));
    let left = minji.post("my/leave", &[]).await;
    assert_eq!(left.to(), format!("/rounds/{}", round.slug));
    let round_page = minji.browser.get(&format!("/rounds/{}", round.slug)).await;
    assert!(!round_page.body().contains("/my/leave") && !round_page.body().contains("여러 사람이 쓰는 기기"));
    let asked = minji.path("enter?purpose=my");
    assert_eq!(minji.get("my").await.to(), asked);
    // The entry stays where it is.
    minji.identify(&t, "my").await;
    assert_eq!(minji.mine().await.word(), "not_yet");
}
