//! People come together by a code, which cannot be sprayed.

use axum::http::StatusCode;
use chrono::TimeDelta;

use super::{code_of, somebody, start};
use crate::support::{Engine, between, both, verified};

both!(people_come_together_by_a_code, codes_cannot_be_sprayed);

async fn people_come_together_by_a_code(engine: Engine) {
    let (t, round) = start(engine).await;
    let mut minji = somebody(&t, "minji@example.org").await;
    let code = code_of(&mut minji).await;
    let receipt = minji.mine().await.receipt().to_owned();

    let mut stranger = t.stranger_at("groups", "jun@example.org");
    assert_eq!(stranger.get("join").await.to(), "/rounds/groups/enter?purpose=join");
    let mut jun = t.resident("groups", "jun@example.org").await;
    assert_eq!(jun.get("join").await.status, StatusCode::OK);
    for wrong in ["", "abcd-efgh", "<b>"] {
        let page = jun.post("join", &[("code", wrong)]).await;
        assert_eq!(
            (page.status, page.wrong_fields()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["code"]),
            "{wrong}"
        );
    }
    // As people type it.
    let typed = format!(" {} ", code.to_uppercase().replace('-', ""));
    assert_eq!(jun.post("join", &[("code", &typed)]).await.to(), "/rounds/groups/my");
    assert_eq!(jun.post("join", &[("code", &code)]).await.to(), "/rounds/groups/my", "a double tap");
    assert_eq!(jun.mine().await.receipt(), receipt, "a member sees the entry they are in");
    // Through the other door there is no second entry.
    jun.tell(&[("birth_year", "1986")]).await.to();
    jun.answer(100_000, &[]).await;
    assert_eq!(jun.post("entry", &[]).await.to(), "/rounds/groups/my");
    let mut own = somebody(&t, "own@example.org").await;
    own.get("join").await;
    assert_eq!(own.post("join", &[("code", &code)]).await.wrong_fields(), ["code"]);

    // A child, and the third who may join; the fourth may not.
    let child = [("act", "add"), ("name", "김하늘"), ("born", "2015-03-01")];
    minji.get("people").await;
    assert_eq!(minji.post("people", &child).await.to(), "/rounds/groups/people");
    assert_eq!(minji.post("people", &child).await.to(), "/rounds/groups/people", "a double tap");
    let wrong = minji.post("people", &[("act", "add"), ("name", "150301-3123456"), ("born", "x")]).await;
    assert_eq!(wrong.wrong_fields(), ["name", "born"]);
    assert!(!wrong.body().contains("150301"), "a registration number is shown again");
    let mut soo = t.resident("groups", "soo@example.org").await;
    soo.get("join").await;
    assert_eq!(soo.post("join", &[("code", &code)]).await.to(), "/rounds/groups/my");
    let mut late = t.resident("groups", "late@example.org").await;
    late.get("join").await;
    assert_eq!(late.post("join", &[("code", &code)]).await.wrong_fields(), ["code"]);

    t.tick().await;
    let entries = t.entries(&round).await;
    let entry = entries.iter().find(|entry| entry.receipt == receipt).unwrap();
    assert_eq!((entry.seats, entry.want, entry.lead.as_deref()), (4, 400_000, None));
    assert_eq!(entries.iter().filter(|entry| entry.lead.as_deref() == Some(receipt.as_str())).count(), 2);
    let signed = jun.get("my/receipt.txt").await;
    let line = format!("{receipt} seats=4 want=400000 weight=1 birth_parity=even wish=pm");
    assert!(signed.body().contains(&line), "{}", signed.body());
    // Nothing of the child is kept but its receipt.
    let kept =
        format!("{entries:?}{:?}", jebi::store::member::list(t.db(), round.id, &receipt).await.unwrap());
    assert!(!kept.contains("하늘") && !kept.contains("2015"), "{kept}");

    t.draw(&round).await;
    t.jump(round.results_at);
    let files = verified(&t, &round).await;
    let pool = String::from_utf8(files["pool.txt"].clone()).unwrap();
    assert_eq!(pool.lines().count(), 2, "a member has no line of their own: {pool}");
    let mut minutes = Vec::new();
    for resident in [&mut minji, &mut jun, &mut soo] {
        resident.identify(&t, "my").await;
        let mine = resident.mine().await;
        let start = between(mine.body(), "<div class=\"big\">", "</time>").unwrap().to_owned();
        minutes.push(start);
    }
    assert!(minutes[0].contains("12월") && minutes.iter().all(|minute| *minute == minutes[0]), "{minutes:?}");
    t.send_until(round.results_at + TimeDelta::hours(5)).await;
    for address in ["minji@example.org", "jun@example.org", "soo@example.org"] {
        let told = t.mailbox.messages_for(address);
        let told =
            told.iter().filter(|mail| mail.body.contains(&receipt) && mail.body.contains("12월")).count();
        assert!(told >= 1, "{address} was not told");
    }
}

async fn codes_cannot_be_sprayed(engine: Engine) {
    let (t, _) = start(engine).await;
    let mut minji = somebody(&t, "minji@example.org").await;
    let code = code_of(&mut minji).await;
    let mut eve = t.resident("groups", "eve@example.org").await;
    eve.get("join").await;
    for number in 0..10 {
        let wrong = eve.post("join", &[("code", &format!("0000-000{number}"))]).await;
        assert_eq!(wrong.wrong_fields(), ["code"]);
    }
    let right = eve.post("join", &[("code", &code)]).await;
    assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY, "the eleventh try is not looked at");
    t.pass(TimeDelta::minutes(61));
    assert_eq!(eve.post("join", &[("code", &code)]).await.to(), "/rounds/groups/my");
}
