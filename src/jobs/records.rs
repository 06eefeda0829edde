//! The files of records, on each instance's own disk.

use chrono::{DateTime, Utc};

use crate::{
    app::App,
    lifecycle::{self, LifecycleError},
};

/// Makes the record of every drawn round that this instance has not got: hours before anybody may ask for it, and again where
/// somebody was killed in the middle of it, or the disk is another. Returns whether nothing is wrong that a person must look
/// at; what the database did not answer is asked again.
pub async fn records(app: &App, now: DateTime<Utc>) -> bool {
    let rounds = match app.rounds.list().await {
        Ok(rounds) => rounds,
        Err(error) => {
            tracing::error!(%error, "the database does not say which records are to be made");
            return true;
        }
    };
    let mut is_well = true;
    // Of older rounds it is made when somebody asks.
    for round in rounds.iter().filter(|round| round.row.drawn_at.is_some() && now <= round.row.ends_at) {
        if lifecycle::record::is_there(app, round) {
            continue;
        }
        let slug = round.row.slug.as_str();
        match lifecycle::record::ensure(app, round).await {
            Ok(_) => tracing::info!(round = slug, "the files of the record are made"),
            Err(error) => {
                is_well &= matches!(error, LifecycleError::Database(_));
                if app.complaints.may(&format!("{slug} record"), app.clock.now()) {
                    tracing::error!(round = slug, %error, "the files of the record are not made, will be tried again");
                }
            }
        }
    }
    is_well
}
