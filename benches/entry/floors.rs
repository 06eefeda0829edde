//! What jebi is measured against: the same form with less behind it.

use std::{
    fs::File,
    io::Write,
    net::SocketAddr,
    path::Path,
    sync::{Arc, mpsc as thread_channel},
};

use axum::{
    Form, Router,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::post,
    serve::ListenerExt,
};
use entities::entry;
use jebi::{secret::salt, store::Db};
use public_audit::Receipt;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde::Deserialize;
use tokio::{net::TcpListener, sync::oneshot};

/// Where every floor takes its form, and where it sends people then.
pub const PATH: &str = "/entry";
pub const ANSWER: &str = "location: /my";

#[derive(Deserialize)]
pub struct Entry {
    person: String,
    want: i64,
    wish: String,
}

/// The round all floors take entries for.
#[derive(Clone)]
struct Round {
    slug: Arc<str>,
    key: [u8; 32],
}

impl Round {
    fn new() -> Self {
        Self { slug: "tongyeong-2026-12".into(), key: [7; 32] }
    }

    fn receipt(&self, entry: &Entry) -> String {
        let salt = salt(&self.key, &entry.person);
        Receipt::derive(&self.slug, &salt, &entry.person).expect("a good person key").to_string()
    }
}

/// Sends people on, with their receipt so that nobody can optimise it away.
fn go(receipt: &str) -> impl IntoResponse + use<> {
    (StatusCode::SEE_OTHER, [(header::LOCATION, format!("/my?{receipt}"))])
}

/// With axum's own accept loop.
pub async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let addr = listener.local_addr().expect("an address");
    // As jebi's own: else a small answer may wait for the one before it to be acknowledged.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    tokio::spawn(async move { axum::serve(listener, router).await });
    addr
}

/// a. Parse, derive, answer. Keeps nothing.
pub async fn bare() -> SocketAddr {
    async fn enter(State(round): State<Round>, Form(entry): Form<Entry>) -> impl IntoResponse {
        go(&round.receipt(&entry))
    }
    serve(Router::new().route(PATH, post(enter)).with_state(Round::new())).await
}

/// b. The same, and a line in a file, synced before the answer together with all that wait.
pub async fn appending(folder: &Path) -> SocketAddr {
    type Line = (String, oneshot::Sender<()>);
    type Queue = thread_channel::Sender<Line>;
    async fn enter(
        State((round, queue)): State<(Round, Queue)>,
        Form(entry): Form<Entry>,
    ) -> impl IntoResponse {
        let receipt = round.receipt(&entry);
        let (answer, synced) = oneshot::channel();
        let line = format!("{receipt} {} {} {}\n", entry.person, entry.want, entry.wish);
        queue.send((line, answer)).expect("the appender runs");
        synced.await.expect("the appender answers");
        go(&receipt)
    }
    let mut file = File::create(folder.join("lines")).expect("a file");
    let (queue, waiting) = thread_channel::channel::<Line>();
    std::thread::spawn(move || {
        while let Ok(first) = waiting.recv() {
            let batch: Vec<Line> = std::iter::once(first).chain(waiting.try_iter()).collect();
            let lines: String = batch.iter().map(|(line, _)| line.as_str()).collect();
            file.write_all(lines.as_bytes()).expect("written");
            file.sync_data().expect("synced");
            for (_, answer) in batch {
                let _ = answer.send(());
            }
        }
    });
    serve(Router::new().route(PATH, post(enter)).with_state((Round::new(), queue))).await
}

/// e. The same, and one transaction for each request into the table of entries: what one would
/// write without thinking about the deadline's crowd.
pub async fn transacting(folder: &Path) -> SocketAddr {
    async fn enter(State((round, db)): State<(Round, Db)>, Form(entry): Form<Entry>) -> impl IntoResponse {
        let receipt = round.receipt(&entry);
        let now = chrono::Utc::now();
        let row = entry::Model {
            round_id: 1,
            receipt: receipt.clone(),
            seats: 1,
            want: entry.want,
            weight: 1,
            wish: entry.wish,
            fields: String::new(),
            person_sealed: entry.person,
            channel: "email".to_owned(),
            lang: "ko".to_owned(),
            entered_at: now,
            changed_at: now,
            withdrawn_at: None,
            version: 1,
            inbox_id: 1,
            lead: None,
            miss_key: String::new(),
            consent_digest: String::new(),
            attended: false,
        };
        let txn = db.begin().await.expect("a transaction");
        let row = row.into_active_model().reset_all();
        entry::Entity::insert(row).exec_without_returning(&txn).await.expect("inserted");
        txn.commit().await.expect("committed");
        go(&receipt)
    }
    let url = format!("sqlite://{}?mode=rwc", folder.join("transactions.sqlite").display());
    let db = Db::connect(&url, 1, std::time::Duration::from_secs(60)).await.expect("a database");
    jebi::store::migrate(&db).await.expect("migrated");
    serve(Router::new().route(PATH, post(enter)).with_state((Round::new(), db))).await
}
