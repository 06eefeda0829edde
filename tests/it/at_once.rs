//! Many who look at their own page at the same time: asked for together, and each is shown their own.

use axum::http::StatusCode;
use chrono::TimeDelta;
use futures_util::future::join_all;
use jebi::store::{self, fact::RETURNED};

use crate::{
    sale::{at_level, drawn, drawn_crowd, seller},
    support::{Engine, Page, Resident, TestApp, both},
};

both!(
    everybody_is_shown_their_own_and_the_database_is_asked_once_for_all,
    what_is_asked_for_together_is_what_is_asked_for_alone,
    a_pass_is_the_same_each_time_and_follows_what_is_said_about_it,
);

/// So many that a few who come late do not matter.
const CROWD: usize = 32;

/// All of them look at their page at the same instant.
async fn all_look(crowd: &mut [Resident]) -> Vec<Page> {
    join_all(crowd.iter_mut().map(Resident::mine)).await
}

async fn everybody_is_shown_their_own_and_the_database_is_asked_once_for_all(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut crowd = t.crowd(&round.slug, CROWD).await;
    for resident in &mut crowd {
        resident.mine().await;
    }
    t.draw(&round).await;
    t.jump(round.results_at);
    for resident in &mut crowd {
        resident.identify(&t, "my").await;
    }
    let alone: Vec<String> = {
        let mut receipts = Vec::new();
        for resident in &mut crowd {
            receipts.push(resident.mine().await.receipt().to_owned());
        }
        receipts
    };
    t.pass(TimeDelta::seconds(2));
    // Who reads the rounds is not counted.
    t.app.rounds.list().await.unwrap();
    let asked = t.app.db.asked();
    let pages = all_look(&mut crowd).await;
    let asked = t.app.db.asked() - asked;
    // Alone, each would ask for their entry and for their place. Where the machine is busy not all come at the same moment.
    assert!((2..CROWD as u64 * 2).contains(&asked), "{asked} questions for {CROWD} people");
    for (page, receipt) in pages.iter().zip(&alone) {
        assert_eq!(page.receipt(), receipt);
        for other in alone.iter().filter(|other| *other != receipt) {
            assert!(!page.body().contains(other.as_str()), "the receipt of somebody else");
        }
    }
}

async fn what_is_asked_for_together_is_what_is_asked_for_alone(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = drawn(&t, 400, Vec::new()).await;
    let places = store::assignment::list_by_rank(t.db(), round.id).await.unwrap();
    assert_eq!(places.len(), 400);
    let said = &places[7].receipt;
    let txn = t.app.db.begin().await.unwrap();
    store::fact::insert(&txn, round.id, said, RETURNED, t.now(), ["", ""]).await.unwrap();
    txn.commit().await.unwrap();
    // More than go into one statement, and some twice.
    let all = places.iter().chain(&places[..9]);
    let found = join_all(all.clone().map(|place| t.app.gathered.place(round.id, &place.receipt))).await;
    let entries = join_all(all.clone().map(|place| t.app.gathered.entry(round.id, &place.receipt))).await;
    for ((place, found), entry) in all.zip(found).zip(entries) {
        let found = found.unwrap().unwrap();
        assert_eq!(found.drawn, *place);
        assert_eq!(found.said, place.receipt == *said);
        assert!(!found.offered && !found.is_bought && !found.is_extended);
        let alone = store::entry::find(t.db(), round.id, &place.receipt).await.unwrap();
        assert_eq!(entry.unwrap(), alone);
    }
    let nobody = "aaaa-aaaa-aaaa-aaaa";
    assert_eq!(t.app.gathered.entry(round.id, nobody).await.unwrap(), None);
    assert!(t.app.gathered.place(round.id + 1, said).await.unwrap().is_none(), "of another round");
}

async fn a_pass_is_the_same_each_time_and_follows_what_is_said_about_it(engine: Engine) {
    let t = TestApp::start(engine).await;
    seller(&t, "market").await;
    let (round, mut crowd, begins) = drawn_crowd(&t, at_level("market", 2), 2).await;
    t.jump(begins);
    let pass = |page: &Page| {
        assert_eq!(page.status, StatusCode::OK);
        crate::support::between(page.body(), "<code id=\"pass\">", "<").unwrap().to_owned()
    };
    let mut passes = Vec::new();
    for resident in &mut crowd {
        resident.identify(&t, "my").await;
        let first = resident.mine().await;
        t.pass(TimeDelta::seconds(1));
        let again = resident.mine().await;
        assert_eq!(pass(&first), pass(&again));
        assert!(again.body().contains("<path stroke="), "{}", again.body());
        passes.push(pass(&again));
    }
    assert_ne!(passes[0], passes[1]);
    // A payment that failed holds the place for longer: it is another pass.
    let receipt = crowd[0].mine().await.receipt().to_owned();
    let until = t.now() + TimeDelta::days(30);
    let txn = t.app.db.begin().await.unwrap();
    store::reservation::extend(&txn, round.id, &receipt, until, t.now(), "payment").await.unwrap();
    txn.commit().await.unwrap();
    t.pass(TimeDelta::seconds(1));
    assert_ne!(pass(&crowd[0].mine().await), passes[0]);
    assert_eq!(pass(&crowd[1].mine().await), passes[1]);
}
