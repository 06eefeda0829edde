//! What is erased is signed for: how much of what, when, and where the journal says so.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use entities::{attempt, attended, code, dead_address, entry, reservation, roster_member};
use jebi::{
    app::erases_at,
    domain::{
        because::Because,
        contact::{Channel, Contact},
        draft::Draft,
        staff::Role,
    },
    lifecycle::{
        LifecycleError,
        after::shift::{extending, shifting},
        purge,
    },
    store,
    words::{Lang, instant},
};
use public_audit::{note::Verifier, rules::Weighting};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use crate::support::{Engine, Resident, TestApp, both};

both!(
    a_purge_leaves_a_certificate,
    a_purge_leaves_no_link_to_anybody,
    a_purge_leaves_what_another_round_has_learnt,
    a_large_purge_goes_in_parts_and_counts_everybody_once,
);

async fn a_purge_leaves_a_certificate(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let path = format!("/rounds/{}/erased.txt", round.slug);
    let mut lee = t.staff("lee", Role::Counter).await;
    crate::console::enter(&mut lee, &round.slug, &[("name", "김하늘"), ("born", "1948-03-01")]).await;
    t.entered(&round, 7).await;
    t.draw(&round).await;
    // A seller's own order number names the buyer in the seller's own files.
    let receipt = t.entries(&round).await[0].receipt.clone();
    let paid = entities::reservation::Model {
        id: "rsv_1".to_owned(),
        round_id: round.id,
        receipt,
        seller: "bank".to_owned(),
        amount: 250_000,
        people: 1,
        state: "redeemed".to_owned(),
        live: None,
        reference: "order 4711 of Kim".to_owned(),
        made_at: t.now(),
        until_at: t.now(),
        settled_at: Some(t.now()),
    };
    store::reservation::insert(t.db(), paid).await.unwrap();
    t.jump(erases_at(&round) - chrono::TimeDelta::seconds(1));
    t.tick().await;
    assert_eq!(t.browser().get(&path).await.status, StatusCode::NOT_FOUND);
    let before = t.browser().get("/privacy").await;
    let day = instant::long_date(erases_at(&round), Lang::Ko);
    assert!(before.body().contains(&day) && !before.body().contains("파기 확인서"), "{}", before.body());
    t.jump(erases_at(&round));
    t.tick().await;
    t.tick().await;

    let note = t.browser().get(&path).await;
    let row = t.row(&round).await;
    let rules = public_audit::Rules::parse(row.rules.as_bytes()).unwrap();
    let verifier = Verifier::parse(&rules.signing_key).unwrap();
    let text = verifier.open(note.body()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..2], ["jebi-erased-1", round.slug.as_str()], "{text}");
    let kept = store::reservation::find(t.db(), "rsv_1").await.unwrap().unwrap();
    assert_eq!((kept.reference.as_str(), kept.amount), ("", 250_000));
    for line in [
        "kept-days 90",
        "table entry 8",
        "table attended 1",
        "table reservation 1",
        "table dead_address 0",
        "secret round-key",
    ] {
        assert!(lines.contains(&line), "{line}: {text}");
    }
    // The journal says the same, in the line that the certificate names.
    let index: i64 = lines.iter().find_map(|line| line.strip_prefix("journal ")).unwrap().parse().unwrap();
    let logged = store::journal::list_lines(t.db(), index, 1).await.unwrap();
    assert!(logged[0].contains("erased") && lines.contains(&logged[0].as_str()), "{logged:?} {text}");
    assert!(verifier.open(&note.body().replace("entry 8", "entry 9")).is_err());
    let after = t.browser().get("/privacy").await;
    assert!(after.body().contains(&format!("href=\"{path}\"")), "{}", after.body());
    let mut kim = t.staff("kim", Role::Clerk).await;
    assert!(kim.see(&format!("/console/rounds/{}", round.slug)).await.body().contains(&path));
    // Nobody's time is known any more: none is moved or lengthened, though the moment named lay within the round.
    let at = row.ends_at - chrono::TimeDelta::hours(1);
    let longer = extending(&t.app, &row, (at, row.ends_at), 60, "정전").await.map(drop);
    let later = shifting(&t.app, &row, at, 60, "정전").await.map(drop);
    for refused in [longer, later] {
        assert!(matches!(refused, Err(LifecycleError::Refused(Because::Over))), "{refused:?}");
    }
}

/// What was sealed, digested or typed about people, wherever it stands before: after a purge it stands nowhere.
async fn a_purge_leaves_no_link_to_anybody(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(30);
    draft.weighting = Some(Weighting { per_miss: 1, most: 3, rounds: 2 });
    let round = t.announced(draft).await;
    let slug = round.slug.as_str();
    t.jump(round.opens_at);
    let mut lee = t.staff("lee", Role::Clerk).await;
    // On paper, by a daughter, asked to be remembered; by the web; and one whose mail comes back.
    let paper = format!("/console/counter/{slug}/paper");
    lee.see(&paper).await;
    let form = [
        ("paper", "중앙-4711"),
        ("name", "김하늘"),
        ("born", "1948-03-01"),
        ("want", "250000"),
        ("remember", "yes"),
        ("relation", "child"),
        ("helper_name", "박바다"),
        ("helper_born", "1975-05-05"),
        ("evidence", "yes"),
        ("id_seen", "yes"),
        ("consent", "yes"),
    ];
    assert_eq!(lee.post(&paper, &form).await.to(), paper);
    let mut minji = t.resident(slug, "minji@example.org").await;
    minji.enter(100_000, &[]).await;
    t.tick().await;
    t.send().await;
    let receipt = minji.mine().await.receipt().to_owned();
    lee.see("/console/find").await;
    let about = [("round", slug), ("receipt", receipt.as_str()), ("reason", "어머니 김하늘 님이 물으심")];
    lee.post("/console/find/person", &about).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    t.tick().await;
    t.send_until(round.ends_at).await;
    let txn = t.app.db.begin().await.unwrap();
    let dead = jebi::notify::bounce::address_key(
        &t.app,
        &Contact::parse(Channel::Email, "dead@example.org").unwrap(),
    );
    store::mail::insert_dead(&txn, dead, t.now()).await.unwrap();
    let one = receipt.clone();
    let (sheet, file) = (format!("day sheet {slug} 2026-11-28"), format!("{slug} entries"));
    for (kind, about) in [("looked", &receipt), ("downloaded", &sheet), ("took", &file)] {
        store::access::insert(&txn, t.now(), access(kind, about)).await.unwrap();
    }
    reservation::Entity::insert(held(round.id, one, t.now())).exec_without_returning(&txn).await.unwrap();
    txn.commit().await.unwrap();
    t.meddle("UPDATE attempt SET reference = 'vendor-4711', detail = '250 queued as vendor-4712'").await;

    let mut links = links(&t).await;
    assert!(links.len() > 12, "{links:?}");
    t.meddle(&declined(round.id)).await;
    links.push("박바다 님의 딸".to_owned());
    t.jump(erases_at(&round) - chrono::TimeDelta::minutes(5));
    let mut known = Resident::new(t.browser(), slug, "minji@example.org");
    known.identify(&t, "my").await;
    t.jump(erases_at(&round));
    t.tick().await;
    assert!(t.row(&round).await.purged_at.is_some());
    let left = t.dump().await;
    for link in &links {
        for (table, rows) in &left {
            assert!(!rows.contains(link.as_str()), "{link} is still in {table}");
        }
    }
    for row in attempt::Entity::find().all(t.db()).await.unwrap() {
        assert_eq!((row.reference, row.detail), (None, None));
    }
    // Nor is whoever is known here told that they never took part.
    for page in ["my", "my/why", "my/receipt.txt"] {
        let page = known.get(page).await;
        assert_eq!(page.status, StatusCode::GONE, "{}", page.body());
        assert!(
            page.body().contains("파기") && !page.body().contains("신청하신 내용이 없습니다"),
            "{}",
            page.body()
        );
    }
    // Nobody is sent a code any more by which a vendor would know them: there is nothing left to be shown.
    let codes = code::Entity::find().all(t.db()).await.unwrap().len();
    let mut late = t.stranger_at(slug, "minji@example.org");
    let page = late.get("enter?purpose=my").await;
    assert_eq!(page.status, StatusCode::GONE, "{}", page.body());
    assert!(page.body().contains("파기"), "{}", page.body());
    late.browser.get("/").await;
    let form = [("purpose", "my"), ("channel", "email"), ("email", "minji@example.org"), ("consent", "yes")];
    assert!(late.post("enter", &form).await.status != StatusCode::SEE_OTHER);
    assert_eq!(code::Entity::find().all(t.db()).await.unwrap().len(), codes);
    // That somebody looked, when and at what, stays.
    assert!(t.accesses().await.iter().any(|(kind, about)| kind == "looked" && about.contains(&receipt)));
    let text = t.browser().get(&format!("/rounds/{slug}/erased.txt")).await.body().to_owned();
    for line in ["table entry 2\n", "table attended 1\n", "table reservation 1\n", "table dead_address 1\n"] {
        assert!(text.contains(line), "{line}: {text}");
    }
}

/// A proposal about somebody, declined in words of staff.
fn declined(round_id: i64) -> String {
    format!(
        "INSERT INTO proposal (round_id, kind, act, outcome, words, proposed_by, proposed_at) \
         SELECT {round_id}, 'strike', '{{}}', 'declined', '박바다 님의 딸이 전화하심', id, made_at FROM clerk LIMIT 1"
    )
}

fn access<'a>(kind: &'a str, about: &'a str) -> store::access::Access<'a> {
    let reason = "어머니 김하늘 님이 물으심";
    store::access::Access { clerk_id: None, kind, about, address: "", reason }
}

fn held(round_id: i64, receipt: String, now: DateTime<Utc>) -> reservation::ActiveModel {
    let row = reservation::Model {
        id: jebi::secret::random_id(),
        round_id,
        receipt,
        seller: "bank".to_owned(),
        amount: 10_000,
        people: 1,
        state: "expired".to_owned(),
        live: None,
        reference: "order-4711".to_owned(),
        made_at: now,
        until_at: now,
        settled_at: Some(now),
    };
    row.into_active_model().reset_all()
}

/// Everything by which somebody could be found who has the keys, the archive, or a vendor's or a seller's list.
async fn links(t: &TestApp) -> Vec<String> {
    let db = t.db();
    let typed = ["하늘", "바다", "minji@", "1948-03", "vendor-4711", "vendor-4712", "order-4711"];
    let mut links = typed.map(str::to_owned).to_vec();
    for row in entry::Entity::find().all(db).await.unwrap() {
        links.extend([row.person_sealed, row.miss_key]);
    }
    for row in attended::Entity::find().all(db).await.unwrap() {
        assert!(!row.helper_key.is_empty());
        links.extend([row.paper, row.name_sealed, row.look_key, row.helper_key]);
    }
    for row in dead_address::Entity::find().all(db).await.unwrap() {
        links.push(row.address_key);
    }
    for row in code::Entity::find().all(db).await.unwrap() {
        links.push(row.address_key);
    }
    for row in roster_member::Entity::find().all(db).await.unwrap() {
        links.extend([row.person_key, row.contact_sealed]);
    }
    links.retain(|link| !link.is_empty());
    links
}

/// Stopped between two parts, by a crash or by another instance that does the same, it goes on where it was.
async fn a_large_purge_goes_in_parts_and_counts_everybody_once(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 11).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    t.tick().await;
    t.send_until(round.ends_at).await;
    t.meddle("UPDATE attempt SET reference = 'vendor-4711'").await;
    let attempts = attempt::Entity::find().all(t.db()).await.unwrap().len();
    assert_eq!(attempts, 11);
    t.jump(erases_at(&round));
    let row = t.row(&round).await;
    let left = async || {
        let entries = entry::Entity::find().all(t.db()).await.unwrap();
        let sealed = entries.iter().filter(|row| !row.person_sealed.is_empty()).count();
        let named = attempt::Entity::find().all(t.db()).await.unwrap();
        (sealed, named.iter().filter(|row| row.reference.is_some()).count())
    };
    assert!(purge::erase_some(&t.app, &row, 4).await.unwrap());
    let (sealed, named) = left().await;
    assert_eq!(sealed, 7);
    assert!(named < attempts, "{named}");
    // A vendor says something of four more whose names lie in the part that is over.
    t.meddle("UPDATE attempt SET reference = 'vendor-late' WHERE reference IS NULL").await;
    // Two at once: the people of a part go once, and are counted once.
    let (one, other) = tokio::join!(purge::erase_some(&t.app, &row, 4), purge::erase_some(&t.app, &row, 4));
    assert!(one.unwrap() && other.is_ok());
    assert_eq!(left().await.0, 3);
    assert!(t.row(&round).await.purged_at.is_none());
    t.tick().await;
    assert_eq!(left().await, (0, 0));
    let text = t.browser().get(&format!("/rounds/{}/erased.txt", round.slug)).await.body().to_owned();
    for line in ["table entry 11\n".to_owned(), format!("table attempt {}\n", attempts + 4)] {
        assert!(text.contains(&line), "{line}: {text}");
    }
}

/// Which addresses take no mail is needed as long as somebody is told anything: what an earlier round learnt goes.
async fn a_purge_leaves_what_another_round_has_learnt(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(t.draft(10)).await;
    let dies = async |key: &str| {
        let txn = t.app.db.begin().await.unwrap();
        store::mail::insert_dead(&txn, key.to_owned(), t.now()).await.unwrap();
        txn.commit().await.unwrap();
    };
    dies("early").await;
    t.pass(chrono::TimeDelta::hours(1));
    let other = Draft { slug: "another".to_owned(), retention_days: 365, ..t.draft(10) };
    t.announced(other).await;
    t.pass(chrono::TimeDelta::minutes(1));
    dies("late").await;
    t.draw(&round).await;
    t.jump(erases_at(&round));
    t.tick().await;
    assert!(t.row(&round).await.purged_at.is_some());
    let left = dead_address::Entity::find().all(t.db()).await.unwrap();
    assert_eq!(left.iter().map(|row| row.address_key.as_str()).collect::<Vec<_>>(), ["late"]);
}
