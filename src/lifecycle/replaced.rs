//! How a list of people differs from the one before: who comes, who goes, and who would be told things elsewhere.

use std::{collections::HashMap, sync::Arc};

use entities::roster::Model;
use tokio::task::spawn_blocking;

use super::{LifecycleError, refused};
use crate::{
    app::App,
    domain::contact::{CONTACT, Contact},
    secret::Keys,
    store::roster::{compare, list_contacts},
};

/// People who are compared at once.
const PAGE: u64 = 5_000;

/// What another roster changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replacing {
    /// Which roster was there before, if one was, and which is there then. Nobody comes or goes on either of them.
    pub rosters: (Option<i64>, i64),
    /// People on the roster before, and on the one that replaces it.
    pub people: (u64, u64),
    /// On the new one alone.
    pub come: u64,
    /// On the old one alone.
    pub go: u64,
    /// On both, of whom the new one says something else.
    pub changed: u64,
    /// On both, told things at another number or mail address: what is for one person would reach another.
    pub addresses: u64,
}

impl Replacing {
    /// What a replacement follows from.
    pub fn stands(&self) -> String {
        format!("{self:?}")
    }
}

/// How `then` differs from the roster before.
///
/// # Errors
/// [`LifecycleError`].
pub async fn compared(app: &App, before: Option<&Model>, then: &Model) -> Result<Replacing, LifecycleError> {
    let count = |people: i64| u64::try_from(people).unwrap_or_default();
    let people = count(then.people);
    let Some(before) = before else {
        let rosters = (None, then.id);
        return Ok(Replacing { rosters, people: (0, people), come: people, go: 0, changed: 0, addresses: 0 });
    };
    let rosters = (Some(before.id), then.id);
    let people = (count(before.people), people);
    if before.id == then.id {
        return Ok(Replacing { rosters, people, come: 0, go: 0, changed: 0, addresses: 0 });
    }
    let [come, go, changed] = compare(app.db.read(), then.id, before.id).await?;
    let addresses = addresses(app, before.id, then.id).await?;
    Ok(Replacing { rosters, people, come, go, changed, addresses })
}

/// Of how many people on both the number or mail address is another. Sealed twice, one address looks like two, and a digest
/// of it beside it would tell who lives together and who is on other lists: so both are opened, some at a time.
async fn addresses(app: &App, before: i64, then: i64) -> Result<u64, LifecycleError> {
    let (db, mut others, mut from) = (app.db.read(), 0, String::new());
    loop {
        let page = list_contacts(db, then, &from, None, PAGE).await?;
        let Some((to, _)) = page.last().cloned() else { return Ok(others) };
        let page: Arc<HashMap<String, String>> = Arc::new(page.into_iter().collect());
        // The same stretch of keys may hold any number of people on the other roster.
        while from < to {
            let some = list_contacts(db, before, &from, Some(&to), PAGE).await?;
            from = some.last().map_or_else(|| to.clone(), |(last, _)| last.clone());
            let (keys, page) = (app.keys.clone(), page.clone());
            let counted = spawn_blocking(move || {
                let is_other = |(key, old): &&(String, String)| {
                    page.get(key).is_some_and(|new| !is_same(&keys, old, new))
                };
                some.iter().filter(is_other).count()
            });
            others += counted.await.map_err(refused)? as u64;
        }
    }
}

/// What does not open is no address that anybody has seen to be the same.
fn is_same(keys: &Keys, old: &str, new: &str) -> bool {
    let open = |sealed: &str| keys.people().open::<Contact>(CONTACT, sealed);
    match (open(old), open(new)) {
        (Some(old), Some(new)) => old == new,
        _ => old.is_empty() && new.is_empty(),
    }
}
