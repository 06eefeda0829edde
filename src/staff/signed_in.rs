//! Who is signed in at a browser, for how long, and as what.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use entities::{clerk, sign_in};
use public_audit::Digest;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr};

use crate::{app::App, domain::staff::Role, secret::random_bytes, store};

/// Unused for so long, it ends.
pub const IDLE: TimeDelta = TimeDelta::minutes(30);
/// It ends after so long in any case: a working day.
pub const LONGEST: TimeDelta = TimeDelta::hours(10);
/// Who has shown half of it must show the rest soon.
const ENROL: TimeDelta = TimeDelta::minutes(15);

/// How far somebody has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Has no second factor yet and may only get one.
    Enrol,
    /// Is named by an account elsewhere and has to show the second factor.
    Code,
    /// Has one, and is shown recovery codes.
    Codes,
    /// Is signed in.
    In,
}

impl Stage {
    /// As in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Enrol => "enrol",
            Self::Code => "code",
            Self::Codes => "codes",
            Self::In => "in",
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        [Self::Enrol, Self::Code, Self::Codes, Self::In].into_iter().find(|stage| stage.key() == key)
    }
}

/// A member of staff at a browser.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub person: clerk::Model,
    /// What they may do.
    pub role: Role,
    /// How far they have come.
    pub stage: Stage,
    /// Names this browser in the database; what its forms are bound to.
    pub token_key: String,
    /// What it is shown once.
    pub shown_sealed: String,
    /// Until when it lasts if it is not used any more.
    pub until: DateTime<Utc>,
}

/// What is kept of a token.
pub fn token_key(token: &str) -> String {
    Digest::of(token).to_string()
}

/// Signs somebody in, always under a new token; what the browser held before is worth nothing from here.
///
/// # Errors
/// What the database said.
pub async fn begin(
    txn: &impl ConnectionTrait,
    clerk_id: i64,
    stage: Stage,
    before: Option<&str>,
    now: DateTime<Utc>,
) -> Result<String, DbErr> {
    if let Some(before) = before {
        store::sign_in::remove(txn, &token_key(before)).await?;
    }
    let token = BASE64_URL_SAFE_NO_PAD.encode(random_bytes::<32>());
    let row = sign_in::Model {
        token_key: token_key(&token),
        clerk_id,
        stage: stage.key().to_owned(),
        shown_sealed: String::new(),
        made_at: now,
        seen_at: now,
    };
    store::sign_in::insert(txn, row).await?;
    Ok(token)
}

/// Who holds a token, if that still counts.
///
/// # Errors
/// What the database said.
pub async fn find(app: &App, token: &str, now: DateTime<Utc>) -> Result<Option<SignedIn>, DbErr> {
    let token_key = token_key(token);
    let Some(row) = store::sign_in::find(app.db.read(), &token_key).await? else { return Ok(None) };
    let Some(stage) = Stage::from_key(&row.stage) else { return Ok(None) };
    let longest = if matches!(stage, Stage::Enrol | Stage::Code) { ENROL } else { LONGEST };
    if now - row.seen_at >= IDLE || now - row.made_at >= longest {
        return Ok(None);
    }
    let Some(person) = store::clerk::find_by_id(app.db.read(), row.clerk_id).await? else { return Ok(None) };
    let Some(role) = Role::from_key(&person.role) else { return Ok(None) };
    // To the minute: a page must not cost a write.
    let mut seen_at = row.seen_at;
    if now - seen_at >= TimeDelta::minutes(1) {
        seen_at = now;
        let txn = app.db.begin().await?;
        let change = sign_in::ActiveModel { seen_at: Set(now), ..Default::default() };
        store::sign_in::update(&txn, &token_key, change).await?;
        txn.commit().await?;
    }
    let until = (seen_at + IDLE).min(row.made_at + longest);
    Ok(Some(SignedIn { person, role, stage, token_key, shown_sealed: row.shown_sealed, until }))
}

/// Signs out: this browser, or all of this person.
///
/// # Errors
/// What the database said.
pub async fn end(app: &App, signed: &SignedIn, everywhere: bool, address: &str) -> Result<(), DbErr> {
    let txn = app.db.begin().await?;
    match everywhere {
        true => drop(store::sign_in::remove_all(&txn, signed.person.id).await?),
        false => drop(store::sign_in::remove(&txn, &signed.token_key).await?),
    }
    let about = if everywhere { "everywhere" } else { "" };
    let clerk_id = Some(signed.person.id);
    let access = store::access::Access { clerk_id, kind: "signed_out", about, address, reason: "" };
    store::access::insert(&txn, app.clock.now(), access).await?;
    txn.commit().await
}

/// Forgets what is over.
///
/// # Errors
/// What the database said.
pub async fn sweep(app: &App, now: DateTime<Utc>) -> Result<(), DbErr> {
    let (unused, made) = (now - IDLE, now - LONGEST);
    if store::sign_in::any_over(app.db.read(), unused, made, now).await? {
        let txn = app.db.begin().await?;
        super::strangers::settle(&txn, now).await?;
        store::sign_in::remove_over(&txn, unused, made, now).await?;
        txn.commit().await?;
    }
    Ok(())
}
