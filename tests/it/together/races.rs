//! Whoever is faster: another instance, or the close.

use jebi::{
    domain::{
        contact::{Channel, Contact},
        event::Wanted,
        who::helped::Helped,
    },
    lifecycle::{
        helped,
        together::{self, Refused},
    },
    notify::content::CONTACT,
};

use super::start;
use crate::{
    support::{Engine, TestApp, both, verified},
    who::wanted,
};

both!(a_child_is_in_one_entry_whoever_is_faster, joining_races_the_close);

/// What an instance is asked for on behalf of somebody, without the forms.
fn one(t: &TestApp, address: &str) -> (String, Wanted) {
    let contact = Contact::parse(Channel::Email, address).unwrap();
    let person_sealed = t.app.keys.people().seal(CONTACT, &contact);
    (contact.person_key(), Wanted { person_sealed, ..wanted(100_000, "birth_parity=even") })
}

async fn a_child_is_in_one_entry_whoever_is_faster(engine: Engine) {
    let (t, round) = start(engine).await;
    let opened = t.round(&round).await;
    let other = t.another().await;
    let today = t.now().date_naive();
    let mut children = 0;
    for pair in 0..10 {
        let mut parents = Vec::new();
        for (side, app) in [("a", &t.app), ("b", &other)] {
            let (key, wanted) = one(&t, &format!("{side}{pair}@example.org"));
            let receipt = opened.receipt(&key).unwrap().to_string();
            together::enter(app, &opened, &receipt, wanted, None).await.unwrap();
            parents.push(receipt);
        }
        let child = Helped::parse("김하늘", &format!("2015-03-{:02}", pair + 1), today).unwrap();
        let key = child.person_key();
        let (one, two) = tokio::join!(
            helped::help(&t.app, &opened, &parents[0], &child, Some(&key)),
            helped::help(&other, &opened, &parents[1], &child, Some(&key))
        );
        assert_eq!([one.is_ok(), two.is_ok()].into_iter().filter(|ok| *ok).count(), 1, "{one:?} {two:?}");
        assert!([one, two].into_iter().any(|done| matches!(done, Err(Refused::Elsewhere))));
        children += 1;
    }
    t.tick().await;
    let seats: i32 = t.entries(&round).await.iter().map(|entry| entry.seats).sum();
    assert_eq!(seats, 20 + children);
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
}

async fn joining_races_the_close(engine: Engine) {
    let (t, round) = start(engine).await;
    let opened = t.round(&round).await;
    let (key, wanted) = one(&t, "lead@example.org");
    let lead = opened.receipt(&key).unwrap().to_string();
    together::enter(&t.app, &opened, &lead, wanted, None).await.unwrap();
    let code = together::code(&t.app, &opened, &lead).await.unwrap();
    let mut tasks = Vec::new();
    for number in 0..2 {
        let (key, wanted) = one(&t, &format!("j{number}@example.org"));
        let (app, opened, code) = (t.app.clone(), opened.clone(), code.clone());
        let receipt = opened.receipt(&key).unwrap().to_string();
        tasks.push(tokio::spawn(async move { together::join(&app, &opened, &receipt, &code, wanted).await }));
    }
    tokio::task::yield_now().await;
    t.jump(round.closes_at);
    t.tick().await;
    let mut acknowledged = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(done) => {
                assert!(done.at < round.closes_at);
                acknowledged += 1;
            }
            Err(Refused::NotOpen) => {}
            Err(error) => panic!("{error}"),
        }
    }
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
    let entry = t.entries(&round).await.into_iter().find(|entry| entry.receipt == lead).unwrap();
    assert_eq!(entry.seats, 1 + acknowledged, "what was acknowledged is in the pool, nothing else");
}
