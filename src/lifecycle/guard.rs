//! The bias guard at work: what a draw gave, against everything about people that must not matter.

use std::borrow::Cow;

use chrono::{DateTime, Timelike, Utc};
use chrono_tz::Asia::Seoul;
use public_audit::{Digest, Receipt, lot::Urn};
use sea_orm::ConnectionTrait;

use super::{LifecycleError, refused};
use crate::{
    app::Round,
    domain::bias::{Seen, Test, tests},
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
    // In the order of their receipts.
    let rows = entry::list_guarded(db, round.row.id).await?;
    let mut entered: Vec<usize> = (0..rows.len()).collect();
    entered.sort_by_key(|at| rows.get(*at).map(|row| row.entered_at));
    let mut place = vec![0; rows.len()];
    for (order, at) in entered.into_iter().enumerate() {
        if let Some(place) = place.get_mut(at) {
            *place = order;
        }
    }
    let mut seen = Vec::with_capacity(rows.len());
    for (at, (row, entered)) in rows.into_iter().zip(place).enumerate() {
        let receipt: Receipt = row.receipt.parse().map_err(refused)?;
        let weight = u32::try_from(row.weight).map_err(refused)?;
        let (lot, _) = urn.lot_and_jitter(&receipt, weight);
        let places = vec![("entered", entered), ("receipt", at)];
        seen.push(Seen { lot, weight, groups: groups(row, cap), places });
    }
    Ok(tests(&seen))
}

fn groups(row: entry::Guarded, cap: i64) -> Vec<(Cow<'static, str>, String)> {
    let at: DateTime<Utc> = row.entered_at;
    let local = at.with_timezone(&Seoul);
    let first = row.wish.split('+').next().unwrap_or_default().to_owned();
    let mut groups = vec![
        ("channel".into(), row.channel),
        ("day".into(), local.format("%m-%d").to_string()),
        ("hour".into(), format!("{:02}", local.hour())),
        ("lang".into(), row.lang),
        ("want".into(), if row.want < cap { "less" } else { "cap" }.to_owned()),
        ("wish".into(), first),
    ];
    // What cohorts and reserves go by: region, age band, whatever the rules have.
    for (field, value) in row.fields.split(' ').filter_map(|field| field.split_once('=')) {
        groups.push((format!("field.{field}").into(), value.to_owned()));
    }
    groups
}
