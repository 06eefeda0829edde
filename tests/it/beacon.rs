//! The public pulse, from relays over real HTTP that may be late, wrong or hostile.
//!
//! The pulses are real ones of quicknet (round 16,777,216 of 28 March 2025 and its neighbour), so
//! what is believed here is what would be believed on the day. The clock of the test stands then.

use std::sync::{Arc, Mutex};

use axum::{Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};
use chrono::TimeDelta;
use entities::round;
use jebi::{
    demo,
    domain::draft::{BeaconChoice, Draft},
    lifecycle::{LifecycleError, pulse},
    store,
};
use public_audit::{Digest, record::Pulse, rules::Beacon};

use crate::support::{Engine, TestApp, both, kst, verified};

both!(
    a_late_pulse_is_waited_for_and_the_page_says_so,
    no_relay_can_make_us_believe_anything_else,
    a_pulse_given_by_hand_is_as_good_and_not_taken_early,
    declared_values_count_when_two_clerks_type_the_same,
);

const RIGHT: &str =
    "a38ae8fa3645078723fe002a4769499a9a267557f67ac7263113339718b6b0b78a5dd59a03321240b5b6554dffeac194";
/// The right signature of the round before.
const BEFORE: &str =
    "84efb467b2b9f3578c169393d8bd5ccfd17da400a975325282b2955eb10adac747904c3aafd152e48e19d23f8d416f0f";

/// A relay whose answer the test can change.
#[derive(Clone)]
struct Relay(Arc<Mutex<(StatusCode, String)>>);

impl Relay {
    async fn start(status: StatusCode, body: impl Into<String>) -> (Self, String) {
        let relay = Self(Arc::new(Mutex::new((status, body.into()))));
        let app = Router::new()
            .route(
                "/{chain}/public/{round}",
                get(async |State(Relay(answer)): State<Relay>| {
                    answer.lock().unwrap().clone().into_response()
                }),
            )
            .with_state(relay.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        (relay, url)
    }

    fn say(&self, body: String) {
        *self.0.lock().unwrap() = (StatusCode::OK, body);
    }
}

fn answer(signature: &str) -> String {
    format!(r#"{{"round":16777216,"randomness":"00","signature":"{signature}"}}"#)
}

/// A round whose pulse is quicknet's round 16,777,216, entered by five and revealed.
async fn revealed(engine: Engine, relays: Vec<String>) -> (TestApp, round::Model) {
    let t = TestApp::start_at(engine, "2025-03-23 10:00", |config| config.beacon.relays = relays).await;
    let mut draft: Draft = demo::tongyeong(kst("2025-03-24 10:00"), 10);
    draft.beacon = BeaconChoice::Drand;
    draft.times.reveals = "2025-03-28 13:00".to_owned();
    draft.times.pulse = "2025-03-28 13:10".to_owned();
    draft.times.results = "2025-03-28 14:00".to_owned();
    let announced = t.announced(draft).await;
    // A draft names whole minutes; the pulse we hold is twelve seconds past one.
    let exact = announced.rules.replace("2025-03-28T04:10:00Z", "2025-03-28T04:10:12Z");
    let exact = exact.replace("16777212", "16777216");
    assert_ne!(exact, announced.rules);
    t.meddle(&format!("UPDATE round SET rules = '{exact}', pulse_at = '2025-03-28T04:10:12+00:00'")).await;
    // The journal has to have announced just these.
    let [was, is] = [&announced.rules, &exact].map(|rules| Digest::of(rules).to_string());
    t.meddle(&format!("UPDATE journal SET line = replace(line, '{was}', '{is}')")).await;
    let round = t.row(&announced).await;
    assert!(matches!(t.round(&round).await.rules.beacon, Beacon::Drand { round: 16_777_216, .. }));
    t.jump(round.opens_at);
    t.crowd(&round.slug, 5).await;
    for at in [round.closes_at, round.seals_at, round.reveals_at] {
        t.jump(at);
        t.tick().await;
    }
    assert!(t.row(&round).await.revealed_at.is_some());
    (t, round)
}

async fn a_late_pulse_is_waited_for_and_the_page_says_so(engine: Engine) {
    let (relay, url) = Relay::start(StatusCode::NOT_FOUND, "not yet").await;
    let (t, round) = revealed(engine, vec![url]).await;
    let late = "공개 난수가 늦어지고 있습니다";
    let page = format!("/rounds/{}", round.slug);
    for (after, said) in [(0, false), (90, true), (6 * 3600, true)] {
        t.jump(round.pulse_at + TimeDelta::seconds(after));
        t.tick().await;
        assert!(t.row(&round).await.drawn_at.is_none(), "drawn without a pulse");
        assert_eq!(t.browser().get(&page).await.body().contains(late), said, "{after} s after it was due");
    }
    relay.say(answer(RIGHT));
    // When it is late it is asked for at every tenth second.
    t.jump(round.pulse_at + TimeDelta::seconds(6 * 3600 + 8));
    t.tick().await;
    assert!(t.row(&round).await.drawn_at.is_some());
    assert!(!t.browser().get(&page).await.body().contains(late));
    t.jump(round.results_at);
    verified(&t, &round).await;
}

async fn no_relay_can_make_us_believe_anything_else(engine: Engine) {
    let flipped = RIGHT.replacen("a38", "838", 1);
    let mut relays = Vec::new();
    for body in [
        answer(BEFORE),
        answer(&flipped),
        answer(&RIGHT[..94]),
        answer(&RIGHT.to_uppercase()),
        answer(""),
        "{}".to_owned(),
        "<html>".to_owned(),
        answer(RIGHT) + &" ".repeat(1 << 20),
    ] {
        relays.push(Relay::start(StatusCode::OK, body).await.1);
    }
    // One that redirects to the truth, and one that nobody answers at.
    let (right, url) = Relay::start(StatusCode::INTERNAL_SERVER_ERROR, answer(RIGHT)).await;
    relays.push(url);
    relays.push("http://127.0.0.1:9".to_owned());
    let (t, round) = revealed(engine, relays).await;
    t.jump(round.pulse_at);
    t.tick().await;
    assert_eq!(t.row(&round).await.pulse, None, "a relay was believed");
    // One honest relay among them is enough.
    right.say(answer(RIGHT));
    t.tick().await;
    assert!(t.row(&round).await.drawn_at.is_some());
    t.jump(round.results_at);
    verified(&t, &round).await;
}

async fn a_pulse_given_by_hand_is_as_good_and_not_taken_early(engine: Engine) {
    let (t, round) = revealed(engine, Vec::new()).await;
    let beacon = t.round(&round).await.rules.beacon.clone();
    assert!(pulse::believe(&beacon, BEFORE).is_err());
    let right = pulse::believe(&beacon, RIGHT).unwrap();
    let early = round.pulse_at - TimeDelta::seconds(1);
    let refused = pulse::keep(&t.app, &round, &right, "", early).await;
    assert!(matches!(refused, Err(LifecycleError::Refused(_))), "a pulse was kept before its time");
    t.jump(round.pulse_at);
    assert!(pulse::keep(&t.app, &round, &right, "", t.now()).await.unwrap());
    assert!(!pulse::keep(&t.app, &round, &right, "", t.now()).await.unwrap(), "kept twice");
    t.tick().await;
    assert!(t.row(&round).await.drawn_at.is_some());
    let journal = store::journal::list(t.db(), round.id).await.unwrap();
    assert_eq!(journal.iter().filter(|line| line.kind == "pulse").count(), 1);
    t.jump(round.results_at);
    verified(&t, &round).await;
}

async fn declared_values_count_when_two_clerks_type_the_same(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(10);
    draft.beacon = BeaconChoice::Declared("Lotto 6/45 draw 1252: six numbers, bonus".to_owned());
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.crowd(&round.slug, 5).await;
    t.draw_until_pulse(&round).await;
    // The draw waits, and says so, as long as it takes.
    t.pass(TimeDelta::hours(5));
    t.tick().await;
    assert!(t.row(&round).await.pulse.is_none());
    let page = t.browser().get(&format!("/rounds/{}", round.slug)).await;
    assert!(page.body().contains("공개 난수가 늦어지고 있습니다"));
    let named = t.round(&round).await.rules.beacon.clone();
    for typed in [["7 12 23 31 40 41 / 5", "7 12 23 31 40 42 / 5"], ["7", "7 / "], ["", ""], ["1//2", "1//2"]]
    {
        let kept = pulse::declare(&named, typed);
        assert_eq!(kept.is_ok(), typed[1] == "7 / ", "{typed:?}");
    }
    // In the order the balls came or sorted, with whatever between them.
    let pulse = pulse::declare(&named, ["41, 7, 12, 23, 31, 40 / 5", "7 12 23 31 40 41/5/"]).unwrap();
    assert_eq!(pulse, Pulse::Declared { values: "7.12.23.31.40.41./5./".to_owned() });
    assert!(pulse::declare(&Beacon::None {}, ["1", "1"]).is_err());
    assert!(pulse::keep(&t.app, &t.row(&round).await, &pulse, "", t.now()).await.unwrap());
    t.tick().await;
    assert!(t.row(&round).await.drawn_at.is_some());
    t.jump(round.results_at.max(t.now()));
    verified(&t, &round).await;
}
