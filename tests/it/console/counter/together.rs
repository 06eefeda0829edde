//! Several people in one entry: who comes in, and who is taken out by whom.

use entities::round;
use jebi::domain::staff::Role;

use super::{TICKED, WHO, ask, enter, path};
use crate::{
    support::{Engine, Member, Page, TestApp, both, verified},
    who::{PARITY, round},
};

both!(
    a_household_comes_in_one_visit,
    who_opened_an_entry_is_warned_at_the_counter,
    a_members_slip_offers_what_it_can_do,
);

const HUSBAND: [(&str, &str); 2] = [("name", "박민수"), ("born", "1946-05-05")];

/// The round of groups, open, with these rules for whoever comes together.
async fn open(engine: Engine, rules: &str) -> (TestApp, round::Model) {
    let t = TestApp::start(engine).await;
    let round = t.announced(round("mode = \"everyone\"", &format!("{PARITY}{rules}"))).await;
    t.jump(round.opens_at);
    (t, round)
}

/// Somebody more comes into the entry whose slip is shown.
async fn come_in(lee: &mut Member, who: &[(&str, &str)]) {
    let to = lee.post(&path("groups", "/people"), &[("act", "with")]).await.to().to_owned();
    let with = lee.see(&to).await.hidden("with").unwrap();
    let fields: Vec<(&str, &str)> =
        TICKED.iter().chain(who).chain(&[("with", with.as_str())]).copied().collect();
    assert_eq!(lee.post(&path("groups", ""), &fields).await.to(), path("groups", "/check"));
    lee.see(&path("groups", "/check")).await;
    assert_eq!(lee.post(&path("groups", "/entry"), &[]).await.to(), path("groups", "/slip"));
}

/// Looked up by a date of birth: their own receipt, and their slip.
async fn look_up(lee: &mut Member, born: &str) -> (String, Page) {
    lee.see(&path("groups", "/find")).await;
    let found = lee.post(&path("groups", "/find"), &[("born", born), ("phone", "")]).await;
    let own = found.hidden("receipt").unwrap();
    lee.post(&path("groups", "/slip"), &[("receipt", &own)]).await.to();
    let slip = lee.see(&path("groups", "/slip")).await;
    (own, slip)
}

async fn a_household_comes_in_one_visit(engine: Engine) {
    const TOGETHER: &str = "[joint]\nmost = 2\n[helped]\nminors = 1\nadults = 1\n";
    let (t, round) = open(engine, TOGETHER).await;
    let mut lee = t.staff("lee", Role::Counter).await;
    // The year is read on the card: nobody is asked twice.
    let slip = enter(&mut lee, "groups", &WHO).await;
    let receipt = slip.receipt().to_owned();
    let child = [("act", "add"), ("name", "김바다"), ("born", "2015-03-01")];
    assert_eq!(lee.post(&path("groups", "/people"), &child).await.wrong_fields(), ["evidence"]);
    let child = [child[0], child[1], child[2], ("evidence", "yes")];
    assert_eq!(lee.post(&path("groups", "/people"), &child).await.to(), path("groups", "/slip"));
    assert!(lee.see(&path("groups", "/slip")).await.body().contains("2명"));
    // The husband stands there as well: his own receipt, the same entry.
    come_in(&mut lee, &HUSBAND).await;
    t.tick().await;
    let entries = t.entries(&round).await;
    let entry = entries.iter().find(|entry| entry.receipt == receipt).unwrap();
    assert_eq!((entry.seats, entry.fields.as_str()), (3, "birth_parity=even"));
    assert_eq!(entries.iter().filter(|entry| entry.lead.as_deref() == Some(&receipt)).count(), 1);
    // The child is in one entry: nobody enters her again, here or on the web.
    let again = [("name", "김 바다"), ("born", "2015-03-01")];
    assert_eq!(ask(&mut lee, "groups", &again).await.to(), path("groups", "/check"));
    lee.see(&path("groups", "/check")).await;
    assert_eq!(lee.post(&path("groups", "/entry"), &[]).await.wrong_fields(), ["take_out"]);
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
}

/// Who opened a joint entry takes everybody out with them: the clerk reads it before pressing.
async fn who_opened_an_entry_is_warned_at_the_counter(engine: Engine) {
    let (t, round) = open(engine, "[joint]\nmost = 2\n").await;
    let mut lee = t.staff("lee", Role::Counter).await;
    let alone = enter(&mut lee, "groups", &WHO).await;
    assert!(!alone.body().contains("함께하는 분들도 모두 빠집니다"), "{}", alone.body());
    come_in(&mut lee, &HUSBAND).await;
    t.tick().await;
    for (born, warns) in [(WHO[1].1, true), (HUSBAND[1].1, false)] {
        let (_, slip) = look_up(&mut lee, born).await;
        assert_eq!(slip.body().contains("함께하는 분들도 모두 빠집니다"), warns, "{}", slip.body());
        assert_eq!(slip.body().contains("내 자리만 빠지고"), !warns, "{}", slip.body());
    }
    // Nobody of them is taken out alone before the seal, and the clerk reads with whose receipt all are.
    t.close(&round).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let strike = "/console/rounds/groups/propose/strike";
    kim.see(strike).await;
    let husband = t.entries(&round).await.into_iter().find(|entry| entry.lead.is_some()).unwrap().receipt;
    let refused = kim.post(strike, &[("receipt", &husband), ("category", "twice")]).await;
    assert!(refused.body().contains("한 분만 뺄 수는 없으며"), "{}", refused.body());
}

/// The slip of whoever joined: others come into the entry that they are in, and its children are not theirs to take out.
async fn a_members_slip_offers_what_it_can_do(engine: Engine) {
    const TOGETHER: &str = "[joint]\nmost = 3\n[helped]\nminors = 1\nadults = 0\n";
    let (t, round) = open(engine, TOGETHER).await;
    let mut lee = t.staff("lee", Role::Counter).await;
    let lead = enter(&mut lee, "groups", &WHO).await.receipt().to_owned();
    let child = [("act", "add"), ("name", "김바다"), ("born", "2015-03-01"), ("evidence", "yes")];
    assert_eq!(lee.post(&path("groups", "/people"), &child).await.to(), path("groups", "/slip"));
    let slip = lee.see(&path("groups", "/slip")).await;
    let who = slip.hidden("who").unwrap();
    come_in(&mut lee, &HUSBAND).await;
    t.tick().await;
    let (own, slip) = look_up(&mut lee, HUSBAND[1].1).await;
    assert_ne!(own, lead);
    assert_eq!(slip.hidden("who"), None, "a child of another may be taken out: {}", slip.body());
    assert!(slip.body().contains("신청을 연 분만"), "{}", slip.body());
    assert_eq!(
        lee.post(&path("groups", "/people"), &[("act", "remove"), ("who", &who)]).await.to(),
        path("groups", "/slip")
    );
    // A third one comes into the same entry by the second one's slip.
    come_in(&mut lee, &[("name", "이영희"), ("born", "1950-07-07")]).await;
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!(entries.iter().filter(|entry| entry.lead.as_deref() == Some(&lead)).count(), 2);
    assert_eq!(entries.iter().find(|entry| entry.receipt == lead).unwrap().seats, 4);
    // A receipt alone opens no household, as it takes nothing back.
    lee.sign_in(&t).await;
    lee.see(&path("groups", "/find")).await;
    lee.post(&path("groups", "/slip"), &[("receipt", &lead)]).await.to();
    let slip = lee.see(&path("groups", "/slip")).await;
    assert_eq!(slip.hidden("who"), None, "{}", slip.body());
    lee.post(&path("groups", "/people"), &[("act", "remove"), ("who", &who)]).await.to();
    let whose = [("act", "whose"), ("born", "1949-03-01"), ("contact", "")];
    assert_eq!(lee.post(&path("groups", "/people"), &whose).await.wrong_fields(), ["whose"]);
    t.tick().await;
    assert_eq!(t.entries(&round).await.iter().find(|entry| entry.receipt == lead).unwrap().seats, 4);
    let whose = [("act", "whose"), ("born", "1948-03-01"), ("contact", "")];
    assert_eq!(lee.post(&path("groups", "/people"), &whose).await.to(), path("groups", "/slip"));
    assert_eq!(lee.see(&path("groups", "/slip")).await.hidden("who"), Some(who.clone()));
    lee.post(&path("groups", "/people"), &[("act", "remove"), ("who", &who)]).await.to();
    t.tick().await;
    assert_eq!(t.entries(&round).await.iter().find(|entry| entry.receipt == lead).unwrap().seats, 3);
}
