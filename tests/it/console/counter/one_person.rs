//! One entry for one person, whatever door they used and whatever address they gave.

use axum::http::StatusCode;
use jebi::domain::staff::Role;

use super::{TICKED, WHO, ask, enter, of_list, path, rows};
use crate::support::{Engine, TestApp, both};

both!(
    the_web_and_the_counter_make_one_entry,
    with_and_without_a_phone_it_is_one_person,
    another_address_is_taken_with_the_same_answers,
);

async fn the_web_and_the_counter_make_one_entry(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Counter).await;
    let mut minji = t.resident(slug, "minji@example.org").await;
    minji.enter(250_000, &["pm"]).await;
    let receipt = minji.mine().await.receipt().to_owned();
    t.tick().await;
    // Whoever says her number changes nothing, whatever is sent: she reads a code, and goes on with what she has said.
    let mine = [WHO[0], WHO[1], ("email", " Minji@example.org "), ("wish_1", "am")];
    let asked = ask(&mut lee, slug, &mine).await;
    assert_eq!(asked.to(), path(slug, "/check"));
    let check = lee.see(&path(slug, "/check")).await;
    assert!(check.body().contains("하신 신청이 이미 있습니다") && check.body().contains("m…@example.org"));
    assert_eq!((check.hidden("change"), check.hidden("receipt")), (None, Some(receipt.clone())));
    let stranger = lee.post(&path(slug, "/entry"), &[("change", "yes")]).await;
    assert_eq!((stranger.status, stranger.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["form"]));
    t.tick().await;
    assert_eq!(t.entries(&round).await[0].wish, "pm");
    assert!(rows(&t).await.is_empty());
    assert_eq!(lee.post(&path(slug, "/slip"), &[("receipt", &receipt)]).await.to(), path(slug, "/slip"));
    lee.see(&path(slug, "/slip")).await;
    lee.post(&path(slug, "/code"), &[("act", "send")]).await.to();
    lee.see(&path(slug, "/slip")).await;
    t.send().await;
    let code = t.last_code("minji@example.org");
    let typed = lee.post(&path(slug, "/code"), &[("act", "check"), ("code", &code)]).await;
    assert_eq!(typed.to(), path(slug, "/check"));
    let known = lee.see(&path(slug, "/check")).await.hidden("change").unwrap();
    lee.post(&path(slug, "/entry"), &[("change", &known)]).await.to();
    assert_eq!(lee.see(&path(slug, "/slip")).await.receipt(), receipt);
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!((entries.len(), entries[0].wish.as_str(), entries[0].channel.as_str()), (1, "am", "email"));
    // She hears of it, and can put it right herself.
    let told = t.notices().await;
    assert_eq!(told.iter().filter(|notice| notice.about == receipt).count(), 2);
    assert!(minji.mine().await.body().contains("오전"));
    minji.enter(250_000, &["pm"]).await;
    t.tick().await;
    assert_eq!(t.entries(&round).await.len(), 1);
    // The signed receipt on the slip is the one of the web.
    t.close(&round).await;
}

async fn with_and_without_a_phone_it_is_one_person(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Clerk).await;
    enter(&mut lee, slug, &WHO).await;
    t.tick().await;
    let other = [WHO[0], WHO[1], ("email", "haneul@example.org")];
    assert_eq!(ask(&mut lee, slug, &other).await.to(), path(slug, "/check"));
    lee.see(&path(slug, "/check")).await;
    let refused = lee.post(&path(slug, "/entry"), &[]).await;
    assert_eq!((refused.status, refused.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["form"]));
    assert!(refused.body().contains("이미 신청하셨습니다"), "{}", refused.body());
    // The same again is the same entry; of the same name, born on another day, is another person.
    enter(&mut lee, slug, &WHO).await;
    enter(&mut lee, slug, &[WHO[0], ("born", "1949-03-01")]).await;
    t.tick().await;
    assert_eq!(t.entries(&round).await.len(), 2);
    // What another clerk left in this browser is not theirs.
    let mut park = t.staff("park", Role::Counter).await;
    park.browser.cookies.insert("jebi-counter".to_owned(), lee.browser.cookies["jebi-counter"].clone());
    assert_eq!(park.get(&path(slug, "/slip")).await.to(), "/console/counter");
    // Erased with the round.
    t.draw(&round).await;
    t.jump(round.ends_at + chrono::TimeDelta::days(91));
    t.tick().await;
    assert!(rows(&t).await.is_empty());
}

async fn another_address_is_taken_with_the_same_answers(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = of_list(&t, "이름,이메일,생년월일\n김하늘,,1948-03-01\n", t.draft(60)).await;
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Counter).await;
    // On paper first, then by a mailbox, then by another; the last twice.
    for (address, version) in
        [("", 1), ("old@example.org", 2), ("new@example.org", 3), ("new@example.org", 3)]
    {
        enter(&mut lee, slug, &[WHO[0], WHO[1], ("email", address)]).await;
        t.tick().await;
        t.send().await;
        let entries = t.entries(&round).await;
        assert_eq!((entries.len(), entries[0].version), (1, version), "{address}");
    }
    assert_eq!(t.entries(&round).await[0].channel, "email");
    // Each hears of it when it comes there and, by whoever it was changed, when it comes there no longer.
    let heard = |address: &str| {
        let mails = t.mailbox.messages_for(address);
        (mails.len(), mails.iter().filter(|mail| mail.body.contains("다른 곳으로 바뀌었습니다")).count())
    };
    assert_eq!([heard("old@example.org"), heard("new@example.org")], [(2, 1), (1, 0)]);
    // From a pile of paper too.
    lee.see(&path(slug, "/paper")).await;
    let paper = [WHO[0], WHO[1], ("email", "paper@example.org"), ("paper", "중앙-001")];
    let form: Vec<(&str, &str)> = TICKED.iter().chain(&paper).copied().collect();
    assert_eq!(lee.post(&path(slug, "/paper"), &form).await.to(), path(slug, "/paper"));
    t.tick().await;
    t.send().await;
    assert_eq!([heard("new@example.org"), heard("paper@example.org")], [(2, 1), (1, 0)]);
}
