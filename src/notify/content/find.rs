//! Everything some notices are about, looked up together.

use std::collections::{BTreeSet, HashMap, HashSet};

use entities::notice;
use sea_orm::DbErr;

use super::{Abouts, CONTACT, Waiting};
use crate::{
    app::App,
    domain::contact::Contact,
    notify::{bounce::address_key, wording::Wording},
    store::{self, readdressed::READDRESSED},
};

impl Abouts {
    /// `aloud` says that people tell it, who want to know as well who need not be told any more.
    pub(super) async fn find(app: &App, notices: &[notice::Model], aloud: bool) -> Result<Self, DbErr> {
        let db = app.db.read();
        let mut found = Self {
            codes: HashMap::new(),
            entries: HashMap::new(),
            formers: Vec::new(),
            places: HashMap::new(),
            moves: HashMap::new(),
            facts: HashMap::new(),
            bought: HashSet::new(),
            waiting: HashMap::new(),
            checkpoints: HashMap::new(),
            unmailed: HashSet::new(),
            wordings: HashMap::new(),
        };
        let of = |reason: fn(&str) -> bool| notices.iter().filter(move |notice| reason(&notice.reason));
        let codes: Vec<String> = of(|reason| reason == "code").map(|notice| notice.about.clone()).collect();
        if !codes.is_empty() {
            found
                .codes
                .extend(store::code::list(db, &codes).await?.into_iter().map(|code| (code.id.clone(), code)));
        }
        let mut by_round: HashMap<i64, Vec<String>> = HashMap::new();
        for notice in of(|reason| reason != "code") {
            by_round.entry(notice.round_id).or_default().push(notice.about.clone());
        }
        let sealed: BTreeSet<i64> = of(|reason| reason == "sealed").map(|notice| notice.round_id).collect();
        for round_id in sealed {
            let lines = store::journal::list(db, round_id).await?;
            let seal = lines.iter().rfind(|line| line.kind == "sealed").map_or(i64::MAX, |line| line.index);
            if let Some(checkpoint) = store::checkpoint::find_with(db, seal).await? {
                found.checkpoints.insert(round_id, checkpoint.note);
            }
        }
        let rounds: Vec<i64> = by_round.keys().copied().collect();
        for (round_id, text) in store::wording::list(db, &rounds).await? {
            match Wording::parse(&text) {
                Ok(wording) => drop(found.wordings.insert(round_id, wording)),
                Err(error) => {
                    tracing::error!(round_id, error, "words of a round cannot be read: the usual ones leave")
                }
            }
        }
        for (round_id, receipts) in by_round {
            let unmailed = store::mail::list_unmailed(db, round_id, &receipts).await?;
            found.unmailed.extend(unmailed.into_iter().map(|receipt| (round_id, receipt)));
            let entries = store::entry::list(db, round_id, &receipts).await?;
            let leads = entries.values().filter_map(|entry| entry.lead.clone());
            let placed: Vec<String> = receipts.into_iter().chain(leads).collect();
            found.entries.extend(entries.into_iter().map(|(receipt, entry)| ((round_id, receipt), entry)));
            let places = store::assignment::list(db, round_id, &placed).await?;
            let waits = places.iter().any(|place| place.outcome == "waitlisted");
            let rounds = if waits { app.rounds.list().await? } else { Vec::new() };
            if let Some(round) = rounds.iter().find(|round| round.row.id == round_id) {
                found.waiting.insert(round_id, Waiting(app.waitlists.of(&app.db, round).await?));
            }
            if !places.is_empty() {
                let moves = store::offer::list_all_moves(db, round_id, Some(&placed)).await?;
                found.moves.extend(moves.into_iter().map(|(receipt, moves)| ((round_id, receipt), moves)));
            }
            let has = |reasons: fn(&str) -> bool| of(reasons).any(|notice| notice.round_id == round_id);
            if has(|reason| reason == READDRESSED) {
                found.formers.extend(store::readdressed::list(db, round_id, &placed).await?);
            }
            if aloud || has(|reason| matches!(reason, "eve" | "soon" | "open")) {
                let bought = store::bought::list(db, round_id, &placed).await?;
                found.bought.extend(bought.into_keys().map(|receipt| (round_id, receipt)));
            }
            if aloud
                || has(|reason| matches!(reason, "returned" | "ended" | "struck" | "eve" | "soon" | "open"))
            {
                let facts = store::fact::list(db, round_id, Some(&placed)).await?;
                found.facts.extend(facts.into_iter().map(|(receipt, fact)| ((round_id, receipt), fact)));
            }
            found.places.extend(places.into_iter().map(|place| ((round_id, place.receipt.clone()), place)));
        }
        Ok(found)
    }

    /// Which of the addresses that some notices go to by mail are dead.
    pub(super) async fn dead(&self, app: &App, notices: &[notice::Model]) -> Result<HashSet<String>, DbErr> {
        let mailed = notices.iter().filter(|notice| notice.channel == "email" && notice.reason != "code");
        let keys: Vec<String> = mailed
            .filter_map(|notice| app.keys.people().open::<Contact>(CONTACT, self.sealed(notice)?))
            .map(|contact| address_key(app, &contact))
            .collect();
        store::mail::list_dead(app.db.read(), &keys).await
    }
}
