//! Whoever leaves, and who stays.

use chrono::TimeDelta;

use super::{code_of, somebody, start};
use crate::support::{Engine, TestApp, between, both, verified};

both!(leaving_keeps_everybody_else);

async fn leaving_keeps_everybody_else(engine: Engine) {
    let (t, round) = start(engine).await;
    let mut minji = somebody(&t, "minji@example.org").await;
    let code = code_of(&mut minji).await;
    let child = [("act", "add"), ("name", "김하늘"), ("born", "2015-03-01")];
    minji.post("people", &child).await.to();
    let mut jun = t.resident("groups", "jun@example.org").await;
    jun.get("join").await;
    jun.post("join", &[("code", &code)]).await.to();
    t.tick().await;
    let seats = |t: &TestApp| {
        let (entries, round) = (t.app.clone(), round.clone());
        async move {
            let groups = jebi::store::entry::list_groups(entries.db.read(), round.id).await.unwrap();
            groups.iter().map(|(_, _, seats)| *seats).sum::<u64>()
        }
    };
    assert_eq!(seats(&t).await, 3);
    // The other parent cannot enter the child, until it is taken out.
    t.pass(TimeDelta::seconds(1));
    jun.withdraw().await;
    // What stands in the entry is the other's, whether the fold has seen it yet or not: it is neither shown nor taken
    // over, and they are asked for their own.
    for _ in 0..2 {
        let mine = jun.mine().await;
        assert_eq!(mine.word(), "ended");
        assert!(!mine.body().contains("짝수") && !mine.body().contains("기록된 내용"), "{}", mine.body());
        assert_eq!(jun.get("details").await.to(), "/rounds/groups/about");
        t.tick().await;
    }
    assert_eq!(seats(&t).await, 2);
    jun.tell(&[("birth_year", "1987")]).await.to();
    // Later than the leaving: of two acts at one instant nobody could say which was the last.
    t.pass(TimeDelta::seconds(1));
    jun.enter(50_000, &[]).await;
    jun.get("people").await;
    assert_eq!(jun.post("people", &child).await.wrong_fields(), ["name"]);
    let page = minji.get("people").await;
    let person = between(page.body(), "name=\"who\" value=\"", "\"").unwrap().to_owned();
    // Nobody takes out another's.
    assert_eq!(
        jun.post("people", &[("act", "remove"), ("who", &person)]).await.to(),
        "/rounds/groups/people"
    );
    t.tick().await;
    assert_eq!(seats(&t).await, 3);
    minji.post("people", &[("act", "remove"), ("who", &person)]).await.to();
    jun.get("people").await;
    assert_eq!(jun.post("people", &child).await.to(), "/rounds/groups/people");
    // Whoever opened an entry takes everybody in it along.
    let code = code_of(&mut jun).await;
    let mut soo = t.resident("groups", "soo@example.org").await;
    soo.get("join").await;
    soo.post("join", &[("code", &code)]).await.to();
    jun.withdraw().await;
    t.tick().await;
    assert_eq!(seats(&t).await, 1);
    assert_eq!(soo.mine().await.word(), "ended");
    minji.get("people").await;
    assert_eq!(minji.post("people", &child).await.to(), "/rounds/groups/people", "the child is free again");
    t.tick().await;
    t.send().await;
    t.draw(&round).await;
    t.jump(round.results_at);
    let files = verified(&t, &round).await;
    assert_eq!(String::from_utf8(files["pool.txt"].clone()).unwrap().lines().count(), 1);
    // Forgotten with everything else.
    t.jump(round.ends_at + TimeDelta::days(91));
    t.tick().await;
    let minji_receipt = t.entries(&round).await.into_iter().find(|entry| entry.seats == 2).unwrap().receipt;
    assert!(jebi::store::member::list(t.db(), round.id, &minji_receipt).await.unwrap().is_empty());
}
