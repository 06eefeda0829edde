//! No more mail about an entry: the address in the `List-Unsubscribe` header of every notice (RFC 8058).
//!
//! `GET` changes nothing, since mail scanners follow every link; `POST` needs no login and no form of ours,
//! since it is sent by a mailbox for its owner. What it changes is the channel, never the entry.

use axum::{Form, extract::rejection::FormRejection};
use entities::notice;
use serde::Deserialize;

use crate::{
    notify::tag::{self, Purpose},
    store::{self, mail::Cause, readdressed::READDRESSED},
    web::{
        answer::{Answer, Trouble},
        path::Path,
        view::Unsubscribe,
        visit::Visit,
    },
};

/// What the page's second button says; a mailbox says `List-Unsubscribe=One-Click`, which asks for nothing more
/// than to be posted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    again: String,
}

/// `GET /unsubscribe/{tag}`
pub async fn show(visit: Visit, Path(tag): Path<String>) -> Result<Answer, Answer> {
    let about = about(&visit, &tag).await?;
    answer(&visit, &about, tag, false).await
}

/// `POST /unsubscribe/{tag}`
pub async fn stop(
    visit: Visit,
    Path(tag): Path<String>,
    wish: Result<Form<Wish>, FormRejection>,
) -> Result<Answer, Answer> {
    let about = about(&visit, &tag).await?;
    let again = wish.is_ok_and(|Form(wish)| !wish.again.is_empty());
    let changed = async {
        let txn = visit.app.db.begin().await?;
        match again {
            true => store::mail::remove_unmailed(&txn, about.round_id, &about.about).await?,
            false => {
                store::mail::insert_unmailed(&txn, about.round_id, &about.about, Cause::Asked, visit.now)
                    .await?;
            }
        }
        txn.commit().await
    };
    changed.await.map_err(|error| visit.database(error, &visit.path, Vec::new()))?;
    answer(&visit, &about, tag, true).await
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

async fn answer(visit: &Visit, about: &notice::Model, tag: String, fresh: bool) -> Result<Answer, Answer> {
    let rounds = visit.app.rounds.list().await.map_err(|error| visit.failed(error))?;
    let round = rounds.iter().find(|round| round.row.id == about.round_id);
    let round = round.ok_or_else(|| visit.trouble(Trouble::NotFound))?;
    let found = store::mail::find_unmailed(visit.app.db.read(), about.round_id, &about.about).await;
    let found = found.map_err(|error| visit.failed(error))?;
    let visitor = visit.visitor();
    let page = Unsubscribe {
        page: visit.page_of(round),
        title: visit.title(round),
        slug: round.row.slug.clone(),
        csrf: visit.csrf(&visitor),
        tag,
        stopped: found.is_some(),
        again: found.is_some_and(|found| found.cause == Cause::Asked.key()),
        fresh,
    };
    Ok(visit.show(&page))
}
