//! An announcement is compared with the round before, which nobody chooses, and its list with that round's list.

use entities::round;
use jebi::{
    domain::{draft::Draft, proposal::Act, roster::MatchBy, staff::Role},
    lifecycle::{
        announce::{Staff, Written, announce_written},
        confirm::confirm,
        void::void,
    },
    staff::acts::{ActError, Announcing, Preview, announce_looked, preview},
    store,
};

use super::alone::waiting;
use crate::{
    roster::{imported_as, people},
    support::{Engine, TestApp, both},
};

both!(
    the_round_before_is_the_last_in_earnest_of_its_name,
    a_list_of_another_name_is_compared_with_that_of_the_round_before,
    a_round_is_announced_with_the_list_that_was_compared_or_not_at_all,
);

/// The example for another month, with something more at its beginning.
fn text(slug: &str, more: &str) -> String {
    let example = include_str!("../../../docs/round.example.toml");
    format!("{more}{}", example.replacen("tongyeong-2027-01", slug, 1))
}

async fn announced(t: &TestApp, text: &str) -> round::Model {
    let draft = Draft::parse(text).unwrap();
    let written = Some(Written { id: None, text, stands: "", roster: None });
    announce_written(&t.app, &draft, written, &Staff::new("kim", "lee")).await.unwrap()
}

fn act(text: &str, draft_id: Option<i64>) -> Act {
    Act::Announce { draft_id, text: text.to_owned(), words: None }
}

async fn looked(t: &TestApp, text: &str) -> Announcing {
    match preview(&t.app, &act(text, None), None).await {
        Ok(Preview::Announce(announcing)) => *announcing,
        other => panic!("not what was asked for: {other:?}"),
    }
}

async fn the_round_before_is_the_last_in_earnest_of_its_name(engine: Engine) {
    let t = TestApp::start(engine).await;
    assert_eq!(looked(&t, &text("tongyeong-2027-01", "")).await.before, None);
    let november = announced(&t, &text("tongyeong-2026-11", "")).await;
    let other = announced(&t, &text("geoje-2026-12", "")).await;
    let rehearsal = text("tongyeong-2026-12-3", "").replacen("beacon = \"drand\"", "beacon = \"none\"", 1);
    assert!(rehearsal.contains("beacon = \"none\""), "the example names its beacon in another way");
    let rehearsal = announced(&t, &rehearsal).await;
    let voided = announced(&t, &text("tongyeong-2026-12", "")).await;
    void(&t.app, &voided, "a reason", &Staff::new("kim", "lee"), t.now()).await.unwrap();
    t.app.rounds.forget();
    // Cloned from a rehearsal, from another program or from what was voided: it makes no difference.
    t.staff("kim", Role::Clerk).await;
    let (mut lee, next) = (t.staff("lee", Role::Approver).await, text("tongyeong-2027-01", ""));
    for from in [rehearsal.id, other.id, voided.id] {
        let txn = t.app.db.begin().await.unwrap();
        let draft = store::draft::insert(&txn, &next, Some(from), None, t.now()).await.unwrap();
        txn.commit().await.unwrap();
        let id = waiting(&t, &act(&next, Some(draft)), None, "kim").await;
        let page = lee.see(&format!("/console/proposals/{id}")).await;
        let link = format!("<a href=\"/console/rounds/{0}\">{0}</a>", november.slug);
        assert!(page.body().contains(&link), "compared with what {from} was: {}", page.body());
        assert!(page.body().contains("- slug = &#34;tongyeong-2026-11&#34;"), "{}", page.body());
    }
    // A name that nobody knows is said to be one.
    let id = waiting(&t, &act(&text("tongyeong-love-2027-01", ""), None), None, "kim").await;
    let page = lee.see(&format!("/console/proposals/{id}")).await;
    assert!(page.body().contains("“tongyeong-love”라는 이름으로 공고한 지난 회차가 없어"), "{}", page.body());
}

async fn a_list_of_another_name_is_compared_with_that_of_the_round_before(engine: Engine) {
    let t = TestApp::start(engine).await;
    let by = Some(MatchBy::Name);
    imported_as(&t, "members", &people(40), by).await.unwrap();
    let with = |slug: &str, roster: &str| text(slug, &format!("roster = \"{roster}\"\n"));
    let first = looked(&t, &with("tongyeong-2026-11", "members")).await.people.unwrap();
    assert_eq!(
        (first.replacing.rosters.0, first.replacing.come),
        (None, 40),
        "there is none to compare with"
    );
    announced(&t, &with("tongyeong-2026-11", "members")).await;
    let same = looked(&t, &with("tongyeong-2027-01", "members")).await;
    let replacing = same.people.as_ref().unwrap().replacing;
    assert_eq!((replacing.rosters.0, replacing.come, replacing.go), (Some(replacing.rosters.1), 0, 0));
    // One person alone brings a list of another name: one more is on it, one is told elsewhere, one is gone.
    let more = people(41).replacen("r2@example.org", "thief@example.org", 1);
    let more: Vec<&str> = more.lines().enumerate().filter(|(at, _)| *at != 8).map(|(_, line)| line).collect();
    assert_eq!(imported_as(&t, "extra", &(more.join("\n") + "\n"), by).await.unwrap().state, "current");
    let next = with("tongyeong-2027-01", "extra");
    let other = looked(&t, &next).await;
    let found = other.people.clone().unwrap();
    assert_eq!((found.before.as_deref(), found.roster.as_str()), (Some("members"), "extra"));
    let replacing = found.replacing;
    assert_eq!((replacing.come, replacing.go, replacing.addresses), (1, 1, 1));
    t.staff("kim", Role::Clerk).await;
    let mut lee = t.staff("lee", Role::Approver).await;
    let id = waiting(&t, &act(&next, None), None, "kim").await;
    let page = lee.see(&format!("/console/proposals/{id}")).await;
    for said in ["이 회차의 명단: extra", "지난 회차의 명단: members", "메일 주소가 달라지는 사람: 1명"]
    {
        assert!(page.body().contains(said), "{said}: {}", page.body());
    }
    // What was seen is this comparison.
    let seen = Preview::Announce(Box::new(other)).seen(&act(&next, None));
    assert_eq!(page.hidden("seen"), Some(seen.clone()));
    // Erased with its people and brought anew by one: the name alone is nothing to compare with.
    let txn = t.app.db.begin().await.unwrap();
    store::roster::discard(&txn, "members", &["current"]).await.unwrap();
    txn.commit().await.unwrap();
    t.jump(t.now() + chrono::TimeDelta::minutes(1));
    imported_as(&t, "members", &people(50), by).await.unwrap();
    let anew = looked(&t, &with("tongyeong-2027-01", "members")).await.people.unwrap();
    assert_eq!((anew.replacing.rosters.0, anew.replacing.come), (None, 50));
    assert_ne!(seen, preview(&t.app, &act(&next, None), None).await.unwrap().seen(&act(&next, None)));
}

/// Two others replace the list when it has been compared and nothing is announced yet: who is on it now nobody has seen who
/// announces.
async fn a_round_is_announced_with_the_list_that_was_compared_or_not_at_all(engine: Engine) {
    let t = TestApp::start(engine).await;
    let by = Some(MatchBy::Name);
    imported_as(&t, "members", &people(40), by).await.unwrap();
    let text = text("tongyeong-2027-01", "roster = \"members\"\n");
    let (draft, act) = (Draft::parse(&text).unwrap(), act(&text, None));
    let announcing = async |looked: &Preview| {
        let staff = Staff { looked: Some((act.clone(), looked.seen(&act))), ..Staff::new("kim", "lee") };
        announce_looked(&t.app, &draft, (None, &text), Some(looked), &staff).await
    };
    let looked = preview(&t.app, &act, None).await.unwrap();
    let next = imported_as(&t, "members", &people(41), by).await.unwrap();
    assert_eq!(next.state, "complete", "one alone replaced it");
    confirm(&t.app, "members", Some(&next.digest), &Staff::new("choi", "park")).await.unwrap();
    let other = announcing(&looked).await;
    assert!(matches!(other, Err(ActError::Changed)), "{other:?}");
    assert!(store::round::list(t.db()).await.unwrap().is_empty(), "something of it was kept");
    // Looked at once more it is announced, with the list that is there now.
    let looked = preview(&t.app, &act, None).await.unwrap();
    let round = announcing(&looked).await.unwrap();
    assert_eq!(store::round_roster::find(t.db(), round.id).await.unwrap().unwrap().name, "members");
}
