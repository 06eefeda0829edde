//! A whole round through the forms, from before the opening to after the last minute.

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use chrono_tz::Asia::Seoul;
use jebi::store;
use public_audit::{note::Verifier, seal::EntryNote};

use crate::support::{Engine, TestApp, both, verified};

both!(
    a_round_from_announce_to_archive,
    the_same_person_has_one_receipt_whatever_they_do,
    a_double_tap_is_one_entry_and_one_notice,
    another_language_is_taken_with_the_same_answers,
    a_small_budget_makes_a_waitlist,
    a_round_nobody_entered_is_drawn_too,
    two_rounds_do_not_know_each_other,
    what_was_recorded_is_said_where_it_was,
    what_was_acknowledged_is_shown_before_it_is_folded,
    another_address_is_another_entry,
);

async fn a_round_from_announce_to_archive(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(t.draft(20)).await;
    let slug = round.slug.as_str();

    // Too early: a page that says when, in both languages, and the form is not taken either.
    let mut early = t.stranger_at(slug, "early@example.org");
    let korean = early.get("enter").await;
    assert_eq!((korean.status, korean.language()), (StatusCode::CONFLICT, "ko"));
    assert!(korean.body().contains("11월 23일") && korean.body().contains("10:00"), "{}", korean.body());
    let english = t.browser().in_english().get(&early.path("enter")).await;
    assert_eq!((english.status, english.language()), (StatusCode::CONFLICT, "en"));
    assert!(english.title().contains("not opened yet"), "{}", english.title());
    assert_eq!(early.get("enter?purpose=my").await.status, StatusCode::OK);
    let refused = early
        .post(
            "enter",
            &[("purpose", "enter"), ("channel", "email"), ("email", "early@example.org"), ("consent", "yes")],
        )
        .await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    early.identify(&t, "my").await;
    assert_eq!(early.get("enter?purpose=my&other=yes").await.status, StatusCode::OK);
    assert_eq!(early.get("details").await.status, StatusCode::CONFLICT);
    assert_eq!(early.post("details", &[("want", "10000")]).await.status, StatusCode::CONFLICT);
    assert_eq!(early.post("entry", &[]).await.status, StatusCode::CONFLICT);

    // The second it opens, by comparison alone: nothing has ticked.
    t.jump(round.opens_at);
    let mut crowd = t.crowd(slug, 12).await;
    let mut gone = t.resident(slug, "gone@example.org").await;
    gone.enter(100_000, &[]).await;
    gone.withdraw().await;
    let signed = crowd[0].get("my/receipt.txt").await;
    let verifier = Verifier::parse(&t.round(&round).await.rules.signing_key).unwrap();
    let note = EntryNote::open(signed.body(), &verifier).unwrap();
    let receipt = crowd[0].mine().await.receipt().to_owned();
    assert_eq!(note.line, format!("{receipt} seats=1 want=250000 weight=1 wish=pm+am"));
    assert_eq!(note.entered_at.unix(), round.opens_at.timestamp());
    assert_eq!(note.round.as_str(), slug);
    assert!(EntryNote::open(&signed.body().replace("250000", "260000"), &verifier).is_err());

    // The last second, and the one after it.
    t.jump(round.closes_at - TimeDelta::seconds(1));
    let mut late = t.resident(slug, "late@example.org").await;
    late.enter(50_000, &["am"]).await;
    let mut later = t.resident(slug, "later@example.org").await;
    later.answer(50_000, &["am"]).await;
    t.jump(round.closes_at);
    let refused = later.post("entry", &[]).await;
    assert_eq!((refused.status, refused.language()), (StatusCode::CONFLICT, "ko"));
    later.browser = later.browser.in_english();
    let refused = later.post("entry", &[]).await;
    assert_eq!((refused.status, refused.language()), (StatusCode::CONFLICT, "en"));
    assert!(refused.title().contains("closed"), "{}", refused.title());
    for page in ["details", "check", "withdraw", "enter"] {
        let mut late = t.stranger_at(slug, "x@example.org");
        late.browser.cookies = later.browser.cookies.clone();
        assert_eq!(late.get(page).await.status, StatusCode::CONFLICT, "{page}");
    }
    assert_eq!(late.post("withdraw", &[]).await.status, StatusCode::CONFLICT);

    // Drawn, but not public: nothing shows it.
    t.draw(&round).await;
    // Three days have passed: one says again who one is. Before, since waiting for a mail may move the clock.
    t.jump(round.results_at - TimeDelta::minutes(15));
    for resident in &mut crowd {
        resident.identify(&t, "my").await;
    }
    t.jump(round.results_at - TimeDelta::seconds(1));
    for path in ["result.txt", "seed-input.txt", "pulse.json", "manifest.txt"] {
        let page = t.stranger_at(slug, "").get(&format!("record/{path}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
    for resident in &mut crowd {
        let mine = resident.mine().await;
        assert_eq!(mine.word(), "not_yet");
        assert!(!mine.body().contains("class=\"ticket\""), "a result is visible before its time");
    }

    // Public, on the second.
    t.jump(round.results_at);
    assert!(t.stranger_at(slug, "").get("").await.status == StatusCode::NOT_FOUND);
    verified(&t, &round).await;
    let places = store::assignment::list_by_rank(t.db(), round.id).await.unwrap();
    assert_eq!(places.len(), 13, "withdrawn and refused entries are not drawn");
    for resident in &mut crowd {
        let mine = resident.mine().await;
        let place = places.iter().find(|place| place.receipt == mine.receipt()).unwrap();
        assert_eq!(mine.word(), "not_yet");
        let shown = place.starts_at.unwrap().with_timezone(&Seoul).format("%Y-%m-%dT%H:%M").to_string();
        assert!(mine.body().contains(&shown), "{shown} is not in {}", mine.body());
    }

    // One's own minute, to the second, and the end of its grace.
    let one = &mut crowd[0];
    let receipt = one.mine().await.receipt().to_owned();
    let starts_at = places.iter().find(|place| place.receipt == receipt).unwrap().starts_at.unwrap();
    for (at, word) in [
        (starts_at - TimeDelta::seconds(1), "not_yet"),
        (starts_at, "your_turn"),
        (starts_at + TimeDelta::hours(24) - TimeDelta::seconds(1), "your_turn"),
        (starts_at + TimeDelta::hours(24), "ended"),
    ] {
        // Before, since waiting for a mail may move the clock.
        t.jump(at - TimeDelta::minutes(1));
        one.identify(&t, "my").await;
        t.jump(at);
        assert_eq!(one.mine().await.word(), word, "{at}");
    }

    // Over, then forgotten: the record stays, byte for byte, and nobody is linked to it any more.
    t.jump(round.ends_at + TimeDelta::days(1));
    let before = verified(&t, &round).await;
    t.jump(round.ends_at + TimeDelta::days(91));
    t.tick().await;
    assert!(t.entries(&round).await.iter().all(|entry| entry.person_sealed.is_empty()));
    assert_eq!(verified(&t, &round).await, before);
    // Nor is anybody asked who they are: there is nothing to be shown.
    assert_eq!(one.get("enter?purpose=my").await.status, StatusCode::GONE);
    // Another instance, without the first one's files, publishes the same.
    std::fs::remove_dir_all(t.app.record_dir(slug)).unwrap();
    let other = t.another().await;
    let manifest = t.browser_at(&other).get(&format!("/rounds/{slug}/record/manifest.txt")).await;
    assert_eq!(manifest.status, StatusCode::OK);
    assert_eq!(verified(&t, &round).await, before);
}

async fn the_same_person_has_one_receipt_whatever_they_do(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.enter(100_000, &["am"]).await;
    t.tick().await;
    let receipt = minji.mine().await.receipt().to_owned();

    minji.enter(200_000, &["pm"]).await;
    t.tick().await;
    minji.withdraw().await;
    t.tick().await;
    let mine = minji.mine().await;
    assert_eq!((mine.word(), mine.receipt()), ("ended", receipt.as_str()));

    // Back, from another device, with another spelling of the address.
    let mut phone = t.resident(&round.slug, "MinJi@Example.ORG").await;
    phone.enter(50_000, &["noon"]).await;
    t.tick().await;
    let mine = phone.mine().await;
    assert_eq!((mine.word(), mine.receipt()), ("not_yet", receipt.as_str()));
    let entries = t.entries(&round).await;
    assert_eq!(entries.len(), 1);
    let entry = &entries[0];
    assert_eq!((entry.want, entry.wish.as_str(), entry.version), (50_000, "noon", 4));
    assert!(entry.withdrawn_at.is_none());
    // The first device sees it as well.
    assert!(minji.mine().await.body().contains("50,000"));
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
}

async fn a_double_tap_is_one_entry_and_one_notice(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.answer(100_000, &["am"]).await;
    // Both taps carry the same cookie, and both are told the same.
    let (mut first, mut second) = (minji.clone(), minji.clone());
    let (one, two) = tokio::join!(first.post("entry", &[]), second.post("entry", &[]));
    assert_eq!(one.to(), two.to());
    assert_eq!(first.mine().await.receipt(), second.mine().await.receipt());
    t.tick().await;
    // And a third, after it was folded.
    assert_eq!(minji.post("entry", &[]).await.to(), minji.path("my"));
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!((entries.len(), entries[0].version), (1, 1));
    t.send().await;
    let told = t.mailbox.messages_for("minji@example.org");
    assert_eq!(told.len(), 2, "a code and one confirmation: {told:?}");
}

async fn another_language_is_taken_with_the_same_answers(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut jane = t.resident(&round.slug, "jane@example.org").await;
    jane.enter(100_000, &["am"]).await;
    t.tick().await;
    t.send().await;
    jane.browser = jane.browser.in_english();
    jane.enter(100_000, &["am"]).await;
    t.tick().await;
    t.send().await;
    let entries = t.entries(&round).await;
    assert_eq!((entries.len(), entries[0].version, entries[0].lang.as_str()), (1, 2, "en"));
    let told = t.mailbox.messages_for("jane@example.org");
    assert_eq!(told.len(), 3, "a code and two confirmations: {told:?}");
    assert!(told[2].body.contains("Your entry"), "{:?}", told[2]);
    // Once more is nothing new.
    jane.enter(100_000, &["am"]).await;
    t.tick().await;
    assert_eq!(t.entries(&round).await[0].version, 2);
}

async fn a_small_budget_makes_a_waitlist(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(20);
    draft.goods.budget = 50_000;
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let mut crowd = t.crowd(&round.slug, 8).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    let files = verified(&t, &round).await;
    let result = String::from_utf8(files["result.txt"].clone()).unwrap();
    let outcomes: Vec<&str> = result.lines().map(|line| line.split(' ').nth(2).unwrap()).collect();
    // Five units of 10,000: the first five by rank get one each, the others wait in order.
    assert_eq!(outcomes, [["assigned"; 5].as_slice(), &["waitlisted"; 3]].concat());
    let mut positions = Vec::new();
    for resident in &mut crowd {
        resident.identify(&t, "my").await;
        let mine = resident.mine().await;
        assert_eq!(mine.word(), "not_yet");
        let rank = result.lines().position(|line| line.contains(mine.receipt())).unwrap();
        if rank >= 5 {
            positions.push(rank - 4);
            let shown = format!("{}번째", rank - 4);
            assert!(mine.body().contains(&shown), "{shown} is not in {}", mine.body());
        }
    }
    positions.sort_unstable();
    assert_eq!(positions, [1, 2, 3]);
    t.send_until(round.ends_at).await;
    for resident in &crowd {
        let mails = t.mailbox.messages_for(&resident.address);
        let results = mails.iter().filter(|mail| mail.body.contains("예비") || mail.body.contains("순번"));
        assert_eq!(results.count(), 1, "{mails:#?}");
    }
    // When the round is over, the waitlist is, too.
    t.jump(round.ends_at);
    for resident in &mut crowd {
        resident.identify(&t, "my").await;
        assert_eq!(resident.mine().await.word(), "ended");
    }
}

async fn a_round_nobody_entered_is_drawn_too(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    let files = verified(&t, &round).await;
    assert!(files["pool.txt"].is_empty() && files["result.txt"].is_empty());
}

/// The answer to sending an entry may be lost on the way: the next page of that entry says that it was recorded, no other.
async fn what_was_recorded_is_said_where_it_was(engine: Engine) {
    let t = TestApp::start(engine).await;
    let one = t.announced(t.draft(10)).await;
    let mut draft = t.draft(10);
    draft.slug = "books-2026-11".to_owned();
    let two = t.announced(draft).await;
    t.jump(one.opens_at);
    let mut minji = t.resident(&two.slug, "minji@example.org").await;
    minji.enter(50_000, &[]).await;
    assert!(minji.mine().await.body().contains("접수되었습니다"));
    t.tick().await;
    let mut here = crate::support::Resident::new(minji.browser.clone(), &one.slug, "minji@example.org");
    here.get("enter?agree=yes").await;
    here.post("enter", &[("purpose", "enter"), ("known", "yes"), ("consent", "yes")]).await.to();
    here.enter(100_000, &[]).await;
    let mut there = crate::support::Resident::new(here.browser.clone(), &two.slug, "minji@example.org");
    let old = there.mine().await;
    assert!(!old.body().contains("접수되었습니다"), "{}", old.body());
    let mut here = crate::support::Resident::new(there.browser.clone(), &one.slug, "minji@example.org");
    assert!(here.mine().await.body().contains("접수되었습니다"));
}

async fn two_rounds_do_not_know_each_other(engine: Engine) {
    let t = TestApp::start(engine).await;
    let one = t.announced(t.draft(10)).await;
    let mut draft = t.draft(10);
    draft.slug = "books-2026-11".to_owned();
    let two = t.announced(draft).await;
    assert_eq!((one.number, two.number), (1, 2));
    t.jump(one.opens_at);
    let mut minji = t.resident(&one.slug, "minji@example.org").await;
    minji.enter(100_000, &[]).await;
    let here = minji.mine().await.receipt().to_owned();
    // One identity check is enough for both; consent is given to each.
    let there = minji.browser.get("/rounds/books-2026-11/my").await;
    assert_eq!((there.word(), there.receipt()), ("", ""));
    let mut same = crate::support::Resident::new(minji.browser.clone(), &two.slug, "minji@example.org");
    assert_eq!(same.get("details").await.to(), same.path("enter?agree=yes"));
    assert_eq!(same.get("enter?agree=yes").await.status, StatusCode::OK);
    let agreed = same.post("enter", &[("purpose", "enter"), ("known", "yes"), ("consent", "yes")]).await;
    assert_eq!(agreed.to(), same.path("details"));
    same.enter(50_000, &[]).await;
    assert_ne!(same.mine().await.receipt(), here);
    t.tick().await;
    assert_eq!((t.entries(&one).await.len(), t.entries(&two).await.len()), (1, 1));
    t.draw(&one).await;
    t.jump(one.results_at);
    verified(&t, &one).await;
    verified(&t, &two).await;
}

/// The follower may be late: what is shown comes from the visitor's own cookie until then.
async fn what_was_acknowledged_is_shown_before_it_is_folded(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.enter(100_000, &["am"]).await;
    let mine = minji.mine().await;
    assert_eq!(mine.word(), "not_yet");
    assert!(mine.body().contains("100,000"));
    assert_eq!(minji.get("my/receipt.txt").await.status, StatusCode::OK);
    minji.withdraw().await;
    let mine = minji.mine().await;
    assert_eq!(mine.word(), "ended");
    // Nobody gets a signed proof of an entry that they took back.
    assert_ne!(minji.get("my/receipt.txt").await.status, StatusCode::OK);
    t.tick().await;
    let folded = minji.mine().await;
    assert_eq!((folded.word(), folded.receipt()), ("ended", mine.receipt()));
    assert_ne!(minji.get("my/receipt.txt").await.status, StatusCode::OK);

    // Withdrawing what is not there changes nothing and breaks nothing.
    let mut nobody = t.resident(&round.slug, "nobody@example.org").await;
    nobody.get("details").await;
    let answer = nobody.post("withdraw", &[]).await;
    assert_eq!(answer.to(), nobody.path("my"));
    let mine = nobody.mine().await;
    assert_eq!((mine.word(), mine.receipt()), ("", ""));
    t.tick().await;
    assert_eq!(nobody.mine().await.receipt(), "");
}

async fn another_address_is_another_entry(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.enter(100_000, &[]).await;
    // On the same shared phone: "not you?" leads to the identity check, and not back to Minji.
    let form = minji.get("enter?purpose=my&other=yes").await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.header(header::LOCATION));
    let mut sejin = minji.clone();
    sejin.address = "sejin@example.org".to_owned();
    let fields =
        [("purpose", "enter"), ("channel", "email"), ("email", "sejin@example.org"), ("consent", "yes")];
    assert_eq!(sejin.post("enter", &fields).await.to(), sejin.path("code"));
    sejin.get("code").await;
    t.send().await;
    let code = t.last_code("sejin@example.org");
    assert_eq!(sejin.post("code", &[("code", &code)]).await.to(), sejin.path("details"));
    sejin.enter(50_000, &[]).await;
    assert_ne!(sejin.mine().await.receipt(), minji.mine().await.receipt());
    t.tick().await;
    assert_eq!(t.entries(&round).await.len(), 2);
}
