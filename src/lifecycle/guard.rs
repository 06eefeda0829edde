//! The bias guard at work: what a draw gave, against everything about people that must not matter.

use std::borrow::Cow;

use chrono::{DateTime, Timelike, Utc};
use chrono_tz::Asia::Seoul;
use public_audit::{Digest, Receipt, lot::Urn};
use sea_orm::ConnectionTrait;

use super::{LifecycleError, refused};
use crate::{
    app::Round,
    domain::bias::{Table, Test},
    store::entry,
};

/// The table of a round.
///
/// # Errors
/// [`LifecycleError`].
pub async fn table(
    db: &impl ConnectionTrait,
    round: &Round,
    draw_seed: &Digest,
) -> Result<Vec<Test>, LifecycleError> {
    let urn = Urn::new(draw_seed);
    let cap = i64::try_from(round.rules.goods.cap).unwrap_or(i64::MAX);
    let mut table = Table::default();
    let mut last = String::new();
    // In the order of their receipts; of each entry sixteen bytes are kept.
    let mut entered: Vec<(i64, f64)> = Vec::new();
    loop {
        let page = entry::list_guarded_after(db, round.row.id, &last).await?;
        let ended = (page.len() as u64) < entry::PAGE;
        for row in page {
            let receipt: Receipt = row.receipt.parse().map_err(refused)?;
            let weight = u32::try_from(row.weight).map_err(refused)?;
            let (lot, _) = urn.lot_and_jitter(&receipt, weight);
            last.clone_from(&row.receipt);
            let at = row.entered_at.timestamp_micros();
            entered.push((at, table.add(lot, weight, &groups(&row, cap))));
        }
        if ended {
            break;
        }
    }
    let places: Vec<f64> = entered.iter().map(|(_, place)| *place).collect();
    table.order("receipt", &places);
    entered.sort_by_key(|(at, _)| *at);
    table.order("entered", &entered.into_iter().map(|(_, place)| place).collect::<Vec<f64>>());
    Ok(table.tests())
}

fn groups(row: &entry::Guarded, cap: i64) -> Vec<(Cow<'static, str>, String)> {
    let at: DateTime<Utc> = row.entered_at;
    let local = at.with_timezone(&Seoul);
    let first = row.wish.split('+').next().unwrap_or_default().to_owned();
    let mut groups = vec![
        ("channel".into(), row.channel.clone()),
        ("day".into(), local.format("%m-%d").to_string()),
        ("hour".into(), format!("{:02}", local.hour())),
        ("lang".into(), row.lang.clone()),
        ("want".into(), if row.want < cap { "less" } else { "cap" }.to_owned()),
        ("wish".into(), first),
    ];
    // What cohorts and reserves go by: region, age band, whatever the rules have.
    for (field, value) in row.fields.split(' ').filter_map(|field| field.split_once('=')) {
        groups.push((format!("field.{field}").into(), value.to_owned()));
    }
    groups
}
