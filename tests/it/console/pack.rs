//! The audit pack: checked with what anybody has, without anybody's data, and the same to the byte.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use entities::round;
use jebi::{
    domain::{drill::Size, staff::Role},
    lifecycle::after::bought::bought,
    store,
};
use public_audit::{
    Digest, Rules,
    journal::{Checkpoint, Excerpt},
    merkle,
    note::Verifier,
};

use crate::support::{Engine, Member, TestApp, both};

both!(a_pack_outlives_the_people_of_its_round);

/// The files of a pack without its folder.
fn unpacked(bytes: &[u8], slug: &str) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let name = file.name().strip_prefix(&format!("{slug}/")).unwrap().to_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(name, bytes);
    }
    files
}

fn text<'f>(files: &'f BTreeMap<String, Vec<u8>>, name: &str) -> &'f str {
    let file = files.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", files.keys()));
    std::str::from_utf8(file).unwrap()
}

async fn taken(who: &mut Member, round: &round::Model) -> Vec<u8> {
    who.see("/console/exports").await;
    let fields = [("round", round.slug.as_str()), ("reason", "감사원 제출")];
    let page = who.post("/console/exports/pack", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", String::from_utf8_lossy(&page.bytes));
    assert_eq!(page.header(header::CONTENT_TYPE), "application/zip");
    page.bytes
}

fn check(bytes: &[u8], round: &round::Model) -> BTreeMap<String, Vec<u8>> {
    let files = unpacked(bytes, &round.slug);
    // sha256sum -c
    let sums = text(&files, "SHA256SUMS");
    assert_eq!(sums.lines().count(), files.len() - 1);
    for line in sums.lines() {
        let (digest, name) = line.split_once("  ").unwrap();
        assert_eq!(Digest::of(&files[name]).to_string(), digest, "{name}");
    }
    // jebi-audit verify record
    let of_record =
        |(name, bytes): (&String, &Vec<u8>)| Some((name.strip_prefix("record/")?.to_owned(), bytes.clone()));
    let record: BTreeMap<String, Vec<u8>> = files.iter().filter_map(of_record).collect();
    let report = public_audit::verify::verify(&record).unwrap();
    assert!(report.matches, "{report}");
    // Every event lies under the checkpoint, which is signed.
    let key = Verifier::parse(&Rules::parse(&record["rules.json"]).unwrap().signing_key).unwrap();
    let checkpoint = Checkpoint::open(text(&files, "journal/checkpoint.txt"), &key).unwrap();
    let excerpt = Excerpt::parse(text(&files, "journal/events.txt")).unwrap();
    for logged in &excerpt.events {
        let leaf = merkle::leaf(logged.event.to_string().as_bytes());
        let lies = merkle::verify(&leaf, logged.index, checkpoint.size, &logged.path, &checkpoint.root);
        assert!(lies, "{} is not under the checkpoint", logged.event);
    }
    files
}

async fn a_pack_outlives_the_people_of_its_round(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(t.draft(20)).await;
    // It was announced on a drill; another drill is none of its business.
    let txn = t.app.db.begin().await.unwrap();
    for (report, page) in [("{\"held\":[]}", "<p>drilled</p>"), ("{\"other\":1}", "<p>another</p>")] {
        let kept = store::drill::Report {
            subject: "0",
            titles: ("상품권", "Vouchers"),
            version: env!("CARGO_PKG_VERSION"),
            held: true,
            halted: false,
            made_at: t.now(),
            size: Size::asked_for(20),
            all_met: true,
            report,
            page,
            note: "a signed note\n",
        };
        let id = store::drill::insert(&txn, kept).await.unwrap();
        if page.contains("drilled") {
            store::drill::settle(&txn, id, round.id).await.unwrap();
        }
    }
    txn.commit().await.unwrap();
    t.jump(round.opens_at);
    t.entered(&round, 12).await;
    let txn = t.app.db.begin().await.unwrap();
    store::incident::insert(&txn, "notices", "email", t.now()).await.unwrap();
    txn.commit().await.unwrap();
    let mut han = t.staff("han", Role::Auditor).await;
    // Before the draw: what is public of the round.
    let files = unpacked(&taken(&mut han, &round).await, &round.slug);
    assert!(files.contains_key("record/rules.json") && !files.contains_key("record/result.txt"));
    // Somebody proposes something, and somebody declines it.
    let mut kim = t.staff("kim", Role::Clerk).await;
    let path = format!("/console/rounds/{}/propose/void", round.slug);
    kim.see(&path).await;
    let proposal = kim.post(&path, &[("reason", "모의")]).await.to().to_owned();
    kim.see(&proposal).await;
    kim.post(&format!("{proposal}/put-forward"), &[]).await.to();
    let mut lee = t.staff("lee", Role::Approver).await;
    lee.see(&proposal).await;
    lee.post(&format!("{proposal}/decline"), &[("words", "계속합니다")]).await.to();
    t.draw(&round).await;
    t.jump(round.results_at + TimeDelta::minutes(1));
    // Somebody buys, and somebody looks for somebody.
    let receipt = t.entries(&round).await[0].receipt.clone();
    let sold = format!("{receipt},2026-11-28 10:00,250000\n");
    t.jump(round.results_at + TimeDelta::days(2));
    t.app.rounds.forget();
    let row = t.row(&round).await;
    let told = bought(&t.app, &row, sold.as_bytes(), "desk.csv", None, t.now()).await.unwrap();
    assert_eq!(told.kept, 1, "{told:?}");
    kim.sign_in(&t).await;
    kim.see("/console/find").await;
    let found = kim.post("/console/find", &[("round", &round.slug), ("what", &receipt)]).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.body());
    let people: Vec<String> = (0..12).map(|number| format!("r{number}@example.org")).collect();
    let secrets: Vec<String> =
        t.entries(&round).await.iter().map(|entry| entry.person_sealed.clone()).collect();
    t.app.rounds.forget();
    han.sign_in(&t).await;
    check(&taken(&mut han, &t.row(&round).await).await, &round);

    // Its people are erased; what was published can be checked as before.
    t.jump(round.ends_at + TimeDelta::days(91));
    t.tick().await;
    let row = t.row(&round).await;
    assert!(row.purged_at.is_some(), "nobody was erased");
    t.app.rounds.forget();
    let mut han = t.staff("han2", Role::Auditor).await;
    let bytes = taken(&mut han, &row).await;
    let files = check(&bytes, &round);
    let decided = text(&files, "decisions/proposals.csv");
    assert!(decided.contains(",void,declined,kim,") && decided.contains(",lee,"), "{decided}");
    assert!(decided.contains("계속합니다"), "{decided}");
    assert!(text(&files, "decisions/journal.csv").contains("a clerk"), "who announced it is missing");
    // What was sold, to the won, and by whom it was told; who looked; who watched.
    assert!(text(&files, "money/ledger.csv").contains("round,won,1250000000,0,250000\r\n"));
    let purchases = text(&files, "money/purchases.csv");
    assert!(
        purchases.contains(&format!("{receipt},250000,2026-11-28T01:00:00Z,desk.csv\r\n")),
        "{purchases}"
    );
    assert!(text(&files, "money/sellers.csv").contains("desk.csv,,1,250000\r\n"));
    let looked = text(&files, "decisions/access.csv");
    assert!(looked.contains(",kim,searched,"), "{looked}");
    assert!(!looked.contains("audit-pack"), "{looked}");
    assert_eq!(text(&files, "decisions/ceremony.csv").lines().count(), 1);
    assert!(text(&files, "purge-certificate.txt").contains(&round.slug));
    assert!(text(&files, "incidents.csv").contains("notices,email,"));
    // An auditor who holds it beside the ledger reads until when it counts.
    let statistics = text(&files, "statistics.csv");
    assert!(statistics.starts_with("\u{feff}기준 시각,") && statistics.contains("합계"), "{statistics}");
    assert!(statistics.lines().skip(1).all(|line| line.contains(" 00:00:00,")), "{statistics}");
    assert!(text(&files, "plan/plan.json").starts_with('{'));
    let drill =
        ["index.html", "report.json", "report.note"].map(|name| text(&files, &format!("drill/{name}")));
    assert_eq!(drill, ["<p>drilled</p>", "{\"held\":[]}", "a signed note\n"]);
    let readme = text(&files, "README.txt");
    assert!(readme.contains("sha256sum -c SHA256SUMS") && readme.contains("jebi-audit verify record"));
    // It promises no more than is so: free text is as it was typed.
    assert!(!readme.contains("no personal data") && readme.contains("not looked at"), "{readme}");
    for (name, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        for personal in people.iter().chain(&secrets) {
            assert!(!text.contains(personal.as_str()), "{personal} is in {name}");
        }
    }
    // The same to the byte, on another instance and later too.
    t.pass(TimeDelta::days(30));
    assert!(taken(&mut t.staff("han3", Role::Auditor).await, &row).await == bytes, "another pack");
    let log = t.accesses().await;
    let took = log.iter().filter(|(kind, about)| kind == "took" && about.ends_with("-audit-pack.zip"));
    assert_eq!(took.count(), 4);
    // For those who see that it was right, and for a reason.
    let mut kim = t.staff("kim2", Role::Clerk).await;
    assert_eq!(kim.post("/console/exports/pack", &[]).await.status, StatusCode::FORBIDDEN);
    let mut han = t.staff("han4", Role::Auditor).await;
    han.see("/console/exports").await;
    let refused = han.post("/console/exports/pack", &[("round", &round.slug)]).await;
    assert_eq!(refused.wrong_fields(), ["pack-reason"]);
}
