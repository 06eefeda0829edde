//! Step-up: a session alone may be a browser that somebody left open, or a cookie that somebody took. Whoever decides says
//! with a code that it is they, at the moment they decide.

use chrono::{DateTime, Utc};
use sea_orm::DbErr;

use super::{
    SignedIn,
    sign_in::{held_off, takes},
};
use crate::{
    app::App,
    domain::because::Because,
    store::{self, access::Access},
};

/// Takes a code of the second factor, or a recovery code, of somebody who is signed in. Tries are counted as those of
/// signing in are.
///
/// # Errors
/// What the database said.
pub async fn step_up(
    app: &App,
    who: &SignedIn,
    code: &str,
    address: &str,
    now: DateTime<Utc>,
) -> Result<Result<(), Because>, DbErr> {
    let who_key = app.keys.digest("sign-in", &format!("step up\0{}", who.person.id));
    if let Some(until) = held_off(app, &who_key, Some(&who.person), address, now).await? {
        return Ok(Err(Because::Wait(until)));
    }
    let txn = app.db.begin().await?;
    let is_right = takes(&txn, app, &who.person, code, now).await?;
    match is_right {
        true => store::sign_in::remove_slowdown(&txn, &who_key).await?,
        false => {
            let (clerk_id, kind, about) = (Some(who.person.id), "refused", "code");
            let access = Access { clerk_id, kind, about, address, ..Access::default() };
            store::access::insert(&txn, now, access).await?;
        }
    }
    txn.commit().await?;
    Ok(if is_right { Ok(()) } else { Err(Because::Code) })
}
