//! Whom neither mail nor text message reaches: on one list, with the reason, for letters and for whoever calls.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    process::{Command, Stdio},
};

use chrono::TimeDelta;
use entities::{bought, round};
use jebi::{
    domain::contact::Contact,
    notify::{
        content::CONTACT,
        message::Message,
        unreached::{self, Why},
    },
    secret::hash_password,
    store::{self, fact::RETURNED, mail::Cause},
};

use crate::support::{Engine, SmtpPeer, TestApp, both, kst};

both!(
    one_list_of_everybody_whom_nothing_reached,
    only_staff_take_the_list_and_it_is_noted,
    who_is_on_a_roster_without_an_address_gets_a_letter,
);

/// Receipts by address.
async fn by_address(t: &TestApp, round: &round::Model) -> BTreeMap<String, String> {
    let entries = t.entries(round).await.into_iter();
    let address = |sealed: &str| t.app.keys.people().open::<Contact>(CONTACT, sealed).unwrap().address;
    entries.map(|entry| (address(&entry.person_sealed), entry.receipt)).collect()
}

async fn listed(t: &TestApp, round: &round::Model) -> BTreeMap<String, (Why, bool)> {
    let people = unreached::list(&t.app, t.round(round).await.as_ref()).await.unwrap();
    let all = people.iter().map(|one| (one.notice.about.clone(), (one.why, one.printed_at.is_some())));
    all.collect()
}

async fn channels(t: &TestApp, round: &round::Model) -> BTreeMap<String, String> {
    let results = store::notice::list(t.db(), round.id, "result").await.unwrap().into_iter();
    results.map(|notice| (notice.about, notice.channel)).collect()
}

async fn unmailed(t: &TestApp, round: &round::Model, receipt: &str, wanted: bool) {
    let txn = t.app.db.begin().await.unwrap();
    match wanted {
        true => store::mail::remove_unmailed(&txn, round.id, receipt).await.unwrap(),
        false => {
            store::mail::insert_unmailed(&txn, round.id, receipt, Cause::Asked, t.now()).await.unwrap();
        }
    }
    txn.commit().await.unwrap();
}

async fn one_list_of_everybody_whom_nothing_reached(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 7).await;
    t.send().await;
    let receipts = by_address(&t, &round).await;
    let of = |number: usize| receipts[&format!("r{number}@example.org")].as_str();
    unmailed(&t, &round, of(0), false).await;
    assert!(listed(&t, &round).await.is_empty(), "there is nothing to tell yet");
    t.draw(&round).await;
    assert!(listed(&t, &round).await.is_empty(), "nobody reads a result before its hour");
    t.jump(round.results_at);
    t.tick().await;
    // Whoever wants no mail has a letter from the beginning, and from the moment they say so.
    assert_eq!(
        (channels(&t, &round).await[of(0)].as_str(), channels(&t, &round).await[of(3)].as_str()),
        ("letter", "email")
    );
    unmailed(&t, &round, of(3), false).await;
    assert_eq!(channels(&t, &round).await[of(3)], "letter");
    unmailed(&t, &round, of(3), true).await;
    assert_eq!(channels(&t, &round).await[of(3)], "email");
    unmailed(&t, &round, of(3), false).await;
    // Three mails are refused; of those one has bought meanwhile, and one gave the place back.
    let refusing = |command: &str| {
        let no = ["r1@", "r2@", "r4@"].iter().any(|who| command.starts_with(&format!("RCPT TO:<{who}")));
        Some(if no { "550 5.1.1 no such user" } else { "" })
    };
    let vendor = t.vendor_at(SmtpPeer::start(refusing).await.port);
    t.send_until_by(&t.app, &vendor, round.results_at + TimeDelta::hours(8)).await;
    let txn = t.app.db.begin().await.unwrap();
    let bank = |receipt: &str| bought::Model {
        round_id: round.id,
        receipt: receipt.to_owned(),
        amount: 250_000,
        at: t.now(),
        source: "bank".to_owned(),
    };
    store::bought::insert_all(&txn, vec![bank(of(2))]).await.unwrap();
    store::fact::insert(&txn, round.id, of(4), RETURNED, t.now(), ["", ""]).await.unwrap();
    // A reminder that was too late is no news: its reader knows the time.
    let late = store::notice::planned(round.id, of(5), "eve", 1, "email", t.now(), TimeDelta::seconds(1));
    store::notice::insert_all(&txn, std::iter::once(late)).await.unwrap();
    txn.commit().await.unwrap();
    t.pass(TimeDelta::minutes(1));
    t.tick().await;
    let expected = |printed| {
        let all = [(0, Why::NoMail), (1, Why::Refused), (3, Why::NoMail)];
        all.map(|(number, why)| (of(number).to_owned(), (why, printed))).into_iter().collect()
    };
    assert_eq!(listed(&t, &round).await, expected(false));

    let people = unreached::list(&t.app, t.round(&round).await.as_ref()).await.unwrap();
    assert!(people.iter().all(|one| matches!(one.told.message, Message::Assigned { .. })));
    let refused = people.iter().find(|one| one.why == Why::Refused).unwrap();
    assert_eq!(refused.told.contact.as_ref().unwrap().address, "r1@example.org");
    assert!(refused.said.as_deref().unwrap().contains("550"), "{:?}", refused.said);
    // Letters are printed: once, and whoever calls sees when.
    assert_eq!(store::notice::count_letters(t.db()).await.unwrap(), 2);
    let notices: Vec<_> = people.iter().map(|one| one.notice.clone()).collect();
    for again in [false, true] {
        let txn = t.app.db.begin().await.unwrap();
        store::notice::settle_printed(&txn, &notices, t.now()).await.unwrap();
        txn.commit().await.unwrap();
        assert_eq!(listed(&t, &round).await, expected(true), "again: {again}");
        assert_eq!(store::notice::count_letters(t.db()).await.unwrap(), 0);
    }
    // Nobody was mailed who asked not to be.
    assert!(t.mailbox.messages_for("r0@example.org").len() == 1);
}

async fn who_is_on_a_roster_without_an_address_gets_a_letter(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 3).await;
    t.send().await;
    let receipts = by_address(&t, &round).await;
    let nobody = receipts["r1@example.org"].as_str();
    // As a roster enrols somebody of whom it knows no address.
    t.meddle(&format!("UPDATE entry SET channel = '', person_sealed = '' WHERE receipt = '{nobody}'")).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    t.send_until(round.results_at + TimeDelta::hours(8)).await;
    assert_eq!(channels(&t, &round).await[nobody], "letter");
    assert_eq!(listed(&t, &round).await, BTreeMap::from([(nobody.to_owned(), (Why::NoAddress, false))]));
    // Nothing is left to tell once everybody is forgotten.
    t.jump(round.ends_at + TimeDelta::days(91));
    t.tick().await;
    assert!(listed(&t, &round).await.is_empty());
}

/// As somebody of the staff calls it.
fn command(t: &TestApp, words: &[&str], password: &str) -> (bool, String) {
    let file = t.folder().join("jebi.toml");
    let text = format!(
        "state_dir = \"{}\"\nsecret_key_file = \"{}\"\ndatabase_url = \"{}\"\n[municipality]\nname = \"통영시\"\n\
         contact = \"055-000-0000\"\nsite_in_words = \"통영시 누리집\"\n",
        t.folder().join("state-of-staff").display(),
        t.app.config.secret_key_path().display(),
        t.app.config.database_url().expose(),
    );
    fs::write(&file, text).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_jebi"))
        .args(words)
        .arg("--config")
        .arg(&file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

async fn only_staff_take_the_list_and_it_is_noted(engine: Engine) {
    // The command looks at the real clock: a round that was over before this was written.
    let t = TestApp::start_at(engine, "2026-11-01 10:00", |_| {}).await;
    let round = t.announced(jebi::demo::tongyeong(kst("2026-11-02 10:00"), 100)).await;
    t.jump(round.opens_at);
    t.entered(&round, 2).await;
    t.send().await;
    let receipts = by_address(&t, &round).await;
    unmailed(&t, &round, &receipts["r0@example.org"], false).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    t.tick().await;
    let txn = t.app.db.begin().await.unwrap();
    let hash = hash_password("a password of hers").unwrap();
    store::clerk::insert(&txn, "jang", "clerk", hash, t.now()).await.unwrap();
    txn.commit().await.unwrap();
    let words = ["unreached", &round.slug, "--clerk", "jang", "--reason", "the dong office calls"];
    let (done, shown) = command(&t, &words, "not hers");
    assert!(!done && shown.is_empty(), "{shown}");
    assert!(t.accesses().await.is_empty());
    let (done, shown) = command(&t, &words, "a password of hers");
    assert!(done && shown.contains("r0@example.org") && shown.contains("wants no mail"), "{shown}");
    assert!(!shown.contains("r1@example.org"));
    let noted = store::access::list(t.db(), None, 9).await.unwrap();
    let jang = store::clerk::find(t.db(), "jang").await.unwrap().unwrap();
    assert_eq!((noted.len(), noted[0].clerk_id, noted[0].kind.as_str()), (1, Some(jang.id), "took"));
    assert_eq!(noted[0].about, format!("{} unreached (1)", round.slug));
    assert_eq!(noted[0].reason, "the dong office calls");
}
