//! Asking a witness to cosign the journal (C2SP tlog-witness). It may be slow, wrong, hostile or away:
//! nothing waits for it, and nothing is kept of what it says but a cosignature by its own key.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entities::checkpoint::Model;
use public_audit::journal::cosignature::Witness;
use reqwest::{Client, StatusCode, header::CONTENT_TYPE, redirect::Policy};

use crate::{app::App, config, lifecycle::checkpoint, store};

/// Patience with one request.
const PATIENCE: Duration = Duration::from_secs(5);
/// After a failure it is left alone for so long.
const REST: TimeDelta = TimeDelta::seconds(10);
/// A cosignature is some 200 bytes; nobody needs to send us more than this.
const MOST: usize = 16 * 1024;
/// A first guess at what it cosigned last, what it says instead, and once more if that moved meanwhile.
const TRIES: usize = 3;

/// A witness, and what this instance knows of it.
pub struct Asked {
    key: Witness,
    url: String,
    client: Client,
    /// The size that it cosigned last, as far as is known here. It tells if it was another.
    known: u64,
    rests_until: Option<DateTime<Utc>>,
}

async fn latest(app: &App) -> Result<Option<Model>, String> {
    store::checkpoint::find_latest(app.db.read()).await.map_err(|error| error.to_string())
}

enum Answer {
    Cosignatures(String),
    /// It cosigned this size last.
    Last(u64),
}

impl Asked {
    /// All that are configured.
    pub fn all(journal: &config::Journal) -> Vec<Self> {
        // `check-config` has refused what does not parse here.
        journal.witnesses.iter().filter_map(Self::of).collect()
    }

    fn of(witness: &config::Witness) -> Option<Self> {
        let client = Client::builder().timeout(PATIENCE).redirect(Policy::none()).build().ok()?;
        let key = Witness::parse(&witness.key).ok()?;
        let url = format!("{}/add-checkpoint", witness.url.trim_end_matches('/'));
        Some(Self { key, url, client, known: 0, rests_until: None })
    }

    /// Asks for its cosignature of the latest checkpoint, unless that is there. Returns whether it is
    /// there now; what is missing is asked for again, and said once a minute.
    pub async fn ask(&mut self, app: &App) -> bool {
        let now = app.clock.now();
        if self.rests_until.is_some_and(|until| now < until) {
            return false;
        }
        match self.settle(app).await {
            Ok(there) => there,
            Err(error) => {
                self.rests_until = Some(app.clock.now() + REST);
                let witness = self.key.name();
                if app.complaints.may(&format!("witness {witness}"), now) {
                    tracing::warn!(witness, error, "the journal is not cosigned, will be asked again");
                }
                false
            }
        }
    }

    async fn settle(&mut self, app: &App) -> Result<bool, String> {
        let Some(latest) = latest(app).await? else { return Ok(false) };
        if self.key.open(&latest.note).is_ok() {
            self.known = latest.size.unsigned_abs();
            return Ok(true);
        }
        for _ in 0..TRIES {
            let old = self.known;
            match self.request(app, &latest, old).await? {
                Some(Answer::Cosignatures(lines)) => {
                    let line = self.key.pick(&latest.note, &lines).map_err(|error| error.to_string())?;
                    let kept = checkpoint::cosign(app, latest.size, &self.key, line).await;
                    kept.map_err(|error| error.to_string())?;
                    self.known = latest.size.unsigned_abs();
                    return Ok(true);
                }
                // The same size, and it is refused: it was another tree.
                Some(Answer::Last(size)) if size == old => break,
                Some(Answer::Last(size)) => self.known = size,
                None => {
                    self.known = 0;
                    // By another instance, since we looked?
                    if self::latest(app).await?.is_some_and(|now| now.size != latest.size) {
                        return Ok(false);
                    }
                    return Err(format!(
                        "it has cosigned {old} events of this journal, and there are {} here",
                        latest.size
                    ));
                }
            }
        }
        Err(format!("it says that {} events which it cosigned are not these", self.known))
    }

    /// `None` if there is nothing to ask: `old` is more than we have.
    async fn request(&self, app: &App, latest: &Model, old: u64) -> Result<Option<Answer>, String> {
        let body = checkpoint::request(app, latest, old).await.map_err(|error| error.to_string())?;
        let Some(body) = body else { return Ok(None) };
        let sent = self.client.post(&self.url).header(CONTENT_TYPE, "text/plain; charset=utf-8").body(body);
        let mut response = sent.send().await.map_err(|error| error.without_url().to_string())?;
        let mut body = Vec::new();
        while let Some(some) = response.chunk().await.map_err(|error| error.without_url().to_string())? {
            body.extend_from_slice(&some);
            if body.len() > MOST {
                return Err("an answer far too long for a cosignature".to_owned());
            }
        }
        let text = String::from_utf8(body).map_err(|_| "not a cosignature".to_owned())?;
        match response.status() {
            StatusCode::OK => Ok(Some(Answer::Cosignatures(text))),
            StatusCode::CONFLICT => match text.trim_end().parse() {
                Ok(size) => Ok(Some(Answer::Last(size))),
                Err(_) => Err("a conflict that names no size".to_owned()),
            },
            other => Err(other.to_string()),
        }
    }
}
