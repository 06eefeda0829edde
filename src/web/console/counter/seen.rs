//! An entry as a counter sees it: masked, and where it stands.

use super::super::desk::Desk;
use crate::{
    app::Round,
    domain::contact::Contact,
    lifecycle::counter::NAME,
    notify::content::CONTACT,
    store,
    web::{
        answer::Answer,
        pages::{
            mine::{MyEntry, find, in_which, place, sellers},
            place::MyPlace,
            round::price_percent,
        },
        view::{MineState, Seen, own_days},
    },
};

/// What somebody's receipt leads to; `kept` is what was acknowledged a moment ago. `None`: no such entry.
///
/// # Errors
/// The answer to give instead.
pub async fn seen(
    desk: &Desk,
    round: &Round,
    receipt: &str,
    kept: Option<MyEntry>,
) -> Result<Option<(MyEntry, Seen)>, Answer> {
    let (visit, db) = (&desk.visit, desk.visit.app.db.read());
    let failed = |error| visit.failed(error);
    let folded = find(visit, round, receipt).await?;
    // Once the pool is sealed, only what is in it counts.
    let kept = kept.filter(|_| round.row.sealed_at.is_none());
    let kept = kept.filter(|kept| folded.as_ref().is_none_or(|entry| entry.at < kept.at));
    let Some(mine) = in_which(visit, round, kept.or(folded)).await? else { return Ok(None) };
    let MyPlace { state, give_back_until, fault, .. } = place(visit, round, &mine).await?;
    let row = store::attended::list(db, round.row.id, &[receipt.to_owned()]).await.map_err(failed)?;
    let name =
        row.get(receipt).and_then(|row| visit.app.keys.people().open::<String>(NAME, &row.name_sealed));
    let entry = store::entry::find(db, round.row.id, receipt).await.map_err(failed)?;
    let contact =
        entry.and_then(|entry| visit.app.keys.people().open::<Contact>(CONTACT, &entry.person_sealed));
    let days = match state == MineState::Entered && !round.who.fields.is_empty() {
        true => own_days(&round.rules, &mine.fields, visit.lang),
        false => Vec::new(),
    };
    let seen = Seen {
        receipt: mine.receipt.clone(),
        own: receipt.to_owned(),
        name,
        contact: contact.map(|contact| contact.masked()),
        want: mine.total(),
        price_percent: price_percent(round),
        asks_amount: round.rules.lists("want"),
        wishes: mine.wish.split('+').map(str::to_owned).collect(),
        seats: u64::from(mine.seats),
        days,
        state,
        fault,
        sellers: sellers(round, visit.lang).into_iter().map(|(words, _)| words).collect(),
        give_back_until,
        closes_at: round.row.closes_at,
        results_at: round.row.results_at,
    };
    Ok(Some((mine, seen)))
}
