//! What the form asks is answered by whoever stands there: nothing is taken from words that they were not shown, nor
//! from a box left empty.

use axum::http::StatusCode;
use jebi::domain::staff::Role;

use super::{TICKED, WHO, ask, enter, path};
use crate::{
    support::{Engine, TestApp, both},
    who::{LOTTERY, PARITY, round},
};

both!(consent_is_to_the_words_that_were_shown, a_counter_forgets_nobody_by_a_box_left_empty);

/// Whoever reads words in one language and sends the form in another has agreed to nothing yet; so at the counter.
async fn consent_is_to_the_words_that_were_shown(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let mut jane = t.stranger_at(slug, "jane@example.org");
    jane.get("enter").await;
    jane.browser = jane.browser.in_english();
    let fields =
        [("purpose", "enter"), ("channel", "email"), ("email", "jane@example.org"), ("consent", "yes")];
    let asked = jane.post("enter", &fields).await;
    assert_eq!((asked.status, asked.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["consent"]));
    assert!(asked.body().contains("has changed") && !asked.body().contains("value=\"yes\" checked"));
    assert_eq!(
        jane.post("enter", &fields).await.to(),
        jane.path("code"),
        "the page shown last has the words"
    );
    let mut lee = t.staff("lee", Role::Counter).await;
    lee.see(&path(slug, "")).await;
    lee.browser = lee.browser.clone().in_english();
    let other: Vec<(&str, &str)> = TICKED.iter().chain(&WHO).copied().collect();
    assert_eq!(lee.post(&path(slug, ""), &other).await.wrong_fields(), ["consent"]);
    assert_eq!(lee.post(&path(slug, ""), &other).await.to(), path(slug, "/check"));
}

async fn a_counter_forgets_nobody_by_a_box_left_empty(engine: Engine) {
    let t = TestApp::start(engine).await;
    let rest = "[[reserve]]\nname = \"open\"\nplaces = 1\n[weighting]\nper_miss = 1\nmost = 3\nrounds = 6\n";
    let round = t.announced(round(LOTTERY, &format!("{PARITY}{rest}"))).await;
    let slug = round.slug.as_str();
    t.jump(round.opens_at);
    let mut lee = t.staff("lee", Role::Counter).await;
    let box_ticked = "name=\"remember\" value=\"yes\" checked";
    let remembered = async || {
        t.tick().await;
        let entry = t.entries(&round).await.pop().unwrap();
        (entry.wish, !entry.miss_key.is_empty())
    };
    enter(&mut lee, slug, &[WHO.as_slice(), &[("wish_1", "am"), ("remember", "yes")]].concat()).await;
    assert_eq!(remembered().await, ("am".to_owned(), true));

    // Another time of day, and nobody thinks of the box: the form comes back with it ticked, and nothing is changed.
    let later = [WHO.as_slice(), &[("wish_1", "pm")]].concat();
    let asked = ask(&mut lee, slug, &later).await;
    assert_eq!((asked.status, asked.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["remember"]));
    assert!(asked.body().contains(box_ticked), "{}", asked.body());
    let looked_at = asked.hidden("looked_at").unwrap();
    let sent = [later.as_slice(), &[("looked_at", looked_at.as_str()), ("remember", "yes")]].concat();
    enter(&mut lee, slug, &sent).await;
    assert_eq!(remembered().await, ("pm".to_owned(), true));
    // The next person is somebody else, of whom nothing was asked before.
    let next = [("name", "박민수"), ("born", "1946-05-05"), ("looked_at", looked_at.as_str())];
    assert_eq!(ask(&mut lee, slug, &next).await.to(), path(slug, "/check"));

    // A form of paper alike; and whoever no longer wants it takes the tick away.
    let paper = [TICKED.as_slice(), &later, &[("paper", "dong-1")]].concat();
    lee.see(&path(slug, "/paper")).await;
    let asked = lee.post(&path(slug, "/paper"), &paper).await;
    assert_eq!(asked.wrong_fields(), ["remember"]);
    assert!(asked.body().contains(box_ticked), "{}", asked.body());
    let unticked = [paper.as_slice(), &[("looked_at", looked_at.as_str())]].concat();
    assert_eq!(lee.post(&path(slug, "/paper"), &unticked).await.to(), path(slug, "/paper"));
    assert_eq!(remembered().await, ("pm".to_owned(), false));
}
