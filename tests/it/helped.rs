//! People whom another enters: nobody is looked for, taken or invented by name and birth date.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entities::round;
use jebi::{
    domain::{
        contact::{Channel, Contact},
        roster::MatchBy,
        staff::Role,
        who::helped::Helped,
    },
    identity::helping::Tries,
    lifecycle::{
        announce::look,
        together::{self, Refused},
    },
};

use crate::{
    console::counter::{ask, enter},
    roster::{imported, imported_as},
    support::{Engine, Page, Resident, TestApp, both},
    who::{PARITY, round, wanted},
};

both!(
    whoever_looks_for_neighbours_has_few_tries,
    a_network_that_looks_for_neighbours_has_few_tries,
    by_a_roster_of_names_nobody_is_invented,
    whoever_was_entered_by_a_stranger_is_taken_out_at_a_counter,
    whoever_is_taken_out_comes_in_or_stays,
    a_draft_says_that_people_can_be_invented,
);

const HELPED: &str = "[helped]\nminors = 2\nadults = 1\n";

async fn start(engine: Engine) -> (TestApp, round::Model) {
    let t = TestApp::start(engine).await;
    let round = t.announced(round("mode = \"everyone\"", &format!("{PARITY}{HELPED}"))).await;
    t.jump(round.opens_at);
    (t, round)
}

async fn somebody(t: &TestApp, address: &str) -> Resident {
    let mut somebody = t.resident("groups", address).await;
    somebody.tell(&[("birth_year", "1986")]).await.to();
    somebody.enter(100_000, &["pm"]).await;
    somebody.get("people").await;
    somebody
}

async fn add(who: &mut Resident, name: &str, born: &str) -> Page {
    who.post("people", &[("act", "add"), ("name", name), ("born", born)]).await
}

async fn seats(t: &TestApp, round: &round::Model) -> Vec<i32> {
    t.tick().await;
    let mut seats: Vec<i32> = t.entries(round).await.into_iter().map(|entry| entry.seats).collect();
    seats.sort_unstable();
    seats
}

async fn whoever_looks_for_neighbours_has_few_tries(engine: Engine) {
    let (t, round) = start(engine).await;
    let mut minji = somebody(&t, "minji@example.org").await;
    add(&mut minji, "김하늘", "2015-03-01").await.to();
    let mut eve = somebody(&t, "eve@example.org").await;
    for _ in 0..5 {
        let told = add(&mut eve, "김하늘", "2015-03-01").await;
        assert_eq!((told.status, told.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["name"]));
        assert!(
            told.body().contains("이미 다른 신청에 들어 있는") && told.body().contains("창구에 오"),
            "{}",
            told.body()
        );
    }
    // What is looked up no more says nothing, whoever it is, and an hour does not help.
    for minutes in [0, 61] {
        t.pass(TimeDelta::minutes(minutes));
        for (name, born) in [("김하늘", "2015-03-01"), ("김바다", "2016-03-01")] {
            let kept = add(&mut eve, name, born).await;
            assert!(kept.body().contains("너무 여러 번 해 보셔서"), "{}", kept.body());
        }
    }
    assert_eq!(seats(&t, &round).await, [1, 2]);
    t.pass(TimeDelta::hours(25));
    eve.identify(&t, "my").await;
    eve.get("people").await;
    add(&mut eve, "김바다", "2016-03-01").await.to();

    // In and out again is a try as well: ten in an hour.
    minji.identify(&t, "my").await;
    for _ in 0..5 {
        let page = minji.get("people").await;
        let who = page.hidden("who").unwrap();
        minji.post("people", &[("act", "remove"), ("who", &who)]).await.to();
        add(&mut minji, "김하늘", "2015-03-01").await.to();
    }
    let page = minji.get("people").await;
    let who = page.hidden("who").unwrap();
    let kept = minji.post("people", &[("act", "remove"), ("who", &who)]).await;
    assert!(kept.body().contains("너무 여러 번 해 보셔서"), "{}", kept.body());
    assert_eq!(seats(&t, &round).await, [2, 2]);
    t.pass(TimeDelta::minutes(61));
    minji.post("people", &[("act", "remove"), ("who", &who)]).await.to();
    // Whoever has no room left learns nothing.
    add(&mut minji, "김산", "2014-03-01").await.to();
    add(&mut minji, "김강", "2013-03-01").await.to();
    let full = add(&mut minji, "김바다", "2016-03-01").await;
    assert!(full.body().contains("모두 넣었습니다"), "{}", full.body());

    // Whoever may look for nobody more still takes out whom they entered.
    let page = eve.get("people").await;
    let who = page.hidden("who").unwrap();
    for _ in 0..5 {
        assert!(add(&mut eve, "김산", "2014-03-01").await.body().contains("이미 다른 신청에 들어 있는"));
    }
    let kept = add(&mut eve, "김숲", "2017-03-01").await;
    assert!(kept.body().contains("너무 여러 번 해 보셔서"), "{}", kept.body());
    eve.post("people", &[("act", "remove"), ("who", &who)]).await.to();
    assert_eq!(seats(&t, &round).await, [1, 3]);
}

async fn a_network_that_looks_for_neighbours_has_few_tries(engine: Engine) {
    let t = TestApp::start_with(engine, |config| config.codes.untyped_per_caller = 2).await;
    let round = t.announced(round("mode = \"everyone\"", &format!("{PARITY}{HELPED}"))).await;
    t.jump(round.opens_at);
    let opened = t.round(&round).await;
    let mut receipts = Vec::new();
    for number in 0..10 {
        let contact = Contact::parse(Channel::Email, &format!("r{number}@example.org")).unwrap();
        let receipt = opened.receipt(&contact.person_key()).unwrap().to_string();
        together::enter(&t.app, &opened, &receipt, wanted(100_000, "birth_parity=even"), None).await.unwrap();
        receipts.push(receipt);
    }
    let child = |born: &str| Helped::parse("김하늘", born, t.now().date_naive()).unwrap();
    let tries = async |number: usize, caller: &str, born: &str| {
        let receipt = receipts[number].as_str();
        Tries { app: &t.app, round: &opened, receipt, caller }.add(&child(born), t.now()).await
    };
    tries(0, "", "2015-03-01").await.unwrap();
    // Two from one network are told; from then on five in a minute are looked at.
    let mut said = Vec::new();
    for number in 1..10 {
        said.push(matches!(tries(number, "203.0.113.9", "2015-03-01").await, Err(Refused::TooMany)));
    }
    assert_eq!(said, [false, false, false, false, false, false, false, true, true]);
    // Neighbours elsewhere notice nothing of it, and here the next minute has room.
    tries(9, "198.51.100.1", "2016-03-01").await.unwrap();
    t.pass(TimeDelta::minutes(1));
    tries(8, "203.0.113.7", "2017-03-01").await.unwrap();
}

async fn by_a_roster_of_names_nobody_is_invented(engine: Engine) {
    let t = TestApp::start(engine).await;
    let list = "이름,이메일,생년월일\n김민지,minji@example.org,1986-01-02\n박민수,,1946-05-05\n이영희,hee@example.org,1950-07-08\n";
    imported(&t, list, Some(MatchBy::Name)).await.unwrap();
    let mode = "mode = \"everyone\"\nroster = \"list\"";
    let round = t.announced(round(mode, &format!("{PARITY}{HELPED}"))).await;
    t.jump(round.opens_at);
    let comes = async |address: &str, name: &str, born: &str| {
        let mut comes = t.stranger_at("groups", address);
        comes.identify(&t, "enter").await;
        comes.get("roster?purpose=enter").await;
        let who = [("purpose", "enter"), ("name", name), ("birth", born)];
        comes.post("roster", &who).await.to();
        comes.tell(&[("birth_year", &born[..4])]).await.to();
        comes
    };
    let mut minji = comes("minji@example.org", "김민지", "1986-01-02").await;
    minji.enter(100_000, &["pm"]).await;
    let mut hee = comes("hee@example.org", "이영희", "1950-07-08").await;
    hee.enter(100_000, &["pm"]).await;
    minji.get("people").await;
    // Nobody of that name, and somebody who has entered: one answer.
    let nobody = add(&mut minji, "최하나", "1960-01-01").await;
    let entered = add(&mut minji, "이영희", "1950-07-08").await;
    let without = |page: &Page, name: &str, born: &str| page.body().replace(name, "").replace(born, "");
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nobody.body().contains("명단에 없거나 이미 다른 신청에 들어 있는"), "{}", nobody.body());
    let (nobody, entered) =
        (without(&nobody, "최하나", "1960-01-01"), without(&entered, "이영희", "1950-07-08"));
    assert_eq!(nobody.len(), entered.len());
    assert_eq!(seats(&t, &round).await, [1, 1]);

    // Whoever is on it can be entered, has one entry by whatever way, and reads why.
    add(&mut minji, "박 민수", "1946.5.5").await.to();
    assert_eq!(seats(&t, &round).await, [1, 2]);
    let mut minsu = comes("minsu@example.org", "박민수", "1946-05-05").await;
    minsu.answer(100_000, &[]).await;
    let taken = minsu.post("entry", &[]).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.body().contains("다른 분이 이미 본인을 함께 신청하셨습니다"), "{}", taken.body());
    // With his papers he comes out of it, at a counter.
    let mut lee = t.staff("lee", Role::Counter).await;
    let who = [("name", "박민수"), ("born", "1946-05-05")];
    assert_eq!(ask(&mut lee, "groups", &who).await.to(), "/console/counter/groups/check");
    lee.see("/console/counter/groups/check").await;
    assert_eq!(lee.post("/console/counter/groups/entry", &[]).await.wrong_fields(), ["take_out"]);
    let out = lee.post("/console/counter/groups/entry", &[("take_out", "yes")]).await;
    assert_eq!(out.to(), "/console/counter/groups/slip");
    assert_eq!(seats(&t, &round).await, [1, 1, 1]);
    // A counter enters nobody either who is not on the list.
    let stranger = [("act", "add"), ("name", "누구"), ("born", "1960-01-01"), ("evidence", "yes")];
    lee.see("/console/counter/groups/slip").await;
    let stranger = lee.post("/console/counter/groups/people", &stranger).await;
    assert_eq!(stranger.wrong_fields(), ["name"]);
    assert!(stranger.body().contains("명부") || stranger.body().contains("명단"), "{}", stranger.body());
}

async fn whoever_was_entered_by_a_stranger_is_taken_out_at_a_counter(engine: Engine) {
    let (t, round) = start(engine).await;
    let mut eve = somebody(&t, "eve@example.org").await;
    add(&mut eve, "박민수", "1946-05-05").await.to();
    add(&mut eve, "김바다", "2015-03-01").await.to();
    let stranger = eve.mine().await.receipt().to_owned();
    assert_eq!(seats(&t, &round).await, [3]);
    t.send().await;
    let told = t.mailbox.messages_for("eve@example.org").len();

    let mut lee = t.staff("lee", Role::Counter).await;
    let who = [("name", "박민수"), ("born", "1946-05-05")];
    assert_eq!(ask(&mut lee, "groups", &who).await.to(), "/console/counter/groups/check");
    lee.see("/console/counter/groups/check").await;
    let asked = lee.post("/console/counter/groups/entry", &[]).await;
    assert_eq!((asked.status, asked.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["take_out"]));
    assert_eq!(seats(&t, &round).await, [3], "nothing changes before the clerk says so");
    t.pass(TimeDelta::seconds(2));
    let done = lee.post("/console/counter/groups/entry", &[("take_out", "yes")]).await;
    assert_eq!(done.to(), "/console/counter/groups/slip");
    assert_eq!(seats(&t, &round).await, [1, 2]);
    assert!(t.accesses().await.contains(&("undone".to_owned(), stranger.clone())));
    // His own child as well, whom the stranger has entered: with the evidence seen, and named by the clerk.
    lee.see("/console/counter/groups/slip").await;
    let child = [("act", "add"), ("name", "김바다"), ("born", "2015-03-01"), ("evidence", "yes")];
    assert_eq!(lee.post("/console/counter/groups/people", &child).await.wrong_fields(), ["take_out"]);
    t.pass(TimeDelta::seconds(2));
    let child = [child.as_slice(), &[("take_out", "yes")]].concat();
    assert_eq!(lee.post("/console/counter/groups/people", &child).await.to(), "/console/counter/groups/slip");
    assert_eq!(seats(&t, &round).await, [1, 2]);
    let left = t.entries(&round).await.into_iter().find(|entry| entry.receipt == stranger).unwrap();
    assert_eq!(left.seats, 1);
    // Whoever entered them is told that their entry has changed.
    t.send().await;
    assert!(t.mailbox.messages_for("eve@example.org").len() > told);

    // On paper alike.
    let mut soo = somebody(&t, "soo@example.org").await;
    add(&mut soo, "최산", "1951-05-06").await.to();
    lee.see("/console/counter/groups/paper").await;
    let form = [
        ("paper", "dong-1"),
        ("name", "최산"),
        ("born", "1951-05-06"),
        ("id_seen", "yes"),
        ("consent", "yes"),
        ("want", "250000"),
    ];
    assert_eq!(lee.post("/console/counter/groups/paper", &form).await.wrong_fields(), ["take_out"]);
    t.pass(TimeDelta::seconds(2));
    let form = [form.as_slice(), &[("take_out", "yes")]].concat();
    assert_eq!(lee.post("/console/counter/groups/paper", &form).await.to(), "/console/counter/groups/paper");
    assert_eq!(seats(&t, &round).await, [1, 1, 1, 2]);
    enter(&mut lee, "groups", &[("name", "정별"), ("born", "1952-05-06")]).await;
}

/// Taken out of one entry and kept out of the other, somebody would be in none.
async fn whoever_is_taken_out_comes_in_or_stays(engine: Engine) {
    let t = TestApp::start_with(engine, |config| config.counter.most_per_helper = 1).await;
    let round = t.announced(round("mode = \"everyone\"", &format!("{PARITY}{HELPED}"))).await;
    t.jump(round.opens_at);
    let mut eve = somebody(&t, "eve@example.org").await;
    add(&mut eve, "박민수", "1946-05-05").await.to();
    assert_eq!(seats(&t, &round).await, [2]);
    // Whoever comes for him has come for as many as may be.
    let mut lee = t.staff("lee", Role::Counter).await;
    let helper =
        [("helper_name", "최산"), ("helper_born", "1975-05-05"), ("relation", "child"), ("evidence", "yes")];
    let by = |who: [(&'static str, &'static str); 2]| [helper.as_slice(), &who].concat();
    enter(&mut lee, "groups", &by([("name", "정별"), ("born", "1952-05-06")])).await;
    assert_eq!(seats(&t, &round).await, [1, 2]);
    ask(&mut lee, "groups", &by([("name", "박민수"), ("born", "1946-05-05")])).await.to();
    lee.see("/console/counter/groups/check").await;
    let refused = lee.post("/console/counter/groups/entry", &[("take_out", "yes")]).await;
    assert_eq!(refused.wrong_fields(), ["form"]);
    assert_eq!(seats(&t, &round).await, [1, 2]);
    // Nor is there room for him where another is in it already.
    enter(&mut lee, "groups", &[("name", "김하늘"), ("born", "1948-03-01")]).await;
    let other = [("act", "add"), ("name", "이영희"), ("born", "1950-07-08"), ("evidence", "yes")];
    assert_eq!(lee.post("/console/counter/groups/people", &other).await.to(), "/console/counter/groups/slip");
    lee.see("/console/counter/groups/slip").await;
    let his = [
        ("act", "add"),
        ("name", "박민수"),
        ("born", "1946-05-05"),
        ("evidence", "yes"),
        ("take_out", "yes"),
    ];
    assert_eq!(lee.post("/console/counter/groups/people", &his).await.wrong_fields(), ["name"]);
    assert_eq!(seats(&t, &round).await, [1, 2, 2]);
    assert!(t.accesses().await.iter().all(|(kind, _)| kind != "undone"));
}

async fn a_draft_says_that_people_can_be_invented(engine: Engine) {
    let t = TestApp::start(engine).await;
    let list = "이름,이메일,생년월일\n김민지,minji@example.org,1986-01-02\n";
    imported(&t, list, Some(MatchBy::Name)).await.unwrap();
    imported_as(&t, "addresses", list, Some(MatchBy::Email)).await.unwrap();
    let says = async |roster: &str, helped: &str| {
        let draft = round(&format!("mode = \"everyone\"{roster}"), &format!("{PARITY}{helped}"));
        let advice = look(&t.app, &draft).await.unwrap().advice;
        advice.iter().any(|said| said.contains("can add 3 people whom nobody has seen"))
    };
    assert!(says("", HELPED).await && !says("", "").await);
    assert!(says("\nroster = \"addresses\"", HELPED).await);
    assert!(!says("\nroster = \"list\"", HELPED).await);
}
