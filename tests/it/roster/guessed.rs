//! Names are guessed at.

use axum::http::StatusCode;
use chrono::TimeDelta;
use sea_orm::EntityTrait;

use super::imported;
use crate::support::{Engine, Resident, TestApp, both};

both!(names_are_guessed_at_so_often_by_a_network_and_by_all);

async fn names_are_guessed_at_so_often_by_a_network_and_by_all(engine: Engine) {
    let t = TestApp::start_with(engine, |config| {
        config.address_header = Some("x-real-ip".to_owned());
        config.codes.wrong_names_per_caller = 8;
        config.codes.wrong_names_per_day = 14;
    })
    .await;
    let crowd: Vec<String> = (1..=14).map(|day| format!("1970-01-{day:02}")).collect();
    let lines: String = crowd.iter().map(|birth| format!("박이웃,{birth}\n")).collect();
    let list = format!("성명,생년월일\n홍길동,1960-01-31\n김하늘,1948-03-01\n{lines}");
    imported(&t, &list, None).await.unwrap();
    let mut draft = t.draft(10);
    draft.roster = Some("list".to_owned());
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let mut people = 0;
    // Each time by another mailbox, which costs nothing.
    let mut tries = async |from: &str, name: &str, birth: &str| {
        people += 1;
        let address = format!("any{people}@example.org");
        let mut any = Resident::new(t.browser().from(from), &round.slug, &address);
        any.identify(&t, "enter").await;
        any.get("roster?purpose=enter").await;
        let page = any.post("roster", &[("purpose", "enter"), ("name", name), ("birth", birth)]).await;
        match page.status {
            StatusCode::SEE_OTHER => "opens",
            StatusCode::OK => "not on the list",
            _ if page.body().contains("1분 뒤에 다시") => "wait",
            other => panic!("{other}: {}", page.body()),
        }
    };
    let (guesser, other) = ("203.0.113.9", "198.51.100.4");
    for day in 1..=13 {
        assert_eq!(tries(guesser, "홍길동", &format!("1960-02-{day:02}")).await, "not on the list");
    }
    // After eight, five a minute, and the right name is answered as a wrong one is.
    assert_eq!(tries("203.0.113.77", "홍길동", "1960-02-14").await, "wait");
    assert_eq!(tries(guesser, "홍길동", "1960-01-31").await, "wait");
    t.pass(TimeDelta::minutes(1));
    assert_eq!(tries(guesser, "홍길동", "1960-01-31").await, "opens");
    let counted = async |what: &str| {
        let rows = entities::load::Entity::find().all(t.db()).await.unwrap();
        let rows = rows.into_iter().filter(|row| row.what.starts_with(what));
        rows.map(|row| (row.what, row.count)).collect::<Vec<_>>()
    };
    let wrong = counted("wrong names").await.into_iter().find(|(what, _)| what == "wrong names");
    let wrong = wrong.map(|(_, count)| count);
    assert_eq!(wrong, Some(13), "what opens, and what is not looked at, is no wrong name");
    // From many networks: after fourteen in all, those with few of them go on.
    for number in 0..5 {
        assert_eq!(tries(other, "홍길동", &format!("1960-03-0{}", number + 1)).await, "not on the list");
    }
    assert_eq!(tries("192.0.2.7", "김하늘", "1948-03-01").await, "opens");
    // All others together have five a minute, and so have those of whom nobody knows a network.
    let mut seen = Vec::new();
    for from in [other, other, other, "", "", ""] {
        seen.push(tries(from, "홍길동", "1960-04-01").await);
    }
    assert_eq!(seen[..5], ["not on the list"; 5]);
    assert_eq!(seen[5], "wait");
    assert_eq!(tries("192.0.2.7", "김하늘", "1948-03-02").await, "not on the list");
    t.pass(TimeDelta::hours(25));
    assert_eq!(tries(guesser, "홍길동", "1960-02-14").await, "not on the list");
    // A crowd behind one address, of whom as many are on the list as not, waits for nobody. A name speaks for it once.
    let mobile = "203.0.112.5";
    for birth in &crowd {
        assert_eq!(tries(mobile, "박이웃", birth).await, "opens");
    }
    assert_eq!(tries(mobile, "박이웃", &crowd[0]).await, "opens");
    let right = counted("right names ").await.into_iter().map(|(_, count)| count).max();
    assert_eq!(right, Some(14));
    for day in 1..=14 {
        assert_eq!(tries(mobile, "홍길동", &format!("1960-05-{day:02}")).await, "not on the list");
    }
    assert_eq!(tries(mobile, "박이웃", &crowd[1]).await, "opens");
}
