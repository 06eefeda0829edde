//! A seller's file of purchases is taken in on the web by two, as both looked at it.

use axum::{
    body::Body,
    http::{Method, header},
};
use jebi::{
    domain::staff::Role,
    lifecycle::{after::taken_back, announce::Staff},
    store,
};

use crate::{
    sale::{at_level, drawn, seller},
    support::{Engine, Member, Page, TestApp, both, kst},
};

/// The evening of the day.
const LATE: &str = "2026-11-28 20:00";

both!(a_list_is_taken_in_as_it_was_looked_at,);

/// Sends a file as a browser does.
async fn send(who: &mut Member, path: &str, fields: [&str; 3], list: &str) -> Page {
    let mut body = String::new();
    for (name, value) in ["csrf", "seen", "until"].iter().zip(fields) {
        body += &format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += &format!(
        "--xx\r\nContent-Disposition: form-data; name=\"seller\"\r\n\r\nbank\r\n--xx\r\nContent-Disposition: \
         form-data; name=\"list\"; filename=\"bank.csv\"\r\nContent-Type: text/csv\r\n\r\n{list}\r\n--xx--\r\n"
    );
    let request = who.browser.request(Method::POST, path);
    let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=xx");
    who.browser.send(request.body(Body::from(body)).unwrap()).await
}

async fn a_list_is_taken_in_as_it_was_looked_at(engine: Engine) {
    let t = TestApp::start(engine).await;
    seller(&t, "bank").await;
    let round = drawn(&t, 3, vec![at_level("bank", 2)]).await;
    // Everybody's time has begun.
    t.jump(kst(LATE));
    let receipts: Vec<String> = t.entries(&round).await.into_iter().map(|entry| entry.receipt).collect();
    let path = format!("/console/rounds/{}/purchases", round.slug);
    let mut kim = t.staff("kim", Role::Clerk).await;
    let csrf = kim.see(&path).await.hidden("csrf").unwrap();
    let line = |at: usize, won: u64| format!("{},{LATE}:00,{won}\r\n", receipts[at]);
    let list = format!("접수번호,시각,금액\r\n{}{}", line(0, 250_000), line(1, 1_250_000_000));
    let bought = async || store::bought::list(t.db(), round.id, &receipts).await.unwrap();
    // Looked at, nothing is kept; a slip of a zero uses up nobody's budget.
    let page = send(&mut kim, &path, [&csrf, "", ""], &list).await;
    assert!(
        page.body().contains("새로 1건 25만 원") || page.body().contains("새로 1건 250,000원"),
        "{}",
        page.body()
    );
    assert!(page.body().contains("배정된 금액보다 많습니다"), "{}", page.body());
    assert!(bought().await.is_empty(), "kept before it was looked at");
    let seen = page.hidden("seen").unwrap();
    // Another file is looked at anew.
    let other = send(&mut kim, &path, [&csrf, &seen, ""], &line(2, 240_000)).await;
    assert!(other.body().contains("아직 넣지 않았습니다") && bought().await.is_empty(), "{}", other.body());
    let other = send(&mut kim, &path, [&csrf, &seen, "2026-11-28T08:00"], &list).await;
    assert!(other.body().contains("아직 넣지 않았습니다") && bought().await.is_empty(), "{}", other.body());
    // Nobody alone takes it in, however often they send it, and though somebody else has looked.
    let mut lee = t.staff("lee", Role::Approver).await;
    let hers = lee.see(&path).await.hidden("csrf").unwrap();
    let looked = send(&mut lee, &path, [&hers, "", ""], &list).await;
    assert_eq!(looked.hidden("seen").unwrap(), seen);
    for _ in 0..2 {
        let alone = send(&mut kim, &path, [&csrf, &seen, ""], &list).await;
        assert!(
            alone.body().contains("다른 담당자가 같은 파일을") && bought().await.is_empty(),
            "{}",
            alone.body()
        );
    }
    // Nor is it taken in on the word of somebody who is no half of two any more.
    t.meddle("UPDATE clerk SET role = 'counter' WHERE name = 'kim'").await;
    let alone = send(&mut lee, &path, [&hers, &seen, ""], &list).await;
    assert!(bought().await.is_empty(), "{}", alone.body());
    t.meddle("UPDATE clerk SET role = 'clerk' WHERE name = 'kim'").await;
    // Another file is not what was asked for.
    let other = send(&mut lee, &path, [&hers, &seen, ""], &line(2, 240_000)).await;
    assert!(other.body().contains("아직 넣지 않았습니다") && bought().await.is_empty(), "{}", other.body());
    // The one that both looked at is taken in, once.
    let page = send(&mut lee, &path, [&hers, &seen, ""], &list).await;
    assert!(page.body().contains("넣었습니다."), "{}", page.body());
    let kept = bought().await;
    let kept: Vec<_> = kept.values().map(|one| (one.amount, one.source.as_str())).collect();
    assert_eq!(kept, [(250_000, "seller bank")]);
    let again = send(&mut kim, &path, [&csrf, "", ""], &list).await;
    assert!(again.body().contains("이미 아는 것 1건"), "{}", again.body());
    // What two take back, nobody brings in again on the word that the other gave before.
    let (opened, two) = (t.round(&round).await, Staff::new("kim", "lee"));
    taken_back::take_back(&t.app, &opened, &receipts[..1], &two, t.now()).await.unwrap();
    let looked = send(&mut lee, &path, [&hers, &seen, ""], &list).await;
    assert!(looked.body().contains("아직 넣지 않았습니다"), "{}", looked.body());
    let anew = looked.hidden("seen").unwrap();
    send(&mut lee, &path, [&hers, &anew, ""], &list).await;
    assert!(anew != seen && bought().await.is_empty(), "one alone undid what two did");
    // Nobody has bought before their time: one file could end everybody's.
    let early = format!("{},2026-11-20 09:00:00,240000\r\n", receipts[2]);
    let page = send(&mut kim, &path, [&csrf, "", ""], &early).await;
    assert!(page.body().contains("넣지 않는 줄 1건"), "{}", page.body());
    assert!(t.accesses().await.contains(&("purchases".into(), round.slug.clone())));
}
