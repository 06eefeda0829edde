//! Before the seal an entry that is wrong is taken out by two, told why, and put back if that was wrong.

use axum::http::StatusCode;
use chrono::TimeDelta;
use jebi::{
    domain::{because::Because, ineligible::Reason, staff::Role},
    lifecycle::{LifecycleError, announce::Staff, seal, strike},
    store,
};

use super::acts::{approve, journal, number, put_forward};
use crate::{
    support::{Engine, Member, TestApp, between, both, verified},
    who::{self, PARITY},
};

both!(
    a_wrong_entry_leaves_the_pool_on_the_word_of_two,
    nobody_leaves_a_pool_that_is_sealed,
    only_whoever_opened_a_joint_entry_is_told_why,
    a_pool_that_was_read_before_a_strike_is_read_again,
);

/// Proposed, looked at, and approved.
async fn struck(kim: &mut Member, lee: &mut Member, slug: &str, receipt: &str, category: &str) {
    let path = format!("/console/rounds/{slug}/propose/strike");
    kim.see(&path).await;
    let id = number(&kim.post(&path, &[("receipt", receipt), ("category", category)]).await);
    let page = kim.see(&format!("/console/proposals/{id}")).await;
    assert!(page.body().contains(&format!("<li><code>{receipt}</code></li>")), "{}", page.body());
    put_forward(kim, id).await;
    assert_eq!(approve(lee, id, "").await.status, StatusCode::SEE_OTHER);
}

async fn a_wrong_entry_leaves_the_pool_on_the_word_of_two(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(200);
    // An afternoon to look at what came in.
    draft.times.closes = draft.times.closes.replace("18:00", "12:00");
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let mut people = t.crowd(&round.slug, 4).await;
    let wrong = people[0].mine().await.receipt().to_owned();
    let right = people[1].mine().await.receipt().to_owned();
    let mut kim = t.staff("kim", Role::Clerk).await;
    let mut lee = t.staff("lee", Role::Approver).await;
    // While people can enter they put it right themselves; a counter does it for who stands there.
    let page = kim.see(&format!("/console/rounds/{}", round.slug)).await;
    assert!(!page.body().contains("/propose/strike"), "{}", page.body());
    t.close(&round).await;
    for who in [&mut kim, &mut lee] {
        t.pass(TimeDelta::minutes(1));
        who.sign_in(&t).await;
    }
    let page = kim.see(&format!("/console/rounds/{}", round.slug)).await;
    assert!(page.body().contains("/propose/strike"), "{}", page.body());
    struck(&mut kim, &mut lee, &round.slug, &wrong, "twice").await;
    struck(&mut kim, &mut lee, &round.slug, &right, "resident").await;
    // In the journal each is a batch, with those two for the municipality alone.
    let lines = journal(&t, &round).await;
    let by_two = ("entered".to_owned(), "kim, lee".to_owned());
    assert_eq!(lines[lines.len() - 2..], [by_two.clone(), by_two]);
    // It is told why, by mail and on its own page: it did not withdraw.
    t.send_until(t.now() + TimeDelta::hours(1)).await;
    let letters = t.mailbox.messages_for(&people[0].address);
    let told = letters.iter().filter(|letter| letter.body.contains("두 번 신청함")).count();
    assert_eq!(told, 1, "{letters:?}");
    people[0].identify(&t, "my").await;
    let mine = people[0].mine().await;
    assert_eq!(mine.word(), "ended");
    assert!(
        mine.body().contains("두 번 신청함") && !mine.body().contains("취소하셨습니다"),
        "{}",
        mine.body()
    );
    for who in [&mut kim, &mut lee] {
        who.sign_in(&t).await;
    }
    // Twice is once, and who was right is put back.
    let path = format!("/console/rounds/{}/propose/strike", round.slug);
    kim.see(&path).await;
    let again = kim.post(&path, &[("receipt", &wrong), ("category", "twice")]).await;
    assert!(again.body().contains("참여하는 신청이 없습니다"), "{}", again.body());
    struck(&mut kim, &mut lee, &round.slug, &right, "eligible").await;
    people[1].identify(&t, "my").await;
    assert_eq!(people[1].mine().await.word(), "not_yet");
    // What is sealed, drawn and checked by anybody is the pool without it.
    for at in [round.seals_at, round.reveals_at, round.pulse_at] {
        t.jump(at);
        t.tick().await;
    }
    assert_eq!(t.row(&round).await.entrant_count, Some(3));
    assert!(store::assignment::find(t.db(), round.id, &wrong).await.unwrap().is_none());
    t.jump(round.results_at);
    verified(&t, &round).await;
    people[0].identify(&t, "my").await;
    assert!(people[0].mine().await.body().contains("두 번 신청함"));
}

async fn nobody_leaves_a_pool_that_is_sealed(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(t.draft(200)).await;
    t.jump(round.opens_at);
    t.entered(&round, 5).await;
    // Everybody sees it closed, and it is not written down yet: nothing is sealed, and it is to be tried again.
    t.jump(round.closes_at + TimeDelta::seconds(1));
    let shown = strike::concerned(t.db(), &t.row(&round).await, "any", false, t.now()).await;
    assert!(matches!(shown, Err(LifecycleError::Refused(Because::Closing))), "{shown:?}");
    t.close(&round).await;
    let receipt = t.entries(&round).await[0].receipt.clone();
    let path = format!("/console/rounds/{}/propose/strike", round.slug);
    // The last minute is the seal's: what it signs is read after it.
    let last = round.seals_at - TimeDelta::seconds(30);
    t.jump(last);
    let mut kim = t.staff("kim", Role::Clerk).await;
    for at in [last, round.seals_at] {
        t.jump(at);
        t.tick().await;
        t.app.rounds.forget();
        kim.see(&path).await;
        let late = kim.post(&path, &[("receipt", &receipt), ("category", "twice")]).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(late.body().contains("봉인한 명부에서는 아무도 빼지 않고"), "{}", late.body());
    }
    assert_eq!(t.row(&round).await.entrant_count, Some(5));
}

async fn only_whoever_opened_a_joint_entry_is_told_why(engine: Engine) {
    let t = TestApp::start(engine).await;
    let joint = format!("{PARITY}[joint]\nmost = 3\n");
    let round = t.announced(who::round("mode = \"everyone\"", &joint)).await;
    t.jump(round.opens_at);
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.tell(&[("birth_year", "1986")]).await.to();
    minji.enter(100_000, &["pm"]).await;
    minji.get("people").await;
    minji.post("people", &[("act", "open")]).await.to();
    let page = minji.get("people").await;
    let code = between(page.body(), "<b class=\"code\">", "<").unwrap().to_owned();
    let mut people = Vec::new();
    for address in ["jun@example.org", "soo@example.org"] {
        let mut one = t.resident(&round.slug, address).await;
        one.get("join").await;
        one.post("join", &[("code", &code)]).await.to();
        people.push(one);
    }
    t.tick().await;
    people[0].withdraw().await;
    let receipt = minji.mine().await.receipt().to_owned();
    t.close(&round).await;
    let opened = t.round(&round).await;
    let two = Staff::new("kim", "lee");
    strike::strike(&t.app, &opened, &receipt, Some(Reason::Twice), &two, t.now()).await.unwrap();
    let [jun, soo] = &mut people[..] else { panic!("two") };
    t.send_until(t.now() + TimeDelta::hours(1)).await;
    // Whoever opened it is told why; whoever is in it, that they are: it need not be true of them.
    let joint = "사유는 신청을 연 분께 알립니다";
    for (who, told) in [(&mut minji, "두 번 신청함"), (soo, joint), (jun, "취소하셨습니다")] {
        who.identify(&t, "my").await;
        let mine = who.mine().await;
        assert_eq!(mine.word(), "ended");
        let letters = t.mailbox.messages_for(&who.address);
        let told_by_mail = letters.iter().any(|letter| letter.body.contains("두 번 신청함"));
        assert_eq!(told_by_mail, told == "두 번 신청함", "{}: {letters:?}", who.address);
        for words in ["두 번 신청함", joint, "취소하셨습니다"] {
            assert_eq!(mine.body().contains(words), words == told, "{}: {}", who.address, mine.body());
        }
    }
    let letters = t.mailbox.messages_for("soo@example.org");
    assert!(letters.iter().any(|letter| letter.body.contains(joint)), "{letters:?}");
}

/// The pool of a large round is read for a while. Who is struck meanwhile is not sealed in it.
async fn a_pool_that_was_read_before_a_strike_is_read_again(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(t.draft(200)).await;
    t.jump(round.opens_at);
    t.entered(&round, 5).await;
    t.close(&round).await;
    let receipt = t.entries(&round).await[0].receipt.clone();
    let read = seal::read(&t.app, t.row(&round).await, t.now()).await.unwrap();
    let (of, staff) = (t.round(&round).await, Staff::new("kim", "lee"));
    strike::strike(&t.app, &of, &receipt, Some(Reason::Twice), &staff, t.now()).await.unwrap();
    // What was read is of before: nothing of it is kept, neither the seal nor its line.
    let before = journal(&t, &round).await;
    assert!(!seal::keep(&t.app, read, t.now()).await.unwrap());
    let row = t.row(&round).await;
    assert_eq!((row.sealed_at, row.seal, row.entrant_count), (None, None, None));
    assert_eq!(journal(&t, &round).await, before);
    // At the next tick it is read again, and is the pool that anybody makes of the batches.
    for at in [round.seals_at, round.reveals_at, round.pulse_at] {
        t.jump(at);
        t.tick().await;
    }
    assert_eq!(t.row(&round).await.entrant_count, Some(4));
    assert!(store::assignment::find(t.db(), round.id, &receipt).await.unwrap().is_none());
    // Once sealed, what somebody else had read is not sealed over it.
    t.jump(round.results_at);
    verified(&t, &round).await;
}
