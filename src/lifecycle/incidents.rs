//! A breach is said in public within five minutes, and nobody decides whether: pages that fail, notices that leave
//! late, a step of a round that is late, more purchases than the plan's limits.
//!
//! Every instance looks, and notes what it sees. What nobody has seen for a while is over.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::DbErr;

use super::{LifecycleError, after::offer};
use crate::{
    app::App,
    domain::{
        draft::Step as Used,
        incident::{Kind, Tried},
        plan::Inputs,
        spread,
    },
    store::{
        self, incident, lease,
        round::{self, Step},
    },
};

/// A step that is as late is late; most take a second.
const LATE: TimeDelta = TimeDelta::minutes(3);
/// A notice that could have left for as long is late.
const WAITED: TimeDelta = TimeDelta::minutes(3);
/// What is counted: the last few minutes.
const WINDOW: TimeDelta = TimeDelta::minutes(3);
/// Not seen for as long, it is over.
const OVER: TimeDelta = TimeDelta::minutes(5);

/// Something that is wrong, and about what.
type Breach = (Kind, String);

/// Notes what is wrong now, and what is over.
///
/// # Errors
/// [`LifecycleError`].
pub async fn look(app: &App, now: DateTime<Utc>) -> Result<(), LifecycleError> {
    let counted = app.answers.counted();
    let mut breaches: Vec<Breach> = Vec::new();
    if counted.is_too_many() {
        breaches.push((Kind::Errors, String::new()));
    }
    breaches.extend(late(app, now).await?);
    breaches.extend(notices(app, now).await?);
    breaches.extend(over(app, now).await?);
    breaches.extend(paused(app, now).await?);
    if breaches.is_empty() && incident::list_open(app.db.read()).await?.is_empty() {
        app.answers.told(counted);
        return Ok(());
    }
    let txn = app.db.begin().await?;
    // Two instances that see the same write one incident.
    lease::queue(&txn, "incidents").await?;
    let open = incident::list_open(&txn).await?;
    let is = |row: &entities::incident::Model, (kind, about): &Breach| {
        row.kind == kind.key() && row.about == *about
    };
    for breach in &breaches {
        match open.iter().find(|row| is(row, breach)) {
            Some(row) => incident::see(&txn, row.id, now).await?,
            None => {
                incident::insert(&txn, breach.0.key(), &breach.1, now).await?;
                tracing::error!(kind = breach.0.key(), about = breach.1, "incident, published on /status");
            }
        }
    }
    // A pause has an end of its own; of everything else nobody knows better than that it was not seen for a while.
    let over = |row: &&entities::incident::Model| row.seen_at < now - OVER || row.kind == Kind::Paused.key();
    for row in open.iter().filter(over) {
        if !breaches.iter().any(|breach| is(row, breach)) {
            let ended_at = if row.kind == Kind::Paused.key() { now } else { row.seen_at };
            incident::settle(&txn, row.id, ended_at).await?;
            tracing::info!(kind = row.kind, about = row.about, "incident is over");
        }
    }
    txn.commit().await?;
    app.answers.told(counted);
    Ok(())
}

/// Steps of rounds that should have been taken.
async fn late(app: &App, now: DateTime<Utc>) -> Result<Vec<Breach>, LifecycleError> {
    let mut found = Vec::new();
    for (step, key) in
        [(Step::Close, "closes"), (Step::Seal, "seals"), (Step::Reveal, "reveals"), (Step::Pulse, "pulse")]
    {
        let due = round::list_due(app.db.read(), step, now - LATE).await?;
        found.extend(due.into_iter().map(|row| (Kind::Late, format!("{} {key}", row.slug))));
    }
    // A draw of millions takes minutes; what counts is when results were promised.
    let drawing = round::list_due(app.db.read(), Step::Draw, now).await?;
    let drawing = drawing.into_iter().filter(|row| row.results_at <= now);
    found.extend(drawing.map(|row| (Kind::Late, format!("{} results", row.slug))));
    let offers = offer::list_due(app, now - LATE).await?;
    found.extend(offers.into_iter().map(|(row, _)| (Kind::Late, format!("{} offer", row.slug))));
    Ok(found)
}

/// Channels whose notices wait longer than for their turn, or whose other side does not take them.
async fn notices(app: &App, now: DateTime<Utc>) -> Result<Vec<Breach>, DbErr> {
    let db = app.db.read();
    let mut found: Vec<Breach> = Vec::new();
    let from = store::rate::minute(now - WINDOW);
    let tallies = store::tally::list(db, from, now + TimeDelta::minutes(1)).await?;
    for channel in ["email", "sms"] {
        let mut tried = Tried::default();
        for row in tallies.iter().filter(|row| row.channel == channel) {
            match row.outcome.as_str() {
                "accepted" => tried.taken += row.count,
                "hold" | "unknown" => tried.stuck += row.count,
                // Another vendor was given it at once: what became of it there is counted there.
                "passed_on" => tried.stuck -= row.count,
                _ => {}
            }
        }
        // Nobody is woken: what came up in the night is due in the morning, and not late then.
        let all_day = !spread::is_quiet(now) && !spread::is_quiet(now - WAITED);
        let waited = store::notice::is_waiting(db, channel, now - WAITED, all_day).await?;
        if tried.is_broken() || waited {
            found.push((Kind::Notices, channel.to_owned()));
        }
    }
    Ok(found)
}

/// Rounds whose sale somebody lets stand still.
async fn paused(app: &App, now: DateTime<Utc>) -> Result<Vec<Breach>, DbErr> {
    let rounds = app.rounds.list().await?;
    let still = rounds.iter().filter(|round| round.paused_until(now).is_some());
    Ok(still.map(|round| (Kind::Paused, round.row.slug.clone())).collect())
}

/// Limits of what is used by purchases, in rounds that are served now.
async fn over(app: &App, now: DateTime<Utc>) -> Result<Vec<Breach>, DbErr> {
    let db = app.db.read();
    let mut found = Vec::new();
    for one in app.rounds.list().await? {
        if one.row.drawn_at.is_none() || one.row.voided_at.is_some() {
            continue;
        }
        if now < one.serves_at() || one.row.ends_at <= now {
            continue;
        }
        let plan = store::plan::find(db, one.row.id).await?;
        let Some(inputs) = plan.and_then(|plan| serde_json::from_str::<Inputs>(&plan.inputs).ok()) else {
            continue;
        };
        let bought = store::bought::count_between(db, one.row.id, now - WINDOW, now).await?;
        // Of sellers behind the gate we hear days later; whoever was let through is buying now.
        let led = store::handover::count_between(db, one.row.id, now - WINDOW, now).await?;
        let bought = bought + led;
        for dependency in &inputs.dependency {
            let each = dependency.uses.get(&Used::Purchase).copied().unwrap_or_default();
            let minute = dependency.per_minute.or(dependency.per_second.map(|second| second * 60.0));
            let Some(minute) = minute else { continue };
            #[allow(clippy::cast_precision_loss, reason = "counts of minutes are small")]
            let (load, limit) = (bought as f64 * each, minute * WINDOW.num_minutes() as f64);
            if load > limit {
                found.push((Kind::Over, format!("{} {}", one.row.slug, dependency.name)));
            }
        }
    }
    Ok(found)
}
