//! Whose an entry is, at a counter: not whoever knows a number, nor one of two who are alike.

use axum::http::StatusCode;
use jebi::{
    domain::{
        contact::{Channel, Contact},
        event::{Act, Event, Wanted},
        staff::Role,
    },
    notify::content::CONTACT,
    store,
};

use super::counter::{enter, path};
use crate::{
    support::{Engine, Member, TestApp, both},
    who::{PARITY, round},
};

both!(
    a_number_alone_takes_nothing_back,
    an_entry_from_the_web_takes_a_code,
    of_two_who_are_alike_the_name_tells,
    made_anew_on_the_web_it_is_of_the_web,
);

const WITHDRAW: [(&str, &str); 2] = [("act", "withdraw"), ("id_seen", "yes")];

/// The slip of somebody who was looked up.
async fn open(lee: &mut Member, slug: &str, receipt: &str) -> crate::support::Page {
    lee.see(&path(slug, "/find")).await;
    lee.post(&path(slug, "/slip"), &[("receipt", receipt)]).await.to();
    lee.see(&path(slug, "/slip")).await
}

/// Why data were looked at, the latest first.
async fn reasons(t: &TestApp) -> Vec<String> {
    let lines = store::access::list(t.db(), None, 100).await.unwrap();
    lines.into_iter().filter(|line| line.kind == "looked").map(|line| line.reason).collect()
}

async fn a_number_alone_takes_nothing_back(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    // Entered on the web by text.
    let contact = Contact::parse(Channel::Sms, "010-1234-5678").unwrap();
    let receipt = t.round(&round).await.receipt(&contact.person_key()).unwrap().to_string();
    let sealed = t.app.keys.people().seal(CONTACT, &contact);
    let act = Act::Enter(Wanted::alone(250_000, "any".to_owned(), sealed, Channel::Sms, "ko"));
    t.app.inbox.append(Event { round_id: round.id, receipt: receipt.clone(), act }).await.unwrap();
    t.tick().await;
    let mut lee = t.staff("lee", Role::Counter).await;
    lee.see(&path(slug, "/find")).await;
    // Any date leads to it, and the log says by what it was found.
    let look = [("born", "1911-11-11"), ("phone", "010 1234 5678")];
    let found = lee.post(&path(slug, "/find"), &look).await;
    assert_eq!(found.hidden("receipt").as_deref(), Some(receipt.as_str()), "{}", found.body());
    assert_eq!(reasons(&t).await, ["phone"]);
    lee.post(&path(slug, "/slip"), &[("receipt", &receipt)]).await.to();
    let slip = lee.see(&path(slug, "/slip")).await;
    assert!(
        slip.body().contains("신분증만으로는") && slip.body().contains("010-····-5678"),
        "{}",
        slip.body()
    );
    assert!(!slip.body().contains("id=\"undo\""), "{}", slip.body());
    for more in [vec![], vec![("born", "1911-11-11"), ("contact", "010-1234-5678"), ("name", "김하늘")]] {
        let fields: Vec<(&str, &str)> = WITHDRAW.into_iter().chain(more).collect();
        let refused = lee.post(&path(slug, "/undo"), &fields).await;
        assert_eq!(
            (refused.status, refused.wrong_fields()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["code-send"])
        );
    }
    // Typing digits where no code was sent is worth nothing.
    let guess = lee.post(&path(slug, "/code"), &[("act", "check"), ("code", "123456")]).await;
    assert_eq!((guess.status, guess.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["code-send"]));
    t.tick().await;
    assert!(t.entries(&round).await[0].withdrawn_at.is_none());
    assert!(t.accesses().await.iter().all(|(kind, _)| kind != "undone"));
    // Found by what a counter has noted, it is said so.
    enter(&mut lee, slug, &[("name", "이영희"), ("born", "1950-07-07")]).await;
    t.tick().await;
    lee.see(&path(slug, "/find")).await;
    lee.post(&path(slug, "/find"), &[("born", "1950-07-07"), ("phone", "")]).await;
    lee.post(&path(slug, "/find"), &[("born", "1950-07-08"), ("phone", "5678")]).await;
    assert_eq!(reasons(&t).await[..2], ["birth date and phone", "birth date"]);
}

async fn an_entry_from_the_web_takes_a_code(engine: Engine) {
    const TOGETHER: &str = "[joint]\nmost = 2\n[helped]\nminors = 1\nadults = 0\n";
    let t = TestApp::start(engine).await;
    let round = t.announced(round("mode = \"everyone\"", &format!("{PARITY}{TOGETHER}"))).await;
    t.jump(round.opens_at);
    let mut minji = t.resident("groups", "minji@example.org").await;
    minji.tell(&[("birth_year", "1987")]).await.to();
    minji.enter(250_000, &[]).await;
    let receipt = minji.mine().await.receipt().to_owned();
    t.tick().await;
    let mut lee = t.staff("lee", Role::Counter).await;
    let slip = open(&mut lee, "groups", &receipt).await;
    assert!(
        slip.body().contains("m…@example.org") && !slip.body().contains("name=\"evidence\""),
        "{}",
        slip.body()
    );
    // Nobody is added either.
    let child = [("act", "add"), ("name", "김바다"), ("born", "2015-03-01"), ("evidence", "yes")];
    let whose = [("act", "whose"), ("born", "1987-01-01"), ("contact", "minji@example.org")];
    for fields in [child.as_slice(), whose.as_slice()] {
        assert_eq!(lee.post(&path("groups", "/people"), fields).await.to(), path("groups", "/slip"));
        assert!(!lee.see(&path("groups", "/slip")).await.body().contains("name=\"evidence\""));
    }
    // She reads it on her phone, and types it herself.
    assert_eq!(lee.post(&path("groups", "/code"), &[("act", "send")]).await.to(), path("groups", "/slip"));
    assert!(lee.see(&path("groups", "/slip")).await.body().contains("id=\"code\""));
    t.send().await;
    let code = t.last_code("minji@example.org");
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for typed in [wrong, ""] {
        let refused = lee.post(&path("groups", "/code"), &[("act", "check"), ("code", typed)]).await;
        assert_eq!(
            (refused.status, refused.wrong_fields()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["code"])
        );
    }
    // Of another slip than the page showed it opens nothing.
    let other = lee.post(&path("groups", "/code"), &[("seen", "x"), ("act", "check"), ("code", &code)]).await;
    assert_eq!(
        (other.status, other.wrong_fields()),
        (StatusCode::UNPROCESSABLE_ENTITY, vec!["slip-heading"])
    );
    let right = lee.post(&path("groups", "/code"), &[("act", "check"), ("code", &code)]).await;
    assert_eq!(right.to(), path("groups", "/slip"));
    assert!(lee.see(&path("groups", "/slip")).await.body().contains("name=\"evidence\""));
    assert_eq!(lee.post(&path("groups", "/people"), &child).await.to(), path("groups", "/slip"));
    assert_eq!(lee.post(&path("groups", "/undo"), &WITHDRAW).await.to(), path("groups", "/slip"));
    t.tick().await;
    assert!(t.entries(&round).await[0].withdrawn_at.is_some());
    assert_eq!(reasons(&t).await, ["code typed", "not shown to be theirs", "code sent"]);
    // Opened anew, it is asked anew.
    minji.tell(&[("birth_year", "")]).await.to();
    minji.enter(250_000, &[]).await;
    t.tick().await;
    open(&mut lee, "groups", &receipt).await;
    assert_eq!(lee.post(&path("groups", "/undo"), &WITHDRAW).await.wrong_fields(), ["code-send"]);
}

/// A stranger had said her number at a counter: what it noted of them says nothing of what she enters herself.
async fn made_anew_on_the_web_it_is_of_the_web(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Counter).await;
    let (born, mail) = (("born", "1948-03-01"), ("email", "minji@example.org"));
    let receipt = enter(&mut lee, slug, &[("name", "김하늘"), born, mail]).await.receipt().to_owned();
    t.tick().await;
    t.pass(chrono::TimeDelta::minutes(1));
    let contact = Contact::parse(Channel::Email, "minji@example.org").unwrap();
    let sealed = t.app.keys.people().seal(CONTACT, &contact);
    let act = Act::Enter(Wanted::alone(100_000, "am".to_owned(), sealed, Channel::Email, "ko"));
    t.app.inbox.append(Event { round_id: round.id, receipt: receipt.clone(), act }).await.unwrap();
    t.tick().await;
    assert_eq!(t.entries(&round).await[0].wish, "am");
    let born = [born, ("contact", "minji@example.org")];
    // The slip of a moment ago, still open, shows it no longer.
    assert_eq!(lee.post(&path(slug, "/undo"), &WITHDRAW).await.wrong_fields(), ["code-send"]);
    open(&mut lee, slug, &receipt).await;
    let fields: Vec<(&str, &str)> = WITHDRAW.into_iter().chain(born).collect();
    assert_eq!(lee.post(&path(slug, "/undo"), &fields).await.wrong_fields(), ["code-send"]);
    // Found by what was noted, it is asked as well.
    lee.see(&path(slug, "/find")).await;
    lee.post(&path(slug, "/find"), &[born[0], ("phone", "")]).await;
    open(&mut lee, slug, &receipt).await;
    assert_eq!(lee.post(&path(slug, "/undo"), &WITHDRAW).await.wrong_fields(), ["code-send"]);
    t.tick().await;
    assert!(t.entries(&round).await[0].withdrawn_at.is_none());
}

async fn of_two_who_are_alike_the_name_tells(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Counter).await;
    let born = ("born", "1948-03-01");
    let first = enter(&mut lee, slug, &[("name", "김하늘"), born]).await.receipt().to_owned();
    t.tick().await;
    // Alone with this birth date, found by it, and by nothing else to be asked.
    lee.see(&path(slug, "/find")).await;
    lee.post(&path(slug, "/find"), &[born, ("phone", "")]).await;
    let slip = open(&mut lee, slug, &first).await;
    assert!(!slip.body().contains("undo-born") && slip.body().contains("id=\"undo\""), "{}", slip.body());
    enter(&mut lee, slug, &[("name", "이영희"), born]).await;
    t.tick().await;
    lee.see(&path(slug, "/find")).await;
    let both = lee.post(&path(slug, "/find"), &[born, ("phone", "")]).await;
    assert!(both.body().contains("김○늘") && both.body().contains("이○희"), "{}", both.body());
    let slip = open(&mut lee, slug, &first).await;
    assert!(slip.body().contains("id=\"undo-name\""), "{}", slip.body());
    for name in ["", "이영희", "900101-1234567"] {
        let fields: Vec<(&str, &str)> =
            WITHDRAW.into_iter().chain([born, ("contact", ""), ("name", name)]).collect();
        assert_eq!(lee.post(&path(slug, "/undo"), &fields).await.wrong_fields(), ["contact"], "{name}");
    }
    let fields: Vec<(&str, &str)> =
        WITHDRAW.into_iter().chain([born, ("contact", ""), ("name", "김 하늘")]).collect();
    assert_eq!(lee.post(&path(slug, "/undo"), &fields).await.to(), path(slug, "/slip"));
    t.tick().await;
    let left: Vec<String> = t
        .entries(&round)
        .await
        .into_iter()
        .filter(|entry| entry.withdrawn_at.is_some())
        .map(|entry| entry.receipt)
        .collect();
    assert_eq!(left, [first]);
}
