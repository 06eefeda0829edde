//! What sellers' clocks make due: reservations that ran out, and the lists of the hour.

use chrono::{DateTime, Utc};

use crate::{app::App, lifecycle::sale};

/// Ends what ran out, writes what is to be read.
pub async fn sales(app: &App, now: DateTime<Utc>) {
    if let Err(error) = sale::expire::expire_some(app, now).await
        && app.complaints.may("reservations", now)
    {
        tracing::error!(%error, "reservations that ran out are not ended, will be tried again");
    }
    if let Err(error) = sale::list::write_due(app, now).await
        && app.complaints.may("allow-lists", now)
    {
        tracing::error!(%error, "allow-lists not written, will be tried again");
    }
}
