//! Two who give one address are two people, and the second is told what can be done: that depends on how the round knows
//! people.

use entities::round;
use jebi::domain::{roster::MatchBy, staff::Role};

use super::{ask, enter, found, path, rows};
use crate::{
    roster::imported,
    support::{Engine, Member, Page, TestApp, both},
};

both!(
    two_with_one_number_are_two_and_a_mistyped_date_is_none,
    where_a_list_knows_people_by_an_address_nobody_is_told_to_leave_it_empty,
);

const MAIL: (&str, &str) = ("email", "family@example.org");
const HUSBAND: [(&str, &str); 3] = [("name", "최철수"), ("born", "1958-02-02"), MAIL];
const EMPTY: [&str; 2] = ["비워 두면 이분은 종이로", "비우면 이분은 종이로"];
const LISTED: &str = "비워 둘 수 없";

/// Somebody is entered with an address, and then somebody else of the family is to be.
struct Shared {
    t: TestApp,
    round: round::Model,
    lee: Member,
    /// Of whoever was first, whose date of birth was mistyped.
    receipt: String,
    /// What the second is told.
    refused: Page,
}

/// With or without a roster that knows people by an address: it says no more of who shares it than none.
async fn shared(engine: Engine, by_list: bool) -> Shared {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(60);
    if by_list {
        imported(&t, "이름,이메일\n이영희,family@example.org\n", Some(MatchBy::Email)).await.unwrap();
        draft.roster = Some("list".to_owned());
    }
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Counter).await;
    let first = enter(&mut lee, slug, &[("name", "이영희"), ("born", "1960-01-13"), MAIL]).await;
    let receipt = first.receipt().to_owned();
    t.tick().await;
    assert_eq!(ask(&mut lee, slug, &HUSBAND).await.to(), path(slug, "/check"));
    let told = lee.see(&path(slug, "/check")).await.hidden("change").unwrap();
    let refused = lee.post(&path(slug, "/entry"), &[("change", &told)]).await;
    assert_eq!(refused.wrong_fields(), ["form"], "{by_list}: {}", refused.body());
    Shared { t, round, lee, receipt, refused }
}

async fn two_with_one_number_are_two_and_a_mistyped_date_is_none(engine: Engine) {
    for by_list in [false, true] {
        let Shared { t, round, mut lee, receipt, refused } = shared(engine, by_list).await;
        let slug = round.slug.as_str();
        assert!(refused.body().contains("잘못 넣었다면"), "{}", refused.body());
        assert_eq!(rows(&t).await.len(), 1);
        // The date was mistyped: taken back and typed anew, it is one person with one entry.
        found(&mut lee, slug, "1960-01-13", &receipt).await;
        lee.post(&path(slug, "/undo"), &[("act", "withdraw"), ("id_seen", "yes")]).await.to();
        t.tick().await;
        let right = enter(&mut lee, slug, &[("name", "이영희"), ("born", "1960-01-31"), MAIL]).await;
        assert_eq!(right.receipt(), receipt);
        t.tick().await;
        assert_eq!(t.entries(&round).await.iter().filter(|entry| entry.withdrawn_at.is_none()).count(), 1);
    }
}

async fn where_a_list_knows_people_by_an_address_nobody_is_told_to_leave_it_empty(engine: Engine) {
    for by_list in [false, true] {
        let Shared { t, round, mut lee, refused, .. } = shared(engine, by_list).await;
        let slug = round.slug.as_str();
        let says_empty = EMPTY.iter().any(|said| refused.body().contains(said));
        let says_listed = refused.body().contains(LISTED) && refused.body().contains("명단 담당자");
        assert_eq!((says_empty, says_listed), (!by_list, by_list), "{}", refused.body());
        // What is told there can be done.
        let bare = ask(&mut lee, slug, &HUSBAND[..2]).await;
        match by_list {
            true => assert_eq!(bare.wrong_fields(), ["email"]),
            false => assert_eq!(bare.to(), path(slug, "/check")),
        }
        assert_eq!(rows(&t).await.len(), 1);
    }
}
