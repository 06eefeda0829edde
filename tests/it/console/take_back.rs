//! A purchase that came in wrongly is taken back by two: ledger, pass, lists and the person's own page are as before it.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use entities::round;
use jebi::{
    domain::{draft::Seller, staff::Role},
    lifecycle::{after::bought::bought, announce::Staff, sale::Right},
    store::{self, fact},
};

use super::acts::{approve, number, outcome, put_forward};
use crate::{
    sale::{Desk, account, at_level, drawn, pass, places, seller},
    support::{Engine, Member, Resident, TestApp, both},
};

both!(
    a_wrong_purchase_is_taken_back_and_made_again,
    what_cannot_be_taken_back_says_why,
    what_changed_meanwhile_is_not_taken_back,
);

async fn noted(kim: &mut Member, slug: &str, receipts: &str) -> i64 {
    let path = format!("/console/rounds/{slug}/propose/take-back");
    kim.see(&path).await;
    let page = kim.post(&path, &[("receipts", receipts), ("reason", "a slip of the list")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body());
    number(&page)
}

async fn is_bought(t: &TestApp, round: &round::Model, receipt: &str) -> bool {
    store::bought::find(t.db(), round.id, receipt).await.unwrap().is_some()
}

async fn a_wrong_purchase_is_taken_back_and_made_again(engine: Engine) {
    let t = TestApp::start(engine).await;
    let keys = (seller(&t, "bank").await, seller(&t, "market").await);
    let mut draft = t.draft(20);
    let hook = Some("http://127.0.0.1:9/hook".to_owned());
    draft.seller = vec![Seller { webhook: hook, ..at_level("bank", 3) }, at_level("market", 2)];
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let mut people: Vec<Resident> = t.crowd(&round.slug, 2).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    people[0].identify(&t, "my").await;
    let receipt = people[0].mine().await.receipt().to_owned();
    let place = store::assignment::find(t.db(), round.id, &receipt).await.unwrap().unwrap();
    t.jump(place.starts_at.unwrap() + TimeDelta::minutes(2));
    let (mut bank, mut market) = (Desk::new(&t, &keys.0, &round), Desk::new(&t, &keys.1, &round));
    let shown = pass(&t, &round, &receipt).await;
    assert_eq!(bank.check(&shown).await["status"], "valid");
    // A list says that they bought, and they did not.
    let row = t.row(&round).await;
    let other = places(&t, &round).await.into_iter().find(|one| one.receipt != receipt).unwrap();
    let line = |receipt: &str, won: i64| format!("{receipt},{},{won}\n", t.now().to_rfc3339());
    let text = line(&receipt, 70_001) + &line(&other.receipt, 30_000);
    bought(&t.app, &row, text.as_bytes(), "seller market", None, t.now()).await.unwrap();
    let (most, held, told) = account(&t, &round, "").await;
    assert_eq!((held, told), (0, 100_001));
    assert_eq!(bank.check(&shown).await["status"], "redeemed");
    assert!(!market.text(Method::GET, "allow-list").await.contains(&receipt));
    people[0].identify(&t, "my").await;
    assert_eq!(people[0].mine().await.word(), "done");

    let mut kim = t.staff("kim", Role::Clerk).await;
    let mut lee = t.staff("lee", Role::Approver).await;
    let desk = kim.see(&format!("/console/rounds/{}", round.slug)).await;
    assert!(desk.body().contains("/propose/take-back"), "{}", desk.body());
    let id = noted(&mut kim, &round.slug, &format!(" {}\r\n{receipt} ", receipt.to_uppercase())).await;
    let page = kim.see(&format!("/console/proposals/{id}")).await;
    for said in ["모두 1건", "70,001원", "다시 살 수 있습니다", "잘못된 기록이어서", "That was wrong"]
    {
        assert!(page.body().contains(said), "{said}: {}", page.body());
    }
    // Nobody's name, address or phone is on it.
    assert!(!page.body().contains(&people[0].address), "{}", page.body());
    assert!(is_bought(&t, &round, &receipt).await);
    put_forward(&mut kim, id).await;
    assert!(is_bought(&t, &round, &receipt).await, "one alone");
    assert_eq!(approve(&mut lee, id, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(outcome(&t, id).await, "done");

    // To the won, and the other's stays.
    assert_eq!(account(&t, &round, "").await, (most, 0, 30_000));
    assert!(is_bought(&t, &round, &other.receipt).await && !is_bought(&t, &round, &receipt).await);
    let kept = store::taken_back::list_of(t.db(), round.id, &receipt).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (kept[0].amount, kept[0].source.as_str(), kept[0].staff.as_str()),
        (70_001, "seller market", "kim, lee")
    );
    assert!(t.accesses().await.contains(&("approved".into(), id.to_string())));
    // Sellers see it as any other pass.
    assert_eq!(bank.check(&shown).await["status"], "valid");
    assert!(market.text(Method::GET, "allow-list").await.contains(&receipt));
    let told = store::webhook::list(t.db(), "bank").await.unwrap();
    let told = told.iter().find(|row| row.kind == "pass.restored").unwrap();
    assert!(told.body.contains(&receipt) && !told.body.contains("slip"), "{}", told.body);
    // Their own page says so, in their language, and not why staff thought so.
    people[0].identify(&t, "my").await;
    let mine = people[0].mine().await;
    assert_eq!(mine.word(), "your_turn");
    assert!(mine.body().contains("잘못된 기록이어서") && mine.body().contains("70,001원"), "{}", mine.body());
    assert!(!mine.body().contains("a slip of the list"), "{}", mine.body());
    people[0].browser.language = "en-GB,en;q=0.9";
    assert!(people[0].mine().await.body().contains("It takes nothing from what you may buy"));
    people[1].identify(&t, "my").await;
    assert!(!people[1].mine().await.body().contains("잘못된 기록이어서"), "the other's page");
    // They buy, once.
    let (status, held) = bank.reserve(&shown).await;
    assert_eq!(status, StatusCode::CREATED, "{held}");
    let (status, done) = bank.say(held["id"].as_str().unwrap(), "redeem").await;
    assert_eq!(status, StatusCode::OK, "{done}");
    assert_eq!(account(&t, &round, "").await, (most, 0, 30_000 + place.amount));
    assert_eq!(bank.check(&shown).await["status"], "redeemed");
    // What the bank's own system told is not taken back here.
    let path = format!("/console/rounds/{}/propose/take-back", round.slug);
    kim.see(&path).await;
    let refused = kim.post(&path, &[("receipts", &receipt), ("reason", "x")]).await;
    assert!(refused.body().contains("판매처 시스템이 서명하여"), "{}", refused.body());
    assert_eq!(account(&t, &round, "").await, (most, 0, 30_000 + place.amount));
}

async fn what_cannot_be_taken_back_says_why(engine: Engine) {
    let t = TestApp::start(engine).await;
    seller(&t, "market").await;
    let round = drawn(&t, 6, vec![at_level("market", 2)]).await;
    let places = places(&t, &round).await;
    t.jump(places[0].starts_at.unwrap() + TimeDelta::minutes(2));
    let row = t.row(&round).await;
    let line = |receipt: &str| format!("{receipt},{},10000\n", t.now().to_rfc3339());
    let text = line(&places[0].receipt) + &line(&places[1].receipt);
    bought(&t.app, &row, text.as_bytes(), "seller market", None, t.now()).await.unwrap();
    let mut kim = t.staff("kim", Role::Clerk).await;
    let path = format!("/console/rounds/{}/propose/take-back", round.slug);
    kim.see(&path).await;
    let many = format!("{} famx-6k54-dc9p-a7yz", places[0].receipt);
    // One that cannot be keeps back all of them.
    for (receipts, why) in [
        ("", "1개에서 20개까지"),
        ("nonsense", "접수번호가 아닙니다"),
        (places[2].receipt.as_str(), "알려진 것이 없습니다"),
        (many.as_str(), "알려진 것이 없습니다"),
    ] {
        let page = kim.post(&path, &[("receipts", receipts), ("reason", "x")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{receipts}: {}", page.body());
        assert!(page.body().contains(why), "{why}: {}", page.body());
    }
    let silent = kim.post(&path, &[("receipts", &places[0].receipt), ("reason", " ")]).await;
    assert_eq!(silent.wrong_fields(), ["reason"]);
    // A place that was given back is on its way to somebody else.
    let txn = t.app.db.begin().await.unwrap();
    let receipt = places[1].receipt.as_str();
    store::fact::insert(&txn, round.id, receipt, fact::RETURNED, t.now(), ["", ""]).await.unwrap();
    txn.commit().await.unwrap();
    let page = kim.post(&path, &[("receipts", receipt), ("reason", "x")]).await;
    assert!(page.body().contains("다른 분에게 넘어갔습니다"), "{}", page.body());
    // In English, too.
    kim.browser.language = "en-GB,en;q=0.9";
    let page = kim.post(&path, &[("receipts", receipt), ("reason", "x")]).await;
    assert!(page.body().contains("settle it with the person and the seller"), "{}", page.body());
    assert_eq!(account(&t, &round, "").await.2, 20_000);
    // Nothing is taken back of a round that is erased.
    t.meddle("UPDATE round SET purged_at = results_at").await;
    t.app.rounds.forget();
    let page = kim.post(&path, &[("receipts", &places[0].receipt), ("reason", "x")]).await;
    assert!(page.status.is_client_error(), "{}", page.body());
    assert!(is_bought(&t, &round, &places[0].receipt).await);
}

async fn what_changed_meanwhile_is_not_taken_back(engine: Engine) {
    let t = TestApp::start(engine).await;
    seller(&t, "market").await;
    let round = drawn(&t, 3, vec![at_level("market", 2)]).await;
    let place = places(&t, &round).await.remove(0);
    t.jump(place.starts_at.unwrap() + TimeDelta::minutes(2));
    let row = t.row(&round).await;
    let tell = async |won: u64, source: &str| {
        let text = format!("{},{},{won}\n", place.receipt, t.now().to_rfc3339());
        bought(&t.app, &row, text.as_bytes(), source, None, t.now()).await.unwrap()
    };
    assert_eq!(tell(10_000, "seller market").await.kept, 1);
    let mut kim = t.staff("kim", Role::Clerk).await;
    let mut lee = t.staff("lee", Role::Approver).await;
    let mut park = t.staff("park", Role::Approver).await;
    let first = noted(&mut kim, &round.slug, &place.receipt).await;
    let second = noted(&mut kim, &round.slug, &place.receipt).await;
    for id in [first, second] {
        put_forward(&mut kim, id).await;
    }
    // Two approve two proposals of the same purchase at once: it is taken back once.
    let (one, two) = tokio::join!(approve(&mut lee, first, ""), approve(&mut park, second, ""));
    let done = [&one, &two].into_iter().filter(|page| page.status == StatusCode::SEE_OTHER).count();
    assert_eq!(done, 1, "{} {}", one.body(), two.body());
    assert_eq!(account(&t, &round, "").await.2, 0);
    assert_eq!(store::taken_back::count(t.db(), round.id).await.unwrap(), 1);
    // Bought anew, for another amount: that is not what was read.
    t.pass(TimeDelta::seconds(1));
    assert_eq!(tell(20_000, "seller market").await.kept, 1);
    let left = if outcome(&t, first).await == "done" { second } else { first };
    let known = t.round(&round).await;
    let seen = park.see(&format!("/console/proposals/{left}")).await.hidden("seen").unwrap();
    let act = jebi::domain::proposal::Act::TakeBack {
        receipts: vec![place.receipt.clone()],
        reason: "a slip of the list".to_owned(),
    };
    let staff = Staff::new("kim", "lee");
    let word = |seen| jebi::staff::acts::Word { again: None, seen };
    let stale = jebi::staff::acts::settle(&t.app, &act, Some(&known), word(Some("stale")), &staff).await;
    assert!(stale.is_err(), "{stale:?}");
    assert_eq!(account(&t, &round, "").await.2, 20_000);
    jebi::staff::acts::settle(&t.app, &act, Some(&known), word(Some(&seen)), &staff).await.unwrap();
    assert_eq!(account(&t, &round, "").await.2, 0);
    // After its time an entry may buy no more, whatever was taken back.
    assert_eq!(tell(20_000, "seller market").await.kept, 1);
    let right = Right::find(t.db(), &known, &place.receipt).await.unwrap().unwrap();
    t.jump(right.own_until().unwrap() + TimeDelta::minutes(1));
    for who in [&mut kim, &mut lee] {
        who.sign_in(&t).await;
    }
    let id = noted(&mut kim, &round.slug, &place.receipt).await;
    let page = kim.see(&format!("/console/proposals/{id}")).await;
    assert!(page.body().contains("이 시간으로는 더 살 수 없습니다"), "{}", page.body());
    put_forward(&mut kim, id).await;
    assert_eq!(approve(&mut lee, id, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(account(&t, &round, "").await.2, 0);
}
