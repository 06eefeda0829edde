//! Who guesses at everybody's codes, asks for codes to everybody's phone, or for all of somebody else's: budgets for a
//! number, a network and all together, and what they cost honest people.

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use entities::code;
use jebi::{
    config::{Config, Sms, sms},
    domain::{
        draft::{Dependency, Step},
        staff::Role,
    },
    identity::network::caller_key,
    secret::random_id,
    store,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

use crate::support::{Browser, Engine, Page, Resident, TestApp, both};

both!(
    codes_grow_when_somebody_guesses_at_everybodys,
    who_types_at_dead_codes_changes_nothing_for_others,
    a_stranger_does_not_use_up_the_codes_of_another,
    nor_does_a_stranger_who_takes_a_day_for_it,
    what_is_typed_uses_up_nothing_but_a_wider_limit,
    a_network_is_sent_so_many_codes_that_nobody_types,
    texts_that_nobody_types_become_a_trickle,
    the_first_minutes_of_a_pump_are_bounded,
    checks_stay_within_the_plan_and_the_light_says_so,
    whoever_types_every_code_leaves_most_of_a_minute_to_others,
);

fn behind_a_proxy(config: &mut Config) {
    config.address_header = Some("x-real-ip".to_owned());
}

fn with_texts(config: &mut Config) {
    let path = config.state_dir.join("texts");
    std::fs::create_dir_all(&path).unwrap();
    config.sms = Some(Sms { file: Some(sms::File { path, ..Default::default() }), ..Sms::default() });
    behind_a_proxy(config);
}

async fn open_with(engine: Engine, change: impl FnOnce(&mut Config)) -> (TestApp, entities::round::Model) {
    let t = TestApp::start_with(engine, change).await;
    let round = t.announced(t.draft(100)).await;
    t.jump(round.opens_at);
    (t, round)
}

/// Asks for a code from an address; the answer.
async fn ask(browser: &Browser, slug: &str, from: &str, to: &str) -> Page {
    let mut browser = browser.clone().from(from);
    let path = format!("/rounds/{slug}/enter");
    browser.get(&path).await;
    let (channel, field) = if to.contains('@') { ("email", "email") } else { ("sms", "phone") };
    browser.post(&path, &[("purpose", "enter"), ("channel", channel), (field, to), ("consent", "yes")]).await
}

fn is_busy(page: &Page) -> bool {
    let waits = page.header(header::RETRY_AFTER).parse::<u64>().is_ok_and(|seconds| seconds >= 30);
    page.status == StatusCode::SERVICE_UNAVAILABLE && waits
}

async fn codes_grow_when_somebody_guesses_at_everybodys(engine: Engine) {
    let (t, round) = open_with(engine, |config| config.codes.wrong_per_day = 12).await;
    // An honest resident has a code of six digits.
    let mut minji = t.stranger_at(&round.slug, "minji@example.org");
    minji.ask("enter").await.to();
    assert!(minji.get("code").await.body().contains("인증번호 6자리"));
    t.send().await;
    let short = t.last_code("minji@example.org");
    // Many sessions guess a few times each.
    for number in 0..3 {
        let mut guesser = t.stranger_at(&round.slug, &format!("victim{number}@example.org"));
        guesser.ask("enter").await.to();
        guesser.get("code").await;
        t.send().await;
        let right = t.last_code(&guesser.address);
        for guess in 0..5_u32 {
            let guess = format!("{:06}", (right.parse::<u32>().unwrap() + 1 + guess) % 1_000_000);
            let page = guesser.post("code", &[("code", &guess)]).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
    }
    let wrong = entities::load::Entity::find().all(t.db()).await.unwrap();
    assert_eq!(
        wrong.iter().find(|row| row.what == "wrong codes").map(|row| row.count),
        Some(12),
        "counted on"
    );
    // Not even the right short one counts now, and the next has eight digits: a press away.
    let page = minji.post("code", &[("code", &short)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(minji.get("details").await.status, StatusCode::UNAUTHORIZED);
    minji.get("code").await;
    assert_eq!(minji.post("code/again", &[]).await.to(), minji.path("code"));
    assert!(minji.get("code").await.body().contains("인증번호 8자리"));
    t.send().await;
    let mail = t.mailbox.messages_for("minji@example.org").pop().unwrap();
    let long = mail.body.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 8).unwrap();
    assert_eq!(minji.post("code", &[("code", long)]).await.to(), minji.path("details"));
    // Whoever comes back in an hour has no more guesses; a day later six digits are enough again.
    t.pass(TimeDelta::hours(22));
    let mut later = t.stranger_at(&round.slug, "later@example.org");
    later.ask("enter").await.to();
    assert!(later.get("code").await.body().contains("인증번호 8자리"));
    t.pass(TimeDelta::hours(2));
    t.tick().await;
    later.identify(&t, "enter").await;
}

async fn who_types_at_dead_codes_changes_nothing_for_others(engine: Engine) {
    let (t, round) = open_with(engine, |config| config.codes.wrong_per_day = 12).await;
    let mut guesser = t.stranger_at(&round.slug, "guesser@example.org");
    guesser.ask("enter").await.to();
    guesser.get("code").await;
    t.send().await;
    let right = t.last_code("guesser@example.org");
    // Five tries kill it; a hundred more, from as many copies of the session, are typed at a dead code.
    let mut asked = Vec::new();
    for guess in 0..105_u32 {
        let guess = format!("{:06}", (right.parse::<u32>().unwrap() + 1 + guess) % 1_000_000);
        let before = t.app.db.asked();
        let page = guesser.clone().post("code", &[("code", &guess)]).await;
        asked.push(t.app.db.asked() - before);
        assert_eq!((page.status, page.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["code"]));
        assert_eq!(page.body().contains("여러 번"), asked.len() >= 5, "{}", page.body());
    }
    // The right one, too, and one of which the time is over.
    assert_eq!(
        guesser.clone().post("code", &[("code", &right)]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let mut late = t.stranger_at(&round.slug, "late@example.org");
    late.ask("enter").await.to();
    late.get("code").await;
    t.pass(TimeDelta::minutes(11));
    for _ in 0..20 {
        late.clone().post("code", &[("code", "123456")]).await;
    }
    let rows = entities::load::Entity::find().all(t.db()).await.unwrap();
    let wrong: i64 = rows.iter().filter(|row| row.what == "wrong codes").map(|row| row.count).sum();
    assert_eq!(wrong, 5, "what nobody looks at is counted");
    // So nobody else's code grows, and the next one is not dead.
    let mut minji = t.stranger_at(&round.slug, "minji@example.org");
    minji.identify(&t, "enter").await;
    // And it costs less than a live one.
    assert!(asked[5..].iter().all(|dead| *dead < asked[1]), "{asked:?}");
}

async fn a_stranger_does_not_use_up_the_codes_of_another(engine: Engine) {
    let (t, round) = open_with(engine, behind_a_proxy).await;
    let browser = t.browser();
    for (from, status) in
        [("203.0.113.9", 303), ("203.0.113.9", 303), ("203.0.113.77", 303), ("203.0.113.9", 422)]
    {
        // Whoever is next door is the same stranger.
        let page = ask(&browser, &round.slug, from, "minji@example.org").await;
        assert_eq!(page.status.as_u16(), status, "{from}");
    }
    for status in [303, 303, 422] {
        let page = ask(&browser, &round.slug, "198.51.100.4", "minji@example.org").await;
        assert_eq!(page.status.as_u16(), status);
    }
    // To another address the stranger may still ask.
    assert_eq!(
        ask(&browser, &round.slug, "203.0.113.9", "sejin@example.org").await.status,
        StatusCode::SEE_OTHER
    );
}

async fn nor_does_a_stranger_who_takes_a_day_for_it(engine: Engine) {
    let (t, round) = open_with(engine, behind_a_proxy).await;
    let browser = t.browser();
    let asks = async |from: &str| ask(&browser, &round.slug, from, "minji@example.org").await;
    let takes_all = async |from: &str| {
        let mut sent = 0;
        for _ in 0..4 {
            sent += usize::from(asks(from).await.status == StatusCode::SEE_OTHER);
        }
        sent
    };
    let mut sent = Vec::new();
    for _ in 0..6 {
        sent.push(takes_all("203.0.113.9").await);
        t.pass(TimeDelta::hours(1));
    }
    assert_eq!(sent, [3, 2, 0, 0, 0, 0]);
    let page = asks("203.0.113.77").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body().contains("18시간쯤 뒤에"), "{}", page.body());
    // She signs in as ever, from wherever she is.
    let mut minji = Resident::new(browser.clone().from("198.51.100.4"), &round.slug, "minji@example.org");
    for _ in 0..4 {
        minji.identify(&t, "enter").await;
    }
    // At two networks somebody has them all: then it is said for how long, and where there is a counter, that it helps.
    assert_eq!(takes_all("192.0.2.9").await, 3);
    t.pass(TimeDelta::hours(1));
    assert_eq!(takes_all("192.0.2.9").await, 2);
    let page = asks("198.51.100.4").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body().contains("17시간쯤 뒤에"), "{}", page.body());
    assert!(!page.body().contains("창구에서 도와 드립니다"), "{}", page.body());
    t.staff("lee", Role::Counter).await;
    let page = asks("198.51.100.4").await;
    assert!(page.body().contains("창구에서 도와 드립니다. 문의: 055-000-0000"), "{}", page.body());
    let english = browser.clone().in_english();
    let page = ask(&english, &round.slug, "198.51.100.4", "minji@example.org").await;
    assert!(page.body().contains("another in about 17 hours"), "{}", page.body());
    // As long as that, and no longer.
    t.pass(TimeDelta::hours(17));
    assert_eq!(asks("198.51.100.4").await.status, StatusCode::SEE_OTHER);
}

async fn what_is_typed_uses_up_nothing_but_a_wider_limit(engine: Engine) {
    let (t, round) = open_with(engine, |config| {
        behind_a_proxy(config);
        config.codes.typed_per_contact_per_day = 12;
    })
    .await;
    let mut minji = Resident::new(t.browser().from("198.51.100.4"), &round.slug, "minji@example.org");
    let counted = async |what: &str| -> Vec<i64> {
        let rows = entities::load::Entity::find().all(t.db()).await.unwrap();
        rows.iter().filter(|row| row.what.starts_with(what)).map(|row| row.count).collect()
    };
    // More than of those that nobody types, in an hour and in a day.
    for _ in 0..12 {
        minji.identify(&t, "my").await;
    }
    assert_eq!((counted("codes to ").await, counted("typed at ").await), (vec![], vec![12]));
    // And there is an end to it, for whoever has texts sent to a number of their own.
    let page = minji.ask("my").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body().contains("1일쯤 뒤에"), "{}", page.body());
    // A day later nothing of it counts, and two hours later it is forgotten.
    t.pass(TimeDelta::hours(26));
    // A double tap is one code.
    minji.ask("my").await.to();
    minji.get("code").await;
    t.send().await;
    let code = t.last_code("minji@example.org");
    for _ in 0..2 {
        minji.clone().post("code", &[("code", &code)]).await.to();
    }
    t.tick().await;
    assert_eq!((counted("codes to ").await, counted("typed at ").await), (vec![], vec![1]));
}

async fn a_network_is_sent_so_many_codes_that_nobody_types(engine: Engine) {
    let (t, round) = open_with(engine, |config| {
        behind_a_proxy(config);
        config.codes.untyped_per_caller = 5;
    })
    .await;
    for number in 0..5 {
        let page =
            ask(&t.browser(), &round.slug, "203.0.113.9", &format!("victim{number}@example.org")).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
    }
    // From then on five a minute.
    let mut sent = 5;
    for number in 5..13 {
        let page =
            ask(&t.browser(), &round.slug, "203.0.113.1", &format!("victim{number}@example.org")).await;
        sent += usize::from(page.status == StatusCode::SEE_OTHER);
        assert!(page.status == StatusCode::SEE_OTHER || is_busy(&page), "{}", page.status);
    }
    assert_eq!(sent, 10);
    assert_eq!(code::Entity::find().all(t.db()).await.unwrap().len(), 10, "a code was made all the same");
    // A crowd behind one address types what it is sent, and is not counted.
    for number in 0..8 {
        let address = format!("honest{number}@example.org");
        let mut honest = Resident::new(t.browser().from("198.51.100.4"), &round.slug, &address);
        honest.identify(&t, "enter").await;
    }
    // Nor is a neighbour of theirs before they ask for more than all the others have typed.
    let mut sent = 0;
    for number in 0..18 {
        let to = format!("lost{number}@example.org");
        let page = ask(&t.browser(), &round.slug, "198.51.100.4", &to).await;
        sent += usize::from(page.status == StatusCode::SEE_OTHER);
        assert!(page.status == StatusCode::SEE_OTHER || is_busy(&page), "{}", page.status);
    }
    assert_eq!(sent, 9 + 5);
    // By those five whoever is honest in the first network wins it back, long before the hour is over.
    for minute in 0..2 {
        t.pass(TimeDelta::minutes(1));
        for number in 0..5 {
            let address = format!("honest{minute}{number}@example.net");
            let mut honest = Resident::new(t.browser().from("203.0.113.7"), &round.slug, &address);
            honest.identify(&t, "enter").await;
        }
    }
    for number in 0..8 {
        let to = format!("next{number}@example.net");
        let mut next = Resident::new(t.browser().from("203.0.113.8"), &round.slug, &to);
        next.identify(&t, "enter").await;
    }
}

async fn texts_that_nobody_types_become_a_trickle(engine: Engine) {
    let (t, round) = open_with(engine, with_texts).await;
    // As a pump leaves it: two hundred texts from as many networks, a third of them typed.
    let made_at = t.now() - TimeDelta::minutes(5);
    texts(&t, round.id, 200, made_at, |number| number % 3 == 0).await;
    let mut sent = 0;
    for number in 0..12_u8 {
        let (from, to) = (format!("203.0.{number}.9"), format!("010-1234-{number:04}"));
        let page = ask(&t.browser(), &round.slug, &from, &to).await;
        sent += usize::from(page.status == StatusCode::SEE_OTHER);
        assert!(page.status == StatusCode::SEE_OTHER || is_busy(&page), "{}", page.status);
    }
    assert_eq!(sent, 5);
    // The light says so, also in a round without a plan.
    let red = "문자 인증번호: 지금은 많이 밀려 있습니다. 이메일로 받거나";
    let light = async || {
        let path = format!("/rounds/{}/enter?purpose=enter", round.slug);
        t.browser().get(&path).await.body().contains(red)
    };
    assert!(light().await, "texts trickle, and the light is not red");
    // Mail costs nothing, and buys no text: whoever has a domain types as many as they like.
    for number in 0..3 {
        let mail = format!("any{number}@example.org");
        let mut mail = Resident::new(t.browser().from("192.0.2.4"), &round.slug, &mail);
        mail.identify(&t, "enter").await;
    }
    assert!(is_busy(&ask(&t.browser(), &round.slug, "192.0.2.7", "010-9876-0000").await));
    // A network from which texts are typed goes on as ever, for as many.
    let network = caller_key(&t.app, "192.0.2.4");
    texts_from(&t, round.id, 3, made_at, |_| true, |_| network.clone()).await;
    for number in 0..3 {
        let page = ask(&t.browser(), &round.slug, "192.0.2.7", &format!("010-9876-000{number}")).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{number}");
    }
    assert!(is_busy(&ask(&t.browser(), &round.slug, "192.0.2.7", "010-9876-0009").await));
    // The next minute has room again for the others.
    t.pass(TimeDelta::minutes(1));
    assert!(!light().await, "red in a minute in which nobody was refused");
    let page = ask(&t.browser(), &round.slug, "198.51.100.4", "010-1234-5678").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    // Foreign, shared and premium numbers are not even asked about.
    for typed in ["+1 202 555 0100", "02-123-4567", "050-1234-5678", "060-123-4567", "1588-0000"] {
        let page = ask(&t.browser(), &round.slug, "198.51.100.4", typed).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
    }
}

/// Nobody waits three minutes to see it: three hundred texts that nobody has typed yet are enough.
async fn the_first_minutes_of_a_pump_are_bounded(engine: Engine) {
    let (t, round) = open_with(engine, with_texts).await;
    texts(&t, round.id, 297, t.now() - TimeDelta::minutes(1), |_| false).await;
    let mut sent = 0;
    for number in 0..12_u8 {
        let (from, to) = (format!("203.0.{number}.9"), format!("010-1234-{number:04}"));
        let page = ask(&t.browser(), &round.slug, &from, &to).await;
        sent += usize::from(page.status == StatusCode::SEE_OTHER);
    }
    assert_eq!(sent, 3 + 5);
    // An opening looks like this a minute later: more are on their way, and half of all were typed.
    let (t, round) = open_with(engine, with_texts).await;
    texts(&t, round.id, 700, t.now() - TimeDelta::minutes(1), |number| number % 2 == 0).await;
    for number in 0..12_u8 {
        let (from, to) = (format!("203.0.{number}.9"), format!("010-1234-{number:04}"));
        let page = ask(&t.browser(), &round.slug, &from, &to).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
    }
}

/// Codes that were sent by text for as many networks, and which of them were typed.
async fn texts(
    t: &TestApp,
    round_id: i64,
    count: usize,
    made_at: chrono::DateTime<chrono::Utc>,
    typed: impl Fn(usize) -> bool,
) {
    texts_from(t, round_id, count, made_at, typed, |number| format!("caller {number}")).await;
}

/// The same for these networks.
async fn texts_from(
    t: &TestApp,
    round_id: i64,
    count: usize,
    made_at: chrono::DateTime<chrono::Utc>,
    typed: impl Fn(usize) -> bool,
    caller: impl Fn(usize) -> String,
) {
    let txn = t.app.db.begin().await.unwrap();
    for number in 0..count {
        let row = code::ActiveModel {
            id: Set(random_id()),
            round_id: Set(round_id),
            address_key: Set(format!("key {number}")),
            address_sealed: Set(String::new()),
            channel: Set("sms".to_owned()),
            lang: Set("ko".to_owned()),
            code_key: Set(String::new()),
            code_sealed: Set(String::new()),
            tries: Set(0),
            made_at: Set(made_at),
            expires_at: Set(made_at + TimeDelta::minutes(10)),
            used_at: Set(typed(number).then_some(made_at)),
            caller_key: Set(caller(number)),
        };
        store::code::insert(&txn, row).await.unwrap();
    }
    txn.commit().await.unwrap();
}

async fn checks_stay_within_the_plan_and_the_light_says_so(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(100);
    draft.dependency.push(Dependency {
        name: "mail relay".to_owned(),
        per_minute: Some(9.0),
        uses: [(Step::Entering, 1.0)].into(),
        ..Dependency::default()
    });
    // Few enough are expected for such a limit.
    draft.expect.entrants = Some(5);
    let round = t.announced(draft).await;
    let plain = t.announced(jebi::domain::draft::Draft { slug: "plain".to_owned(), ..t.draft(100) }).await;
    t.jump(round.opens_at);
    let words = ["원활합니다", "조금 붐빕니다", "꽉 찼습니다"];
    let mut seen = Vec::new();
    for number in 0..11 {
        let page = t.stranger_at(&round.slug, "").get("enter").await;
        seen.push(words.iter().position(|word| page.body().contains(word)).expect("no light"));
        let page = ask(&t.browser(), &round.slug, "", &format!("minji{number}@example.org")).await;
        match number {
            0..9 => assert_eq!(page.status, StatusCode::SEE_OTHER),
            _ => assert!(is_busy(&page) && page.body().contains("minji"), "{}", page.body()),
        }
    }
    assert_eq!(seen, [0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2]);
    // At another instance it is the same minute, and the next one is everybody's.
    let other = t.another().await;
    let mut there = Resident::new(t.browser_at(&other), &round.slug, "sejin@example.org");
    assert!(there.get("enter").await.body().contains(words[2]));
    t.pass(TimeDelta::minutes(1));
    there.identify(&t, "enter").await;
    // Where no plan says what there is room for, nothing is promised.
    let page = t.stranger_at(&plain.slug, "").get("enter").await;
    assert!(words.iter().all(|word| !page.body().contains(word)), "{}", page.body());
}

async fn whoever_types_every_code_leaves_most_of_a_minute_to_others(engine: Engine) {
    let planned = |t: &TestApp| {
        let mut draft = t.draft(100);
        draft.dependency.push(Dependency {
            name: "mail relay".to_owned(),
            per_minute: Some(44.0),
            uses: [(Step::Entering, 1.0)].into(),
            ..Dependency::default()
        });
        draft.expect.entrants = Some(5);
        draft
    };
    let t = TestApp::start_with(engine, behind_a_proxy).await;
    let round = t.announced(planned(&t)).await;
    t.jump(round.opens_at);
    for number in 0..11 {
        let address = format!("any{number}@example.org");
        let mut any = Resident::new(t.browser().from("203.0.113.9"), &round.slug, &address);
        any.identify(&t, "enter").await;
    }
    assert_eq!(store::rate::minute(t.now()), round.opens_at, "another minute");
    for from in ["203.0.113.9", "203.0.113.200"] {
        let page = ask(&t.browser(), &round.slug, from, "one-more@example.org").await;
        assert!(is_busy(&page), "{}", page.status);
    }
    // Everybody else has room, and reads so.
    let mut minji = Resident::new(t.browser().from("198.51.100.4"), &round.slug, "minji@example.org");
    assert!(minji.get("enter").await.body().contains("원활합니다"));
    minji.identify(&t, "enter").await;
    // The next minute is theirs as well.
    t.pass(TimeDelta::minutes(1));
    let page = ask(&t.browser(), &round.slug, "203.0.113.9", "one-more@example.org").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);

    // Behind a proxy that does not say who comes, everybody is one network: then there is no such limit.
    fn behind_tls(config: &mut Config) {
        config.public_url = "https://draw.example".to_owned();
    }
    fn by_nobodys_header(config: &mut Config) {
        config.address_header = Some("x-nobody-sets-it".to_owned());
    }
    for change in [behind_tls as fn(&mut Config), by_nobodys_header] {
        let t = TestApp::start_with(engine, change).await;
        let round = t.announced(planned(&t)).await;
        t.jump(round.opens_at);
        for number in 0..20 {
            let to = format!("any{number}@example.org");
            let page = ask(&t.browser(), &round.slug, "203.0.113.9", &to).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{number}");
        }
    }
}
