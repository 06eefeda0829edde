//! The code that was sent.

use serde::Deserialize;

use super::identity::{code_key, next, send_code};
use crate::{
    app::Round,
    domain::contact::{Channel, is_registration_number},
    notify::bounce::address_key,
    secret::random_id,
    store::{self, code::Tried},
    web::{
        answer::{Answer, Trouble},
        form::{Guarded, Posted},
        path::Path,
        view::{Code, FieldError, Purpose, errors},
        visit::Visit,
        visitor::{Consented, Pending, Proven, Visitor},
    },
};

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    csrf: String,
    code: String,
}

impl Guarded for Form {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// `GET /rounds/{slug}/code`
pub async fn show(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = visit.round(&slug).await?;
    let (visitor, pending) = pending(&visit, &slug)?;
    Ok(visit.show(&page(&visit, &round, &visitor, &pending, String::new(), Vec::new())))
}

/// `POST /rounds/{slug}/code`
pub async fn check(Path(slug): Path<String>, Posted(visit, form): Posted<Form>) -> Result<Answer, Answer> {
    let round = visit.round(&slug).await?;
    let (mut visitor, pending) = pending(&visit, &slug)?;
    let typed: String = form.code.chars().filter_map(digit).collect();
    let tried = if typed.is_empty() {
        None
    } else {
        Some(attempt(&visit, &round, &pending, &typed, &form.csrf).await?)
    };
    let lang = visit.lang;
    let error = match tried {
        Some(Tried::Right) => {
            visitor.pending = None;
            // Who could have put their own cookie into this browser knows nothing of it from here.
            visitor.id = random_id();
            let purpose = Purpose::from_key(&pending.purpose).unwrap_or(Purpose::Enter);
            let agreed = |digest| Consented { slug: slug.clone(), digest };
            let consented = (purpose != Purpose::My).then(|| agreed(pending.consent_digest));
            visitor.proven =
                Some(Proven { contact: pending.contact, at: visit.now, consented, listed: None });
            return Ok(visit.with(&visitor, visit.go(&next(&slug, purpose))));
        }
        None => errors::code_missing(lang),
        Some(Tried::Wrong(left)) => errors::code_wrong(lang, u64::try_from(left).unwrap_or_default()),
        Some(Tried::Expired) => errors::code_expired(lang),
        Some(Tried::TooMany) => errors::code_too_many(lang),
    };
    Ok(visit.show_again(&page(&visit, &round, &visitor, &pending, form.code, vec![error])))
}

/// `POST /rounds/{slug}/code/again`
pub async fn again(Path(slug): Path<String>, Posted(visit, _): Posted<Form>) -> Result<Answer, Answer> {
    let round = visit.round(&slug).await?;
    let (mut visitor, mut pending) = pending(&visit, &slug)?;
    match send_code(&visit, &round, &pending.contact).await {
        Ok(Some(code_id)) => {
            pending.code_id = code_id;
            pending.again = true;
            visitor.pending = Some(pending);
            Ok(visit.with(&visitor, visit.go(&format!("/rounds/{slug}/code"))))
        }
        Ok(None) => {
            let errors = vec![errors::code_too_often(visit.lang)];
            Ok(visit.show_again(&page(&visit, &round, &visitor, &pending, String::new(), errors)))
        }
        Err(error) => Err(visit.failed(error)),
    }
}

async fn attempt(
    visit: &Visit,
    round: &Round,
    pending: &Pending,
    typed: &str,
    csrf: &str,
) -> Result<Tried, Answer> {
    let app = &visit.app;
    let most = i32::try_from(app.config.codes.tries).unwrap_or(5);
    let key = code_key(app, &pending.code_id, typed);
    let tried = async {
        let txn = app.db.begin().await?;
        let tried = store::code::settle(&txn, &pending.code_id, &key, most, visit.now).await?;
        // What came back to this address before was another day: somebody reads it now.
        if tried == Tried::Right && pending.contact.channel == Channel::Email {
            let receipt = round.receipt(&pending.contact.person_key()).map(|receipt| receipt.to_string());
            let dead = address_key(app, &pending.contact);
            store::mail::revive(&txn, &dead, round.row.id, receipt.as_deref().unwrap_or_default()).await?;
        }
        txn.commit().await.map(|()| tried)
    };
    tried.await.map_err(|error| {
        let fields = vec![("csrf".to_owned(), csrf.to_owned()), ("code".to_owned(), typed.to_owned())];
        visit.database(error, &visit.path, fields)
    })
}

/// Without a code on its way there is nothing to type: back to the address.
fn pending(visit: &Visit, slug: &str) -> Result<(Visitor, Pending), Answer> {
    let Some(visitor) = visit.visitor.clone() else { return Err(visit.trouble(Trouble::SignedOut(slug))) };
    match visitor.pending.clone() {
        Some(pending) => Ok((visitor, pending)),
        None => Err(visit.go(&format!("/rounds/{slug}/enter"))),
    }
}

/// A digit as any keyboard gives it: full-width ones come from Korean input methods.
fn digit(typed: char) -> Option<char> {
    match typed {
        '0'..='9' => Some(typed),
        '０'..='９' => char::from_digit(typed as u32 - '０' as u32, 10),
        _ => None,
    }
}

fn page(
    visit: &Visit,
    round: &Round,
    visitor: &Visitor,
    pending: &Pending,
    code: String,
    errors: Vec<FieldError>,
) -> Code {
    let codes = &visit.app.config.codes;
    Code {
        page: visit.page_of(round),
        slug: round.row.slug.clone(),
        title: visit.title(round),
        csrf: visit.csrf(visitor),
        purpose: Purpose::from_key(&pending.purpose).unwrap_or(Purpose::Enter),
        channel: pending.contact.channel,
        masked: pending.contact.masked(),
        minutes: codes.valid_seconds.div_ceil(60),
        tries_left: u64::from(codes.tries),
        sent_again: pending.again,
        // A registration number is not even shown back.
        code: if is_registration_number(&code) { String::new() } else { code },
        errors,
    }
}
