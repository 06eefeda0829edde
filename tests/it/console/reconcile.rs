//! A seller's file beside our ledger, in the console; and who the sellers are.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use chrono::TimeDelta;
use jebi::{domain::staff::Role, lifecycle::after::bought::bought, store};

use crate::{
    sale::{DAY, at_level, drawn, seller},
    support::{Engine, Member, Page, TestApp, both, kst},
};

both!(a_list_is_compared_to_the_won, sellers_are_listed_with_their_keys);

/// Sends a file as a browser does.
async fn send(who: &mut Member, path: &str, csrf: &str, seller: &str, list: &str, wanted: &str) -> Page {
    send_because(who, path, csrf, seller, list, wanted, "감사 제출").await
}

async fn send_because(
    who: &mut Member,
    path: &str,
    csrf: &str,
    seller: &str,
    list: &str,
    wanted: &str,
    reason: &str,
) -> Page {
    let mut body = String::new();
    for (name, value) in [("csrf", csrf), ("seller", seller), ("as", wanted), ("reason", reason)] {
        body += &format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += &format!(
        "--xx\r\nContent-Disposition: form-data; name=\"list\"; filename=\"bank.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{list}\r\n--xx--\r\n"
    );
    let request = who.browser.request(Method::POST, path);
    let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=xx");
    who.browser.send(request.body(Body::from(body)).unwrap()).await
}

async fn a_list_is_compared_to_the_won(engine: Engine) {
    let t = TestApp::start(engine).await;
    seller(&t, "bank").await;
    let round = drawn(&t, 4, vec![at_level("bank", 2), at_level("market", 0)]).await;
    t.jump(kst(DAY) + TimeDelta::hours(9));
    let receipts: Vec<String> = t.entries(&round).await.into_iter().map(|entry| entry.receipt).collect();
    // Two sellers that do not ask tell of what they sold, as a member of staff takes it in.
    for (name, sold) in [("bank", &receipts[..2]), ("market", &receipts[3..])] {
        let list: String = sold.iter().map(|receipt| format!("{receipt},{DAY}:00,250000\n")).collect();
        let source = store::bought::source_of(name);
        let report = bought(&t.app, &round, list.as_bytes(), &source, None, t.now()).await.unwrap();
        assert_eq!(report.kept, sold.len(), "{report:?}");
    }
    let path = format!("/console/rounds/{}/reconcile", round.slug);
    let mut kim = t.staff("kim", Role::Clerk).await;
    let csrf = kim.see(&path).await.hidden("csrf").unwrap();
    let line = |at: usize, won: u64| format!("{},{DAY}:00,{won}\r\n", receipts[at]);
    let even = format!("접수번호,시각,금액\r\n{}{}", line(0, 250_000), line(1, 250_000));
    let page = send(&mut kim, &path, &csrf, "bank", &even, "page").await;
    assert!(page.body().contains("원 단위까지 일치합니다"), "{}", page.body());
    let other = line(3, 250_000);
    let page = send(&mut kim, &path, &csrf, "market", &other, "page").await;
    assert!(page.body().contains("원 단위까지 일치합니다"), "{}", page.body());
    let differs = format!("{}{}", line(0, 249_000), line(2, 250_000));
    let page = send(&mut kim, &path, &csrf, "", &differs, "page").await;
    for said in ["금액이 다름", "판매처에만 있음", "우리에게만 있음", "다른 항목이 4건"]
    {
        assert!(page.body().contains(said), "{said}: {}", page.body());
    }
    let page = send_because(&mut kim, &path, &csrf, "", &differs, "csv", " ").await;
    assert_eq!((page.status, page.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["reason"]));
    let file = send(&mut kim, &path, &csrf, "", &differs, "csv").await;
    assert!(file.body().starts_with('\u{feff}') && file.body().lines().count() == 5, "{}", file.body());
    assert!(file.header(header::CONTENT_DISPOSITION).contains("attachment"));
    // What is missing is said; and a file sent from elsewhere is not looked at.
    let page = send(&mut kim, &path, &csrf, "nobody", "", "page").await;
    assert_eq!(
        (page.status, page.wrong_fields()),
        (StatusCode::UNPROCESSABLE_ENTITY, vec!["list", "seller"])
    );
    let other = t.staff_token_of_nobody();
    assert_eq!(send(&mut kim, &path, &other, "", &even, "page").await.status, StatusCode::FORBIDDEN);
    let large = "x".repeat(9 << 20);
    assert_eq!(send(&mut kim, &path, &csrf, "", &large, "page").await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let log = t.accesses().await;
    let compared: Vec<_> =
        log.iter().filter(|(kind, _)| kind == "reconciled").map(|(_, about)| about).collect();
    assert_eq!(compared.len(), 4);
    assert_eq!(*compared[2], format!("{}  (same 0, other 4)", round.slug));
    let rows = store::access::list(t.db(), None, 1).await.unwrap();
    assert_eq!((rows[0].kind.as_str(), rows[0].reason.as_str()), ("reconciled", "감사 제출"));
}

async fn sellers_are_listed_with_their_keys(engine: Engine) {
    let t = TestApp::start(engine).await;
    let key = seller(&t, "bank").await;
    drawn(&t, 2, vec![at_level("bank", 3)]).await;
    let mut han = t.staff("han", Role::Auditor).await;
    let page = han.see("/console/sellers").await;
    let digest = t.app.keys.digest(jebi::lifecycle::sale::SELLER_KEY, &key);
    assert!(page.body().contains(&digest[..8]) && !page.body().contains(&digest), "{}", page.body());
    assert!(!page.body().contains(&key) && page.body().contains("3단계"), "{}", page.body());
}
