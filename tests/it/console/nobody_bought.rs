//! A part of a day sheet on which nobody bought: said by one, confirmed by another, so that the list of a day is complete.

use axum::http::StatusCode;
use jebi::{
    domain::{because::Because, staff::Role},
    lifecycle::{LifecycleError, day_part::Part, ticked},
    store,
};

use super::day_sheet::{by, evening, id_of, purchases, send};
use crate::support::{Engine, Member, Page, both};

both!(
    a_list_is_complete_though_nobody_of_a_part_bought,
    that_nobody_bought_takes_two_and_is_said,
    of_what_is_entered_nobody_says_that_nobody_bought,
);

fn at(made: &str, page: &str, part: usize) -> String {
    format!("{made}{page}?part={part}")
}

/// Somebody says that nobody of a part bought.
async fn none(who: &mut Member, made: &str, part: usize) -> Page {
    let back = at(made, "/back", part);
    who.see(&back).await;
    who.post(&back, &[("none", "yes")]).await
}

/// Somebody looks at what waits, and confirms it.
async fn confirm(who: &mut Member, ticked: &str) -> Page {
    let seen = who.see(ticked).await.hidden("seen").unwrap();
    assert_eq!(who.post(ticked, &[("seen", &seen)]).await.to(), ticked);
    who.see(ticked).await
}

async fn a_list_is_complete_though_nobody_of_a_part_bought(engine: Engine) {
    let (t, round, mut lee, made, lines) = evening(engine, 50).await;
    let sheets = made.rsplit_once('/').unwrap().0.to_owned();
    let mut park = t.staff("park", Role::Counter).await;
    for (part, some) in [(1, &lines[..20]), (3, &lines[40..41])] {
        assert_eq!(send(&mut lee, &at(&made, "/back", part), some).await.to(), at(&made, "/ticked", part));
        confirm(&mut park, &at(&made, "/ticked", part)).await;
    }
    assert!(park.see(&sheets).await.body().contains("3묶음 가운데 2묶음 입력함"));
    assert_eq!(none(&mut lee, &made, 2).await.to(), at(&made, "/ticked", 2));
    let waits = park.see(&at(&made, "/ticked", 2)).await;
    assert!(waits.body().contains("아무도 사지 않았다고 표시했습니다"), "{}", waits.body());
    assert!(!waits.body().contains("<table>") && !waits.body().contains("다시 살 수 없습니다"));
    // Sent twice it is done once, and says the same.
    let came = confirm(&mut park, &at(&made, "/ticked", 2)).await;
    let seen = waits.hidden("seen").unwrap();
    assert_eq!(park.post(&at(&made, "/ticked", 2), &[("seen", &seen)]).await.to(), at(&made, "/ticked", 2));
    for page in [came, park.see(&at(&made, "/ticked", 2)).await] {
        assert!(page.body().contains("아무도 사지 않은 것으로 두 사람이 확인했습니다"), "{}", page.body());
        assert!(page.body().contains("표시: lee, 확인: park"), "{}", page.body());
    }
    let listed = park.see(&sheets).await;
    assert!(
        listed.body().contains("입력함: ") && !listed.body().contains("묶음 입력함"),
        "{}",
        listed.body()
    );
    assert_eq!(store::taken_in::list_of(t.db(), round.id, id_of(&made)).await.unwrap(), [1, 2, 3]);
    assert!(store::ticked::list(t.db(), round.id).await.unwrap().is_empty());
    // Nobody's right to buy has gone by it.
    let bought = purchases(&t, &round).await;
    assert_eq!(bought.len(), 21);
    assert!(bought.iter().all(|one| lines[20..40].iter().all(|line| line.receipt != one.receipt)));
    let reasons = store::access::list(t.db(), None, 200).await.unwrap();
    let said = reasons.iter().filter(|line| line.kind == "ticked" && line.reason.contains("nobody bought"));
    assert_eq!(said.count(), 1);
    // One was found after all: he is ticked like anybody.
    assert_eq!(send(&mut lee, &at(&made, "/back", 2), &lines[20..21]).await.to(), at(&made, "/ticked", 2));
    let came = confirm(&mut park, &at(&made, "/ticked", 2)).await;
    assert!(came.body().contains("새로 입력 1건"), "{}", came.body());
    assert_eq!(purchases(&t, &round).await.len(), 22);
}

async fn that_nobody_bought_takes_two_and_is_said(engine: Engine) {
    let (t, round, mut lee, made, lines) = evening(engine, 6).await;
    let (back, ticked) = (format!("{made}/back"), format!("{made}/ticked"));
    // A page sent as it came says nothing.
    lee.see(&back).await;
    let silent = lee.post(&back, &[("none", "")]).await;
    assert_eq!((silent.status, silent.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["form"]));
    assert!(silent.body().contains("표시된 것이 없습니다"), "{}", silent.body());
    // Nor does one that says both; what was ticked is still there.
    let both = lee.post(&back, &[("sold_1", "yes"), ("none", "yes")]).await;
    assert_eq!((both.status, both.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["none"]));
    assert_eq!(both.body().matches(" checked").count(), 2, "{}", both.body());
    assert!(store::ticked::list(t.db(), round.id).await.unwrap().is_empty());
    assert_eq!(none(&mut lee, &made, 1).await.to(), ticked);
    let form = lee.see(&back).await;
    assert!(form.body().contains("name=\"none\" value=\"yes\" checked"), "{}", form.body());
    // One alone says it to nobody.
    let row = store::ticked::find(t.db(), (round.id, id_of(&made), 1)).await.unwrap().unwrap();
    assert!(row.lines.is_empty() && ticked::is_none(&row.digest), "{row:?}");
    let own = lee.post(&ticked, &[("seen", &row.digest)]).await;
    assert!(own.body().contains("직접 표시하신 것입니다"), "{}", own.body());
    assert!(store::taken_in::list(t.db(), round.id).await.unwrap().is_empty());
    // Somebody did buy: it is sent back, put right, and what was seen before is not confirmed.
    let mut park = t.staff("park", Role::Counter).await;
    let sent = [("seen", row.digest.as_str()), ("words", "둘째 줄")];
    park.see(&ticked).await;
    assert_eq!(park.post(&format!("{ticked}/return"), &sent).await.to(), back);
    assert_eq!(send(&mut lee, &back, &lines[1..2]).await.to(), ticked);
    park.see(&ticked).await;
    let old = park.post(&ticked, &[("seen", &row.digest)]).await;
    assert!(old.body().contains("표시가 바뀌었거나"), "{}", old.body());
    assert!(purchases(&t, &round).await.is_empty());
    // In English, by two.
    assert_eq!(none(&mut park, &made, 1).await.to(), ticked);
    lee.browser.language = "en-GB,en;q=0.9";
    let waits = lee.see(&ticked).await;
    assert!(waits.body().contains("nobody of this part bought"), "{}", waits.body());
    let came = confirm(&mut lee, &ticked).await;
    assert!(came.body().contains("No purchase was entered"), "{}", came.body());
    assert!(purchases(&t, &round).await.is_empty());
}

async fn of_what_is_entered_nobody_says_that_nobody_bought(engine: Engine) {
    let (t, round, mut lee, made, lines) = evening(engine, 6).await;
    let mut park = t.staff("park", Role::Counter).await;
    send(&mut lee, &format!("{made}/back"), &lines[..2]).await.to();
    confirm(&mut park, &format!("{made}/ticked")).await;
    let refused = none(&mut lee, &made, 1).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body().contains("이미 입력되었습니다"), "{}", refused.body());
    assert!(store::ticked::list(t.db(), round.id).await.unwrap().is_empty());
    let sheet = store::day_sheet::find(t.db(), round.id, id_of(&made)).await.unwrap().unwrap();
    let part = Part::of(&sheet, 1).unwrap();
    let put = ticked::put_none(&t.app, &sheet, &part, by(1), t.now()).await;
    assert!(matches!(put, Err(LifecycleError::Refused(Because::PartIn))), "{put:?}");
    // What came of it stays to be read.
    let taken = store::taken_in::find(t.db(), (round.id, sheet.id, 1)).await.unwrap().unwrap();
    assert!(!ticked::is_none(&taken.digest));
    assert_eq!(purchases(&t, &round).await.len(), 2);
}
