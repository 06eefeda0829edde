//! One's own second: what the page shows before it, and from it on.

use axum::{http::header, response::IntoResponse};
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{gate::kept, mine::MyEntry, place::Holds};
use crate::{
    app::Round,
    domain::pass::{Said, Verdict, Window},
    lifecycle::sale::{Right, pass::shown},
    web::{
        answer::Answer,
        path::Path,
        view::{Moment, ShownPass},
        visit::Visit,
    },
};

/// What a waiting page compares: whether times were moved or offered since, or the sale goes on or stands still.
pub fn version(round: &Round, now: DateTime<Utc>) -> String {
    let still = if round.paused_until(now).is_some() { ".0" } else { "" };
    format!("{}.{}{still}", round.shifts.len(), round.offers.len())
}

/// The pass of an entry, from its own second on and as long as it buys; nothing if the round has no seller for it. Shifts are
/// asked of the database: what was seen of the round may be a second old, and here a second decides.
///
/// # Errors
/// The answer to give instead.
pub async fn pass_of(
    visit: &Visit,
    round: &Round,
    mine: &MyEntry,
    holds: &Holds,
) -> Result<Option<ShownPass>, Answer> {
    // Whose sellers know nothing of passes is told the time, and that is all there is to show.
    if round.sellers.iter().all(|terms| terms.level == 0) || !round.is_buyable(visit.now) {
        return Ok(None);
    }
    let shifts = visit.app.gathered.shifts(round.row.id).await.map_err(|error| visit.failed(error))?;
    let said = Said { extended_until: holds.extended_until, ..Said::default() };
    let right = Right::of(round, &holds.steps, said, mine.seats, &shifts);
    let Verdict::Valid(window) = right.verdict(visit.now) else { return Ok(None) };
    Ok(Some(with_gates(visit, round, &mine.receipt, right.people, window)))
}

fn with_gates(visit: &Visit, round: &Round, receipt: &str, people: u32, window: Window) -> ShownPass {
    let gates = round.sellers.iter().filter(|terms| terms.level == 1);
    let gates = gates.map(|terms| {
        let address = format!("/rounds/{}/gate/{}", round.row.slug, segment(&terms.name));
        (terms.name.clone(), address)
    });
    // Behind a gate nobody looks at a pass.
    let looks = round.sellers.iter().any(|terms| terms.level >= 2);
    let token = looks.then(|| shown(&visit.app, round, receipt, people, window, visit.now));
    ShownPass { token, gates: gates.collect() }
}

/// A name as a part of an address.
fn segment(name: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    name.bytes().map(byte).collect()
}

/// What the waiting page tells its script.
pub fn waiting(visit: &Visit, round: &Round, starts_at: DateTime<Utc>) -> Moment {
    Moment {
        starts_at: starts_at.timestamp_millis(),
        now: visit.now.timestamp_millis(),
        version: version(round, visit.now),
    }
}

/// `GET /rounds/{slug}/moment`: what time it is, and whether anything has been moved. The same for everybody.
pub async fn show(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = visit.round(&slug).await?;
    let moment = json!({ "now": visit.now.timestamp_millis(), "version": version(&round, visit.now) });
    let answer = ([(header::CONTENT_TYPE, "application/json")], moment.to_string()).into_response();
    Ok(kept(answer, "public, max-age=1"))
}
