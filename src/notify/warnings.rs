//! What staff should know before it stops anything: little money left, a rate that cannot keep up.

use chrono::TimeDelta;
use sea_orm::DbErr;

use super::{
    carriers::{Carrier, Carriers},
    queue::{self, WaitsFor},
    sms::SmsVendor,
};
use crate::{app::App, domain::contact::Channel, store};

/// Waiting longer than this for one's turn is not what was planned.
const TOO_LONG: TimeDelta = TimeDelta::minutes(10);

/// Keeps what vendors say about the account's money, and warns when little is left.
///
/// # Errors
/// What the database said.
pub async fn balances(app: &App, carriers: &Carriers) -> Result<(), DbErr> {
    let warn_below = app.config.sms.as_ref().and_then(|sms| sms.solapi.as_ref()).map(|one| one.warn_below);
    for carrier in carriers.list() {
        let Some(balance) = carrier.sms.balance().await else { continue };
        let name = Carrier::name(carrier);
        let keep =
            |note: entities::vendor::Model| Some(entities::vendor::Model { balance: Some(balance), ..note });
        store::vendor::settle(&app.db, name, keep).await?;
        if warn_below.is_some_and(|least| balance < f64::from(least)) {
            tracing::warn!(vendor = name, balance, "little money is left at the vendor: pay before it stops");
        }
    }
    Ok(())
}

/// Warns when notices of a channel wait for their turn longer than was planned.
///
/// # Errors
/// What the database said.
pub async fn rates(app: &App, channel: Channel) -> Result<(), DbErr> {
    let state = queue::state(app).await?;
    for one in state.queues.iter().filter(|one| one.channel == channel.key()) {
        let waited = one.oldest_due_at.map_or(TimeDelta::zero(), |at| state.at - at);
        if one.waits_for == WaitsFor::Rate && waited > TOO_LONG {
            tracing::warn!(
                channel = one.channel,
                class = one.class,
                due = one.due,
                per_minute = one.per_minute,
                waited_minutes = waited.num_minutes(),
                "notices wait longer than was planned at this rate"
            );
        }
    }
    Ok(())
}
