//! What entrants agree to: what is kept of them, why, and until when. Each version is kept, so that it can be shown
//! later what somebody agreed to (개인정보 보호법, article 22).

use axum::{http::header, response::IntoResponse};
use i18n_embed_fl::fl;
use sea_orm::DbErr;

use super::{elsewhere, roster::match_by};
use crate::{
    app::Round,
    domain::roster::MatchBy,
    store,
    web::{
        answer::{Answer, Trouble},
        path::Path,
        view::{Consent, field_label},
        visit::Visit,
    },
    words::instant,
};

/// What an entrant of this round is asked on the web.
pub fn on_the_web(visit: &Visit, round: &Round) -> Consent {
    let mut words = consent(visit, round, None, fl!(visit.lang.loader(), "consent-refuse-text"));
    // Beside what is kept: before it is said until when.
    if let Some(line) = by_doors(visit) {
        words.lines.insert(words.lines.len().min(2), line);
    }
    words
}

/// What is read to somebody at a counter.
pub fn at_a_counter(visit: &Visit, round: &Round) -> Consent {
    let l = visit.lang.loader();
    consent(visit, round, Some(fl!(l, "counter-consent-items")), fl!(l, "counter-consent-refuse"))
}

/// What is kept of whoever comes by a door elsewhere, and who learns of it there.
fn by_doors(visit: &Visit) -> Option<(String, String)> {
    let doors: Vec<String> = elsewhere::doors(visit).into_iter().map(|(_, label)| label).collect();
    let (l, doors) = (visit.lang.loader(), Some(doors.join(", ")).filter(|doors| !doors.is_empty())?);
    let identity = &visit.app.config.identity;
    let named = identity.oidc.as_ref().is_some_and(|door| door.vouches_for_names)
        || identity.bridge.as_ref().is_some_and(|door| door.vouches_for_names);
    let said = match named {
        true => fl!(l, "consent-door-named", doors = doors),
        false => fl!(l, "consent-door-text", doors = doors),
    };
    Some((fl!(l, "consent-door"), said))
}

fn consent(visit: &Visit, round: &Round, first: Option<String>, refuse: String) -> Consent {
    let l = visit.lang.loader();
    let by_name = match_by(round) == Some(MatchBy::Name);
    let listed = by_name.then(|| fl!(l, "consent-items-roster"));
    let answers = round.who.fields.iter().map(|field| field_label(field, visit.lang));
    let helped = round.who.helps().then(|| fl!(l, "consent-items-helped"));
    let misses = round.rules.weighting.map(|_| fl!(l, "consent-items-misses"));
    let usual = std::iter::once(fl!(l, "consent-items-text"));
    let items: Vec<String> =
        usual.chain(first).chain(listed).chain(answers).chain(helped).chain(misses).collect();
    let date = instant::long_date(round.erases_at(), visit.lang);
    Consent {
        lines: vec![
            (fl!(l, "consent-purpose"), fl!(l, "consent-purpose-text")),
            (fl!(l, "consent-items"), items.join(", ")),
            (fl!(l, "consent-until"), fl!(l, "consent-until-text", date = date)),
            (fl!(l, "consent-refuse"), refuse),
        ],
    }
}

/// Keeps a version that somebody agrees to; its digest.
///
/// # Errors
/// What the database said.
pub async fn keep(visit: &Visit, consent: &Consent) -> Result<String, DbErr> {
    let (app, words, digest) = (&visit.app, consent.words(), consent.digest());
    // Nearly always it is there: a crowd that agrees waits for no writer.
    if store::consent::find(app.db.read(), &digest).await?.is_none() {
        let txn = app.db.begin().await?;
        store::consent::insert(&txn, &digest, words, visit.now).await?;
        txn.commit().await?;
    }
    Ok(digest)
}

/// `GET /consent/{digest}`: the words of one version. Nothing in them is about a person.
pub async fn show(visit: Visit, Path(digest): Path<String>) -> Result<Answer, Answer> {
    let kept = store::consent::find(visit.app.db.read(), &digest).await;
    match kept.map_err(|error| visit.failed(error))? {
        Some(kept) => {
            let text = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
            Ok((text, kept.words).into_response())
        }
        None => Err(visit.trouble(Trouble::NotFound)),
    }
}
