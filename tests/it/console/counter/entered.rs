//! From papers on the table to a result on paper: somebody who owns no phone.

use axum::http::StatusCode;
use jebi::domain::staff::Role;

use super::{WHO, ask, path, rows};
use crate::support::{Engine, TestApp, both, verified};

both!(a_man_without_a_phone_is_entered_and_told);

async fn a_man_without_a_phone_is_entered_and_told(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut lee = t.staff("lee", Role::Counter).await;
    let round = t.announced(t.draft(100)).await;
    let slug = round.slug.as_str();
    let early = lee.get(&path(slug, "")).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "{}", early.body());
    t.jump(round.opens_at);
    lee.sign_in(&t).await;
    assert!(lee.see("/console/counter").await.body().contains(&path(slug, "\"")));
    lee.see(&path(slug, "")).await;
    let empty = lee.post(&path(slug, ""), &[("want", "250000")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(empty.wrong_fields(), ["name", "born", "id_seen", "consent"]);
    // A registration number is refused and not shown again.
    let number = ask(&mut lee, slug, &[("name", "김하늘"), ("born", "480301-1234567")]).await;
    assert_eq!(number.wrong_fields(), ["born"]);
    assert!(!number.body().contains("1234567"));
    // Half filled in helps nobody: the way back is the form.
    assert_eq!(lee.get(&path(slug, "/check")).await.to(), path(slug, ""));

    assert_eq!(ask(&mut lee, slug, &WHO).await.to(), path(slug, "/check"));
    let check = lee.see(&path(slug, "/check")).await;
    assert!(check.body().contains("김○늘") && !check.body().contains("김하늘"), "{}", check.body());
    let seen = check.hidden("seen").unwrap();
    assert_eq!(lee.post(&path(slug, "/entry"), &[]).await.to(), path(slug, "/slip"));
    let slip = lee.see(&path(slug, "/slip")).await;
    let receipt = slip.receipt().to_owned();
    assert!(
        slip.body().contains("<svg class=\"qr\"") && slip.body().contains("먼저 신청해도 유리하지 않습니다.")
    );
    // Pressed twice it is one entry.
    assert_eq!(lee.post(&path(slug, "/entry"), &[("seen", &seen)]).await.to(), path(slug, "/slip"));
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!(entries.len(), 1);
    let entry = &entries[0];
    assert_eq!((entry.receipt.as_str(), entry.channel.as_str(), entry.want), (receipt.as_str(), "", 250_000));
    assert!(entry.person_sealed.is_empty() && t.notices().await.is_empty());
    let kept = format!("{:?}{entries:?}{:?}", rows(&t).await, t.accesses().await);
    assert!(!kept.contains("하늘") && !kept.contains("1948"), "{kept}");

    // Drawn like everybody, told on paper, found by birth date, with a line in the access log.
    t.entered(&round, 20).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    t.tick().await;
    let told = t.notices().await;
    let letter = told.iter().find(|notice| notice.about == receipt && notice.reason == "result").unwrap();
    assert_eq!(letter.channel, "letter");
    lee.sign_in(&t).await;
    lee.see(&path(slug, "/find")).await;
    let found = lee.post(&path(slug, "/find"), &[("born", "1948.3.1"), ("phone", "")]).await;
    assert!(found.body().contains("김○늘") && found.body().contains("11월 28일(토)"), "{}", found.body());
    assert!(!found.body().contains("김하늘"));
    let scanned = format!("{slug} {}", receipt.to_uppercase());
    let scanned = lee.post(&path(slug, "/find"), &[("receipt", &scanned)]).await;
    assert!(scanned.body().contains("11월 28일(토)"), "{}", scanned.body());
    let nobody = lee.post(&path(slug, "/find"), &[("born", "1948-03-02")]).await;
    assert!(nobody.body().contains("찾지 못했습니다") && !nobody.body().contains(&receipt));
    let other = lee.post(&path(slug, "/find"), &[("receipt", "another-2026 famx-6k54-dc9p-a7yz")]).await;
    assert_eq!(other.wrong_fields(), ["receipt"]);
    let looked: Vec<(String, String)> =
        t.accesses().await.into_iter().filter(|(kind, _)| kind == "looked").collect();
    let line = |about: &str| ("looked".to_owned(), about.to_owned());
    assert_eq!(looked, [line(&receipt), line(&receipt), line(&format!("{slug}: nobody"))]);
    // A slip with their own minute, and nobody else's.
    let printed = lee.post(&path(slug, "/slip"), &[("receipt", &receipt)]).await;
    assert_eq!(printed.to(), path(slug, "/slip"));
    let slip = lee.see(&path(slug, "/slip")).await;
    assert!(slip.body().contains("아직 차례가 아닙니다. 11월 28일(토)"), "{}", slip.body());
    for address in &lee.browser.visited {
        assert!(!address.contains(&receipt) && !address.contains("1948") && !address.contains("EA%B9%80"));
    }
    verified(&t, &round).await;
}
