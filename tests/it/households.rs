//! Households of a roster: its people come together in one entry, or one of them speaks for all. Through the pages,
//! from the address to the verified record.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entities::{entry, round};
use jebi::domain::{draft::Draft, roster::MatchBy, who::Household};
use public_audit::rules::Mode;

use crate::{
    roster::{imported, people},
    support::{Engine, Resident, TestApp, between, both, verified},
};

both!(a_household_comes_together_in_one_entry, whoever_comes_speaks_for_the_household);

/// Whoever enters, of a roster that knows households; every two people share one.
async fn open(t: &TestApp, household: Household) -> round::Model {
    imported(t, &people(8), Some(MatchBy::Email)).await.unwrap();
    let draft = Draft { mode: Mode::Everyone, roster: Some("list".to_owned()), household, ..t.draft(20) };
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    round
}

/// Somebody on the list, up to the questions.
pub async fn somebody(t: &TestApp, round: &round::Model, number: usize) -> Resident {
    let mut comes = t.stranger_at(&round.slug, &format!("r{number}@example.org"));
    comes.identify(t, "enter").await;
    assert_eq!(comes.get("details").await.to(), comes.path("roster?purpose=enter"));
    assert_eq!(comes.get("roster?purpose=enter").await.to(), comes.path("details"));
    comes
}

async fn in_pool(t: &TestApp, round: &round::Model) -> Vec<entry::Model> {
    let all = t.entries(round).await.into_iter();
    all.filter(|entry| entry.lead.is_none() && entry.withdrawn_at.is_none()).collect()
}

/// The minute that a resident's page shows.
async fn minute(t: &TestApp, resident: &mut Resident) -> String {
    resident.identify(t, "my").await;
    resident.get("roster?purpose=my").await.to();
    let page = resident.mine().await;
    between(page.body(), "<div class=\"big\">", "</time>").unwrap().to_owned()
}

async fn a_household_comes_together_in_one_entry(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = open(&t, Household::Together).await;
    let mut first = somebody(&t, &round, 0).await;
    first.enter(250_000, &["pm"]).await;
    let mut second = somebody(&t, &round, 1).await;
    second.enter(100_000, &["am"]).await;
    let mut other = somebody(&t, &round, 2).await;
    other.enter(100_000, &[]).await;
    t.tick().await;
    let pool = in_pool(&t, &round).await;
    let seats: Vec<(i32, i64)> = pool.iter().map(|entry| (entry.seats, entry.want)).collect();
    assert!(seats.len() == 2 && seats.contains(&(2, 500_000)) && seats.contains(&(1, 100_000)), "{seats:?}");
    let receipt = first.mine().await.receipt().to_owned();
    assert_eq!(second.mine().await.receipt(), receipt, "one entry, one receipt");
    assert!(second.mine().await.body().contains("500,000") || second.mine().await.body().contains("50만"));

    // Coming again changes nothing; leaving takes the seat away, and coming again gives it back.
    t.pass(TimeDelta::seconds(2));
    second.enter(50_000, &[]).await;
    t.tick().await;
    assert!(in_pool(&t, &round).await.iter().any(|entry| (entry.seats, entry.want) == (2, 500_000)));
    t.pass(TimeDelta::seconds(2));
    second.withdraw().await;
    t.tick().await;
    assert!(in_pool(&t, &round).await.iter().any(|entry| (entry.seats, entry.want) == (1, 250_000)));
    t.pass(TimeDelta::seconds(2));
    second.enter(50_000, &[]).await;
    t.tick().await;
    // Whoever was first decides how much for each, and takes the household along when leaving.
    t.pass(TimeDelta::seconds(2));
    first.enter(200_000, &["pm"]).await;
    t.tick().await;
    assert!(in_pool(&t, &round).await.iter().any(|entry| (entry.seats, entry.want) == (2, 400_000)));
    let mut third = somebody(&t, &round, 4).await;
    third.enter(250_000, &[]).await;
    let mut fourth = somebody(&t, &round, 5).await;
    fourth.enter(250_000, &[]).await;
    t.pass(TimeDelta::seconds(2));
    third.withdraw().await;
    t.tick().await;
    assert_eq!(fourth.mine().await.word(), "ended");
    t.pass(TimeDelta::seconds(2));
    fourth.enter(150_000, &[]).await;
    t.tick().await;
    // Nobody of another list.
    let mut stranger = t.stranger_at(&round.slug, "stranger@example.org");
    stranger.identify(&t, "enter").await;
    assert_eq!(stranger.get("roster?purpose=enter").await.status, StatusCode::OK);
    assert_ne!(stranger.get("details").await.status, StatusCode::OK);

    t.draw(&round).await;
    t.jump(round.results_at);
    let files = verified(&t, &round).await;
    let pool = String::from_utf8(files["pool.txt"].clone()).unwrap();
    assert_eq!(pool.lines().count(), 3, "{pool}");
    assert!(pool.contains(&format!("{receipt} seats=2 want=400000 ")), "{pool}");
    assert_eq!(minute(&t, &mut first).await, minute(&t, &mut second).await);
    t.send_until(round.results_at + TimeDelta::hours(7)).await;
    for resident in [&first, &second, &other, &fourth] {
        let told = t.mailbox.messages_for(&resident.address);
        assert!(told.iter().any(|mail| mail.body.contains("11월 28일")), "{}: {told:?}", resident.address);
    }
}

async fn whoever_comes_speaks_for_the_household(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = open(&t, Household::One).await;
    let mut first = somebody(&t, &round, 0).await;
    first.enter(250_000, &["pm"]).await;
    t.tick().await;
    let receipt = first.mine().await.receipt().to_owned();
    let mut second = somebody(&t, &round, 1).await;
    let seen = second.mine().await;
    assert!(seen.receipt() == receipt && seen.word() != "ended", "the household has entered already");
    t.pass(TimeDelta::seconds(2));
    second.enter(100_000, &["am"]).await;
    t.tick().await;
    let pool = in_pool(&t, &round).await;
    let said: Vec<_> = pool.iter().map(|e| (e.receipt.as_str(), e.seats, e.want, e.wish.as_str())).collect();
    assert_eq!(said, [(receipt.as_str(), 1, 100_000, "am")]);
    // Withdrawn by one, entered again by the other: still one.
    t.pass(TimeDelta::seconds(2));
    first.withdraw().await;
    t.tick().await;
    assert!(in_pool(&t, &round).await.is_empty());
    t.pass(TimeDelta::seconds(2));
    second.enter(150_000, &[]).await;
    let mut other = somebody(&t, &round, 7).await;
    other.enter(250_000, &[]).await;
    t.tick().await;
    t.draw(&round).await;
    t.jump(round.results_at);
    let files = verified(&t, &round).await;
    let pool = String::from_utf8(files["pool.txt"].clone()).unwrap();
    assert!(pool.lines().count() == 2 && pool.contains(&format!("{receipt} seats=1 want=150000 ")), "{pool}");
    assert_eq!(minute(&t, &mut first).await, minute(&t, &mut second).await);
}
