//! A stand-in for the seller, on a socket in a task of its own. It takes passes as docs/sellers.md says for level 3: it
//! asks our pass API over HTTP, with a key, to reserve, and says whether it was paid. It counts who comes in each window
//! and refuses what is beyond its capacity.

use std::{
    collections::{BTreeMap, HashMap},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{Router, extract::State, http::StatusCode, routing::post};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Client, Method, header::CONTENT_TYPE};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{running::AGAIN, stand_in::StandIn, trouble::IDENTITY_DOWN};
use crate::{
    app::App,
    clock::Clock,
    domain::{chance::Chance, draft},
    lifecycle::sale::{SELLER_KEY, WEBHOOK_SECRET},
    secret::random_id,
    store,
};

/// Within so long the same pass is shown by the same tap of a finger; whoever is refused comes again later than that.
const ONCE: TimeDelta = TimeDelta::minutes(1);

/// Its name in the draft: whom passes are for.
pub const NAME: &str = "stand-in";

/// What it says, as a status.
pub mod says {
    use axum::http::StatusCode;

    /// Bought.
    pub const BOUGHT: StatusCode = StatusCode::OK;
    /// Bought before, or being paid at this moment: nothing is sold twice.
    pub const ALREADY: StatusCode = StatusCode::CONFLICT;
    /// Not yet one's time: the page shows no pass.
    pub const NOT_YET: StatusCode = StatusCode::TOO_EARLY;
    /// More come than it takes.
    pub const BUSY: StatusCode = StatusCode::TOO_MANY_REQUESTS;
    /// The bank's limit is reached.
    pub const BANK: StatusCode = StatusCode::PAYMENT_REQUIRED;
    /// The identity check did not answer.
    pub const IDENTITY: StatusCode = StatusCode::BAD_GATEWAY;
    /// The pass API does not take the pass.
    pub const REFUSED: StatusCode = StatusCode::FORBIDDEN;
}

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

/// As the round's draft names it.
pub fn terms(per_second: f64) -> draft::Seller {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "people")]
    let per_minute = (per_second * 60.0).ceil().clamp(1.0, f64::from(u32::MAX)) as u32;
    draft::Seller { name: NAME.to_owned(), per_minute, level: 3, ..draft::Seller::default() }
}

/// Gives it a key, as `jebi seller add` does.
///
/// # Errors
/// What the database said.
pub async fn enlist(app: &App) -> anyhow::Result<String> {
    let txn = app.db.begin().await?;
    let secret = app.keys.people().seal(WEBHOOK_SECRET, &format!("whsec_{}", random_id()));
    store::seller::insert(&txn, NAME, secret, app.clock.now()).await?;
    let key = format!("jebi_{}{}", random_id(), random_id());
    store::seller::insert_key(&txn, NAME, app.keys.digest(SELLER_KEY, &key), app.clock.now()).await?;
    txn.commit().await?;
    Ok(key)
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

    /// What was sold, by receipt, in won.
    pub fn bought(&self) -> BTreeMap<String, u64> {
        self.shared.book().bought.clone()
    }

    /// When somebody came with a pass, Unix seconds, refused ones too.
    pub fn came(&self) -> Vec<i64> {
        self.shared.book().came.clone()
    }

    /// How often it said so.
    pub fn said(&self, status: StatusCode) -> u64 {
        self.shared.book().said.get(&status.as_u16()).copied().unwrap_or(0)
    }

    /// What the pass API refused that it should have taken, in its words.
    pub fn refused(&self) -> Vec<String> {
        self.shared.book().refused.clone()
    }

    /// What the ledger says is bought, and held, in won.
    ///
    /// # Errors
    /// What the pass API said.
    pub async fn ledger(&self) -> anyhow::Result<(u64, u64)> {
        let (status, answer) = self.shared.ask(Method::GET, "ledger", None).await?;
        anyhow::ensure!(status == StatusCode::OK, "the ledger says {status}: {answer}");
        let of = |what: &str| answer["round"][what].as_u64().unwrap_or_default();
        Ok((of("redeemed"), of("held")))
    }

    /// Ends it.
    pub async fn stop(self) {
        self.stand_in.stop().await;
    }
}

#[derive(Deserialize)]
struct Held {
    id: String,
    receipt: String,
    amount: u64,
}

async fn buy(State(shared): State<Arc<Shared>>, pass: String) -> StatusCode {
    let says = match shared.sell(&pass).await {
        Ok(says) => says,
        Err(error) => {
            shared.book().refused.push(format!("{error:#}"));
            says::REFUSED
        }
    };
    *shared.book().said.entry(says.as_u16()).or_default() += 1;
    says
}

impl Book {
    /// Whether the identity check answers. Whoever taps twice at once is asked about once.
    fn knows(&mut self, pass: &str, now: DateTime<Utc>) -> bool {
        if let Some((at, answered)) = self.checked.get(pass)
            && now - *at < ONCE
        {
            return *answered;
        }
        let answered = !self.chance.happens(IDENTITY_DOWN);
        self.checked.insert(pass.to_owned(), (now, answered));
        answered
    }
}

impl Shared {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes somebody who comes with a pass, or says why not.
    async fn sell(&self, pass: &str) -> anyhow::Result<StatusCode> {
        let now = self.clock.now();
        let bank_is_full = match self.let_in(pass, now) {
            Ok(bank_is_full) => bank_is_full,
            Err(says) => return Ok(says),
        };
        let (status, held) = self.ask(Method::POST, "reservations", Some(json!({ "pass": pass }))).await?;
        if status != StatusCode::CREATED {
            return match held["type"].as_str().unwrap_or_default().trim_start_matches("urn:jebi:problem:") {
                "redeemed" | "held" => Ok(says::ALREADY),
                "not_yet" => Ok(says::NOT_YET),
                "busy" | "too_often" => Ok(says::BUSY),
                _ => anyhow::bail!("{status}: {held}"),
            };
        }
        let held: Held = serde_json::from_value(held)?;
        let what = if bank_is_full { "fail" } else { "redeem" };
        let (status, done) =
            self.ask(Method::POST, &format!("reservations/{}/{what}", held.id), None).await?;
        anyhow::ensure!(status == StatusCode::OK, "{what}: {status}: {done}");
        if bank_is_full {
            return Ok(says::BANK);
        }
        self.book().bought.insert(held.receipt, held.amount);
        Ok(says::BOUGHT)
    }

    /// Whether there is room for one more, and their identity is known; then whether the bank takes nothing now.
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "seconds")]
    fn let_in(&self, pass: &str, now: DateTime<Utc>) -> Result<bool, StatusCode> {
        let mut book = self.book();
        // Whoever comes is load, whatever comes of it.
        book.came.push(now.timestamp());
        let number = ((now.timestamp() + 9 * 3_600) as f64 / self.window).floor() as i64;
        let here = book.windows.entry(number).or_default();
        *here += 1.0;
        if *here > self.room {
            return Err(says::BUSY);
        }
        // Who comes while the bank takes nothing meets that for certain.
        let bank_is_full = book.bank.is_some_and(|(from, to)| (from..to).contains(&now));
        if !bank_is_full && !book.knows(pass, now) {
            return Err(says::IDENTITY);
        }
        Ok(bank_is_full)
    }

    /// Asks until somebody answers and has time for it, each time with the same key, as docs/sellers.md says: what was done
    /// is not done twice.
    async fn ask(
        &self,
        method: Method,
        what: &str,
        body: Option<Value>,
    ) -> anyhow::Result<(StatusCode, Value)> {
        let once = random_id();
        for _ in 0..AGAIN.0 {
            match self.ask_once(method.clone(), what, body.as_ref(), &once).await {
                Ok((status, answer)) if status != StatusCode::SERVICE_UNAVAILABLE => {
                    return Ok((status, serde_json::from_slice(&answer)?));
                }
                _ => Clock::pause(AGAIN.1).await,
            }
        }
        anyhow::bail!("{what}: the service did not come back")
    }

    async fn ask_once(
        &self,
        method: Method,
        what: &str,
        body: Option<&Value>,
        once: &str,
    ) -> reqwest::Result<(StatusCode, Vec<u8>)> {
        let (slug, key) = {
            let book = self.book();
            (book.slug.clone(), book.key.clone())
        };
        let url = format!("{}/api/v1/rounds/{slug}/{what}", self.site);
        let mut request = self.client.request(method, url).bearer_auth(key);
        request = request.header("Idempotency-Key", once);
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let response = request.send().await?;
        Ok((response.status(), response.bytes().await?.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;

    #[tokio::test]
    async fn who_is_told_to_come_back_asks_again_with_the_same_key() {
        let keys = Arc::new(Mutex::new(Vec::new()));
        let busy_once = {
            let keys = keys.clone();
            move |headers: HeaderMap| async move {
                let mut keys = keys.lock().unwrap();
                keys.push(headers["idempotency-key"].to_str().unwrap().to_owned());
                match keys.len() {
                    1 => (StatusCode::SERVICE_UNAVAILABLE, "no document"),
                    _ => (StatusCode::OK, "{}"),
                }
            }
        };
        let service = StandIn::start("the service", Router::new().fallback(busy_once)).await.unwrap();
        let site: Arc<str> = format!("http://{}", service.address).into();
        let client = crate::stage::Resident::client().unwrap();
        let clock = Clock::set(DateTime::UNIX_EPOCH, 0);
        let seller = Seller::start(clock, (10.0, 1.0), client, site, Chance(1)).await.unwrap();
        let answered = seller.shared.ask(Method::POST, "reservations", None).await.unwrap();
        assert_eq!(answered, (StatusCode::OK, json!({})));
        let keys = keys.lock().unwrap();
        assert!(keys.len() == 2 && keys[0] == keys[1], "{keys:?}");
    }
}
