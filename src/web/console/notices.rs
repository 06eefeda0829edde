//! Every notice of a round as it would leave, in every language, with its bytes and what it costs.

use std::sync::Arc;

use super::{
    desk::Desk,
    drafts::find,
    rule::{Route, Who},
};
use crate::{
    domain::draft::Draft,
    notify::{
        message::Sender,
        wording::{Kind, Wording, preview},
    },
    store,
    web::{
        answer::{Answer, Trouble},
        path::Path,
        view::{NoticeText, NoticesPage, notice_kind, notice_size},
    },
    words::Lang,
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/drafts/{id}/notices", Who::OFFICE, of_draft),
        Route::show("/console/rounds/{slug}/notices", Who::ROUND, of_round),
    ]
}

async fn of_draft(desk: Desk, Path(id): Path<i64>) -> Result<Answer, Answer> {
    let row = find(&desk, id).await?;
    let draft = Draft::parse(&row.text).map_err(|_| desk.visit.trouble(Trouble::NotFound))?;
    let titles = (draft.title_ko.as_str(), draft.title_en.as_str());
    let back = format!("/console/drafts/{id}");
    Ok(desk.visit.show(&page(&desk, &back, titles, &Wording::default())))
}

async fn of_round(desk: Desk, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = desk.visit.round(&slug).await?;
    let worded = store::wording::list(desk.visit.app.db.read(), &[round.row.id]).await;
    let worded = worded.map_err(|error| desk.visit.failed(error))?;
    let own: Option<Arc<Wording>> =
        worded.into_iter().next().and_then(|(_, text)| Wording::parse(&text).ok());
    let titles = (round.row.title_ko.as_str(), round.row.title_en.as_str());
    let back = format!("/console/rounds/{slug}");
    Ok(desk.visit.show(&page(&desk, &back, titles, &own.unwrap_or_default())))
}

fn page(desk: &Desk, back: &str, (ko, en): (&str, &str), wording: &Wording) -> NoticesPage {
    let page = desk.page_at(&format!("{back}/notices"));
    let from = Sender::of(&desk.visit.app.config.municipality);
    let text = |kind: Kind, lang: Lang| {
        let title = if lang.is_korean() { ko } else { en };
        let shown = preview(wording, kind, lang, &from, Some(title));
        NoticeText {
            lang,
            size: notice_size(&page, &shown.size),
            own: shown.own_sms || shown.own_mail,
            sms: shown.sms,
            subject: shown.subject,
            body: shown.body,
        }
    };
    let one = |kind: Kind| (notice_kind(&page, kind.key()), Lang::ALL.map(|lang| text(kind, lang)).into());
    NoticesPage {
        bar: desk.bar(),
        title: if page.lang.is_korean() { ko.to_owned() } else { en.to_owned() },
        back: back.to_owned(),
        kinds: Kind::ALL.into_iter().map(one).collect(),
        page,
    }
}
