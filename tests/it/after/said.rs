//! What entrants, staff and sellers say about places.

use chrono::{DateTime, TimeDelta, Utc};
use entities::offer;
use jebi::{
    domain::ineligible::Reason,
    lifecycle::{
        LifecycleError,
        after::{
            bought::bought,
            facts, offer as offers,
            shift::{shift, shifting},
        },
    },
    store,
};
use sea_orm::EntityTrait;

use super::{DAY, OFFERS, drawn, moves, places, receipts, staff, told, verified_after};
use crate::support::{Engine, TestApp, both, kst};

both!(giving_back_and_keeping_race_the_offer, who_has_bought_is_never_moved,);

async fn giving_back_and_keeping_race_the_offer(engine: Engine) {
    let t = TestApp::start(engine).await;
    let other = t.another().await;
    let round = drawn(&t, 14, 10).await;
    let drawn = places(&t, &round).await;
    let now = kst(OFFERS[0]);
    t.jump(now - TimeDelta::minutes(1));
    // Half have given back and change their minds at the very moment; the others give back then.
    let opened = t.round(&round).await;
    for place in &drawn[..5] {
        assert!(facts::give_back(&t.app, &opened, &place.receipt, t.now()).await.unwrap());
    }
    t.jump(now);
    let (row, apps) = (t.row(&round).await, [t.app.clone(), other.clone()]);
    let said = drawn[..10].iter().enumerate().map(|(number, place)| {
        let (app, opened, receipt) = (apps[number % 2].clone(), opened.clone(), place.receipt.clone());
        tokio::spawn(async move {
            match number < 5 {
                true => facts::keep(&app, &opened, &receipt, now).await,
                false => facts::give_back(&app, &opened, &receipt, now).await,
            }
        })
    });
    let made = (0..4).map(|number| {
        let (app, row) = (apps[number % 2].clone(), row.clone());
        tokio::spawn(async move { offers::offer(&app, &row, 1, now).await })
    });
    let (said, made) = tokio::join!(
        futures_util::future::join_all(said.collect::<Vec<_>>()),
        futures_util::future::join_all(made.collect::<Vec<_>>())
    );
    let made: Vec<Result<bool, LifecycleError>> = made.into_iter().map(Result::unwrap).collect();
    if !made.iter().any(|made| matches!(made, Ok(true))) {
        // Everybody was overtaken by what was said: the next tick makes it.
        t.tick().await;
    }
    assert_eq!(offer::Entity::find().all(t.db()).await.unwrap().len(), 1);
    let gone = receipts(&t, &round, 1, "returned").await;
    let facts = store::fact::list(t.db(), round.id, None).await.unwrap();
    for (number, said) in said.into_iter().enumerate() {
        let (said, receipt) = (said.unwrap().unwrap(), &drawn[number].receipt);
        match number < 5 {
            // Told that it is kept, it is; told that it is too late, it is gone.
            true => assert_eq!(said, !gone.contains(receipt), "{number}"),
            // Given back before or after the offer: in this one, or in the next.
            false => assert!(said && facts[receipt].kind == "returned"),
        }
    }
    verified_after(&t, &round).await;
    t.jump(kst(OFFERS[1]));
    t.tick().await;
    let (first, second) = (gone, receipts(&t, &round, 2, "returned").await);
    assert!(drawn[5..10].iter().all(|p| first.contains(&p.receipt) != second.contains(&p.receipt)));
    verified_after(&t, &round).await;
}

async fn who_has_bought_is_never_moved(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = drawn(&t, 8, 8).await;
    let drawn = places(&t, &round).await;
    t.jump(kst(&format!("{DAY} 20:00")));
    let opened = t.round(&round).await;
    // The first gives back and is told of as a buyer a moment later: the purchase counts.
    assert!(facts::give_back(&t.app, &opened, &drawn[0].receipt, t.now()).await.unwrap());
    let all: Vec<(&str, DateTime<Utc>)> =
        drawn.iter().map(|p| (p.receipt.as_str(), p.starts_at.unwrap() + TimeDelta::minutes(1))).collect();
    told(&t, &round, &all[..6], Some(t.now())).await;
    assert!(!facts::give_back(&t.app, &opened, &drawn[1].receipt, t.now()).await.unwrap());
    let reason = Some(Reason::Conditions);
    assert!(facts::ineligible(&t.app, &opened, &drawn[1].receipt, reason, &staff(), t.now()).await.is_err());
    // Lines that cannot be are named, and the rest counts.
    let (ours, at) = (&drawn[7].receipt, t.now().to_rfc3339());
    let text = format!(
        "receipt,time,amount\nnonsense\n0000-0000-0000-0000,{at},10000\n{ours},{at},15000\n{ours},{at},15000\n{},{at},9\n\
         {},{at},5000\n",
        drawn[2].receipt, drawn[6].receipt
    );
    let report = bought(&t.app, &round, text.as_bytes(), "post.csv", None, t.now()).await.unwrap();
    let lines: Vec<usize> = report.refused.iter().map(|(line, _)| *line).collect();
    assert_eq!((report.kept, lines), (2, vec![2, 3, 5, 6]), "{report:?}");
    assert_eq!(report.strange.first().map(|(line, what)| (*line, what.contains("more"))), Some((4, true)));
    let row = t.row(&round).await;
    let to_come = shifting(&t.app, &row, kst(&format!("{DAY} 09:00")), 3_600, "정전").await.unwrap();
    assert!(to_come.concerned.is_empty());
    shift(&t.app, &row, to_come, &staff(), t.now()).await.unwrap();
    t.jump(kst(OFFERS[0]));
    t.tick().await;
    assert!(moves(&t, &round).await.is_empty());
    let news = t.notices().await;
    assert!(!news.iter().any(|notice| ["caught_up", "shifted", "lapsed"].contains(&notice.reason.as_str())));
    verified_after(&t, &round).await;
}
