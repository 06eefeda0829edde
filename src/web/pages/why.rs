//! Why did I get this time? The lots before and after one's own, in plain words.

use public_audit::{Digest, lot};

use super::{mine::entry_of, place::place_of};
use crate::{
    store,
    web::{
        answer::{Answer, Trouble},
        path::Path,
        view::{Why, WhyLot},
        visit::Visit,
    },
};

/// So many of the smallest lots are shown.
const FIRST: i64 = 3;

/// `GET /rounds/{slug}/my/why`
pub async fn show(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = visit.kept_round(&slug).await?;
    if visit.proven().is_none() {
        return Ok(visit.go(&format!("/rounds/{slug}/enter?purpose=my")));
    }
    let mine = entry_of(&visit, &round).await?.filter(|mine| !mine.withdrawn);
    let seed = round.row.draw_seed.as_deref().and_then(|seed| seed.parse::<Digest>().ok());
    let (Some(mine), Some(seed), true) = (mine, seed, round.is_published(visit.now)) else {
        return Err(visit.trouble(Trouble::NotFound));
    };
    let failed = |error| visit.failed(error);
    let db = visit.app.db.read();
    let Some(place) = store::assignment::find(db, round.row.id, &mine.receipt).await.map_err(failed)? else {
        return Err(visit.failed("an entry of a drawn round has no outcome"));
    };
    let mut ranks: Vec<i64> = (1..=FIRST).chain(place.rank - 1..=place.rank + 1).collect();
    ranks.sort_unstable();
    ranks.dedup();
    let rows = store::assignment::list_ranks(db, round.row.id, &ranks).await.map_err(failed)?;
    let receipts: Vec<String> = rows.iter().map(|row| row.receipt.clone()).collect();
    let entries = store::entry::list(db, round.row.id, &receipts).await.map_err(failed)?;
    let weight =
        |receipt: &str| entries.get(receipt).and_then(|entry| u32::try_from(entry.weight).ok()).unwrap_or(1);
    let lots = rows.iter().filter_map(|row| {
        let receipt = row.receipt.parse().ok()?;
        Some(WhyLot {
            rank: u64::try_from(row.rank).unwrap_or_default(),
            lot: lot::lot(&seed, &receipt, weight(&row.receipt)),
            receipt: row.receipt.clone(),
            own: row.rank == place.rank,
        })
    });
    let changes = place_of(&visit, &round, &mine.receipt, mine.lead.is_some()).await?.changes;
    Ok(visit.show(&Why {
        page: visit.page_of(&round),
        title: visit.title(&round),
        receipt: mine.receipt,
        rank: u64::try_from(place.rank).unwrap_or_default(),
        count: round.row.entrant_count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default(),
        weight: (mine.weight > 1).then_some(u64::from(mine.weight)),
        lots: lots.collect(),
        changes,
        slug,
    }))
}
