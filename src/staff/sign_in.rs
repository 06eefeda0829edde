//! Signing in: name, password, and a code of the second factor or a recovery code.

use std::time::Duration;

use chrono::{DateTime, Utc};
use entities::{clerk, slowdown};
use sea_orm::{ConnectionTrait, DbErr};
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{
    enrol::{recovery_key, secret},
    signed_in::{self, Stage},
    strangers,
};
use crate::{
    app::App,
    clock::Clock,
    domain::staff::{FORGOTTEN, LONGEST, wait_after},
    secret::{totp_step, verify_nobody, verify_password},
    store::{self, access::Access, clerk::known_as, lease},
};

/// Passwords that are looked at at once: each takes a core and nineteen megabytes.
static SEATS: Semaphore = Semaphore::const_new(2);

/// After so long in the queue one is asked to come back.
const PATIENCE: Duration = Duration::from_secs(5);

/// Somebody who wants to sign in.
#[derive(Clone, Copy, Debug)]
pub struct Try<'a> {
    /// As typed.
    pub name: &'a str,
    /// As typed.
    pub password: &'a str,
    /// As typed: six digits, a recovery code, or nothing at the first time.
    pub code: &'a str,
    /// The network address they come from.
    pub address: &'a str,
    /// The browser's own name, if this person has signed in from it before: no stranger has that.
    pub device: Option<&'a str>,
    /// What this browser was signed in as until now.
    pub before: Option<&'a str>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The token of whoever is signed in now, and as whom.
    In(String, Stage),
    /// No such name, password and code: which of them is not said.
    Wrong,
    /// Too many tries from there; the next is looked at from then on.
    Wait(DateTime<Utc>),
    /// Too many at once.
    Busy,
}

/// Tries to sign in.
///
/// # Errors
/// What the database said.
pub async fn sign_in(app: &App, tried: Try<'_>, now: DateTime<Utc>) -> Result<Outcome, DbErr> {
    let name = known_as(tried.name);
    let from = tried.device.map_or_else(|| format!("at {}", tried.address), |device| format!("by {device}"));
    let who_key = app.keys.digest("sign-in", &format!("{name}\0{from}"));
    let person = store::clerk::find(app.db.read(), &name).await?;
    if let Some(until) = held_off(app, &who_key, person.as_ref(), tried.address, now).await? {
        return Ok(Outcome::Wait(until));
    }
    let Some(right) = is_right(tried.password, person.as_ref().map(|person| person.password.clone())).await
    else {
        return Ok(Outcome::Busy);
    };
    let txn = app.db.begin().await?;
    let stage = match &person {
        Some(person) if right => prove(&txn, app, person, tried.code, now).await?,
        _ => None,
    };
    let (clerk_id, address) = (person.as_ref().map(|person| person.id), tried.address);
    let (kind, about) = stage.map_or(("refused", ""), |stage| ("signed_in", stage.key()));
    let access = Access { clerk_id, kind, about, address, ..Access::default() };
    match stage {
        Some(_) => store::access::insert(&txn, now, access).await?,
        None => strangers::note(&txn, access, now).await?,
    }
    let outcome = match (person, stage) {
        (Some(person), Some(stage)) => {
            store::sign_in::remove_slowdown(&txn, &who_key).await?;
            Outcome::In(signed_in::begin(&txn, person.id, stage, tried.before, now).await?, stage)
        }
        _ => Outcome::Wrong,
    };
    txn.commit().await?;
    tracing::info!(kind, "sign-in");
    Ok(outcome)
}

/// Counts the try before it is looked at, so that a thousand at once are a thousand tries. Until when it is not looked at,
/// if it is not.
///
/// # Errors
/// What the database said.
pub async fn held_off(
    app: &App,
    who_key: &str,
    person: Option<&clerk::Model>,
    address: &str,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    let txn = app.db.begin().await?;
    lease::queue(&txn, who_key).await?;
    let known = store::sign_in::find_slowdown(&txn, who_key, now).await?;
    if let Some(known) = known.as_ref().filter(|known| known.next_at > now) {
        return Ok(Some(known.next_at));
    }
    let tries = known.map_or(0, |known| known.tries).saturating_add(1);
    let next_at = now + wait_after(tries);
    let row = slowdown::Model { who_key: who_key.to_owned(), tries, next_at, until_at: now + FORGOTTEN };
    store::sign_in::set_slowdown(&txn, row).await?;
    if next_at > now {
        // Said once for each wait, not for each try that is not even looked at.
        let (clerk_id, about) = (person.map(|person| person.id), tries.to_string());
        let access = Access { clerk_id, kind: "held_off", about: &about, address, ..Access::default() };
        strangers::note(&txn, access, now).await?;
        tracing::warn!(tries, seconds = (next_at - now).num_seconds(), "sign-in is slowed down");
    }
    txn.commit().await?;
    Ok(None)
}

/// Whether a password is right; takes as long where nobody has the name. `None` when too many wait.
pub(super) async fn is_right(password: &str, kept: Option<String>) -> Option<bool> {
    let _seat = Clock::within(PATIENCE, SEATS.acquire()).await?.ok()?;
    let password: String = password.chars().take(LONGEST + 1).collect();
    let looked = spawn_blocking(move || match kept {
        Some(kept) => verify_password(&password, &kept),
        None => verify_nobody(&password),
    });
    looked.await.ok()
}

/// As what somebody with the right password is signed in; `None` if the code is not theirs, or was used.
async fn prove(
    txn: &impl ConnectionTrait,
    app: &App,
    person: &clerk::Model,
    code: &str,
    now: DateTime<Utc>,
) -> Result<Option<Stage>, DbErr> {
    if person.enrolled_at.is_none() {
        return Ok(Some(Stage::Enrol));
    }
    Ok(takes(txn, app, person, code, now).await?.then_some(Stage::In))
}

/// Takes a code of the second factor, or a recovery code, once.
pub(super) async fn takes(
    txn: &impl ConnectionTrait,
    app: &App,
    person: &clerk::Model,
    code: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let typed = plain(code);
    if typed.len() == 6 && typed.bytes().all(|digit| digit.is_ascii_digit()) {
        let step = secret(app, person).and_then(|secret| totp_step(&secret, &typed, now));
        return match step {
            Some(step) => store::clerk::take_step(txn, person.id, step).await,
            None => Ok(false),
        };
    }
    store::clerk::take_recovery(txn, person.id, &recovery_key(app, person.id, &typed), now).await
}

/// A code as it is kept: full-width digits come from Korean input methods, and people put in gaps.
pub(super) fn plain(code: &str) -> String {
    let narrow = |c: char| match c {
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10).unwrap_or(c),
        c => c.to_ascii_lowercase(),
    };
    code.chars().map(narrow).filter(char::is_ascii_alphanumeric).take(64).collect()
}
