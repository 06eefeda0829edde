//! Signing in with an account of the city's identity provider: it says who somebody is, never what they may do.

use chrono::{DateTime, Utc};
use entities::clerk;
use sea_orm::{DbErr, SqlErr};

use super::{
    roles::RoleError,
    sign_in::takes,
    signed_in::{self, SignedIn, Stage},
};
use crate::{
    app::App,
    domain::staff::Role,
    identity::{Asked, Provider, Refused, Returned},
    store::{self, access::Access},
};

/// Where the provider sends staff back to.
pub const BACK: &str = "/console/back";

/// The provider of staff, if there is one.
pub fn provider(app: &App) -> Option<Provider<'_>> {
    let config = app.config.identity.staff.as_ref()?;
    Some(Provider { app, config, back: BACK })
}

/// What is kept of an account.
fn account_key(app: &App, provider: &Provider<'_>, value: &str) -> String {
    let Provider { config, .. } = provider;
    app.keys.digest("staff account", &format!("{}\0{}\0{value}", config.issuer, config.claim))
}

/// Names the account of somebody, or takes it away; they are signed out everywhere.
///
/// # Errors
/// [`RoleError`].
pub async fn name(app: &App, name: &str, value: Option<&str>, now: DateTime<Utc>) -> Result<(), RoleError> {
    let refused = |why: String| Err(RoleError::Refused(why));
    let Some(provider) = provider(app) else {
        return refused("there is no [identity.staff]: staff have no accounts elsewhere".to_owned());
    };
    let key = value.map(|value| account_key(app, &provider, value));
    let txn = app.db.begin().await?;
    let Some(person) = store::clerk::find(&txn, name).await? else {
        return refused(format!("nobody is called {name}: `jebi clerk list` shows all"));
    };
    match store::account::set(&txn, person.id, key.as_deref(), now).await {
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            return refused("this account is somebody else's".to_owned());
        }
        done => done?,
    }
    store::sign_in::remove_all(&txn, person.id).await?;
    // An operator does this: whom it is about is not who did it.
    let about = format!("{}: {}", person.name, if value.is_some() { "named" } else { "taken away" });
    let access = Access { kind: "account", about: &about, ..Access::default() };
    store::access::insert(&txn, now, access).await?;
    txn.commit().await?;
    Ok(())
}

/// What came of it.
#[derive(Debug)]
pub enum Arrived {
    /// The token of whoever is signed in now, and how far.
    In(String, Stage),
    /// Nobody of the staff has this account.
    Nobody,
}

/// Signs in whoever came back from the provider, with the role they have. Where the provider was asked for a second
/// factor, it has seen to it; else the code of the app is asked for as ever.
///
/// # Errors
/// [`Refused`].
pub async fn arrive(
    app: &App,
    (asked, returned): (&Asked, Returned),
    (address, before): (&str, Option<&str>),
    now: DateTime<Utc>,
) -> Result<Arrived, Refused> {
    let provider = provider(app).ok_or(Refused::Silent)?;
    let claims = provider.hear(asked, returned, now).await?;
    let rule = provider.rule();
    let value = rule
        .value(&claims)
        .filter(|_| rule.is_verified(&claims))
        .ok_or(Refused::Unproven("the claim that says who it is"))?;
    let key = account_key(app, &provider, &value);
    let txn = app.db.begin().await?;
    let person = match store::account::find(&txn, &key).await? {
        Some(id) => store::clerk::find_by_id(&txn, id).await?,
        None => None,
    };
    let Some(person) = person else {
        let access = Access { kind: "refused", about: "account", address, ..Access::default() };
        super::strangers::note(&txn, access, now).await?;
        txn.commit().await?;
        return Ok(Arrived::Nobody);
    };
    let second = !(provider.config.acr.is_empty() && provider.config.amr.is_empty());
    let stage = stage(&person, second && provider.is_strong(&claims));
    let token = signed_in::begin(&txn, person.id, stage, before, now).await?;
    let about = format!("account {}", stage.key());
    let access = Access { clerk_id: Some(person.id), kind: "signed_in", about: &about, address, reason: "" };
    store::access::insert(&txn, now, access).await?;
    txn.commit().await?;
    Ok(Arrived::In(token, stage))
}

fn stage(person: &clerk::Model, second: bool) -> Stage {
    match (second, person.enrolled_at) {
        // Whoever approves says so with a code of ours: they have to have one.
        (_, None) if matches!(Role::from_key(&person.role), Some(Role::Approver)) => Stage::Enrol,
        (true, _) => Stage::In,
        (false, Some(_)) => Stage::Code,
        (false, None) => Stage::Enrol,
    }
}

/// Takes the code of the app from somebody whom the provider has named. Returns the new token of this browser, or `None`
/// if the code is not right.
///
/// # Errors
/// What the database said.
pub async fn second(
    app: &App,
    signed: &SignedIn,
    before: &str,
    code: &str,
    (address, who_key): (&str, &str),
    now: DateTime<Utc>,
) -> Result<Option<String>, DbErr> {
    let txn = app.db.begin().await?;
    let right = takes(&txn, app, &signed.person, code, now).await?;
    let kind = if right { "signed_in" } else { "refused" };
    let access = Access { clerk_id: Some(signed.person.id), kind, about: "code", address, reason: "" };
    store::access::insert(&txn, now, access).await?;
    let token = match right {
        true => {
            store::sign_in::remove_slowdown(&txn, who_key).await?;
            Some(signed_in::begin(&txn, signed.person.id, Stage::In, Some(before), now).await?)
        }
        false => None,
    };
    txn.commit().await?;
    Ok(token)
}
