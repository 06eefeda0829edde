//! Finding a person: masked, for a reason, and at a counter the time alone.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entities::{assignment, entry, round};
use jebi::{
    domain::{
        contact::{Channel, Contact},
        staff::Role,
    },
    notify::content::CONTACT,
    staff::people::{self, Asked, FindError},
    store,
    words::{Lang, instant},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};

use crate::support::{Engine, Member, Page, TestApp, both};

both!(
    a_clerk_sees_an_address_for_a_reason,
    a_counter_and_the_call_centre_are_told_the_time_and_nothing_else,
    nobody_knows_a_result_before_everybody,
    not_every_address_of_a_city_is_opened,
);

const NUMBERS: [&str; 3] = ["+821011115678", "+821022225678", "+821033331234"];

/// Five entries, three of them by telephone.
async fn entered(t: &TestApp) -> (round::Model, Vec<entry::Model>) {
    let round = t.announced(t.draft(20)).await;
    t.jump(round.opens_at);
    t.entered(&round, 5).await;
    let mut entries = t.entries(&round).await;
    for (entry, number) in entries.iter_mut().zip(NUMBERS) {
        let contact = Contact { channel: Channel::Sms, address: number.to_owned() };
        let sealed = t.app.keys.people().seal(CONTACT, &contact);
        let mut row = entry.clone().into_active_model();
        (row.person_sealed, row.channel) = (Set(sealed), Set("sms".to_owned()));
        let txn = t.app.db.begin().await.unwrap();
        *entry = row.update(&txn).await.unwrap();
        txn.commit().await.unwrap();
    }
    (round, entries)
}

async fn search(who: &mut Member, round: &round::Model, what: &str) -> Page {
    who.see("/console/find").await;
    who.post("/console/find", &[("round", &round.slug), ("what", what)]).await
}

async fn minute_of(t: &TestApp, round: &round::Model, receipt: &str) -> String {
    let place: assignment::Model = store::assignment::find(t.db(), round.id, receipt).await.unwrap().unwrap();
    instant::minute(place.starts_at.unwrap(), Lang::Ko)
}

async fn a_clerk_sees_an_address_for_a_reason(engine: Engine) {
    let t = TestApp::start(engine).await;
    let (round, entries) = entered(&t).await;
    t.draw(&round).await;
    t.jump(round.results_at + TimeDelta::minutes(1));
    let mut kim = t.staff("kim", Role::Clerk).await;
    let receipt = &entries[0].receipt;
    let minute = minute_of(&t, &round, receipt).await;
    // By the receipt, as people write it.
    let page = search(&mut kim, &round, &format!(" {} ", receipt.to_uppercase())).await;
    assert!(page.body().contains(&minute) && page.body().contains("010-····-5678"), "{}", page.body());
    for number in NUMBERS {
        assert!(!page.body().contains(&number[3..]), "an address is shown without a reason");
    }
    // By the end of the number there are two, by a whole mail address one.
    let page = search(&mut kim, &round, "5678").await;
    assert_eq!(page.body().matches("010-····-5678").count(), 2, "{}", page.body());
    let page = search(&mut kim, &round, "9999").await;
    assert!(page.body().contains("해당하는 신청이 없습니다"), "{}", page.body());
    for nothing in ["", "abc"] {
        assert_eq!(search(&mut kim, &round, nothing).await.wrong_fields(), ["what"], "{nothing}");
    }
    let number = search(&mut kim, &round, "900102-2345678").await;
    assert_eq!(number.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(number.body().contains("주민등록번호는 받지 않습니다"), "{}", number.body());
    // Not without a reason, and with one it is kept before anything is shown.
    let fields = [("round", round.slug.as_str()), ("receipt", receipt), ("reason", " ")];
    let refused = kim.post("/console/find/person", &fields).await;
    assert_eq!((refused.status, refused.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["reason"]));
    assert!(!refused.body().contains("1011115678"), "{}", refused.body());
    let fields = [("round", round.slug.as_str()), ("receipt", receipt), ("reason", "본인이 전화로 물음")];
    let shown = kim.post("/console/find/person", &fields).await;
    assert!(shown.body().contains("1011115678"), "{}", shown.body());
    let log = store::access::list(t.db(), None, 100).await.unwrap();
    let looked: Vec<_> = log.iter().filter(|line| line.kind == "looked").collect();
    assert_eq!(looked.len(), 1);
    let expected = (format!("{} {receipt}", round.slug), "본인이 전화로 물음".to_owned());
    assert_eq!((looked[0].about.clone(), looked[0].reason.clone()), expected);
    // What was searched for is in no log, that it was is.
    let searched = log.iter().filter(|line| line.kind == "searched").collect::<Vec<_>>();
    assert_eq!(searched.len(), 3, "{searched:?}");
    assert!(searched.iter().any(|line| line.about == format!("{} tail (2)", round.slug)));
    assert!(!log.iter().any(|line| line.about.contains("5678") || line.about.contains("9999")));
}

async fn a_counter_and_the_call_centre_are_told_the_time_and_nothing_else(engine: Engine) {
    let t = TestApp::start(engine).await;
    let (round, entries) = entered(&t).await;
    t.draw(&round).await;
    t.jump(round.results_at + TimeDelta::minutes(1));
    let receipt = entries[2].receipt.as_str();
    let minute = minute_of(&t, &round, receipt).await;
    let others = minute_of(&t, &round, &entries[0].receipt).await;
    for role in [Role::Counter, Role::CallCentre] {
        let mut park = t.staff(role.key(), role).await;
        for what in ["1234", receipt] {
            let page = search(&mut park, &round, what).await;
            assert!(page.body().contains(&minute), "{}", page.body());
            for more in ["010-····", "33331234", "250,000", "/console/find/person"] {
                assert!(!page.body().contains(more), "{role:?} sees {more}: {}", page.body());
            }
            // What was typed stands in its field; a receipt that was not is not shown.
            assert_eq!(page.body().contains(receipt), what == receipt, "{}", page.body());
        }
        // Two people end alike: which of the times is whose nobody would know.
        let page = search(&mut park, &round, "5678").await;
        assert!(page.body().contains("여러 사람이 해당합니다"), "{}", page.body());
        assert!(!page.body().contains(&others));
        let fields = [("round", round.slug.as_str()), ("receipt", receipt), ("reason", "x")];
        assert_eq!(park.post("/console/find/person", &fields).await.status, StatusCode::FORBIDDEN);
    }
    let mut call = t.staff("call", Role::CallCentre).await;
    for path in ["/console/counter".to_owned(), format!("/console/counter/{}/find", round.slug)] {
        assert_eq!(call.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let searched = t.accesses().await.iter().filter(|(kind, _)| kind == "searched").count();
    assert_eq!(searched, 6);
}

async fn nobody_knows_a_result_before_everybody(engine: Engine) {
    let t = TestApp::start(engine).await;
    let (round, entries) = entered(&t).await;
    t.draw(&round).await;
    assert!(t.now() < round.results_at && t.row(&round).await.drawn_at.is_some());
    let mut kim = t.staff("kim", Role::Clerk).await;
    let page = search(&mut kim, &round, &entries[0].receipt).await;
    assert!(
        page.body().contains("신청됨")
            && !page.body().contains(&minute_of(&t, &round, &entries[0].receipt).await)
    );
}

async fn not_every_address_of_a_city_is_opened(engine: Engine) {
    let t = TestApp::start(engine).await;
    let (round, _) = entered(&t).await;
    let round = t.round(&round).await;
    let tail = Asked::read("5678", "", "").unwrap();
    assert_eq!(people::find_within(&t.app, &round, &tail, 3).await.unwrap().len(), 2);
    let many = people::find_within(&t.app, &round, &tail, 2).await;
    assert!(matches!(many, Err(FindError::TooMany)), "{many:?}");
    // A receipt opens nothing but its own.
    let receipt = Asked::Receipt(t.entries(&round.row).await[0].receipt.clone());
    assert_eq!(people::find_within(&t.app, &round, &receipt, 0).await.unwrap().len(), 1);
}
