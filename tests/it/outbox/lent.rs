//! A text now and then is lent to a vendor that is dead, to see whether it works again.

use chrono::TimeDelta;
use jebi::{
    domain::contact::{Channel, Contact},
    notify::content::CONTACT,
    store,
};

use super::{attempts_of, lines, solapi_then_file, vendor_of};
use crate::{
    peer::free_port,
    support::{Engine, TestApp, both},
};

both!(who_is_lent_to_a_dead_vendor_keeps_the_place_of_the_minute);

/// A small round tells one person a minute. If a text that was lent had to ask for another minute, it would be the
/// next to be lent there, minute after minute, and nobody would be told while one vendor is dead.
async fn who_is_lent_to_a_dead_vendor_keeps_the_place_of_the_minute(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(100);
    draft.spread_hours = 1;
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.entered(&round, 12).await;
    t.send().await;
    t.draw(&round).await;
    let phone = Contact::parse(Channel::Sms, "01012345678").unwrap();
    let sealed = t.app.keys.people().seal(CONTACT, &phone);
    t.meddle(&format!("UPDATE entry SET channel = 'sms', person_sealed = '{sealed}'")).await;
    t.meddle("UPDATE notice SET channel = 'sms' WHERE reason = 'result'").await;
    let vendor = vendor_of(&t, &solapi_then_file(t.folder(), free_port())).await;
    t.jump(round.results_at);
    while t.now() < round.results_at + TimeDelta::minutes(70) {
        t.send_by(&t.app, &vendor).await;
        t.pass(TimeDelta::seconds(10));
    }
    let results = store::notice::list(t.db(), round.id, "result").await.unwrap();
    assert_eq!(results.iter().filter(|one| one.state == "accepted").count(), 12);
    assert_eq!((lines(&t), attempts_of(&t, "file").await), (12, 12));
    let lent = attempts_of(&t, "solapi").await;
    // Five calls that fail stop it; then each is lent once at most.
    assert!((1..=12 + 5).contains(&lent), "{lent} times");
}
