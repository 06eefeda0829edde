//! What vendors report about texts they had accepted: when they reached the handset, or that they never will.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::DbErr;

use super::{
    carriers::{Carrier, Carriers},
    sms::{Report, SmsVendor},
};
use crate::{app::App, clock, store};

/// How far back a vendor is asked when we begin: whoever was stopped for a while hears what happened meanwhile.
const BACK: TimeDelta = TimeDelta::hours(3);
/// How far each question reaches into the last one: their clock is not ours.
const AGAIN: TimeDelta = TimeDelta::minutes(2);
/// How long a report waits for its text: some come before we have written down that the vendor took it.
const EARLY: TimeDelta = TimeDelta::minutes(10);

/// How far one vendor was heard.
#[derive(Debug, Default)]
pub struct Heard(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Everything before was heard and kept.
    until: Option<DateTime<Utc>>,
    /// Reports that are not kept yet, by the vendor's number, and since when they are known.
    open: HashMap<String, (Report, DateTime<Utc>)>,
}

impl Heard {
    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is one assignment.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads and keeps all reports. Twice or out of order changes nothing.
///
/// # Errors
/// What the database said; nothing is lost, the next call keeps it.
pub async fn read(app: &App, carriers: &Carriers) -> Result<(), DbErr> {
    for carrier in carriers.list() {
        let (began, until) = (clock::wall(), carrier.heard.state().until);
        match carrier.sms.reports(until.map_or(began - BACK, |until| until - AGAIN)).await {
            Ok(reports) => {
                let mut state = carrier.heard.state();
                for report in reports {
                    state.open.insert(report.reference.clone(), (report, began));
                }
                state.until = Some(began);
            }
            Err(reason) => {
                tracing::warn!(
                    vendor = Carrier::name(carrier),
                    reason,
                    "the vendor does not say what arrived"
                );
            }
        }
        keep(app, carrier).await?;
        carrier.heard.state().open.retain(|_, (_, since)| began - *since < EARLY);
    }
    Ok(())
}

/// Keeps what is said of texts that are ours. Others may use the same account.
async fn keep(app: &App, carrier: &Carrier) -> Result<(), DbErr> {
    let open: Vec<Report> = carrier.heard.state().open.values().map(|(report, _)| report.clone()).collect();
    let now = app.clock.now();
    for some in open.chunks(100) {
        let references: Vec<String> = some.iter().map(|report| report.reference.clone()).collect();
        let known = store::vendor::list_known(app.db.read(), carrier.name(), &references).await?;
        let news = |report: &&Report| known.get(&report.reference) == Some(&false);
        if some.iter().any(|report| news(&report)) {
            let txn = app.db.begin().await?;
            for Report { reference, delivered_at } in some.iter().filter(news) {
                match delivered_at {
                    Some(at) => store::vendor::delivered(&txn, carrier.name(), reference, *at).await?,
                    None => store::vendor::undelivered(&txn, carrier.name(), reference, now).await?,
                }
            }
            txn.commit().await?;
        }
        let mut state = carrier.heard.state();
        references.iter().filter(|reference| known.contains_key(*reference)).for_each(|reference| {
            state.open.remove(reference);
        });
    }
    Ok(())
}
