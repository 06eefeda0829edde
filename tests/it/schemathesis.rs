//! schemathesis, which we did not write, reads the description and asks whatever it can think of, good and bad. Nothing
//! fails on our side, and nothing is answered that is not described.
//!
//! `JEBI_TEST_FULL=1 tests/run one schemathesis` asks at least 20,000 times.

use std::{
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{extract::Request, http::StatusCode, middleware};
use chrono::TimeDelta;
use jebi::{domain::draft::Seller, web};
use serde_json::{Value, json};

use crate::{
    sale::{Desk, at_level, drawn, pass, places, seller},
    support::{Engine, TestApp, both, kst},
};

both!(schemathesis_finds_nothing);

async fn schemathesis_finds_nothing(engine: Engine) {
    let full = std::env::var_os("JEBI_TEST_FULL").is_some();
    // The thousands are asked of one database; the other answers the same.
    let (examples, least) = if full && engine == Engine::Postgres { (1_000, 20_000) } else { (20, 300) };
    let t = TestApp::start(engine).await;
    let key = seller(&t, "bank").await;
    let bank = Seller { per_minute: 1_000_000, stock: Some(1_000_000), ..at_level("bank", 3) };
    let round = drawn(&t, 60, vec![bank]).await;
    t.jump(kst("2026-11-28 20:00"));
    let mut desk = Desk::new(&t, &key, &round);
    let (mut passes, mut ids) = (Vec::new(), Vec::new());
    for (at, place) in places(&t, &round).await.iter().enumerate() {
        let pass = pass(&t, &round, &place.receipt).await;
        if at % 3 == 0 {
            let (_, held) = desk.reserve(&pass).await;
            ids.push(held["id"].as_str().unwrap().to_owned());
        }
        passes.push(pass);
    }
    // Some that are no passes, and nobody's reservation.
    passes.extend(["eyJhbGciOiJub25lIn0.e30.AAAA".to_owned(), passes[0].replace('A', "B")]);
    ids.push("rsv_00000000000000000000000000000000".to_owned());

    // The description as served, and which values there are behind it in this test.
    let mut document: Value = serde_json::from_str(&jebi::web::api::openapi::DOCUMENT).unwrap();
    for operation in document["paths"]
        .as_object_mut()
        .unwrap()
        .values_mut()
        .flat_map(|path| path.as_object_mut().unwrap().values_mut())
    {
        for parameter in operation["parameters"].as_array_mut().unwrap() {
            let values = match parameter["name"].as_str().unwrap() {
                "slug" => json!([round.slug]),
                "id" => json!(ids),
                _ => continue,
            };
            parameter["schema"] = json!({ "type": "string", "enum": values });
        }
    }
    for name in ["CheckRequest", "ReserveRequest"] {
        document["components"]["schemas"][name]["properties"]["pass"] =
            json!({ "type": "string", "enum": passes });
    }
    let schema = t.folder().join("openapi.json");
    std::fs::write(&schema, document.to_string()).unwrap();

    let (asked, failed) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counted, faults) = (asked.clone(), failed.clone());
    let site = web::router(t.app.clone()).layer(middleware::from_fn(
        move |request: Request, next: middleware::Next| {
            let (counted, faults) = (counted.clone(), faults.clone());
            async move {
                counted.fetch_add(1, Ordering::Relaxed);
                let answer = next.run(request).await;
                if answer.status() >= StatusCode::INTERNAL_SERVER_ERROR {
                    faults.fetch_add(1, Ordering::Relaxed);
                }
                answer
            }
        },
    ));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, site).await });

    let python = std::env::var("JEBI_TEST_PYTHON")
        .expect("JEBI_TEST_PYTHON is not set: run `tests/run`, which installs schemathesis");
    let program = std::path::Path::new(&python).with_file_name("schemathesis");
    // The same question is not asked twice in one run: the thousands need several, each with other thoughts.
    let mut seed = 20_261_128;
    while asked.load(Ordering::Relaxed) < least {
        let mut command = Command::new(&program);
        command.current_dir(t.folder()).arg("run").arg(&schema);
        command.args(["--url", &url, "--header", &format!("Authorization: Bearer {key}")]);
        // The first covers what is to be covered; it would be the same each time.
        let phases = if asked.load(Ordering::Relaxed) == 0 { "examples,coverage,fuzzing" } else { "fuzzing" };
        command.args(["--checks", "all", "--phases", phases, "--no-color"]);
        command.args(["--max-examples", &examples.to_string(), "--continue-on-failure", "--warnings", "off"]);
        command.args(["--seed", &seed.to_string(), "--workers", "2", "--request-timeout", "30"]);
        let done = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
        let done = done.expect("schemathesis does not start: run `tests/run`, which installs it");
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success(), "{said}\n{}", String::from_utf8_lossy(&done.stderr));
        let asked = asked.load(Ordering::Relaxed);
        println!("{asked} requests on {engine:?}");
        assert_eq!(failed.load(Ordering::Relaxed), 0, "{said}");
        assert!(asked >= 300, "only {asked} requests: {said}");
        seed += 1;
    }
    // It was no empty exercise: something was bought, and the ledger is in order.
    let ledger = jebi::store::ledger::find(t.db(), round.id, "").await.unwrap().unwrap();
    assert!(ledger.redeemed > 0 || !full, "{ledger:?}");
    assert!(ledger.held + ledger.redeemed <= ledger.most);
    t.pass(TimeDelta::hours(1));
}
