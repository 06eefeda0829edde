//! What operators do about staff. Every change signs the person out everywhere.

use chrono::{DateTime, Utc};
use entities::clerk;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, SqlErr};

use crate::{
    app::App,
    domain::staff::{Role, SHORTEST, is_password, name_problem},
    secret::hash_password,
    store::{self, access::Access},
};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// A sentence.
    #[error("{0}")]
    Refused(String),
    /// What the database said.
    #[error(transparent)]
    Database(#[from] DbErr),
}

fn refused<T>(why: impl Into<String>) -> Result<T, RoleError> {
    Err(RoleError::Refused(why.into()))
}

fn hashed(password: &str) -> Result<String, RoleError> {
    match is_password(password) {
        true => hash_password(password).map_err(RoleError::Refused),
        false => refused(format!("a password needs at least {SHORTEST} characters")),
    }
}

/// Adds somebody.
///
/// # Errors
/// [`RoleError`].
pub async fn add(
    app: &App,
    name: &str,
    role: Role,
    password: &str,
    now: DateTime<Utc>,
) -> Result<(), RoleError> {
    if let Some(problem) = name_problem(name) {
        return refused(problem);
    }
    let hash = hashed(password)?;
    let txn = app.db.begin().await?;
    match store::clerk::insert(&txn, name, role.key(), hash, now).await {
        Ok(()) => {}
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            return refused(format!(
                "there is, or was, somebody called {name}; names are never used again: choose another"
            ));
        }
        Err(error) => return Err(error.into()),
    }
    // An operator does this: whom it is about is not who did it.
    let about = format!("{name}: {}", role.key());
    let access = Access { kind: "added", about: &about, ..Access::default() };
    store::access::insert(&txn, now, access).await?;
    txn.commit().await?;
    Ok(())
}

/// What is to be changed.
#[derive(Clone, Copy, Debug)]
pub enum Change<'a> {
    /// Another role.
    Role(Role),
    /// A new password; the second factor is asked for anew.
    Reset(&'a str),
    /// They are staff no more.
    Remove,
}

/// Changes something about somebody.
///
/// # Errors
/// [`RoleError`].
pub async fn change(app: &App, name: &str, change: Change<'_>, now: DateTime<Utc>) -> Result<(), RoleError> {
    let txn = app.db.begin().await?;
    change_in(&txn, name, change, now).await?;
    Ok(txn.commit().await?)
}

/// The same, in the transaction of what it belongs to.
///
/// # Errors
/// [`RoleError`].
pub async fn change_in(
    txn: &impl ConnectionTrait,
    name: &str,
    change: Change<'_>,
    now: DateTime<Utc>,
) -> Result<(), RoleError> {
    let row = match change {
        Change::Role(role) => clerk::ActiveModel { role: Set(role.key().to_owned()), ..Default::default() },
        Change::Reset(password) => clerk::ActiveModel {
            password: Set(hashed(password)?),
            totp_sealed: Set(String::new()),
            enrolled_at: Set(None),
            ..Default::default()
        },
        Change::Remove => clerk::ActiveModel { removed_at: Set(Some(now)), ..Default::default() },
    };
    let (kind, about) = match change {
        Change::Role(role) => ("role", role.key()),
        Change::Reset(_) => ("reset", ""),
        Change::Remove => ("removed", ""),
    };
    let Some(person) = store::clerk::find(txn, name).await? else {
        return refused(format!("nobody is called {name}: `jebi clerk list` shows all"));
    };
    store::clerk::update(txn, person.id, row).await?;
    if matches!(change, Change::Reset(_)) {
        store::clerk::set_recovery(txn, person.id, Vec::new()).await?;
    }
    store::sign_in::remove_all(txn, person.id).await?;
    let about = if about.is_empty() { person.name.clone() } else { format!("{}: {about}", person.name) };
    let access = Access { kind, about: &about, ..Access::default() };
    store::access::insert(txn, now, access).await?;
    Ok(())
}
