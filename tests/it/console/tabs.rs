//! A counter with two tabs: one browser holds one visitor, and nothing is done to another than the page showed.

use axum::http::StatusCode;
use jebi::domain::staff::Role;

use super::counter::{TICKED, WHO as HANEUL, ask, enter, found, path};
use crate::{
    support::{Engine, Member, TestApp, both},
    who::{PARITY, round},
};

both!(
    a_slip_acts_on_whom_it_shows,
    a_check_enters_whom_it_shows,
    a_changed_entry_is_read_out_again,
    a_double_tap_is_told_that_they_are_entered,
    nobody_comes_into_the_entry_of_another_tab,
);

const YEONGHUI: [(&str, &str); 2] = [("name", "이영희"), ("born", "1950-07-07")];
const NOTHING: &str = "아무것도 하지 않았습니다";

/// The other tab of the same browser: cookies are shared, what a page shows is not.
fn tab(lee: &Member) -> Member {
    lee.clone()
}

/// What the tab does reaches the cookies of the other.
fn shared(from: &Member, to: &mut Member) {
    to.browser.cookies = from.browser.cookies.clone();
}

async fn a_slip_acts_on_whom_it_shows(engine: Engine) {
    const TOGETHER: &str = "[joint]\nmost = 2\n[helped]\nminors = 1\nadults = 0\n";
    let t = TestApp::start(engine).await;
    let round = t.announced(round("mode = \"everyone\"", &format!("{PARITY}{TOGETHER}"))).await;
    t.jump(round.opens_at);
    let mut lee = t.staff("lee", Role::Counter).await;
    let second = enter(&mut lee, "groups", &YEONGHUI).await.receipt().to_owned();
    let first = enter(&mut lee, "groups", &HANEUL).await.receipt().to_owned();
    t.tick().await;
    // In another tab the second is looked up, and her slip is opened.
    let mut other = tab(&lee);
    found(&mut other, "groups", YEONGHUI[1].1, &second).await;
    shared(&other, &mut lee);
    // What is pressed on the first one's page is done to nobody, and says so on the page of whoever is meant now.
    let acts: [(&str, &[(&str, &str)]); 4] = [
        ("/undo", &[("act", "withdraw"), ("id_seen", "yes")]),
        ("/people", &[("act", "add"), ("name", "김바다"), ("born", "2015-03-01"), ("evidence", "yes")]),
        ("/people", &[("act", "with")]),
        ("/people", &[("act", "whose"), ("born", "1950-07-07"), ("contact", "")]),
    ];
    for (form, fields) in acts {
        let fields: Vec<(&str, &str)> = [("seen", first.as_str())].iter().chain(fields).copied().collect();
        let refused = lee.clone().post(&path("groups", form), &fields).await;
        assert_eq!(
            (refused.status, refused.wrong_fields()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["slip-heading"])
        );
        assert!(refused.body().contains(NOTHING), "{}", refused.body());
        assert_eq!(
            (refused.receipt(), refused.hidden("seen").as_deref()),
            (second.as_str(), Some(second.as_str()))
        );
    }
    // Nor to nobody's: with a new visitor the browser has forgotten them.
    other.see(&path("groups", "")).await;
    shared(&other, &mut lee);
    let gone = lee
        .post(&path("groups", "/undo"), &[("seen", &first), ("act", "withdraw"), ("id_seen", "yes")])
        .await;
    assert_eq!((gone.status, gone.way_out().as_deref()), (StatusCode::CONFLICT, Some("/console/counter")));
    assert!(gone.body().contains(NOTHING), "{}", gone.body());
    t.tick().await;
    let entries = t.entries(&round).await;
    assert!(entries.iter().all(|entry| entry.withdrawn_at.is_none() && entry.seats == 1), "{entries:?}");
    assert!(t.accesses().await.iter().all(|(kind, _)| kind != "undone"));
}

async fn a_check_enters_whom_it_shows(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Counter).await;
    ask(&mut lee, slug, &HANEUL).await.to();
    let shown = lee.see(&path(slug, "/check")).await.hidden("seen").unwrap();
    // In another tab somebody else is typed in.
    let mut other = tab(&lee);
    ask(&mut other, slug, &YEONGHUI).await.to();
    shared(&other, &mut lee);
    let refused = lee.post(&path(slug, "/entry"), &[("seen", &shown)]).await;
    assert_eq!((refused.status, refused.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["form"]));
    assert!(
        refused.body().contains("이○희") && refused.body().contains("아무것도 바뀌지 않았습니다"),
        "{}",
        refused.body()
    );
    assert_eq!(lee.post(&path(slug, "/entry"), &[("seen", "")]).await.wrong_fields(), ["form"]);
    t.tick().await;
    assert!(t.entries(&round).await.is_empty());
    // What stands there now was read out, and is entered.
    let now = refused.hidden("seen").unwrap();
    assert_ne!(now, shown);
    assert_eq!(lee.post(&path(slug, "/entry"), &[("seen", &now)]).await.to(), path(slug, "/slip"));
    // Pressed on the page before, her slip is not taken for his.
    let late = lee.post(&path(slug, "/entry"), &[("seen", &shown)]).await;
    assert_eq!((late.status, late.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["slip-heading"]));
    assert_eq!(lee.post(&path(slug, "/entry"), &[("seen", &now)]).await.to(), path(slug, "/slip"), "twice");
    t.tick().await;
    assert_eq!(t.entries(&round).await.len(), 1);
}

/// What was read out changes what is there: if that has moved meanwhile, it is read out again.
async fn a_changed_entry_is_read_out_again(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Counter).await;
    let mine = [HANEUL[0], HANEUL[1], ("email", "minji@example.org")];
    let at = |wish: &'static str| [mine[0], mine[1], mine[2], ("wish_1", wish)];
    enter(&mut lee, slug, &at("pm")).await;
    t.tick().await;
    ask(&mut lee, slug, &mine).await.to();
    let told = lee.see(&path(slug, "/check")).await.hidden("change").unwrap();
    // At another counter.
    let mut park = t.staff("park", Role::Counter).await;
    enter(&mut park, slug, &at("am")).await;
    t.tick().await;
    let refused = lee.post(&path(slug, "/entry"), &[("change", &told)]).await;
    assert_eq!((refused.status, refused.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["form"]));
    t.tick().await;
    let entry = t.entries(&round).await.remove(0);
    assert_eq!(entry.wish, "am");
    assert_eq!(lee.post(&path(slug, "/entry"), &[("change", &told)]).await.to(), path(slug, "/slip"));
}

/// The second tap of two carries what the browser held before the first.
async fn a_double_tap_is_told_that_they_are_entered(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Counter).await;
    ask(&mut lee, slug, &HANEUL).await.to();
    let seen = lee.see(&path(slug, "/check")).await.hidden("seen").unwrap();
    let mut twice = tab(&lee);
    assert_eq!(lee.post(&path(slug, "/entry"), &[("seen", &seen)]).await.to(), path(slug, "/slip"));
    let receipt = lee.see(&path(slug, "/slip")).await.receipt().to_owned();
    t.tick().await;
    let mut late = twice.clone();
    assert_eq!(twice.post(&path(slug, "/entry"), &[("seen", &seen)]).await.to(), path(slug, "/slip"));
    assert_eq!(twice.see(&path(slug, "/slip")).await.receipt(), receipt);
    t.tick().await;
    assert_eq!(t.entries(&round).await[0].version, 1);
    // Changed since, it is not as the page had it.
    enter(&mut lee, slug, &[HANEUL[0], HANEUL[1], ("wish_1", "am")]).await;
    t.tick().await;
    assert_eq!(late.post(&path(slug, "/entry"), &[("seen", &seen)]).await.wrong_fields(), ["form"]);
}

async fn nobody_comes_into_the_entry_of_another_tab(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(round("mode = \"everyone\"", &format!("{PARITY}[joint]\nmost = 3\n"))).await;
    t.jump(round.opens_at);
    let mut lee = t.staff("lee", Role::Counter).await;
    enter(&mut lee, "groups", &HANEUL).await;
    let to = lee.post(&path("groups", "/people"), &[("act", "with")]).await.to().to_owned();
    let first = lee.see(&to).await.hidden("with").unwrap();
    // Another tab begins with others; and then with nobody.
    let mut other = tab(&lee);
    enter(&mut other, "groups", &YEONGHUI).await;
    let to = other.post(&path("groups", "/people"), &[("act", "with")]).await.to().to_owned();
    let second = other.see(&to).await.hidden("with").unwrap();
    assert_ne!(first, second);
    let who = [("name", "박민수"), ("born", "1946-05-05"), ("with", first.as_str())];
    let fields: Vec<(&str, &str)> = TICKED.iter().chain(&who).copied().collect();
    for again in ["?with=yes", ""] {
        other.see(&path("groups", again)).await;
        shared(&other, &mut lee);
        let refused = lee.post(&path("groups", ""), &fields).await;
        assert_eq!(
            (refused.status, refused.wrong_fields()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["form"])
        );
        assert!(refused.body().contains(NOTHING) && refused.body().contains("박민수"), "{}", refused.body());
        assert_eq!(refused.hidden("with"), None);
    }
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!((entries.len(), entries.iter().filter(|entry| entry.lead.is_some()).count()), (2, 0));
}
