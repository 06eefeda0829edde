//! A long day without network: its list is printed, ticked and taken in by part, each on its own.

use axum::http::StatusCode;
use jebi::{
    domain::{because::Because, staff::Role},
    lifecycle::{LifecycleError, day_part::Part, day_sheet, ticked},
    store,
};
use public_audit::{Digest, note::Verifier};

use super::day_sheet::{by, evening, id_of, purchases, send};
use crate::support::{Engine, Member, Page, between, both};

both!(
    a_long_list_is_printed_in_parts_that_make_the_signed_whole,
    a_long_list_is_taken_in_by_part_in_any_order,
    each_part_takes_two,
    what_is_sent_twice_is_done_once_and_answered_alike,
    a_part_is_confirmed_while_another_is_ticked,
);

fn at(made: &str, page: &str, part: usize) -> String {
    format!("{made}{page}?part={part}")
}

/// The receipts in the table of a page, in order.
fn receipts(page: &Page) -> Vec<String> {
    let rows = page.body().split("<tr><td class=\"number\">").skip(1);
    rows.filter_map(|row| between(row, "<code>", "<")).map(str::to_owned).collect()
}

/// Where the parts of a list stand, as its page says: the words, and the parts.
fn stands(page: &Page) -> Vec<(String, Vec<String>)> {
    let list = between(page.body(), "<dl class=\"facts screen\">", "</dl>").unwrap();
    let groups = list.split("<dt>").skip(1).map(|group| {
        let (words, rest) = group.split_once('<').unwrap();
        let numbers = rest.split("?part=").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
        (words.to_owned(), numbers.collect())
    });
    groups.collect()
}

fn stand(words: &str, parts: &[&str]) -> (String, Vec<String>) {
    (words.to_owned(), parts.iter().map(|part| (*part).to_owned()).collect())
}

const IN: &str = "입력함";
const WAITS: &str = "표시함, 두 번째 확인을 기다림";
const RETURNED: &str = "돌려보냄, 고칠 것";
const MISSING: &str = "아직 표시하지 않음";

/// Somebody ticks these lines of a part.
async fn tick(who: &mut Member, made: &str, part: usize, lines: &[day_sheet::Line]) {
    let page = send(who, &at(made, "/back", part), lines).await;
    assert_eq!(page.to(), at(made, "/ticked", part), "{}", page.body());
}

/// Somebody looks at what is ticked on a part, and confirms it.
async fn confirm(who: &mut Member, made: &str, part: usize) -> Page {
    let ticked = at(made, "/ticked", part);
    let seen = who.see(&ticked).await.hidden("seen").unwrap();
    assert_eq!(who.post(&ticked, &[("seen", &seen)]).await.to(), ticked);
    who.see(&ticked).await
}

async fn a_long_list_is_printed_in_parts_that_make_the_signed_whole(engine: Engine) {
    let (t, round, mut lee, made, lines) = evening(engine, 50).await;
    assert_eq!(lines.len(), 50);
    let mut printed = Vec::new();
    for (part, count) in [(1, 20), (2, 20), (3, 10)] {
        let page = lee.see(&at(&made, "", part)).await;
        assert_eq!(receipts(&page).len(), count);
        let words = format!(
            "3묶음 가운데 {part}번째 묶음 ({}번부터 {}번까지)",
            part * 20 - 19,
            part * 20 - 20 + count
        );
        assert!(page.body().contains(&words), "{words}: {}", page.body());
        printed.extend(receipts(&page));
        // Each of them bears the signature of the whole: what anybody could check before is what they can check now.
        let sheet = store::day_sheet::find(t.db(), round.id, id_of(&made)).await.unwrap().unwrap();
        let note = between(page.body(), "<pre class=\"signed\">", "</pre>").unwrap();
        assert_eq!(note.trim(), sheet.note.trim());
        let rules = t.round(&round).await;
        let signed = Verifier::parse(&rules.rules.signing_key).unwrap().open(&sheet.note).unwrap();
        assert!(signed.contains(&format!("entries 50\nsha256 {}", Digest::of(&sheet.lines))), "{signed}");
    }
    let whole: Vec<&str> = lines.iter().map(|line| line.receipt.as_str()).collect();
    assert_eq!(printed, whole);
    // Where nothing is said, it is the first; and who reads in another language stays at theirs.
    assert_eq!(receipts(&lee.see(&made).await), printed[..20]);
    let english = lee.see(&format!("{}&lang=en", at(&made, "", 3))).await;
    assert_eq!(receipts(&english), printed[40..]);
    assert!(english.body().contains("?part=3&#38;lang=ko"), "{}", english.body());
    // There are no others.
    for part in ["0", "4", "-1", "x", "1.0", "99999999999999999999", "1&part=2", "%31%"] {
        for page in ["", "/back", "/ticked"] {
            let none = lee.get(&format!("{made}{page}?part={part}")).await;
            assert_eq!(none.status, StatusCode::NOT_FOUND, "{page} {part}");
        }
        lee.see(&made).await;
        for page in ["/back", "/ticked", "/ticked/return"] {
            let none = lee.post(&format!("{made}{page}?part={part}"), &[("sold_1", "yes")]).await;
            assert_eq!(none.status, StatusCode::NOT_FOUND, "{page} {part}");
        }
    }
    assert!(store::ticked::list(t.db(), round.id).await.unwrap().is_empty());
}

async fn a_long_list_is_taken_in_by_part_in_any_order(engine: Engine) {
    let (t, round, mut lee, made, lines) = evening(engine, 50).await;
    let sheets = made.rsplit_once('/').unwrap().0.to_owned();
    let mut park = t.staff("park", Role::Counter).await;
    assert_eq!(stands(&lee.see(&made).await), [stand(MISSING, &["1", "2", "3"])]);
    tick(&mut lee, &made, 3, &lines[40..]).await;
    tick(&mut lee, &made, 1, &lines[..20]).await;
    assert_eq!(stands(&lee.see(&made).await), [stand(WAITS, &["1", "3"]), stand(MISSING, &["2"])]);
    // The list of lists leads to the first that waits.
    let listed = park.see(&sheets).await;
    assert!(listed.body().contains(&format!("\"{}\"", at(&made, "/ticked", 1))), "{}", listed.body());
    let came = confirm(&mut park, &made, 3).await;
    assert!(came.body().contains("새로 입력 10건, 이미 있던 것 0건, 넣지 못한 것 0건"), "{}", came.body());
    assert!(came.body().contains("표시: lee, 확인: park"), "{}", came.body());
    assert_eq!(purchases(&t, &round).await.len(), 10);
    let now = stands(&park.see(&at(&made, "", 2)).await);
    assert_eq!(now, [stand(IN, &["3"]), stand(WAITS, &["1"]), stand(MISSING, &["2"])]);
    assert!(park.see(&sheets).await.body().contains("3묶음 가운데 1묶음 입력함"));
    // Another part is ticked by another, sent back, put right, and confirmed by whoever ticked the first.
    tick(&mut park, &made, 2, &lines[20..40]).await;
    let ticked = at(&made, "/ticked", 2);
    let seen = lee.see(&ticked).await.hidden("seen").unwrap();
    let back = at(&made, "/ticked/return", 2);
    assert_eq!(lee.post(&back, &[("seen", &seen), ("words", "x")]).await.to(), at(&made, "/back", 2));
    let now = stands(&lee.see(&made).await);
    assert_eq!(now, [stand(IN, &["3"]), stand(WAITS, &["1"]), stand(RETURNED, &["2"])]);
    confirm(&mut park, &made, 1).await;
    tick(&mut park, &made, 2, &lines[20..39]).await;
    confirm(&mut lee, &made, 2).await;
    assert_eq!(stands(&lee.see(&made).await), [stand(IN, &["1", "2", "3"])]);
    let bought = purchases(&t, &round).await;
    assert_eq!(bought.len(), 49);
    let (of, won) = (format!("day sheet {}", id_of(&made)), bought.iter().map(|one| one.amount).sum::<i64>());
    assert!(bought.iter().all(|one| one.source == of));
    let ledger = store::ledger::find(t.db(), round.id, store::ledger::ROUND).await.unwrap().unwrap();
    assert_eq!((ledger.held, ledger.redeemed), (0, won));
    let listed = lee.see(&sheets).await;
    assert!(
        listed.body().contains("입력함: ") && !listed.body().contains("묶음 입력함"),
        "{}",
        listed.body()
    );
    // One more is found on the paper: the part waits again, what is in stays in, and what came of it is still to be read.
    tick(&mut lee, &made, 2, &lines[39..40]).await;
    assert_eq!(stands(&lee.see(&made).await), [stand(IN, &["1", "2", "3"]), stand(WAITS, &["2"])]);
    let both = park.see(&ticked).await;
    assert!(
        both.body().contains("표시: park, 확인: lee") && both.hidden("seen").is_some(),
        "{}",
        both.body()
    );
    confirm(&mut park, &made, 2).await;
    assert_eq!(purchases(&t, &round).await.len(), 50);
}

async fn each_part_takes_two(engine: Engine) {
    let (t, round, mut lee, made, lines) = evening(engine, 50).await;
    let sheet = store::day_sheet::find(t.db(), round.id, id_of(&made)).await.unwrap().unwrap();
    let mut park = t.staff("park", Role::Counter).await;
    tick(&mut lee, &made, 1, &lines[..20]).await;
    tick(&mut park, &made, 2, &lines[20..40]).await;
    let digest =
        async |part| store::ticked::find(t.db(), (round.id, sheet.id, part)).await.unwrap().unwrap().digest;
    let (first, second) = (digest(1).await, digest(2).await);
    // Neither their own, nor the one part on the word for the other.
    for (who, part, seen) in [(&mut lee, 1, &first), (&mut park, 2, &second)] {
        let own = who.post(&at(&made, "/ticked", part), &[("seen", seen)]).await;
        assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(own.body().contains("직접 표시하신 것입니다"), "{}", own.body());
    }
    for (part, seen) in [(1, &second), (2, &first), (3, &second)] {
        for who in [&mut lee, &mut park] {
            let other = who.post(&at(&made, "/ticked", part), &[("seen", seen)]).await;
            assert!(other.body().contains("표시가 바뀌었거나"), "{}", other.body());
        }
    }
    // Nor is a line of another part ticked with this one.
    lee.see(&at(&made, "/back", 3)).await;
    let nothing = lee.post(&at(&made, "/back", 3), &[("sold_1", "yes"), ("sold_40", "yes")]).await;
    assert!(nothing.body().contains("표시된 것이 없습니다"), "{}", nothing.body());
    let part = Part::of(&sheet, 3).unwrap();
    let put = ticked::put_forward(&t.app, &sheet, &part, &lines[39..41], by(1), t.now()).await;
    assert!(matches!(put, Err(LifecycleError::Refused(_))), "{put:?}");
    assert!(purchases(&t, &round).await.is_empty());
    // Each other's, they do.
    confirm(&mut lee, &made, 2).await;
    confirm(&mut park, &made, 1).await;
    assert_eq!(purchases(&t, &round).await.len(), 40);
}

async fn what_is_sent_twice_is_done_once_and_answered_alike(engine: Engine) {
    let (t, round, mut lee, made, lines) = evening(engine, 50).await;
    let key = (round.id, id_of(&made), 2);
    for _ in 0..2 {
        tick(&mut lee, &made, 2, &lines[20..40]).await;
    }
    let waits = store::ticked::list(t.db(), round.id).await.unwrap();
    assert_eq!(waits.iter().map(|row| row.part).collect::<Vec<_>>(), [2]);
    let mut park = t.staff("park", Role::Counter).await;
    let ticked = at(&made, "/ticked", 2);
    let seen = park.see(&ticked).await.hidden("seen").unwrap();
    // A reload of what was sent, and a double click: led to the same page, which says the same however often it is read.
    let (one, other) = (park.clone(), park.clone());
    let send = async |mut who: Member| who.post(&ticked, &[("seen", &seen)]).await;
    let (one, other) = tokio::join!(send(one), send(other));
    assert_eq!((one.to(), other.to()), (ticked.as_str(), ticked.as_str()));
    assert_eq!(park.post(&ticked, &[("seen", &seen)]).await.to(), ticked);
    let came = store::taken_in::find(t.db(), key).await.unwrap().unwrap();
    for _ in 0..2 {
        let page = park.see(&ticked).await;
        assert!(
            page.body().contains("새로 입력 20건, 이미 있던 것 0건, 넣지 못한 것 0건"),
            "{}",
            page.body()
        );
    }
    assert_eq!(store::taken_in::find(t.db(), key).await.unwrap().unwrap(), came);
    assert_eq!(purchases(&t, &round).await.len(), 20);
    let kinds = t.accesses().await;
    assert_eq!(kinds.iter().filter(|(kind, _)| kind == "reconciled").count(), 1);
    // A form from before, sent once more, ticks what is in already: confirmed, it is known and nothing else.
    tick(&mut lee, &made, 2, &lines[20..40]).await;
    let again = confirm(&mut park, &made, 2).await;
    assert!(again.body().contains("새로 입력 0건, 이미 있던 것 20건"), "{}", again.body());
    assert_eq!(purchases(&t, &round).await.len(), 20);
}

async fn a_part_is_confirmed_while_another_is_ticked(engine: Engine) {
    let (t, round, mut lee, made, lines) = evening(engine, 50).await;
    tick(&mut lee, &made, 1, &lines[..20]).await;
    tick(&mut lee, &made, 2, &lines[20..40]).await;
    for name in ["park", "choi"] {
        t.staff(name, Role::Counter).await;
    }
    let id = async |name| store::clerk::find(t.db(), name).await.unwrap().unwrap().id;
    let (park, choi) = (id("park").await, id("choi").await);
    let sheet = store::day_sheet::find(t.db(), round.id, id_of(&made)).await.unwrap().unwrap();
    let seen =
        async |part| store::ticked::find(t.db(), (round.id, sheet.id, part)).await.unwrap().unwrap().digest;
    let (first, second) = (seen(1).await, seen(2).await);
    let known = t.round(&round).await;
    let (part, last, now) = (Part::of(&sheet, 1).unwrap(), Part::of(&sheet, 3).unwrap(), t.now());
    let (one, two, three) = tokio::join!(
        ticked::confirm(&t.app, &known, (&sheet, 1), &first, by(park), now),
        ticked::confirm(&t.app, &known, (&sheet, 2), &second, by(choi), now),
        ticked::put_forward(&t.app, &sheet, &last, &lines[40..], by(park), now),
    );
    assert_eq!((one.unwrap().kept, two.unwrap().kept), (20, 20));
    three.unwrap();
    assert_eq!(purchases(&t, &round).await.len(), 40);
    let waits = store::ticked::list(t.db(), round.id).await.unwrap();
    assert_eq!(waits.iter().map(|row| (row.part, row.clerk_id)).collect::<Vec<_>>(), [(3, park)]);
    assert_eq!(store::taken_in::list_of(t.db(), round.id, sheet.id).await.unwrap(), [1, 2]);
    // Changed while another looks at it: what was seen before is not confirmed.
    let third = seen(3).await;
    ticked::put_forward(&t.app, &sheet, &last, &lines[41..], by(choi), now).await.unwrap();
    let old = ticked::confirm(&t.app, &known, (&sheet, 3), &third, by(choi), now).await;
    assert!(matches!(old, Err(LifecycleError::Refused(Because::OtherTicks))), "{old:?}");
    // And the part that is in is not taken in again on the word that was given for it.
    let again = ticked::confirm(&t.app, &known, (&sheet, 1), &first, by(choi), now).await;
    assert!(matches!(again, Err(LifecycleError::Refused(Because::OtherTicks))), "{again:?}");
    assert_eq!((part.lines.len(), purchases(&t, &round).await.len()), (20, 40));
}
