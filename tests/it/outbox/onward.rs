//! What a vendor certainly did not take goes to the next one at once: nobody who waits for a code waits for the clock.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use entities::attempt;
use jebi::{
    clock,
    config::{Secret, Sms, sms},
    domain::contact::Channel,
    lifecycle::incidents::look,
    store::{
        self,
        notice::{Ending, Outcome as Settled},
        rate,
    },
};
use sea_orm::EntityTrait;
use serde_json::json;

use super::{attempts_of, codes, codes_of, lines, said, solapi, solapi_then_file, states, vendor_of};
use crate::{
    peer::free_port,
    support::{Engine, TestApp, both},
};

both!(
    a_code_that_a_dead_vendor_did_not_take_reaches_the_next_without_waiting,
    an_empty_account_is_passed_over_at_once,
    each_is_asked_once_and_then_it_is_put_off,
    a_vendor_without_room_is_passed_over_and_its_rate_is_kept,
    what_has_to_wait_for_its_only_way_holds_up_no_other,
    what_one_instance_was_refused_no_other_asks_for_again,
    what_another_took_at_once_is_no_incident,
);

/// SOLAPI and Kannel, at ports where nobody listens, and a file behind them.
fn two_dead_then_file(t: &TestApp) -> Sms {
    let kannel = sms::Kannel {
        url: format!("http://127.0.0.1:{}/cgi-bin/sendsms", free_port()),
        username: "jebi".to_owned(),
        password: Some(Secret::new("x")),
        priority: 2,
        per_second: 100_000,
        ..sms::Kannel::default()
    };
    let mut config = solapi_then_file(t.folder(), free_port());
    config.kannel = Some(kannel);
    config.file.as_mut().unwrap().priority = 3;
    config
}

/// All attempts at a notice, in their order: who, and what came of it.
async fn tried(t: &TestApp, notice_id: i64) -> Vec<(String, String, DateTime<Utc>)> {
    let mut all = attempt::Entity::find().all(t.db()).await.unwrap();
    all.retain(|one| one.notice_id == notice_id);
    all.sort_by_key(|one| one.claim);
    all.into_iter().map(|one| (one.vendor.unwrap(), one.outcome.unwrap(), one.started_at)).collect()
}

/// How often an outcome was counted for a vendor.
async fn counted(t: &TestApp, vendor: &str, outcome: &str) -> i64 {
    let totals = store::tally::totals(t.db()).await.unwrap();
    let of = totals
        .iter()
        .filter(|(channel, of, said, _)| (&**channel, &**of, &**said) == ("sms", vendor, outcome));
    of.map(|(.., count)| count).sum()
}

/// What eats up the attempts that a notice has.
async fn tries(t: &TestApp) -> usize {
    let all = t.notices().await.into_iter().map(|notice| notice.id).collect();
    store::notice::count_tries(t.db(), all).await.unwrap().into_values().sum()
}

async fn a_code_that_a_dead_vendor_did_not_take_reaches_the_next_without_waiting(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let vendor = vendor_of(&t, &solapi_then_file(t.folder(), free_port())).await;
    codes(&t, round.id, 1).await;
    let began = t.now();
    assert_eq!(t.send_by(&t.app, &vendor).await, 2);
    assert_eq!((t.now(), lines(&t)), (began, 1));
    let notice = &t.notices().await[0];
    assert_eq!((notice.state.as_str(), notice.due_at), ("accepted", began));
    // Both are on record, and neither is counted as a try of the notice.
    let expected = [("solapi", "hold"), ("file", "accepted")]
        .map(|(vendor, outcome)| (vendor.to_owned(), outcome.to_owned(), began));
    assert_eq!((tried(&t, notice.id).await, tries(&t).await), (expected.to_vec(), 0));
    for (vendor, outcome) in
        [("solapi", "attempted"), ("solapi", "hold"), ("solapi", "passed_on"), ("file", "accepted")]
    {
        assert_eq!(counted(&t, vendor, outcome).await, 1, "{vendor} {outcome}");
    }
    assert_eq!(counted(&t, "file", "passed_on").await, 0);
    // One failing call stops nobody yet, and what was taken is not sent again.
    let note = &store::vendor::list(t.db()).await.unwrap()[0];
    assert_eq!((note.name.as_str(), note.failures, note.stopped_until), ("solapi", 1, None));
    t.pass(TimeDelta::minutes(2));
    assert_eq!((t.send_by(&t.app, &vendor).await, lines(&t)), (0, 1));
}

/// The money ends in the middle of a handful.
async fn an_empty_account_is_passed_over_at_once(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let peer = solapi(json!({ "balance": 10 })).await;
    let vendor = vendor_of(&t, &solapi_then_file(t.folder(), peer.port)).await;
    codes(&t, round.id, 30).await;
    let began = t.now();
    assert_eq!(t.send_by(&t.app, &vendor).await, 40);
    assert_eq!(states(&t).await, BTreeMap::from([("accepted".to_owned(), 30)]));
    assert_eq!((t.now(), said(peer.port).await["taken"].as_u64(), lines(&t)), (began, Some(10), 20));
}

async fn each_is_asked_once_and_then_it_is_put_off(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let vendor = vendor_of(&t, &Sms { file: None, ..two_dead_then_file(&t) }).await;
    codes(&t, round.id, 1).await;
    for run in 1..=4 {
        let began = t.now();
        assert_eq!(t.send_by(&t.app, &vendor).await, 2, "in run {run}");
        assert_eq!((attempts_of(&t, "solapi").await, attempts_of(&t, "kannel").await), (run, run));
        let notice = &t.notices().await[0];
        let wait = notice.due_at - began;
        assert_eq!(notice.state, "planned");
        assert!(wait >= TimeDelta::seconds(24) && wait <= TimeDelta::seconds(36), "{wait}");
        assert_eq!(t.send_by(&t.app, &vendor).await, 0);
        t.pass(TimeDelta::seconds(36));
    }
    // The first hands it on each time, the last has nobody to hand it to; however long it takes, no try is used up.
    assert_eq!((counted(&t, "solapi", "passed_on").await, counted(&t, "kannel", "passed_on").await), (4, 0));
    assert_eq!(tries(&t).await, 0);
    let vendor = vendor_of(&t, &two_dead_then_file(&t)).await;
    assert_eq!((t.send_by(&t.app, &vendor).await, lines(&t)), (3, 1));
}

/// A vendor is given one a minute, and the one of this minute is gone.
async fn use_up(t: &TestApp, vendor: &str) {
    let scope = format!("vendor {vendor}");
    rate::set(&t.app.db, &scope, Some(1), t.now()).await.unwrap();
    let ask = rate::Ask { scope, usual: 60, keeps_one: false };
    let txn = t.app.db.begin().await.unwrap();
    assert_eq!(rate::take(&txn, &[ask], 1, clock::wall()).await.unwrap().count, 1);
    txn.commit().await.unwrap();
}

async fn a_vendor_without_room_is_passed_over_and_its_rate_is_kept(engine: Engine) {
    for is_one_left in [true, false] {
        let (t, round) = TestApp::open(engine).await;
        use_up(&t, "kannel").await;
        let config = two_dead_then_file(&t);
        let file = config.file.clone().filter(|_| is_one_left);
        let vendor = vendor_of(&t, &Sms { file, ..config }).await;
        codes(&t, round.id, 1).await;
        let attempts = t.send_by(&t.app, &vendor).await;
        // It is not even asked; where nobody else is left the code waits for its turn there.
        assert_eq!((attempts_of(&t, "kannel").await, attempts), if is_one_left { (0, 2) } else { (0, 1) });
        let notice = &t.notices().await[0];
        let waits = (notice.state.as_str(), notice.due_at > t.now() + TimeDelta::seconds(2));
        assert_eq!(waits, if is_one_left { ("accepted", false) } else { ("planned", true) });
    }
}

/// A sender whose vendor does not take the only code, at its first try.
async fn refused(t: &TestApp, ending: Ending) {
    let (now, until) = (t.now(), t.now() + TimeDelta::seconds(13));
    let ask = store::notice::Ask { channel: "sms", class: "auth", now, horizon: now, until, limit: 10 };
    let claimed = store::notice::claim(&t.app.db, ask).await.unwrap();
    let through = store::notice::Through {
        vendor: "solapi",
        channel: "sms",
        asks: &[],
        now,
        until,
        wall: clock::wall(),
    };
    let begun = store::notice::attempt_through(&t.app.db, claimed, through).await.unwrap();
    let settled = Settled {
        notice_id: begun.held[0].id,
        claim: begun.held[0].claim,
        outcome: "hold",
        detail: None,
        ending,
    };
    store::notice::settle_counted(&t.app.db, &[settled], now, "sms", "solapi").await.unwrap();
}

/// SOLAPI works and did not take one code; nobody else takes it now, whether the other has no room or is paused. The codes
/// that fell due after it are for SOLAPI.
async fn what_has_to_wait_for_its_only_way_holds_up_no_other(engine: Engine) {
    for is_paused in [false, true] {
        let (t, round) = TestApp::open(engine).await;
        let peer = solapi(json!({})).await;
        let vendor = vendor_of(&t, &solapi_then_file(t.folder(), peer.port)).await;
        use_up(&t, "file").await;
        if is_paused {
            rate::set(&t.app.db, "vendor file", Some(0), t.now()).await.unwrap();
        }
        codes(&t, round.id, 1).await;
        refused(&t, Ending::AtOnce(t.now())).await;
        let waiting = t.notices().await[0].id;
        t.pass(TimeDelta::seconds(1));
        codes_of(&t, round.id, 1..20, Channel::Sms).await;
        assert_eq!(t.send_by(&t.app, &vendor).await, 19, "{is_paused}");
        assert_eq!((said(peer.port).await["taken"].as_u64(), lines(&t)), (Some(19), 0));
        let planned: Vec<_> = t.notices().await.into_iter().filter(|one| one.state == "planned").collect();
        assert_eq!(planned.iter().map(|one| one.id).collect::<Vec<_>>(), [waiting]);
        assert!(planned[0].due_at > t.now() + TimeDelta::seconds(2), "{is_paused}");
        assert_eq!(tried(&t, waiting).await.len(), 1);
    }
}

/// Who refused is read in the database: it works by now, and is asked all the same only after a while.
async fn what_one_instance_was_refused_no_other_asks_for_again(engine: Engine) {
    for is_put_off in [false, true] {
        let (t, round) = TestApp::open(engine).await;
        let peer = solapi(json!({})).await;
        let vendor = vendor_of(&t, &solapi_then_file(t.folder(), peer.port)).await;
        codes(&t, round.id, 1).await;
        let later = t.now() + TimeDelta::seconds(30);
        refused(&t, if is_put_off { Ending::Again(later) } else { Ending::AtOnce(t.now()) }).await;
        if is_put_off {
            assert_eq!(t.send_by(&t.app, &vendor).await, 0);
            t.jump(later);
        }
        assert_eq!(t.send_by(&t.app, &vendor).await, 1);
        let taken = said(peer.port).await["taken"].as_u64().unwrap();
        assert_eq!((taken, lines(&t)), if is_put_off { (1, 0) } else { (0, 1) });
    }
}

/// Three people had their codes at once: two refusals each are the vendors' trouble and nobody else's.
async fn what_another_took_at_once_is_no_incident(engine: Engine) {
    for is_one_left in [true, false] {
        let (t, round) = TestApp::open(engine).await;
        let config = two_dead_then_file(&t);
        let file = config.file.clone().filter(|_| is_one_left);
        let vendor = vendor_of(&t, &Sms { file, ..config }).await;
        codes(&t, round.id, 3).await;
        assert_eq!(t.send_by(&t.app, &vendor).await, if is_one_left { 9 } else { 6 });
        look(&t.app, t.now()).await.unwrap();
        let seen = store::incident::list(t.db(), DateTime::UNIX_EPOCH, 100).await.unwrap();
        let seen: Vec<_> = seen.iter().map(|row| (row.kind.as_str(), row.about.as_str())).collect();
        assert_eq!(seen, if is_one_left { vec![] } else { vec![("notices", "sms")] });
    }
}
