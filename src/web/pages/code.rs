//! The code that was sent.

use serde::Deserialize;

use super::{
    admit::{admit, revive},
    identity::{next, too_often, valid},
};
use crate::{
    app::Round,
    domain::contact::is_registration_number,
    identity::{
        Codes, Door, Refused,
        codes::{Sent, Typed},
    },
    secret::random_id,
    web::{
        answer::{Answer, Trouble},
        caller::Caller,
        form::{NAMES_THE_FIELD, Posted},
        path::Path,
        view::{Code, Ending, EndingKind, FieldError, Page, Purpose, errors},
        visit::Visit,
        visitor::{Pending, Visitor},
    },
};

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    csrf: String,
    code: String,
}

/// `GET /rounds/{slug}/code`
pub async fn show(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = visit.kept_round(&slug).await?;
    let (visitor, pending) = pending(&visit, &round)?;
    Ok(visit.show(&page(&visit, &round, &visitor, &pending, String::new(), Vec::new())))
}

/// `POST /rounds/{slug}/code`
pub async fn check(
    Path(slug): Path<String>,
    Posted(visit, form): Posted<Form, NAMES_THE_FIELD>,
) -> Result<Answer, Answer> {
    let round = visit.kept_round(&slug).await?;
    let (mut visitor, mut pending) = pending(&visit, &round)?;
    let typed: String = form.code.chars().filter_map(digit).collect();
    let lang = visit.lang;
    if typed.is_empty() {
        let errors = vec![errors::code_missing(lang)];
        return Ok(visit.show_again(&page(&visit, &round, &visitor, &pending, form.code, errors)));
    }
    let codes = Codes { app: &visit.app, round: &round };
    let Pending { code_id, contact, digits, .. } = &pending;
    let evidence = Typed { code_id, contact, typed: &typed, digits: *digits };
    let error = match codes.admit(evidence, visit.now).await {
        Ok(person) => {
            let purpose = Purpose::from_key(&pending.purpose).unwrap_or(Purpose::Enter);
            if !pending.adds {
                return admit(&visit, &round, visitor, person, (purpose, pending.consent_digest)).await;
            }
            // Who they are was shown before, and must still hold; this is where they are told things.
            let Some(known) = visitor.proven.as_mut() else {
                return Err(visit.trouble(Trouble::SignedOut(&slug, purpose)));
            };
            known.person.contact = person.contact;
            if known.listed(&round).is_some() || round.roster.is_none() {
                revive(&visit, &round, known).await?;
            }
            (visitor.pending, visitor.id) = (None, random_id());
            return Ok(visit.with(&visitor, visit.go(&next(&slug, purpose))));
        }
        Err(Refused::Wrong(left)) => {
            pending.left = left;
            errors::code_wrong(lang, left)
        }
        Err(Refused::TooMany) => {
            pending.left = 0;
            errors::code_too_many(lang)
        }
        Err(Refused::Database(error)) => {
            let fields = vec![("csrf".to_owned(), form.csrf), ("code".to_owned(), typed)];
            return Err(visit.database(error, &visit.path, fields));
        }
        Err(_) => errors::code_expired(lang),
    };
    // How many tries are left is counted in the database; here it is kept to be shown.
    visitor.pending = Some(pending.clone());
    let page = page(&visit, &round, &visitor, &pending, form.code, vec![error]);
    Ok(visit.with(&visitor, visit.show_again(&page)))
}

/// `POST /rounds/{slug}/code/again`
pub async fn again(
    Path(slug): Path<String>,
    Caller(caller): Caller,
    Posted(visit, form): Posted<Form, NAMES_THE_FIELD>,
) -> Result<Answer, Answer> {
    let round = visit.kept_round(&slug).await?;
    let (mut visitor, mut pending) = pending(&visit, &round)?;
    let codes = Codes { app: &visit.app, round: &round };
    match codes.send(&pending.contact, &caller, visit.lang, visit.now).await {
        Ok(Sent::On(code_id, digits)) => {
            (pending.code_id, pending.digits) = (code_id, digits);
            pending.again = true;
            pending.left = visit.app.config.codes.tries.into();
            pending.until = visit.now + valid(&visit.app);
            visitor.pending = Some(pending);
            Ok(visit.with(&visitor, visit.go(&format!("/rounds/{slug}/code"))))
        }
        Ok(Sent::Busy) => {
            let action = format!("/rounds/{slug}/code/again");
            Err(visit.busy(action, vec![("csrf".to_owned(), form.csrf)]))
        }
        Ok(Sent::TooOften(until)) => {
            let errors = vec![too_often(&visit, until).await];
            Ok(visit.show_again(&page(&visit, &round, &visitor, &pending, String::new(), errors)))
        }
        Err(error) => {
            let action = format!("/rounds/{slug}/code/again");
            Err(visit.database(error, &action, vec![("csrf".to_owned(), form.csrf)]))
        }
    }
}

/// Without a code of this round on its way there is nothing to type: back to the address. Once nobody can enter any more
/// one comes to look.
fn pending(visit: &Visit, round: &Round) -> Result<(Visitor, Pending), Answer> {
    let slug = &round.row.slug;
    let purpose = if visit.now < round.row.closes_at { Purpose::Enter } else { Purpose::My };
    let Some(visitor) = visit.visitor.clone() else {
        return Err(visit.trouble(Trouble::SignedOut(slug, purpose)));
    };
    match visitor.pending.clone().filter(|pending| pending.slug == *slug) {
        Some(pending) => {
            // To look at one's own entry there is time after the close as well.
            if Purpose::from_key(&pending.purpose) != Some(Purpose::My) {
                visit.ends_with(round);
            }
            Ok((visitor, pending))
        }
        None => Err(visit.go(&format!("/rounds/{slug}/enter?purpose={}", purpose.key()))),
    }
}

/// A digit as any keyboard gives it: full-width ones come from Korean input methods.
pub fn digit(typed: char) -> Option<char> {
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
    let csrf = visit.csrf(visitor);
    let ending = Ending { kind: EndingKind::Code, until: pending.until, csrf: csrf.clone() };
    Code {
        page: Page { ending: Some(ending), ..visit.page_of(round) },
        slug: round.row.slug.clone(),
        title: visit.title(round),
        csrf,
        purpose: Purpose::from_key(&pending.purpose).unwrap_or(Purpose::Enter),
        channel: pending.contact.channel,
        masked: pending.contact.masked(),
        digits: pending.digits.into(),
        minutes: codes.valid_seconds.div_ceil(60),
        until: pending.until,
        tries_left: pending.left,
        sent_again: pending.again,
        // A registration number is not even shown back.
        code: if is_registration_number(&code) { String::new() } else { code },
        errors,
    }
}
