//! Whom no mail and no text message reached: one list, for letters and for calls.

use std::collections::{BTreeMap, HashMap};

use entities::{
    attempt,
    notice::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{LETTER, NEWS};
use crate::store::BATCH_BINDS;

/// How a notice ends that reached nobody.
const ENDED: [&str; 4] = ["rejected", "undelivered", "unresolved", "expired"];

/// The newest word about an entry, which did not reach it.
#[derive(Clone, Debug)]
pub struct Unreached {
    /// The notice. On paper if nothing else was ever tried, or after a letter was printed.
    pub notice: Model,
    /// What the letter stands for, if something else was tried.
    pub missed: Option<Model>,
    /// The last thing that a vendor said about it, if it was ever given to one.
    pub said: Option<String>,
}

/// For each person of a round whom the newest news of their place did not reach by mail or text, that news; in the
/// order of receipts. What became of older news does not matter any more.
///
/// # Errors
/// What the database said.
pub async fn list_unreached(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<Unreached>, DbErr> {
    let missed = Condition::any().add(Column::State.is_in(ENDED)).add(Column::Channel.eq(LETTER));
    let people: Vec<String> = of_round(round_id)
        .filter(missed)
        .select_only()
        .column(Column::About)
        .distinct()
        .order_by_asc(Column::About)
        .into_tuple()
        .all(db)
        .await?;
    let mut unreached = Vec::new();
    for some in people.chunks((BATCH_BINDS - 32).min(1_000)) {
        let mut newest: BTreeMap<String, (Model, Option<Model>)> = BTreeMap::new();
        // In this order the last of each is the newest.
        let all = of_round(round_id).filter(Column::About.is_in(some));
        for notice in all.order_by_asc(Column::PlannedAt).order_by_asc(Column::Id).all(db).await? {
            let before = newest.remove(&notice.about).map(|(before, _)| before);
            let is_same = |before: &Model| {
                (&before.reason, before.version) == (&notice.reason, notice.version) && is_missed(before)
            };
            let missed = before.filter(|before| notice.channel == LETTER && is_same(before));
            newest.insert(notice.about.clone(), (notice, missed));
        }
        newest.retain(|_, (notice, _)| notice.channel == LETTER || is_missed(notice));
        let tried = newest.values().map(|(notice, missed)| missed.as_ref().unwrap_or(notice).id);
        let tried = attempt::Entity::find()
            .filter(attempt::Column::NoticeId.is_in(tried))
            .order_by_asc(attempt::Column::Claim)
            .all(db)
            .await?;
        let mut said: HashMap<i64, Option<String>> =
            tried.into_iter().map(|one| (one.notice_id, one.detail)).collect();
        unreached.extend(newest.into_values().map(|(notice, missed)| Unreached {
            said: said.remove(&missed.as_ref().unwrap_or(&notice).id).flatten(),
            notice,
            missed,
        }));
    }
    Ok(unreached)
}

fn is_missed(notice: &Model) -> bool {
    ENDED.contains(&notice.state.as_str())
}

/// Notices of a round that somebody must know of.
fn of_round(round_id: i64) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Reason.is_in(NEWS))
}
