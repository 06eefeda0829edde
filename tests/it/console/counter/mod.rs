//! At a counter: the same entry, the same chance, and one entry for one person whatever door they used.

mod entered;
mod form;
mod helper;
mod listed;
mod one_person;
mod paper;
mod shared;
mod together;
mod undo;

use entities::{attended, round};
use jebi::domain::{draft::Draft, roster::MatchBy};
use sea_orm::EntityTrait;

use crate::{
    roster::imported,
    support::{Member, Page, TestApp},
};

pub(super) const WHO: [(&str, &str); 2] = [("name", "김하늘"), ("born", "1948-03-01")];
pub(super) const TICKED: [(&str, &str); 3] = [("id_seen", "yes"), ("consent", "yes"), ("want", "250000")];

pub(super) fn path(slug: &str, page: &str) -> String {
    format!("/console/counter/{slug}{page}")
}

/// Sends the form of a counter.
pub async fn ask(lee: &mut Member, slug: &str, more: &[(&str, &str)]) -> Page {
    lee.see(&path(slug, "")).await;
    let fields: Vec<(&str, &str)> = TICKED.iter().chain(more).copied().collect();
    lee.post(&path(slug, ""), &fields).await
}

/// Enters somebody, check-answers and all; the page of the slip.
pub async fn enter(lee: &mut Member, slug: &str, more: &[(&str, &str)]) -> Page {
    let asked = ask(lee, slug, more).await;
    assert_eq!(asked.to(), path(slug, "/check"));
    lee.see(&path(slug, "/check")).await;
    assert_eq!(lee.post(&path(slug, "/entry"), &[]).await.to(), path(slug, "/slip"));
    lee.see(&path(slug, "/slip")).await
}

/// Looked up by a date of birth, the slip of this receipt is opened.
pub(super) async fn found(lee: &mut Member, slug: &str, born: &str, receipt: &str) -> Page {
    lee.see(&path(slug, "/find")).await;
    lee.post(&path(slug, "/find"), &[("born", born), ("phone", "")]).await;
    lee.post(&path(slug, "/slip"), &[("receipt", receipt)]).await.to();
    lee.see(&path(slug, "/slip")).await
}

/// A round for the people of a list, who are known by their names; it is open.
async fn of_list(t: &TestApp, list: &str, draft: Draft) -> round::Model {
    imported(t, list, Some(MatchBy::Name)).await.unwrap();
    let round = t.announced(Draft { roster: Some("list".to_owned()), ..draft }).await;
    t.jump(round.opens_at);
    round
}

async fn rows(t: &TestApp) -> Vec<attended::Model> {
    attended::Entity::find().all(t.db()).await.unwrap()
}
