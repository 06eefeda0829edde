//! The second factor: a secret for an app at the first sign-in, and recovery codes for the day the phone is lost.

use chrono::{DateTime, Utc};
use entities::{clerk, sign_in};
use sea_orm::{ActiveValue::Set, DbErr};

use super::{
    sign_in::{held_off, is_right, plain, takes},
    signed_in::{self, SignedIn, Stage},
};
use crate::{
    app::App,
    domain::staff::is_password,
    secret::{TotpSecret, hash_password, new_totp_secret, random_bytes, totp_step},
    store::{self, access::Access},
};

/// What the secret is sealed for.
const SECRET: &str = "staff totp";
/// What recovery codes are sealed for, until they were seen.
const SHOWN: &str = "staff recovery";
/// How many recovery codes.
const CODES: usize = 10;
/// Letters and digits that nobody mistakes for another.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The secret of somebody, if they have one and the key file opens it.
pub fn secret(app: &App, person: &clerk::Model) -> Option<TotpSecret> {
    app.keys.people().open(SECRET, &person.totp_sealed)
}

/// What is kept of a recovery code.
pub(super) fn recovery_key(app: &App, clerk_id: i64, code: &str) -> String {
    app.keys.digest("recovery", &format!("{clerk_id}:{code}"))
}

/// The secret that somebody without a second factor is to put into their app: always the same until a code proves
/// that it has arrived.
///
/// # Errors
/// What the database said.
pub async fn offered(app: &App, signed: &SignedIn) -> Result<TotpSecret, DbErr> {
    if let Some(secret) = secret(app, &signed.person) {
        return Ok(secret);
    }
    let secret = new_totp_secret();
    let totp_sealed = Set(app.keys.people().seal(SECRET, &secret));
    let txn = app.db.begin().await?;
    store::clerk::update(&txn, signed.person.id, clerk::ActiveModel { totp_sealed, ..Default::default() })
        .await?;
    txn.commit().await?;
    Ok(secret)
}

/// Takes the first code. Returns the new token of this browser, or `None` if the code is not right.
///
/// # Errors
/// What the database said.
pub async fn enrol(
    app: &App,
    signed: &SignedIn,
    before: &str,
    code: &str,
    address: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>, DbErr> {
    let step = secret(app, &signed.person).and_then(|secret| totp_step(&secret, &plain(code), now));
    let Some(step) = step else { return Ok(None) };
    let txn = app.db.begin().await?;
    if !store::clerk::take_step(&txn, signed.person.id, step).await? {
        return Ok(None);
    }
    let change = clerk::ActiveModel { enrolled_at: Set(Some(now)), ..Default::default() };
    store::clerk::update(&txn, signed.person.id, change).await?;
    // Whoever else got so far with the password alone does not come further.
    store::sign_in::remove_all(&txn, signed.person.id).await?;
    let token = signed_in::begin(&txn, signed.person.id, Stage::Codes, Some(before), now).await?;
    renew_codes(&txn, app, signed.person.id, &signed_in::token_key(&token)).await?;
    let access = Access { clerk_id: Some(signed.person.id), kind: "enrolled", address, ..Access::default() };
    store::access::insert(&txn, now, access).await?;
    txn.commit().await?;
    Ok(Some(token))
}

/// Makes recovery codes, in place of any there were, to be shown at one browser.
async fn renew_codes(
    txn: &impl sea_orm::ConnectionTrait,
    app: &App,
    clerk_id: i64,
    token_key: &str,
) -> Result<(), DbErr> {
    let codes: Vec<String> = (0..CODES).map(|_| recovery_code()).collect();
    let keys = codes.iter().map(|code| recovery_key(app, clerk_id, &plain(code))).collect();
    store::clerk::set_recovery(txn, clerk_id, keys).await?;
    let shown_sealed = Set(app.keys.people().seal(SHOWN, &codes));
    let change = sign_in::ActiveModel {
        shown_sealed,
        stage: Set(Stage::Codes.key().to_owned()),
        ..Default::default()
    };
    store::sign_in::update(txn, token_key, change).await.map(drop)
}

/// `k3x9m-2v7qd`: fifty bits.
fn recovery_code() -> String {
    let letter = |byte: u8| char::from(LETTERS.get(usize::from(byte & 31)).copied().unwrap_or(b'0'));
    let letters: Vec<char> = random_bytes::<10>().into_iter().map(letter).collect();
    let (first, second) = letters.split_at(5);
    format!("{}-{}", String::from_iter(first), String::from_iter(second))
}

/// The recovery codes that this browser is shown; none once they were seen.
pub fn shown(app: &App, signed: &SignedIn) -> Vec<String> {
    app.keys.people().open(SHOWN, &signed.shown_sealed).unwrap_or_default()
}

/// They were seen: nobody sees them again.
///
/// # Errors
/// What the database said.
pub async fn seen(app: &App, signed: &SignedIn) -> Result<(), DbErr> {
    let (stage, shown_sealed) = (Set(Stage::In.key().to_owned()), Set(String::new()));
    let txn = app.db.begin().await?;
    let change = sign_in::ActiveModel { stage, shown_sealed, ..Default::default() };
    store::sign_in::update(&txn, &signed.token_key, change).await?;
    txn.commit().await
}

/// A new password, by whoever knows the old one and has a code. All other browsers are signed out. Returns the new
/// token, or why not.
///
/// # Errors
/// What the database said.
pub async fn change_password(
    app: &App,
    signed: &SignedIn,
    [old, new, code]: [&str; 3],
    address: &str,
    now: DateTime<Utc>,
) -> Result<Result<String, PasswordError>, DbErr> {
    if !is_password(new) {
        return Ok(Err(PasswordError::Short));
    }
    // Whoever has taken over a browser guesses no faster here than at the door.
    let who_key = app.keys.digest("sign-in", &format!("password\0{}", signed.person.id));
    if let Some(until) = held_off(app, &who_key, Some(&signed.person), address, now).await? {
        return Ok(Err(PasswordError::Wait(until)));
    }
    if is_right(old, Some(signed.person.password.clone())).await != Some(true) {
        return Ok(Err(PasswordError::Wrong));
    }
    let Ok(hash) = hash_password(new) else { return Ok(Err(PasswordError::Short)) };
    let txn = app.db.begin().await?;
    if !takes(&txn, app, &signed.person, code, now).await? {
        return Ok(Err(PasswordError::Wrong));
    }
    let change = clerk::ActiveModel { password: Set(hash), ..Default::default() };
    store::clerk::update(&txn, signed.person.id, change).await?;
    store::sign_in::remove_slowdown(&txn, &who_key).await?;
    store::sign_in::remove_all(&txn, signed.person.id).await?;
    let token = signed_in::begin(&txn, signed.person.id, Stage::Codes, None, now).await?;
    renew_codes(&txn, app, signed.person.id, &signed_in::token_key(&token)).await?;
    let access = Access { clerk_id: Some(signed.person.id), kind: "password", address, ..Access::default() };
    store::access::insert(&txn, now, access).await?;
    txn.commit().await?;
    Ok(Ok(token))
}

/// Why a password was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordError {
    /// Password or code are not right.
    Wrong,
    /// The new one is too short, or far too long.
    Short,
    /// Too many were tried; the next is looked at from then on.
    Wait(DateTime<Utc>),
}
