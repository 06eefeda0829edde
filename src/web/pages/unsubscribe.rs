//! No more mail about an entry: the address in the `List-Unsubscribe` header of every notice (RFC 8058).
//!
//! `GET` changes nothing, since mail scanners follow every link; `POST` needs no login and no form of ours,
//! since it is sent by a mailbox for its owner, and is answered 200: a mail program must not be led elsewhere. Whoever presses
//! a button of the page is led back to it, which says what holds now. What it changes is the channel, never the entry, and
//! only while the entry is told things at the address that the mail went to.

use axum::{Form, extract::rejection::FormRejection};
use chrono::TimeDelta;
use entities::notice;
use serde::Deserialize;

use crate::{
    notify::{
        sent_to,
        tag::{self, Purpose},
    },
    store::{self, mail::Cause, readdressed::READDRESSED},
    web::{
        answer::{Answer, Trouble},
        path::Path,
        view::Unsubscribe,
        visit::Visit,
    },
};

/// What the page's buttons say: they bear the token of forms, whoever it was given to. A mailbox says
/// `List-Unsubscribe=One-Click`, in one of two ways to write forms, and knows no token.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    csrf: String,
    again: String,
}

/// `GET /unsubscribe/{tag}`
pub async fn show(visit: Visit, Path(tag): Path<String>) -> Result<Answer, Answer> {
    let about = about(&visit, &tag).await?;
    answer(&visit, &about, tag).await
}

/// `POST /unsubscribe/{tag}`
pub async fn stop(
    visit: Visit,
    Path(tag): Path<String>,
    wish: Result<Form<Wish>, FormRejection>,
) -> Result<Answer, Answer> {
    let about = about(&visit, &tag).await?;
    let Form(wish) = wish.unwrap_or_default();
    let again = !wish.again.is_empty();
    let changed = async {
        let (app, txn) = (&visit.app, visit.app.db.begin().await?);
        let entry = store::entry::find_held(&txn, about.round_id, &about.about).await?;
        let is_there = sent_to::still_there(app, &txn, &about, entry).await?.is_some();
        match (is_there, again) {
            (false, _) => {}
            (true, true) => store::mail::remove_unmailed(&txn, about.round_id, &about.about).await?,
            (true, false) => {
                store::mail::insert_unmailed(&txn, about.round_id, &about.about, Cause::Asked, visit.now)
                    .await?;
            }
        }
        txn.commit().await
    };
    changed.await.map_err(|error| visit.database(error, &visit.path, Vec::new()))?;
    match wish.csrf.is_empty() {
        true => answer(&visit, &about, tag).await,
        false => Ok(visit.go(&format!("/unsubscribe/{tag}"))),
    }
}

/// The notice whose header bears the tag.
async fn about(visit: &Visit, tag: &str) -> Result<notice::Model, Answer> {
    let id = tag::find(&visit.app.keys, Purpose::Unsubscribe, tag);
    let id = id.ok_or_else(|| visit.trouble(Trouble::NotFound))?;
    let found = store::mail::find_notice(visit.app.db.read(), id).await;
    let found = found.map_err(|error| visit.database(error, &visit.path, Vec::new()))?;
    let ends_mail = |notice: &notice::Model| !["code", READDRESSED].contains(&notice.reason.as_str());
    found.filter(ends_mail).ok_or_else(|| visit.trouble(Trouble::NotFound))
}

async fn answer(visit: &Visit, about: &notice::Model, tag: String) -> Result<Answer, Answer> {
    let rounds = visit.app.rounds.list().await.map_err(|error| visit.failed(error))?;
    let round = rounds.iter().find(|round| round.row.id == about.round_id);
    let round = round.ok_or_else(|| visit.trouble(Trouble::NotFound))?;
    let (db, failed) = (visit.app.db.read(), |error| visit.failed(error));
    let entry = store::entry::find(db, about.round_id, &about.about).await.map_err(failed)?;
    // Of whom nothing is known any more nobody is told anything, there or elsewhere.
    let ends = round.row.ends_at + TimeDelta::days(round.row.retention_days.into());
    let is_erased = ends <= visit.now && entry.as_ref().is_none_or(|entry| entry.person_sealed.is_empty());
    let there = sent_to::still_there(&visit.app, db, about, entry).await.map_err(failed)?;
    let found = match &there {
        Some(_) => store::mail::find_unmailed(db, about.round_id, &about.about).await.map_err(failed)?,
        // What holds for another address is not said here.
        None => None,
    };
    let visitor = visit.visitor();
    let page = Unsubscribe {
        page: visit.page_of(round),
        title: visit.title(round),
        slug: round.row.slug.clone(),
        csrf: visit.csrf(&visitor),
        tag,
        elsewhere: there.is_none() && !is_erased,
        stopped: found.is_some() || is_erased,
        again: found.is_some_and(|found| found.cause == Cause::Asked.key()),
    };
    Ok(visit.show(&page))
}
