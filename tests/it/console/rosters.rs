//! A roster is brought on the web: looked at, kept, and replaced by two who see how it changes.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use jebi::{
    domain::{proposal::Act, roster::MatchBy, staff::Role},
    staff::acts::{Preview, preview},
    store,
};

use super::acts::{approve, number, put_forward};
use crate::{
    roster::{imported, people},
    support::{Engine, Member, Page, TestApp, both},
};

both!(
    a_roster_is_brought_and_replaced_by_two_who_see_how_it_changes,
    whose_address_changes_is_counted_before_a_roster_is_replaced,
);

/// What the parts of a form are told apart by.
pub const FORM: &str = "multipart/form-data; boundary=xx";

/// The form with a list in it, as a browser sends it.
pub fn form(csrf: &str, then: &str, list: &str) -> String {
    let mut body = String::new();
    for (name, value) in [("csrf", csrf), ("name", "list"), ("then", then)] {
        body += &format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += &format!(
        "--xx\r\nContent-Disposition: form-data; name=\"list\"; filename=\"list.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{list}\r\n--xx--\r\n"
    );
    body
}

async fn send(who: &mut Member, then: &str, list: &str) -> Page {
    let csrf = who.see("/console/rosters").await.hidden("csrf").unwrap();
    let request = who.browser.request(Method::POST, "/console/rosters").header(header::CONTENT_TYPE, FORM);
    who.browser.send(request.body(Body::from(form(&csrf, then, list))).unwrap()).await
}

async fn a_roster_is_brought_and_replaced_by_two_who_see_how_it_changes(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let mut lee = t.staff("lee", Role::Approver).await;
    let current = async || store::roster::find(t.db(), "list", "current").await.unwrap();
    let page = send(&mut kim, "look", &people(4)).await;
    assert!(page.body().contains("4줄에서 4명을 읽었습니다"), "{}", page.body());
    assert!(current().await.is_none(), "kept though it was only looked at");
    // What is wrong is said by line, and nothing of it is kept.
    let wrong = people(4).replacen("r2@example.org", "nobody", 1);
    let page = send(&mut kim, "keep", &wrong).await;
    assert_eq!((page.status, page.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["list"]));
    assert!(page.body().contains("줄 4)") && current().await.is_none(), "{}", page.body());
    let page = send(&mut kim, "keep", &people(4)).await;
    assert!(page.body().contains("이제 이 명단을 씁니다"), "{}", page.body());
    assert_eq!(current().await.unwrap().people, 4);
    // Two are new, one is gone, one lives elsewhere by now.
    let all = people(6);
    let lines: Vec<&str> = all.lines().enumerate().filter(|(at, _)| *at != 1).map(|(_, line)| line).collect();
    let next = lines.join("\n").replacen("중앙동", "광도면", 1) + "\n";
    let page = send(&mut kim, "keep", &next).await;
    assert!(page.body().contains("바꾸려면 아래에서 기안"), "{}", page.body());
    assert_eq!(current().await.unwrap().people, 4, "one alone replaced a roster");
    let id = number(&kim.post("/console/rosters/list/propose", &[]).await);
    let page = kim.see(&format!("/console/proposals/{id}")).await;
    for said in ["지금 4명, 바꾸면 5명", "새로 들어오는 사람: 2명", "빠지는 사람: 1명", "달라지는 사람: 1명"]
    {
        assert!(page.body().contains(said), "{said}: {}", page.body());
    }
    put_forward(&mut kim, id).await;
    assert_eq!(approve(&mut lee, id, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(current().await.unwrap().people, 5);
    let left = std::fs::read_dir(t.app.config.state_dir.join("roster")).unwrap();
    let left: Vec<_> = left.map(|one| one.unwrap().path()).filter(|one| one.is_dir()).collect();
    assert!(left.is_empty(), "a list of people stays on the disk: {left:?}");
}

/// Who is told things elsewhere stands sealed in both, each time differently: the two who replace a roster see how many.
async fn whose_address_changes_is_counted_before_a_roster_is_replaced(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let by = Some(MatchBy::Name);
    imported(&t, &people(30), by).await.unwrap();
    // The same people: one is told elsewhere, one nowhere any more; of all others the same address is sealed anew.
    let next = people(30).replacen("r2@example.org", "thief@example.org", 1);
    let digest = imported(&t, &next.replacen("r7@example.org", "", 1), by).await.unwrap().digest;
    let id = number(&kim.post("/console/rosters/list/propose", &[]).await);
    let page = kim.see(&format!("/console/proposals/{id}")).await;
    for said in ["새로 들어오는 사람: 0명", "빠지는 사람: 0명", "메일 주소가 달라지는 사람: 2명"]
    {
        assert!(page.body().contains(said), "{said}: {}", page.body());
    }
    let act = Act::Confirm { roster: "list".to_owned(), digest };
    let Ok(Preview::Confirm(seen)) = preview(&t.app, &act, None).await else { panic!("not refused") };
    assert_eq!((seen.people, seen.changed, seen.addresses), ((30, 30), 1, 2));
    // What was approved is this many: one more, and it has to be looked at again.
    let more = jebi::lifecycle::replaced::Replacing { addresses: 3, ..seen };
    assert_ne!(Preview::Confirm(seen).seen(&act), Preview::Confirm(more).seen(&act));
}
