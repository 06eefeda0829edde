//! By which door an entry was said last, where both say the same: answers alone do not tell.

use chrono::TimeDelta;
use entities::round;
use jebi::{
    domain::{
        contact::{Channel, Contact},
        event::{Act, Event, Wanted},
        staff::Role,
    },
    notify::content::CONTACT,
    store::{self, inbox},
};

use super::counter::{WHO, ask, enter, found, path};
use crate::support::{Engine, TestApp, both};

both!(
    the_same_answers_on_the_web_are_of_the_web,
    what_was_handed_in_before_and_came_later_is_the_later,
    the_same_answers_at_a_counter_are_of_the_counter,
);

const MAIL: &str = "minji@example.org";
const WITHDRAW: [(&str, &str); 2] = [("act", "withdraw"), ("id_seen", "yes")];

/// What the form of a counter says of her, said by whoever reads her mail.
async fn same(t: &TestApp, round: &round::Model) -> Event {
    let contact = Contact::parse(Channel::Email, MAIL).unwrap();
    let receipt = t.round(round).await.receipt(&contact.person_key()).unwrap().to_string();
    let sealed = t.app.keys.people().seal(CONTACT, &contact);
    let wanted = Wanted::alone(250_000, "any".to_owned(), sealed, Channel::Email, "ko");
    Event { round_id: round.id, receipt, act: Act::Enter(wanted) }
}

async fn the_same_answers_on_the_web_are_of_the_web(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Counter).await;
    let receipt = enter(&mut lee, slug, &[WHO[0], WHO[1], ("email", MAIL)]).await.receipt().to_owned();
    t.tick().await;
    let entry = t.entries(&round).await.remove(0);
    assert_eq!((entry.receipt.as_str(), entry.attended, entry.version), (receipt.as_str(), true, 1));
    let told = t.notices().await.len();
    // A stranger had said her number. She enters herself, and wants just what they have said.
    for _ in 0..2 {
        t.pass(TimeDelta::minutes(1));
        t.app.inbox.append(same(&t, &round).await).await.unwrap();
        t.tick().await;
        let now = t.entries(&round).await.remove(0);
        assert_eq!((now.attended, now.version, now.want), (false, 1, 250_000));
        assert!(now.changed_at > entry.changed_at);
        // Nothing changed, so there is nothing to tell.
        assert_eq!(t.notices().await.len(), told);
    }
    // Neither the slip that is still open nor what the counter has noted takes it back any more …
    assert_eq!(lee.post(&path(slug, "/undo"), &WITHDRAW).await.wrong_fields(), ["code-send"]);
    let slip = found(&mut lee, slug, WHO[1].1, &receipt).await;
    assert!(!slip.body().contains("id=\"undo\""), "{}", slip.body());
    let born = [WHO[1], ("contact", MAIL)];
    let fields: Vec<(&str, &str)> = WITHDRAW.into_iter().chain(born).collect();
    assert_eq!(lee.post(&path(slug, "/undo"), &fields).await.wrong_fields(), ["code-send"]);
    // … nor is it changed without a code.
    ask(&mut lee, slug, &[WHO[0], WHO[1], ("email", MAIL), ("wish_1", "am")]).await.to();
    lee.see(&path(slug, "/check")).await;
    assert_eq!(lee.post(&path(slug, "/entry"), &[("change", "yes")]).await.wrong_fields(), ["form"]);
    t.tick().await;
    let entry = t.entries(&round).await.remove(0);
    assert_eq!((entry.withdrawn_at, entry.wish.as_str()), (None, "any"));
    // Whom the stranger was, they have an entry of their own without that number.
    assert_ne!(enter(&mut lee, slug, &WHO).await.receipt(), receipt);
    t.tick().await;
    assert_eq!(t.entries(&round).await.len(), 2);
}

/// Two instances: what came to one of them first may be written after what came to the other. The row decides.
async fn what_was_handed_in_before_and_came_later_is_the_later(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let early = t.now();
    t.pass(TimeDelta::minutes(1));
    let mut lee = t.staff("lee", Role::Counter).await;
    let receipt = enter(&mut lee, slug, &[WHO[0], WHO[1], ("email", MAIL)]).await.receipt().to_owned();
    let event = same(&t, &round).await;
    let txn = t.app.db.begin().await.unwrap();
    assert!(inbox::append_within(&txn, early, round.id, &[event]).await.unwrap());
    txn.commit().await.unwrap();
    t.tick().await;
    let entry = t.entries(&round).await.remove(0);
    let noted = store::attended::list(t.db(), round.id, std::slice::from_ref(&receipt)).await.unwrap();
    assert!(!entry.attended && entry.changed_at > noted[&receipt].at);
    found(&mut lee, slug, WHO[1].1, &receipt).await;
    assert_eq!(lee.post(&path(slug, "/undo"), &WITHDRAW).await.wrong_fields(), ["code-send"]);
}

async fn the_same_answers_at_a_counter_are_of_the_counter(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let event = same(&t, &round).await;
    let receipt = event.receipt.clone();
    t.app.inbox.append(event).await.unwrap();
    t.tick().await;
    assert!(!t.entries(&round).await[0].attended);
    t.pass(TimeDelta::minutes(1));
    let mut lee = t.staff("lee", Role::Counter).await;
    let ticked = [("id_seen", "yes"), ("consent", "yes"), ("want", "250000")];
    let paper = [WHO[0], WHO[1], ("email", MAIL), ("paper", "중앙-001"), ("own", receipt.as_str())];
    let form: Vec<(&str, &str)> = ticked.into_iter().chain(paper).collect();
    lee.see(&path(slug, "/paper")).await;
    assert_eq!(lee.post(&path(slug, "/paper"), &form).await.to(), path(slug, "/paper"));
    // Acknowledged it is the counter's, whether it is folded or not.
    for _ in 0..2 {
        let slip = found(&mut lee, slug, WHO[1].1, &receipt).await;
        assert!(slip.body().contains("id=\"undo\""), "{}", slip.body());
        t.tick().await;
    }
    let entry = t.entries(&round).await.remove(0);
    assert_eq!((entry.attended, entry.version), (true, 1));
    assert_eq!(lee.post(&path(slug, "/undo"), &WITHDRAW).await.to(), path(slug, "/slip"));
    t.tick().await;
    assert!(t.entries(&round).await[0].withdrawn_at.is_some());
}
