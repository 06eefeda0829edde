//! A roster is replaced by two people, and erased with its last round.

use entities::{roster_member, round_roster};
use jebi::{
    lifecycle::{
        announce::{Staff, announce},
        confirm::confirm,
    },
    store,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{imported, people, serving};
use crate::support::{Engine, TestApp, both};

both!(a_roster_in_use_is_replaced_by_two_people, a_roster_is_erased_with_its_last_round);

async fn a_roster_in_use_is_replaced_by_two_people(engine: Engine) {
    let t = TestApp::start(engine).await;
    imported(&t, &people(4), None).await.unwrap();
    let again = imported(&t, &people(6), None).await.unwrap();
    assert_eq!(again.state, "complete");
    let current = async || store::roster::find(t.db(), "list", "current").await.unwrap().unwrap();
    assert_eq!(current().await.people, 4, "nothing changes before it is confirmed");
    let staff = |clerk: &str, approver: &str| Staff::new(clerk, approver);
    assert!(confirm(&t.app, "list", None, &staff("Kim", "kim ")).await.is_err());
    assert_eq!(confirm(&t.app, "list", None, &staff("Kim", "Lee")).await.unwrap(), 6);
    assert_eq!((current().await.people, current().await.staff.as_str()), (6, "Kim, Lee"));
    t.tick().await;
    assert_eq!(roster_member::Entity::find().count(t.db()).await.unwrap(), 6, "the one before is erased");

    // Whose members are entries is not replaced under them.
    let round = t.announced(serving(&t, 10)).await;
    t.jump(round.opens_at);
    t.tick().await;
    imported(&t, &people(8), None).await.unwrap();
    let refused = confirm(&t.app, "list", None, &staff("Kim", "Lee")).await.unwrap_err();
    assert!(refused.to_string().contains(&round.slug), "{refused}");
    // A round needs a roster that is there.
    let mut other = serving(&t, 10);
    other.slug = "other".to_owned();
    other.roster = Some("missing".to_owned());
    let missing = announce(&t.app, &other, &staff("Kim", "Lee")).await.unwrap_err();
    assert!(missing.to_string().contains("missing"), "{missing}");
}

async fn a_roster_is_erased_with_its_last_round(engine: Engine) {
    let t = TestApp::start(engine).await;
    imported(&t, &people(4), None).await.unwrap();
    let round = t.announced(serving(&t, 10)).await;
    t.jump(round.opens_at);
    t.tick().await;
    t.draw(&round).await;
    t.jump(jebi::app::erases_at(&round));
    t.tick().await;
    t.tick().await;
    assert!(t.row(&round).await.purged_at.is_some());
    assert_eq!(roster_member::Entity::find().count(t.db()).await.unwrap(), 0);
    let rosters = store::roster::list(t.db()).await.unwrap();
    assert!(rosters.is_empty(), "{rosters:?}");
    let used = round_roster::Entity::find().filter(round_roster::Column::RoundId.eq(round.id));
    assert_eq!(used.one(t.db()).await.unwrap().unwrap().enrolled, 4, "what was counted stays");
}
