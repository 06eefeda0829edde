//! For staff and for machines that watch: what was planned, what left, what waits. On a listener of its own, which
//! stays on loopback unless the operator decides otherwise; no personal data.

use std::time::Duration;

use axum::{
    Router,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde::Deserialize;

use super::view::Live;
use crate::{
    app::App,
    clock::Clock,
    notify::{content, queue},
    store,
    words::Lang,
};

/// Tenths of a second that a report waits for its text: one that is slow holds up the others of its handful.
const EARLY: usize = 300;
/// Minutes of the page.
const MINUTES: i64 = 60;

/// `GET /` for people, `GET /metrics` for machines, `GET /queue.json` for both.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/metrics", get(numbers))
        .route("/queue.json", get(json))
        .route("/reports/kannel", get(reported))
        .with_state(app)
}

/// Kannel's word about a text: 1 delivered, 2 failed, 16 refused by the centre; the others are on the way.
#[derive(Deserialize)]
struct Reported {
    reference: String,
    kind: u8,
}

/// `GET /reports/kannel`: Kannel cannot be asked, so it calls. Nobody else knows a reference, which has a keyed digest
/// in it; and whoever did could say of one text whether it arrived, no more.
async fn reported(State(app): State<App>, Query(said): Query<Reported>) -> Response {
    let now = app.clock.now();
    match content::is_reference(&app, &said.reference).await {
        Ok(true) => {}
        Ok(false) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => return away(&error),
    }
    let kept = async {
        // It may call before we have written down that it took the text.
        for _ in 0..EARLY {
            if store::vendor::knows(app.db.read(), "kannel", &said.reference).await? {
                break;
            }
            Clock::pause(Duration::from_millis(100)).await;
        }
        let txn = app.db.begin().await?;
        match said.kind {
            1 => store::vendor::delivered(&txn, "kannel", &said.reference, now).await?,
            2 | 16 => store::vendor::undelivered(&txn, "kannel", &said.reference, now).await?,
            _ => {}
        }
        txn.commit().await
    };
    match kept.await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => away(&error),
    }
}

#[derive(Deserialize)]
struct Asked {
    lang: Option<String>,
}

/// The database did not answer; whoever watches has to know that first.
fn away(error: &sea_orm::DbErr) -> Response {
    tracing::error!(%error, "no numbers for whoever watches");
    (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
}

async fn page(State(app): State<App>, Query(asked): Query<Asked>) -> Response {
    let lang = asked.lang.as_deref().and_then(Lang::from_tag).unwrap_or_default();
    let state = match queue::state(&app).await {
        Ok(state) => state,
        Err(error) => return away(&error),
    };
    let minutes = match queue::minutes(&app, MINUTES).await {
        Ok(minutes) => minutes,
        Err(error) => return away(&error),
    };
    match askama::Template::render(&Live { lang, state, minutes }) {
        Ok(page) => Html(page).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn json(State(app): State<App>) -> Response {
    match queue::state(&app).await.map(|state| serde_json::to_string(&state)) {
        Ok(Ok(text)) => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
        Ok(Err(_)) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Err(error) => away(&error),
    }
}

async fn numbers(State(app): State<App>) -> Response {
    match queue::state(&app).await {
        Ok(state) => {
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], prometheus(&state)).into_response()
        }
        Err(error) => away(&error),
    }
}

/// The state in Prometheus' words. The numbers are the database's, so every instance tells the same and a restart
/// loses none.
fn prometheus(state: &queue::State) -> String {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    metrics::with_local_recorder(&recorder, || {
        describe();
        for one in &state.queues {
            let labels = [("channel", one.channel), ("class", one.class)];
            metrics::gauge!("jebi_notices_planned", &labels).set(one.planned as f64);
            metrics::gauge!("jebi_notices_due", &labels).set(one.due as f64);
            metrics::gauge!("jebi_notices_unknown", &labels).set(one.unknown as f64);
            let waited = one.oldest_due_at.map_or(0, |at| (state.at - at).num_seconds().max(0));
            metrics::gauge!("jebi_oldest_waiting_seconds", &labels).set(waited as f64);
            metrics::gauge!("jebi_rate_per_minute", &labels).set(one.per_minute as f64);
        }
        for one in &state.vendors {
            let labels = [("vendor", one.name)];
            metrics::gauge!("jebi_vendor_share_percent", &labels).set(f64::from(one.share));
            let stopped = one.stopped_until.is_some_and(|until| until > state.at);
            if let Some(balance) = one.balance {
                metrics::gauge!("jebi_vendor_balance", &labels).set(balance);
            }
            metrics::gauge!("jebi_vendor_stopped", &labels).set(f64::from(u8::from(stopped)));
            metrics::gauge!("jebi_vendor_rate_per_minute", &labels).set(one.per_minute as f64);
        }
        for (channel, vendor, outcome, count) in &state.totals {
            let labels =
                [("channel", channel.clone()), ("vendor", vendor.clone()), ("outcome", outcome.clone())];
            metrics::counter!("jebi_notices_total", &labels).absolute(count.unsigned_abs());
        }
        metrics::gauge!("jebi_letters_waiting").set(state.letters as f64);
        metrics::counter!("jebi_notices_risked_total").absolute(state.risks);
        metrics::counter!("jebi_notices_duplicate_total").absolute(state.duplicates.unsigned_abs());
    });
    handle.render()
}

fn describe() {
    metrics::describe_gauge!("jebi_notices_planned", "Notices that have not left, also those for later");
    metrics::describe_gauge!("jebi_notices_due", "Notices that could have left by now");
    metrics::describe_gauge!("jebi_notices_unknown", "Notices whose fate is unknown");
    metrics::describe_gauge!("jebi_oldest_waiting_seconds", "Since when the first of those due waits");
    metrics::describe_gauge!("jebi_rate_per_minute", "What may leave in a minute");
    metrics::describe_gauge!("jebi_vendor_share_percent", "Of a hundred texts, so many go to this vendor");
    metrics::describe_gauge!("jebi_vendor_stopped", "1 while nothing is given to this vendor");
    metrics::describe_gauge!("jebi_vendor_balance", "What is left of the account's money");
    metrics::describe_gauge!("jebi_vendor_rate_per_minute", "What may be given to this vendor in a minute");
    metrics::describe_counter!("jebi_notices_total", "Planned, attempted, and what came of attempts");
    metrics::describe_gauge!("jebi_letters_waiting", "Letters that nobody has printed yet");
    metrics::describe_counter!("jebi_notices_risked_total", "Notices sent once more without knowing");
    metrics::describe_counter!(
        "jebi_notices_duplicate_total",
        "Notices accepted twice: 0, or something is wrong"
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn machines_read_every_number() {
        let total = |outcome: &str, count| ("sms".to_owned(), "solapi".to_owned(), outcome.to_owned(), count);
        let state = queue::State {
            at: DateTime::UNIX_EPOCH,
            queues: Vec::new(),
            vendors: vec![queue::VendorState {
                name: "solapi",
                channel: "sms",
                share: 90,
                stopped_until: None,
                reason: None,
                per_minute: 600,
                balance: Some(12_000.0),
            }],
            paused: Vec::new(),
            totals: vec![total("accepted", 41), total("unknown", 2)],
            letters: 3,
            risks: 1,
            duplicates: 0,
        };
        let text = prometheus(&state);
        for line in [
            "jebi_vendor_share_percent{vendor=\"solapi\"} 90",
            "jebi_notices_total{channel=\"sms\",vendor=\"solapi\",outcome=\"accepted\"} 41",
            "jebi_vendor_balance{vendor=\"solapi\"} 12000",
            "jebi_notices_duplicate_total 0",
            "jebi_notices_risked_total 1",
            "jebi_letters_waiting 3",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}
