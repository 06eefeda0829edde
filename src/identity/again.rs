//! A double tap at a door, or an answer that was lost on the way: for a minute the same browser is let in once more by what
//! it left with. A one-time code forgives as much.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entities::statement;
use sea_orm::{ActiveValue::Set, DbErr};

use super::Person;
use crate::{app::App, clock::Clock, store};

const AGAIN: TimeDelta = TimeDelta::seconds(60);
/// Between its looks the second tap waits for the first, in milliseconds: as long together as a provider that answers
/// takes, and seldomer the longer that takes.
const PAUSES: [u64; 4] = [250, 500, 1_000, 1_250];
const PURPOSE: &str = "identity again 1";

/// Keeps who was let in, for the browser that left by this address: there is something in it that nobody else knows.
///
/// # Errors
/// What the database said.
pub async fn keep(app: &App, href: &str, person: &Person, now: DateTime<Utc>) -> Result<(), DbErr> {
    let row = statement::ActiveModel {
        ticket_key: Set(key(app, href)),
        person_sealed: Set(app.keys.people().seal(PURPOSE, person)),
        until_at: Set(now + AGAIN),
    };
    store::statement::keep(&app.db, row).await
}

/// Who was let in just now.
///
/// # Errors
/// What the database said.
pub async fn find(app: &App, href: &str, now: DateTime<Utc>) -> Result<Option<Person>, DbErr> {
    let sealed = store::statement::find(&app.db, &key(app, href), now).await?;
    Ok(sealed.and_then(|sealed| app.keys.people().open(PURPOSE, &sealed)))
}

/// Who was let in just now, or is being let in: while the first of two taps is at the provider nothing is kept yet.
///
/// # Errors
/// What the database said.
pub async fn wait(app: &App, href: &str, now: DateTime<Utc>) -> Result<Option<Person>, DbErr> {
    for pause in PAUSES {
        if let Some(person) = find(app, href, now).await? {
            return Ok(Some(person));
        }
        Clock::pause(Duration::from_millis(pause)).await;
    }
    find(app, href, now).await
}

fn key(app: &App, href: &str) -> String {
    app.keys.digest("arrived by", href)
}
