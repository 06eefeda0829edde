//! What vendors report about texts they had accepted: when they reached the handset, or that they never will.

use chrono::TimeDelta;
use sea_orm::DbErr;

use super::{
    carriers::Carriers,
    sms::{Report, SmsVendor},
};
use crate::{app::App, clock, store};

/// How far back a vendor is asked: a little longer than lateness is judged by.
const BACK: TimeDelta = TimeDelta::minutes(20);

/// Reads and keeps all reports. Twice or out of order changes nothing.
///
/// # Errors
/// What the database said.
pub async fn read(app: &App, carriers: &Carriers) -> Result<(), DbErr> {
    for carrier in carriers.list() {
        let reports = carrier.sms.reports(clock::wall() - BACK).await;
        for some in reports.chunks(100) {
            let txn = app.db.begin().await?;
            for Report { reference, delivered_at } in some {
                match delivered_at {
                    Some(at) => store::vendor::delivered(&txn, carrier.name(), reference, *at).await?,
                    None => {
                        let now = app.clock.now();
                        store::vendor::undelivered(&txn, carrier.name(), reference, now).await?;
                    }
                }
            }
            txn.commit().await?;
        }
    }
    Ok(())
}
