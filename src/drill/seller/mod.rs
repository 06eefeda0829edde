//! A stand-in for the seller, on a socket in a task of its own. It takes passes as docs/sellers.md says for level 3: it
//! asks our pass API over HTTP, with a key, to reserve, and says whether it was paid. It counts who comes in each window
//! and refuses what is beyond its capacity.

mod asking;
mod buying;
mod counts;
mod enlisting;
pub mod says;

use std::{
    collections::{BTreeMap, HashMap},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{Router, routing::post};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Client;

use super::stand_in::StandIn;
use crate::{clock::Clock, domain::chance::Chance};

use buying::buy;

pub use enlisting::{enlist, terms};

/// The running stand-in.
pub struct Seller {
    shared: Arc<Shared>,
    stand_in: StandIn,
}

struct Shared {
    clock: Clock,
    /// Seconds of a window, and people it takes in one.
    window: f64,
    room: f64,
    client: Client,
    site: Arc<str>,
    book: Mutex<Book>,
}

struct Book {
    chance: Chance,
    /// Of the round, and how we ask.
    slug: String,
    key: String,
    /// Won, by receipt.
    bought: BTreeMap<String, u64>,
    windows: HashMap<i64, f64>,
    /// Whose identity was asked for when, by their pass, and whether the check answered.
    checked: HashMap<String, (DateTime<Utc>, bool)>,
    bank: Option<(DateTime<Utc>, DateTime<Utc>)>,
    said: BTreeMap<u16, u64>,
    came: Vec<i64>,
    refused: Vec<String>,
}

impl Seller {
    /// People who come within so long act at the same moment: a tenth of a window, or one window would see those of
    /// several.
    #[allow(clippy::cast_possible_truncation, reason = "milliseconds")]
    pub fn together(&self) -> TimeDelta {
        TimeDelta::milliseconds(((self.shared.window * 100.0) as i64).clamp(1_000, 30_000))
    }

    /// Starts it: in a window of so many seconds it takes so many people. It asks `site`.
    ///
    /// # Errors
    /// What the system said about the port.
    pub async fn start(
        clock: Clock,
        (window, room): (f64, f64),
        client: Client,
        site: Arc<str>,
        chance: Chance,
    ) -> anyhow::Result<Self> {
        let book = Book {
            chance,
            slug: String::new(),
            key: String::new(),
            bought: BTreeMap::new(),
            windows: HashMap::new(),
            checked: HashMap::new(),
            bank: None,
            said: BTreeMap::new(),
            came: Vec::new(),
            refused: Vec::new(),
        };
        let shared = Arc::new(Shared { clock, window, room, client, site, book: Mutex::new(book) });
        let page = Router::new().route("/buy", post(buy)).with_state(shared.clone());
        Ok(Self { shared, stand_in: StandIn::start("the seller", page).await? })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.stand_in.address
    }

    /// From now on it sells for this round, with this key.
    pub fn sell_for(&self, slug: &str, key: String) {
        let mut book = self.shared.book();
        (book.slug, book.key) = (slug.to_owned(), key);
    }

    /// Between these instants the bank's limit is reached.
    pub fn set_bank(&self, from: DateTime<Utc>, to: DateTime<Utc>) {
        self.shared.book().bank = Some((from, to));
    }

    /// Ends it.
    pub async fn stop(self) {
        self.stand_in.stop().await;
    }
}

impl Shared {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
