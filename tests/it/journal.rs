//! The public journal, read as anybody would: over HTTP, tile by tile, against a signed checkpoint.

use std::io;

use axum::http::StatusCode;
use chrono::TimeDelta;
use entities::{inbox, journal as lines, round};
use futures_util::future::join_all;
use jebi::{
    lifecycle::{announce::Staff, announce::announce, batch, checkpoint},
    store,
};
use public_audit::{
    Digest, Rules,
    journal::{
        Act, Checkpoint, Event, Paths,
        paths::Published,
        tiles::{Reader, TilePath},
    },
    merkle,
    note::Verifier,
    seal::EntryNote,
};
use sea_orm::EntityTrait;

use crate::support::{Browser, Engine, TestApp, both, verified};

both!(
    anybody_can_follow_it_tile_by_tile,
    batches_say_what_changed_and_of_nobody,
    a_state_that_was_overtaken_is_logged_too,
    a_restored_database_signs_nothing,
    many_who_append_leave_no_gap,
    an_entry_is_checked_without_the_pool,
    a_signed_receipt_promises_when_it_is_in_the_journal,
);

/// The key of a round, which is that of the journal.
fn key(round: &round::Model) -> Verifier {
    let rules = Rules::parse(round.rules.as_bytes()).unwrap();
    Verifier::parse(&rules.signing_key).unwrap()
}

/// The latest checkpoint, as served.
async fn signed(t: &TestApp, key: &Verifier) -> Checkpoint {
    let page = t.browser().get("/journal/checkpoint").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body());
    Checkpoint::open(page.body(), key).unwrap()
}

/// Follows the journal from what is known to a checkpoint; gives what is known then, and the events.
fn follow(browser: &Browser, known: &merkle::Builder, to: &Checkpoint) -> (merkle::Builder, Vec<Event>) {
    let fetch = |path: &TilePath| -> io::Result<Option<Vec<u8>>> {
        let mut browser = browser.clone();
        let page = tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(browser.get(&format!("/journal/{path}")))
        });
        Ok((page.status == StatusCode::OK).then_some(page.bytes))
    };
    let mut events = Vec::new();
    let known = Reader::new(to.size, fetch)
        .follow(known, &to.root, |line| {
            events.push(line.parse().map_err(io::Error::other)?);
            Ok(())
        })
        .unwrap();
    (known, events)
}

async fn anybody_can_follow_it_tile_by_tile(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    assert_eq!(t.browser().get("/journal/checkpoint").await.status, StatusCode::NOT_FOUND);
    let key = key(&round);
    t.tick().await;
    let first = signed(&t, &key).await;
    assert_eq!((first.size, first.origin.as_str()), (1, key.name()));
    let (known, events) = follow(&t.browser(), &merkle::Builder::new(), &first);
    assert!(matches!(events[..], [Event { act: Act::Announced { number: 1, .. }, .. }]));

    t.crowd(&round.slug, 3).await;
    t.draw(&round).await;
    let last = signed(&t, &key).await;
    let (_, events) = follow(&t.browser(), &known, &last);
    let kinds: Vec<&str> = events.iter().map(|event| event.act.kind()).collect();
    assert_eq!(kinds, ["entered", "closed", "sealed", "revealed", "pulse", "drawn"]);
    // What is beyond the end, malformed or of another kind is not there; a second tick signs nothing.
    for nowhere in
        ["tile/0/000.p/9", "tile/entries/000", "tile/0/001.p/1", "tile/64/000", "tile/x", "tile/0/000.p/0"]
    {
        assert_eq!(
            t.browser().get(&format!("/journal/{nowhere}")).await.status,
            StatusCode::NOT_FOUND,
            "{nowhere}"
        );
    }
    t.tick().await;
    assert_eq!(signed(&t, &key).await, last);
}

async fn batches_say_what_changed_and_of_nobody(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let kinds = async || {
        let lines = store::journal::list(t.db(), round.id).await.unwrap();
        lines.iter().filter(|line| line.kind == "entered").count()
    };
    let at = |number: u64| format!("/rounds/{}/batches/{number}", round.slug);
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.enter(100_000, &["am"]).await;
    t.tick().await;
    t.pass(batch::EVERY);
    t.tick().await;
    assert_eq!(kinds().await, 0, "the batch would tell when somebody entered");
    t.pass(TimeDelta::minutes(30));
    t.tick().await;
    assert_eq!(kinds().await, 1);
    let first = t.browser().get(&at(1)).await.body().to_owned();
    assert_eq!(first.lines().count(), 2, "{first}");
    // Changed twice, and somebody who came and went: the promises of all receipts are kept.
    minji.enter(50_000, &[]).await;
    minji.enter(60_000, &[]).await;
    let mut shortly = t.resident(&round.slug, "shortly@example.org").await;
    shortly.enter(10_000, &[]).await;
    t.tick().await;
    shortly.withdraw().await;
    t.tick().await;
    t.pass(TimeDelta::minutes(31));
    t.tick().await;
    assert_eq!(kinds().await, 3);
    // In company a batch leaves sooner.
    t.entered(&round, 30).await;
    t.tick().await;
    t.pass(batch::EVERY);
    t.tick().await;
    assert_eq!(kinds().await, 4);
    let second = t.browser().get(&at(2)).await.body().to_owned();
    let third = t.browser().get(&at(3)).await.body().to_owned();
    let signs = |batch: &str| batch.lines().skip(1).map(|line| line[..1].to_owned()).collect::<String>();
    assert_eq!((signs(&second), signs(&third)), ("+++-".to_owned(), "--".to_owned()));
    assert!(first.contains(&second.lines().last().unwrap()[1..]));
    assert!(third.lines().skip(1).all(|line| second.contains(&line[1..])), "{second}{third}");
    let fourth = t.browser().get(&at(4)).await.body().to_owned();
    assert_eq!(t.browser().get(&at(5)).await.status, StatusCode::NOT_FOUND);
    assert!(entities::change::Entity::find().all(t.db()).await.unwrap().is_empty());
    t.draw(&round).await;
    t.jump(round.results_at);
    let files = verified(&t, &round).await;
    assert_eq!(files["batches.txt"], format!("{first}{second}{third}{fourth}").into_bytes());
}

/// Two instances: the later row is committed and folded first. Both receipts were signed.
async fn a_state_that_was_overtaken_is_logged_too(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.enter(100_000, &[]).await;
    let first = minji.get("my/receipt.txt").await.body().to_owned();
    let rows = inbox::Entity::find().all(t.db()).await.unwrap();
    let [late] = &rows[..] else { panic!("{rows:?}") };
    minji.enter(50_000, &[]).await;
    t.meddle(&format!("DELETE FROM inbox WHERE id = {}", late.id)).await;
    t.tick().await;
    let (id, at, events) = (late.id, late.written_at.to_rfc3339(), &late.events);
    t.meddle(&format!("INSERT INTO inbox (id, written_at, events) VALUES ({id}, '{at}', '{events}')")).await;
    t.tick().await;
    assert_eq!(t.entries(&round).await[0].want, 50_000, "the last word counts");
    t.pass(batch::PROMISE);
    t.tick().await;
    let line = EntryNote::open(&first, &key(&round)).unwrap().line;
    let leaf = merkle::leaf(line.as_bytes());
    let at = |number: u64| format!("/rounds/{}/batches/{number}", round.slug);
    assert!(t.browser().get(&at(1)).await.body().contains(&format!("+ {leaf}\n")));
    assert!(t.browser().get(&at(2)).await.body().contains(&format!("- {leaf}\n")));
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
}

/// The database comes back from a backup of yesterday: nothing that was said is unsaid.
async fn a_restored_database_signs_nothing(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.tick().await;
    t.close(&round).await;
    let key = key(&round);
    let before = signed(&t, &key).await;
    for table in ["journal", "checkpoint"] {
        let column = if table == "journal" { "\"index\" >= 1" } else { "size > 1" };
        t.meddle(&format!("DELETE FROM {table} WHERE {column}")).await;
    }
    t.meddle("UPDATE round SET closed_at = NULL").await;
    let restored = t.another().await;
    let error = checkpoint::sign(&restored).await.unwrap_err();
    assert!(error.to_string().contains("restored from a backup"), "{error}");
    // It happens again, as something else: that is a second history, and is not signed either.
    t.pass(TimeDelta::minutes(5));
    jebi::jobs::tick(&restored).await;
    assert!(store::journal::size(t.db()).await.unwrap() > 1);
    assert!(checkpoint::sign(&restored).await.is_err());
    let page = t.browser_at(&restored).get("/journal/checkpoint").await;
    assert!(Checkpoint::open(page.body(), &key).unwrap().size < before.size);
    // Nor is there a record, which would be signed, too.
    for at in [round.seals_at, round.reveals_at, round.pulse_at, round.results_at] {
        t.jump(at);
        jebi::jobs::tick(&restored).await;
    }
    let record = format!("/rounds/{}/record/checkpoint.txt", round.slug);
    let page = t.browser_at(&restored).get(&record).await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", page.body());
}

async fn many_who_append_leave_no_gap(engine: Engine) {
    let t = TestApp::start(engine).await;
    let other = t.another().await;
    let staff = Staff::new("a clerk", "an approver");
    let drafts = (0..8).map(|number| {
        let mut draft = t.draft(10);
        draft.slug = format!("round-{number}");
        draft
    });
    let drafts: Vec<_> = drafts.collect();
    let announcing = drafts
        .iter()
        .enumerate()
        .map(|(number, draft)| announce(if number % 2 == 0 { &t.app } else { &other }, draft, &staff));
    let announced = join_all(announcing).await.into_iter().filter(Result::is_ok).count();
    assert!(announced > 0);
    let lines = lines::Entity::find().all(t.db()).await.unwrap();
    let mut indices: Vec<i64> = lines.iter().map(|line| line.index).collect();
    indices.sort_unstable();
    assert_eq!(indices, (0..i64::try_from(announced).unwrap()).collect::<Vec<_>>());
    join_all([checkpoint::sign(&t.app), checkpoint::sign(&other)]).await.into_iter().for_each(|signed| {
        assert_eq!(signed.unwrap().unwrap().size, i64::try_from(announced).unwrap());
    });
}

async fn an_entry_is_checked_without_the_pool(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.crowd(&round.slug, 11).await;
    t.draw(&round).await;
    let mut browser = t.browser();
    let of = |name: &str| format!("/rounds/{}/record/{name}", round.slug);
    let receipts: Vec<String> = t.entries(&round).await.into_iter().map(|entry| entry.receipt).collect();
    // Not before the results are out: the rank is in it.
    assert_eq!(browser.get(&of(&format!("paths/{}", receipts[0]))).await.status, StatusCode::NOT_FOUND);
    t.jump(round.results_at);
    let mut files = Vec::new();
    for name in ["rules.json", "seal.txt", "seed-input.txt", "checkpoint.txt"] {
        files.push(browser.get(&of(name)).await.body().to_owned());
    }
    let published =
        Published { rules: files[0].as_bytes(), seal: &files[1], drawn: Some((&files[2], &files[3])) };
    let mut ranks = Vec::new();
    for receipt in &receipts {
        let text = browser.get(&of(&format!("paths/{receipt}"))).await.body().to_owned();
        let told = Paths::parse(&text).unwrap().check(&published).unwrap();
        assert_eq!(told.entry.receipt.to_string(), *receipt);
        ranks.push(told.drawn.unwrap().1.rank);
    }
    ranks.sort_unstable();
    assert_eq!(ranks, (1..=11).collect::<Vec<_>>());
    for nobody in ["0000-0000-0000-0000", "zzzz-zzzz-zzzz-zzzz", "no-receipt"] {
        assert_eq!(browser.get(&of(&format!("paths/{nobody}"))).await.status, StatusCode::NOT_FOUND);
    }
}

async fn a_signed_receipt_promises_when_it_is_in_the_journal(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.enter(100_000, &["am"]).await;
    let note = minji.get("my/receipt.txt").await.body().to_owned();
    let receipt = EntryNote::open(&note, &key(&round)).unwrap();
    assert_eq!(receipt.logged_by.unix() - receipt.entered_at.unix(), batch::PROMISE.num_seconds());
    t.tick().await;
    t.pass(batch::PROMISE);
    t.tick().await;
    let leaf: Digest = merkle::leaf(receipt.line.as_bytes());
    let batch = t.browser().get(&format!("/rounds/{}/batches/1", round.slug)).await;
    assert!(batch.body().contains(&format!("+ {leaf}\n")), "{receipt:?} {leaf} {}", batch.body());
}
