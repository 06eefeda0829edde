//! A month of Tongyeong, small: bought at the example seller of `examples/seller.py` at levels 1, 2 and 3, with clocks
//! that are wrong, double clicks, payments that fail and a seller that stands still.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use axum::http::StatusCode;
use chrono::TimeDelta;
use entities::{assignment, round};
use jebi::{
    domain::draft::Seller,
    jobs::Teller,
    lifecycle::{
        after::bought::bought,
        sale::{self, gate},
    },
    service, store,
};
use serde_json::{Value, json};

use crate::{
    sale::{at_level, pass, places, seller},
    support::{Engine, Resident, TestApp, both, kst},
};

both!(
    a_month_is_bought_at_every_level,
    a_gate_admits_the_planned_rate_under_a_storm,
    no_ten_seconds_at_a_gate_hold_more_than_its_seller_takes_in_ten,
);

/// The example, running.
struct Example {
    process: Child,
    url: String,
    client: reqwest::Client,
}

impl Drop for Example {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Example {
    fn start(site: &str, slug: &str, name: &str, key: &str) -> Self {
        let python = std::env::var("JEBI_TEST_PYTHON")
            .expect("JEBI_TEST_PYTHON is not set: run `tests/run`, which installs what the example needs");
        let mut process = Command::new(python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/seller.py"))
            .args(["--jebi", site, "--round", slug, "--name", name, "--key", key])
            .args(["--secret", "whsec_c2VjcmV0", "--clock-of-jebi"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut port).unwrap();
        let url = format!("http://127.0.0.1:{}", port.trim());
        assert!(!port.trim().is_empty(), "the example seller did not start");
        Self { process, url, client: reqwest::Client::new() }
    }

    async fn post(&self, path: &str, body: Value) -> (u16, String) {
        let answer =
            self.client.post(format!("{}{path}", self.url)).body(body.to_string()).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.url) };
        let answer = self.client.get(url).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn control(&self, what: Value) {
        assert_eq!(self.post("/control", what).await.0, 200);
    }
}

/// Somebody with a place, and how they buy.
struct Buyer {
    level: usize,
    place: assignment::Model,
    resident: Option<Resident>,
}

struct Month {
    t: TestApp,
    rounds: Vec<round::Model>,
    sellers: Vec<Example>,
}

impl Month {
    /// One try to buy, as the buyer would.
    async fn buy(&self, buyer: &mut Buyer) -> (u16, String) {
        let (round, example) = (&self.rounds[buyer.level], &self.sellers[buyer.level]);
        match &mut buyer.resident {
            Some(resident) => {
                let page = resident.get("gate").await;
                let to = page.to().to_owned();
                match to.starts_with("http") {
                    true => example.get(&to).await,
                    false => (409, to),
                }
            }
            None if buyer.level == 1 => example.post("/buy", json!({ "receipt": buyer.place.receipt })).await,
            None => {
                let pass = pass(&self.t, round, &buyer.place.receipt).await;
                example.post("/buy", json!({ "pass": pass })).await
            }
        }
    }
}

impl Month {
    /// A double click: both at once, with the same hand-over, receipt or pass.
    async fn click_twice(&self, buyer: &mut Buyer) -> [(u16, String); 2] {
        let (round, example) = (&self.rounds[buyer.level], &self.sellers[buyer.level]);
        let (one, other) = match &mut buyer.resident {
            Some(resident) => {
                let to = resident.get("gate").await.to().to_owned();
                tokio::join!(example.get(&to), example.get(&to))
            }
            None => {
                let body = match buyer.level {
                    1 => json!({ "receipt": buyer.place.receipt }),
                    _ => json!({ "pass": pass(&self.t, round, &buyer.place.receipt).await }),
                };
                tokio::join!(example.post("/buy", body.clone()), example.post("/buy", body))
            }
        };
        [one, other]
    }
}

async fn a_month_is_bought_at_every_level(engine: Engine) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let site = format!("http://{}", listener.local_addr().unwrap());
    let t = TestApp::start_with(engine, |config| config.public_url = site.clone()).await;
    let app = t.app.clone();
    tokio::spawn(async move { service::serve(&app, listener, std::future::pending()).await });

    let names = ["market", "kiosk", "bank"];
    let (mut rounds, mut sellers) = (Vec::new(), Vec::new());
    for (at, name) in names.into_iter().enumerate() {
        let key = seller(&t, name).await;
        let mut draft = t.draft(30);
        draft.slug = format!("tongyeong-2026-11-{name}");
        let example = Example::start(&site, &draft.slug, name, &key);
        draft.seller = vec![Seller {
            url: (at == 0).then(|| format!("{}/buy", example.url)),
            webhook: (at == 2).then(|| format!("{}/hook", example.url)),
            ..at_level(name, u8::try_from(at + 1).unwrap())
        }];
        rounds.push(t.announced(draft).await);
        sellers.push(example);
    }
    t.jump(rounds[0].opens_at);
    let mut crowd = t.crowd(&rounds[0].slug, 8).await;
    for round in &rounds[1..] {
        t.entered(round, 30).await;
    }
    t.draw(&rounds[0]).await;
    t.jump(rounds[0].results_at);
    for round in &mut rounds {
        *round = t.row(round).await;
    }
    // Everybody in the order of their own seconds, over all sellers.
    let mut buyers = Vec::new();
    for (level, round) in rounds.iter().enumerate() {
        let opened = t.round(round).await;
        for place in places(&t, round).await {
            let own = |r: &Resident| opened.receipt(&format!("email:{}", r.address)).unwrap().to_string();
            let at = crowd.iter().position(|resident| level == 0 && own(resident) == place.receipt);
            let resident = at.map(|at| crowd.swap_remove(at));
            buyers.push(Buyer { level, place, resident });
        }
    }
    assert_eq!(buyers.len(), 68);
    buyers.sort_by_key(|buyer| buyer.place.starts_at);
    let month = Month { t, rounds, sellers };
    let t = &month.t;

    let mut early = 0;
    // By level: payments that failed, double clicks, sellers that stood still.
    let (mut happened, mut nth) = ([[0; 3]; 3], [0; 3]);
    for now_comes in 0..buyers.len() {
        // A second early nobody sells, whatever the seller's own clock says: all whose second is the same try.
        let starts_at = buyers[now_comes].place.starts_at.unwrap();
        t.jump(starts_at - TimeDelta::seconds(30));
        for buyer in buyers.iter_mut().filter(|buyer| buyer.place.starts_at == Some(starts_at)) {
            if let Some(resident) = &mut buyer.resident {
                resident.identify(t, "my").await;
            }
        }
        t.jump(starts_at - TimeDelta::seconds(1));
        for buyer in buyers[now_comes..].iter_mut().filter(|buyer| buyer.place.starts_at == Some(starts_at)) {
            if t.now() < starts_at {
                month.sellers[buyer.level].control(json!({ "skew": 45 })).await;
                let (status, said) = month.buy(buyer).await;
                assert_eq!(status, 409, "level {}: {said}", buyer.level + 1);
                early += 1;
            }
        }
        t.jump(starts_at);
        let buyer = &mut buyers[now_comes];
        let number = nth[buyer.level];
        nth[buyer.level] += 1;
        let example = &month.sellers[buyer.level];
        if number % 4 == 0 {
            example.control(json!({ "payment": "fail" })).await;
            assert_eq!(month.buy(buyer).await.0, 409);
            example.control(json!({ "payment": "ok" })).await;
            happened[buyer.level][0] += 1;
        }
        if number % 5 == 1 {
            let clicks = month.click_twice(buyer).await;
            let sold = clicks.iter().filter(|answer| answer.0 == 200).count();
            assert_eq!(sold, 1, "level {}: {clicks:?}", buyer.level + 1);
            happened[buyer.level][1] += 1;
        } else if number % 9 == 2 {
            // The seller stands still in the middle of a payment; later the same place buys.
            happened[buyer.level][2] += 1;
            example.control(json!({ "payment": "lost" })).await;
            assert_eq!(month.buy(buyer).await.0, 409);
            example.control(json!({ "down": true, "payment": "ok" })).await;
            assert_eq!(month.buy(buyer).await.0, 503);
            t.pass(TimeDelta::minutes(11));
            t.tick().await;
            example.control(json!({ "down": false })).await;
            let (status, said) = month.buy(buyer).await;
            assert_eq!(status, 200, "{said}");
        } else {
            let (status, said) = month.buy(buyer).await;
            assert_eq!(status, 200, "level {}: {said}", buyer.level + 1);
        }
        // Again, and again: bought is bought.
        let (status, _) = month.buy(buyer).await;
        assert_eq!(status, 409);
    }
    assert!(early > 50, "only {early} came early");
    assert!(happened.iter().flatten().all(|count| *count > 0), "not at every level: {happened:?}");

    // Their clocks are wrong by less than that.
    t.pass(TimeDelta::minutes(5));
    // What the sellers say, into the ledger; then both sides agree to the won, and everybody has bought.
    for (level, round) in month.rounds.iter().enumerate() {
        let (_, csv) = month.sellers[level].get("/sales.csv").await;
        if level < 2 {
            let report =
                bought(&t.app, round, csv.as_bytes(), names[level], Some(t.now()), t.now()).await.unwrap();
            assert!(report.refused.is_empty() && report.strange.is_empty(), "{report:?}");
        }
        let opened = t.round(round).await;
        let done = sale::reconcile::reconciled(&t.app, &opened, csv.as_bytes(), None).await.unwrap();
        assert!(done.is_even(), "level {}: {done:?}", level + 1);
        let bought = store::bought::list_all(t.db(), round.id).await.unwrap();
        let drawn = places(t, round).await;
        assert_eq!(bought.len(), drawn.len(), "nobody is lost");
        for place in &drawn {
            let purchase = bought.iter().find(|row| row.receipt == place.receipt).unwrap();
            assert_eq!(purchase.amount, place.amount);
            // The list has whole seconds; nobody is before theirs.
            assert!(purchase.at.timestamp() >= place.starts_at.unwrap().timestamp());
        }
        // Nobody has paid twice.
        assert_eq!(month.sellers[level].get("/paid").await.1, drawn.len().to_string(), "level {}", level + 1);
        let ledger = store::ledger::find(t.db(), round.id, "").await.unwrap().unwrap();
        let sum: i64 = drawn.iter().map(|place| place.amount).sum();
        assert_eq!((ledger.held, ledger.redeemed), (0, sum));
    }

    // Whoever wants to be told is told, after standing still for a while too.
    let teller = Teller::new();
    month.sellers[2].control(json!({ "down": true })).await;
    assert_eq!(teller.tell_due(&t.app).await, 0);
    month.sellers[2].control(json!({ "down": false })).await;
    t.pass(TimeDelta::minutes(2));
    while teller.tell_due(&t.app).await > 0 {}
    let planned = store::webhook::list(t.db(), "bank").await.unwrap();
    let undelivered = planned.iter().filter(|row| row.state != "delivered").count();
    assert_eq!(undelivered, 0, "{:?}", planned.iter().map(|row| &row.said).collect::<Vec<_>>());
    let told: Vec<Value> = serde_json::from_str(&month.sellers[2].get("/told").await.1).unwrap();
    assert_eq!(told.len(), planned.len());
    assert_eq!(told.iter().filter(|message| message["type"] == "reservation.redeemed").count(), 30);
}

async fn a_gate_admits_the_planned_rate_under_a_storm(engine: Engine) {
    let t = TestApp::start(engine).await;
    let other = t.another().await;
    let mut draft = t.draft(200);
    draft.seller = vec![Seller { per_minute: 60, ..at_level("market", 1) }];
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.entered(&round, 200).await;
    t.draw(&round).await;
    t.jump(kst("2026-11-28 18:00"));
    let opened = t.round(&round).await;
    let market = opened.sellers[0].clone();
    let receipts: Vec<String> = places(&t, &round).await.into_iter().map(|place| place.receipt).collect();
    // Everybody is there and reloads four times a second, at two instances; a few dozen at the very same moment.
    let mut through = std::collections::BTreeMap::new();
    let mut by_minute = vec![0_usize; 4];
    let (began, mut times) = (t.now(), Vec::new());
    for step in 0..4 * 60 * 4 {
        let wait: Vec<&String> = receipts.iter().filter(|receipt| !through.contains_key(*receipt)).collect();
        let now = t.now();
        for some in wait.chunks(20) {
            let storm = some.iter().flat_map(|receipt| [&t.app, &other].map(|app| (*receipt, app)));
            let (opened, market) = (&opened, &market);
            let storm = storm.map(|(receipt, app)| async move {
                (receipt, gate::passage(app, opened, market, receipt, now).await.unwrap())
            });
            for (receipt, passed) in futures_util::future::join_all(storm).await {
                if matches!(passed, gate::Passage::Through(_))
                    && through.insert(receipt.clone(), passed).is_none()
                {
                    by_minute[step / 240] += 1;
                    times.push((now - began).num_milliseconds());
                }
            }
        }
        t.pass(TimeDelta::milliseconds(250));
    }
    assert_eq!(by_minute, [60, 60, 60, 20]);
    // And within each minute evenly: no ten seconds have more than their sixth.
    let fullest =
        times.iter().map(|from| times.iter().filter(|at| (*from..from + 10_000).contains(*at)).count());
    assert_eq!(fullest.max(), Some(10));
    assert_eq!(store::handover::count(t.db(), round.id, "market").await.unwrap(), 200, "two clicks are one");
    // What everybody reloads meanwhile is the same for all, and may be kept.
    for path in ["gate/wait/ko", "gate/wait/en", "moment"] {
        let mut one = t.browser();
        let page = one.get(&format!("/rounds/{}/{path}", round.slug)).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.header(axum::http::header::CACHE_CONTROL).starts_with("public, max-age="));
        assert!(page.headers.get(axum::http::header::SET_COOKIE).is_none());
        let again = t.browser().get(&format!("/rounds/{}/{path}", round.slug)).await;
        assert_eq!(page.bytes, again.bytes);
    }
}

async fn no_ten_seconds_at_a_gate_hold_more_than_its_seller_takes_in_ten(engine: Engine) {
    let t = TestApp::start(engine).await;
    let other = t.another().await;
    let mut draft = t.draft(300);
    draft.seller = vec![Seller { per_minute: 600, ..at_level("market", 1) }];
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.entered(&round, 300).await;
    t.draw(&round).await;
    t.jump(kst("2026-11-28 18:00"));
    let opened = t.round(&round).await;
    let market = opened.sellers[0].clone();
    let mut waiting: Vec<String> = places(&t, &round).await.into_iter().map(|place| place.receipt).collect();
    // Everybody is there after an hour in which nobody was: what a pause leaves over may pass at once, once.
    let mut passed = Vec::new();
    for step in 0.. {
        for app in [&t.app, &other] {
            while let Some(receipt) = waiting.pop() {
                match gate::passage(app, &opened, &market, &receipt, t.now()).await.unwrap() {
                    gate::Passage::Through(_) => passed.push(t.now()),
                    _ => {
                        waiting.push(receipt);
                        break;
                    }
                }
            }
        }
        if waiting.is_empty() {
            break;
        }
        assert!(step < 1_000, "{} still wait", waiting.len());
        // Of no rhythm that the rate has.
        t.pass(TimeDelta::milliseconds(37));
    }
    let fullest = |at: &chrono::DateTime<chrono::Utc>| {
        passed
            .iter()
            .filter(|other| (TimeDelta::zero()..TimeDelta::seconds(10)).contains(&(**other - at)))
            .count()
    };
    let most = passed.iter().map(fullest).max().unwrap();
    assert!((90..=100).contains(&most), "{most} within ten seconds, where the seller takes 100");
    let took = *passed.last().unwrap() - passed[0];
    assert!(took < TimeDelta::seconds(34), "nine tenths of the rate are used: {took}");
}
