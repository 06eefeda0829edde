//! A day without network: a signed list before, and what was bought with it, entered after.

use axum::http::StatusCode;
use jebi::{domain::staff::Role, lifecycle::day_sheet, store};
use public_audit::{Digest, note::Verifier};

use crate::support::{Engine, TestApp, both};

both!(a_day_without_network_is_made_good);

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
    let field = |what: &str, line: usize| format!("{what}_{}", lines[line].receipt);
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
    let report = lee.post(&back, &first).await;
    assert_eq!(report.status, StatusCode::OK, "{}", report.body());
    assert!(report.body().contains("새로 입력 1건, 이미 있던 것 0건, 넣지 못한 것 1건"), "{}", report.body());
    let kept = store::bought::find(t.db(), round.id, &lines[0].receipt).await.unwrap().unwrap();
    assert_eq!((kept.amount, kept.source.as_str()), (50_000, format!("day sheet {id}").as_str()));
    // Sent twice it is kept once, and nobody is taken to have missed their time by it.
    let again = lee.post(&back, &[(sold.as_str(), "yes"), (&amount, "50000"), (&at, "18:05")]).await;
    assert!(again.body().contains("새로 입력 0건, 이미 있던 것 1건"), "{}", again.body());
    assert_eq!(store::bought::find_until(t.db(), round.id).await.unwrap(), None);
    let kinds: Vec<String> = t.accesses().await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds.iter().filter(|kind| *kind == "downloaded").count(), 1);
    assert_eq!(kinds.iter().filter(|kind| *kind == "reconciled").count(), 2);
    // Whoever is not on the list is not bought by it.
    let maker = day_sheet::Maker { clerk_id: 1, address: "", reason: "" };
    let stranger = day_sheet::Line { receipt: "famx-6k54-dc9p-a7yz".to_owned(), ..lines[2].clone() };
    assert!(day_sheet::settle(&t.app, &rules, &sheet, &[stranger], maker, t.now()).await.is_err());
}
