//! A day without network: a signed list before; what was bought with it is ticked by one and taken in by another.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use entities::{bought, round};
use jebi::{
    domain::{because::Because, staff::Role},
    lifecycle::{LifecycleError, day_part::Part, day_sheet, ticked},
    store,
};
use public_audit::{Digest, note::Verifier};

use crate::support::{Engine, Member, Page, TestApp, between, both};

both!(
    a_day_without_network_is_made_good,
    one_alone_ends_nobodys_right_to_buy,
    of_two_who_confirm_at_once_one_does,
    who_is_paying_waits,
);

async fn a_day_without_network_is_made_good(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let sheets = format!("/console/counter/{slug}/sheets");
    let mut lee = t.staff("lee", Role::Counter).await;
    super::counter::enter(&mut lee, slug, &[("name", "김하늘"), ("born", "1948-03-01")]).await;
    t.tick().await;
    t.entered(&round, 12).await;
    t.draw(&round).await;
    lee.sign_in(&t).await;
    assert_eq!(lee.get(&sheets).await.status, StatusCode::NOT_FOUND, "before the results are out");
    t.jump(round.results_at);
    lee.sign_in(&t).await;
    lee.see(&sheets).await;
    let nothing = lee.post(&sheets, &[("day", "2026-11-29")]).await;
    assert_eq!(nothing.wrong_fields(), ["day", "reason"]);
    let made = lee.post(&sheets, &[("day", "2026-11-28"), ("reason", "network works")]).await.to().to_owned();
    let page = lee.see(&made).await;
    assert!(page.body().contains("김○늘") && !page.body().contains("김하늘"), "{}", page.body());

    let id: i64 = made.rsplit('/').next().unwrap().parse().unwrap();
    let sheet = store::day_sheet::find(t.db(), round.id, id).await.unwrap().unwrap();
    let lines = day_sheet::read(&sheet.lines);
    assert_eq!(lines.len(), 13);
    assert!(lines.is_sorted_by_key(|line| line.starts_at));
    assert!(!sheet.lines.contains('○'));
    // Anybody with the rules can check the list.
    let rules = t.round(&round).await;
    let verifier = Verifier::parse(&rules.rules.signing_key).unwrap();
    let signed = verifier.open(&sheet.note).unwrap();
    assert!(signed.contains(&format!("sha256 {}", Digest::of(&sheet.lines))), "{signed}");
    assert!(verifier.open(&sheet.note.replace("entries 13", "entries 14")).is_err());

    // The day is over: two bought by the list, one of them had bought elsewhere meanwhile.
    t.jump(round.ends_at - chrono::TimeDelta::hours(1));
    lee.sign_in(&t).await;
    let back = format!("{made}/back");
    lee.see(&back).await;
    let field = |what: &str, line: usize| format!("{what}_{}", line + 1);
    let elsewhere = format!("{},2026-11-28 10:00,10000\n", lines[1].receipt);
    let row = t.row(&round).await;
    let bought = jebi::lifecycle::after::bought::bought;
    bought(&t.app, &row, elsewhere.as_bytes(), "app", None, t.now()).await.unwrap();
    let (sold, amount, at) = (field("sold", 0), field("amount", 0), field("at", 0));
    let wrong = lee.post(&back, &[(&sold, "yes"), (&at, "25:99")]).await;
    assert_eq!(wrong.wrong_fields(), [sold.as_str()]);
    let other = field("sold", 1);
    // More than the entry may buy would use up what is another's.
    let over = (lines[0].amount + 1).to_string();
    let over = lee.post(&back, &[(sold.as_str(), "yes"), (&amount, &over)]).await;
    assert_eq!(
        (over.status, over.wrong_fields().len()),
        (StatusCode::UNPROCESSABLE_ENTITY, 1),
        "{}",
        over.body()
    );
    let first = [(sold.as_str(), "yes"), (&amount, "50,000"), (&at, "18:05"), (&other, "yes")];
    // What was sent is answered by where it can be read, as often as one likes.
    let ticked = format!("{made}/ticked");
    assert_eq!(lee.post(&back, &first).await.to(), ticked);
    let report = lee.see(&ticked).await;
    assert_eq!(lee.see(&ticked).await.status, StatusCode::OK);
    assert!(
        report.body().contains("지금 확인하면 새로 1건, 이미 있던 것 0건, 넣지 못할 것 1건"),
        "{}",
        report.body()
    );
    assert!(store::bought::find(t.db(), round.id, &lines[0].receipt).await.unwrap().is_none());
    // Somebody else sees exactly that, with the name no clearer than at any counter, and confirms it.
    let mut park = t.staff("park", Role::Clerk).await;
    let page = park.see(&ticked).await;
    assert!(page.body().contains("50,000원") || page.body().contains("5만 원"), "{}", page.body());
    assert!(page.body().contains("오후 6:05") && page.body().contains(&lines[0].receipt), "{}", page.body());
    assert!(!page.body().contains(&lines[2].receipt), "a line that nobody ticked");
    assert!(!page.body().contains("김하늘"), "{}", page.body());
    let seen = page.hidden("seen").unwrap();
    assert_eq!(park.post(&ticked, &[("seen", &seen)]).await.to(), ticked);
    let report = park.see(&ticked).await;
    assert!(report.body().contains("새로 입력 1건, 이미 있던 것 0건, 넣지 못한 것 1건"), "{}", report.body());
    // What was not taken in says why.
    assert!(report.body().contains(&format!("<code>{}</code> ", lines[1].receipt)), "{}", report.body());
    let kept = store::bought::find(t.db(), round.id, &lines[0].receipt).await.unwrap().unwrap();
    assert_eq!((kept.amount, kept.source.as_str()), (50_000, format!("day sheet {id}").as_str()));
    // Ticked twice it is kept once, and nobody is taken to have missed their time by it.
    lee.post(&back, &[(sold.as_str(), "yes"), (&amount, "50000"), (&at, "18:05")]).await;
    let seen = park.see(&ticked).await.hidden("seen").unwrap();
    assert_eq!(park.post(&ticked, &[("seen", &seen)]).await.to(), ticked);
    let again = park.see(&ticked).await;
    assert!(again.body().contains("새로 입력 0건, 이미 있던 것 1건"), "{}", again.body());
    assert_eq!(store::bought::find_until(t.db(), round.id).await.unwrap(), None);
    let kinds: Vec<String> = t.accesses().await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds.iter().filter(|kind| *kind == "downloaded").count(), 1);
    assert_eq!(kinds.iter().filter(|kind| *kind == "ticked").count(), 2);
    assert_eq!(kinds.iter().filter(|kind| *kind == "reconciled").count(), 2);
    // Whoever is not on the list is not bought by it.
    let stranger = day_sheet::Line { receipt: "famx-6k54-dc9p-a7yz".to_owned(), ..lines[2].clone() };
    let part = Part::of(&sheet, 1).unwrap();
    let refused = ticked::put_forward(&t.app, &sheet, &part, &[stranger], by(1), t.now()).await;
    assert!(refused.is_err());
}

pub(super) fn by(clerk_id: i64) -> day_sheet::Maker<'static> {
    day_sheet::Maker { clerk_id, address: "", reason: "" }
}

pub(super) async fn purchases(t: &TestApp, round: &round::Model) -> Vec<bought::Model> {
    store::bought::list_all(t.db(), round.id).await.unwrap()
}

/// The evening of the day of a drawn round, whose list `lee` has made; its address and its lines.
pub(crate) async fn evening(
    engine: Engine,
    people: usize,
) -> (TestApp, round::Model, Member, String, Vec<day_sheet::Line>) {
    let t = TestApp::start(engine).await;
    let round = t.announced(t.draft(1_000)).await;
    t.jump(round.opens_at);
    t.entered(&round, people).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    let mut lee = t.staff("lee", Role::Counter).await;
    let sheets = format!("/console/counter/{}/sheets", round.slug);
    lee.see(&sheets).await;
    let form = [("day", "2026-11-28"), ("reason", "network works")];
    let made = lee.post(&sheets, &form).await.to().to_owned();
    t.jump(round.ends_at - chrono::TimeDelta::hours(1));
    lee.sign_in(&t).await;
    let id: i64 = made.rsplit('/').next().unwrap().parse().unwrap();
    let sheet = store::day_sheet::find(t.db(), round.id, id).await.unwrap().unwrap();
    let lines = day_sheet::read(&sheet.lines);
    assert!(lines.len() > 2);
    (t, round, lee, made, lines)
}

/// The numbers under which the form of a part has lines.
fn numbers(form: &Page, lines: &[day_sheet::Line]) -> Vec<String> {
    let fields = form.body().split("<legend>").skip(1);
    let known: BTreeMap<&str, &str> = fields
        .filter_map(|field| Some((between(field, "<code>", "<")?, field.split_once(". ")?.0)))
        .collect();
    lines.iter().map(|line| known[line.receipt.as_str()].to_owned()).collect()
}

/// Sends the form of a part with these lines ticked, as they stand on the paper.
pub(crate) async fn send(who: &mut Member, back: &str, lines: &[day_sheet::Line]) -> Page {
    let form = who.see(back).await;
    // Without a script a browser sends every field, empty or not.
    let fields = |number: &String| ["sold", "amount", "at"].map(|what| format!("{what}_{number}"));
    let names: Vec<[String; 3]> = numbers(&form, lines).iter().map(fields).collect();
    let fields = names.iter().flat_map(|[sold, amount, at]| [(sold.as_str(), "yes"), (amount, ""), (at, "")]);
    let fields: Vec<(&str, &str)> = fields.collect();
    who.post(back, &fields).await
}

/// Ticks lines of a short list.
async fn tick(who: &mut Member, made: &str, lines: &[day_sheet::Line]) {
    let page = send(who, &format!("{made}/back"), lines).await;
    assert_eq!(page.to(), format!("{made}/ticked"), "{}", page.body());
}

async fn one_alone_ends_nobodys_right_to_buy(engine: Engine) {
    let (t, round, mut lee, made, lines) = evening(engine, 6).await;
    let (back, ticked) = (format!("{made}/back"), format!("{made}/ticked"));
    lee.see(&back).await;
    let nothing = lee.post(&back, &[]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body().contains("표시된 것이 없습니다"), "{}", nothing.body());
    // One alone: as often as they like, by every form there is.
    for _ in 0..2 {
        tick(&mut lee, &made, &lines).await;
        let page = lee.see(&ticked).await;
        assert!(
            page.body().contains("다른 담당자가 보고") && page.hidden("seen").is_none(),
            "{}",
            page.body()
        );
        let waiting = store::ticked::find(t.db(), (round.id, id_of(&made), 1)).await.unwrap().unwrap();
        let alone = lee.post(&ticked, &[("seen", &waiting.digest)]).await;
        assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", alone.body());
        assert!(alone.body().contains("직접 표시하신 것입니다"), "{}", alone.body());
    }
    assert!(purchases(&t, &round).await.is_empty());
    // Nor with somebody who has seen something else, or after it was changed: two have to see the same.
    let mut park = t.staff("park", Role::Counter).await;
    let before = park.see(&ticked).await.hidden("seen").unwrap();
    tick(&mut lee, &made, &lines[..2]).await;
    let old = park.post(&ticked, &[("seen", &before)]).await;
    assert!(old.body().contains("표시가 바뀌었거나"), "{}", old.body());
    // Whoever puts it right has ticked it, and confirms no more than the one before.
    tick(&mut park, &made, &lines[..1]).await;
    let waiting = store::ticked::find(t.db(), (round.id, id_of(&made), 1)).await.unwrap().unwrap();
    let own = park.post(&ticked, &[("seen", &waiting.digest)]).await;
    assert!(own.body().contains("직접 표시하신 것입니다"), "{}", own.body());
    // Nobody counts as one of two who serves at no counter any more.
    let seen = lee.see(&ticked).await.hidden("seen").unwrap();
    t.meddle("UPDATE clerk SET role = 'observer' WHERE name = 'park'").await;
    let gone = lee.post(&ticked, &[("seen", &seen)]).await;
    assert!(gone.body().contains("이제 창구 담당자가 아닙니다"), "{}", gone.body());
    t.meddle("UPDATE clerk SET role = 'counter' WHERE name = 'park'").await;
    // It is sent back with a reason; then nobody confirms it, and what was ticked is still there.
    let silent = lee.post(&format!("{ticked}/return"), &[("seen", &seen)]).await;
    assert_eq!(silent.wrong_fields(), ["words"]);
    let sent = lee.post(&format!("{ticked}/return"), &[("seen", &seen), ("words", "<b>둘째 줄</b>")]).await;
    assert_eq!(sent.to(), back);
    let page = park.see(&back).await;
    assert!(page.body().contains("&#60;b&#62;둘째 줄") && page.body().contains("checked"), "{}", page.body());
    let late = lee.post(&ticked, &[("seen", &seen)]).await;
    assert!(late.body().contains("표시가 바뀌었거나"), "{}", late.body());
    assert!(purchases(&t, &round).await.is_empty());
    assert!(
        t.accesses().await.contains(&("sent_back".into(), format!("day sheet {} 2026-11-28", round.slug)))
    );
    // In English, by two, it is taken in, and nothing waits any more.
    tick(&mut park, &made, &lines[..1]).await;
    lee.browser.language = "en-GB,en;q=0.9";
    let page = lee.see(&ticked).await;
    assert!(page.body().contains("Compare every line with the paper"), "{}", page.body());
    let seen = page.hidden("seen").unwrap();
    assert_eq!(lee.post(&ticked, &[("seen", &seen)]).await.to(), ticked);
    assert!(lee.see(&ticked).await.body().contains("Ticked by park, confirmed by lee"));
    let kept = purchases(&t, &round).await;
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].amount, i64::try_from(lines[0].amount).unwrap());
    assert!(store::ticked::list(t.db(), round.id).await.unwrap().is_empty());
}

pub(super) fn id_of(made: &str) -> i64 {
    made.rsplit('/').next().unwrap().parse().unwrap()
}

async fn of_two_who_confirm_at_once_one_does(engine: Engine) {
    let (t, round, mut lee, made, lines) = evening(engine, 6).await;
    tick(&mut lee, &made, &lines).await;
    let mut others = Vec::new();
    for name in ["park", "choi", "han"] {
        t.staff(name, Role::Counter).await;
        others.push(store::clerk::find(t.db(), name).await.unwrap().unwrap().id);
    }
    let sheet = store::day_sheet::find(t.db(), round.id, id_of(&made)).await.unwrap().unwrap();
    let seen = store::ticked::find(t.db(), (round.id, sheet.id, 1)).await.unwrap().unwrap().digest;
    let known = t.round(&round).await;
    let confirm = |clerk| ticked::confirm(&t.app, &known, (&sheet, 1), &seen, by(clerk), t.now());
    let (one, two, three) = tokio::join!(confirm(others[0]), confirm(others[1]), confirm(others[2]));
    let (done, refused): (Vec<_>, Vec<_>) = [one, two, three].into_iter().partition(Result::is_ok);
    assert_eq!((done.len(), refused.len()), (1, 2));
    assert_eq!(done[0].as_ref().unwrap().kept, lines.len());
    for refused in refused {
        assert!(matches!(refused, Err(LifecycleError::Refused(Because::OtherTicks))), "{refused:?}");
    }
    assert_eq!(purchases(&t, &round).await.len(), lines.len());
    let ledger = store::ledger::find(t.db(), round.id, store::ledger::ROUND).await.unwrap().unwrap();
    let won: u64 = lines.iter().map(|line| line.amount).sum();
    assert_eq!((ledger.held, u64::try_from(ledger.redeemed).unwrap()), (0, won));
    let kinds = t.accesses().await;
    assert_eq!(kinds.iter().filter(|(kind, _)| kind == "reconciled").count(), 1);
}

async fn who_is_paying_waits(engine: Engine) {
    let (t, round, mut lee, made, lines) = evening(engine, 6).await;
    let paying = entities::reservation::Model {
        id: "rsv_1".to_owned(),
        round_id: round.id,
        receipt: lines[0].receipt.clone(),
        seller: "bank".to_owned(),
        amount: 10_000,
        people: 1,
        state: "live".to_owned(),
        live: Some(1),
        reference: String::new(),
        made_at: t.now(),
        until_at: t.now() + chrono::TimeDelta::minutes(10),
        settled_at: None,
    };
    store::reservation::insert(t.db(), paying).await.unwrap();
    tick(&mut lee, &made, &lines[..2]).await;
    let mut park = t.staff("park", Role::Counter).await;
    let ticked = format!("{made}/ticked");
    let seen = park.see(&ticked).await.hidden("seen").unwrap();
    park.post(&ticked, &[("seen", &seen)]).await;
    let bought = purchases(&t, &round).await;
    assert_eq!(bought.iter().map(|one| &one.receipt).collect::<Vec<_>>(), [&lines[1].receipt]);
    // What was ticked of whoever was paying is still there, for another to confirm.
    let left = store::ticked::find(t.db(), (round.id, id_of(&made), 1)).await.unwrap().unwrap();
    assert_eq!(day_sheet::read(&left.lines), lines[..1]);
    t.meddle("UPDATE reservation SET state = 'failed', live = NULL").await;
    let seen = park.see(&ticked).await.hidden("seen").unwrap();
    park.post(&ticked, &[("seen", &seen)]).await;
    assert_eq!(purchases(&t, &round).await.len(), 2);
}
