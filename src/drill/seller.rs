//! A stand-in for the seller, on a socket in a task of its own: it knows the list of who may buy what from when on,
//! counts who comes in each window and refuses what is beyond its capacity. It is not the pass API.

use std::{
    collections::{BTreeMap, HashMap},
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{Router, extract::State, http::StatusCode, routing::post};
use chrono::{DateTime, Utc};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::trouble::IDENTITY_DOWN;
use crate::{clock::Clock, domain::chance::Chance};

/// What it says, as a status.
pub mod says {
    use axum::http::StatusCode;

    /// Bought.
    pub const BOUGHT: StatusCode = StatusCode::OK;
    /// Bought before: nothing is sold twice.
    pub const ALREADY: StatusCode = StatusCode::CONFLICT;
    /// Not yet one's time.
    pub const NOT_YET: StatusCode = StatusCode::TOO_EARLY;
    /// More come than it takes.
    pub const BUSY: StatusCode = StatusCode::TOO_MANY_REQUESTS;
    /// The bank's limit is reached.
    pub const BANK: StatusCode = StatusCode::PAYMENT_REQUIRED;
    /// The identity check did not answer.
    pub const IDENTITY: StatusCode = StatusCode::BAD_GATEWAY;
    /// Not on the list.
    pub const UNKNOWN: StatusCode = StatusCode::NOT_FOUND;
}

/// What a purchase is.
#[derive(Clone, Copy, Debug)]
pub struct Bought {
    /// When.
    pub at: DateTime<Utc>,
    /// Won, or units.
    pub amount: u64,
}

/// The running stand-in.
pub struct Seller {
    shared: Arc<Shared>,
    /// Where it listens.
    pub address: SocketAddr,
    stop: CancellationToken,
    server: JoinHandle<()>,
}

struct Shared {
    clock: Clock,
    /// Seconds of a window, and people it takes in one.
    window: f64,
    room: f64,
    book: Mutex<Book>,
}

struct Book {
    chance: Chance,
    list: HashMap<String, (DateTime<Utc>, u64)>,
    bought: BTreeMap<String, Bought>,
    windows: HashMap<i64, f64>,
    bank: Option<(DateTime<Utc>, DateTime<Utc>)>,
    said: BTreeMap<u16, u64>,
    came: Vec<i64>,
}

impl Seller {
    /// Starts it: in a window of so many seconds it takes so many people.
    ///
    /// # Errors
    /// What the system said about the port.
    pub async fn start(clock: Clock, window: f64, room: f64, chance: Chance) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let book = Book {
            chance,
            list: HashMap::new(),
            bought: BTreeMap::new(),
            windows: HashMap::new(),
            bank: None,
            said: BTreeMap::new(),
            came: Vec::new(),
        };
        let shared = Arc::new(Shared { clock, window, room, book: Mutex::new(book) });
        let site = Router::new().route("/buy", post(buy)).with_state(shared.clone());
        let stop = CancellationToken::new();
        let until = stop.clone().cancelled_owned();
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, site).with_graceful_shutdown(until).await {
                tracing::error!(%error, "the stand-in of the seller ended");
            }
        });
        Ok(Self { shared, address, stop, server })
    }

    /// Puts a place on its list, or another time for it.
    pub fn list(&self, receipt: &str, starts_at: DateTime<Utc>, amount: u64) {
        self.shared.book().list.insert(receipt.to_owned(), (starts_at, amount));
    }

    /// Between these instants the bank's limit is reached.
    pub fn set_bank(&self, from: DateTime<Utc>, to: DateTime<Utc>) {
        self.shared.book().bank = Some((from, to));
    }

    /// What was bought, by receipt.
    pub fn bought(&self) -> BTreeMap<String, Bought> {
        self.shared.book().bought.clone()
    }

    /// When people came, Unix seconds, those it refused too.
    pub fn came(&self) -> Vec<i64> {
        self.shared.book().came.clone()
    }

    /// How often it said something.
    pub fn said(&self, status: StatusCode) -> u64 {
        self.shared.book().said.get(&status.as_u16()).copied().unwrap_or(0)
    }

    /// Its list of purchases, as sellers send it.
    pub fn csv(&self) -> String {
        let lines = self.bought();
        let lines = lines
            .iter()
            .map(|(receipt, bought)| format!("{receipt},{},{}\n", bought.at.to_rfc3339(), bought.amount));
        std::iter::once("receipt,time,amount\n".to_owned()).chain(lines).collect()
    }

    /// Ends it.
    pub async fn stop(self) {
        self.stop.cancel();
        if let Err(error) = self.server.await {
            tracing::warn!(%error, "the stand-in of the seller did not end in order");
        }
    }
}

impl Shared {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn buy(State(shared): State<Arc<Shared>>, receipt: String) -> StatusCode {
    let now = shared.clock.now();
    let mut book = shared.book();
    let says = book.answer(&shared, receipt.trim(), now);
    *book.said.entry(says.as_u16()).or_default() += 1;
    says
}

impl Book {
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "seconds")]
    fn answer(&mut self, shared: &Shared, receipt: &str, now: DateTime<Utc>) -> StatusCode {
        let Some((starts_at, amount)) = self.list.get(receipt).copied() else { return says::UNKNOWN };
        if self.bought.contains_key(receipt) {
            return says::ALREADY;
        }
        if now < starts_at {
            return says::NOT_YET;
        }
        // Whoever may buy now is load, whatever comes of it.
        self.came.push(now.timestamp());
        let number = ((now.timestamp() + 9 * 3_600) as f64 / shared.window).floor() as i64;
        let here = self.windows.entry(number).or_default();
        *here += 1.0;
        if *here > shared.room {
            return says::BUSY;
        }
        if self.bank.is_some_and(|(from, to)| (from..to).contains(&now)) {
            return says::BANK;
        }
        if self.chance.happens(IDENTITY_DOWN) {
            return says::IDENTITY;
        }
        self.bought.insert(receipt.to_owned(), Bought { at: now, amount });
        says::BOUGHT
    }
}
