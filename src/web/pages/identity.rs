//! Who are you? An address is shown to be one's own by a code that is sent to it.

use axum::extract::{Query, rejection::QueryRejection};
use chrono::TimeDelta;
use entities::code;
use sea_orm::{ActiveValue::Set, DbErr};
use serde::Deserialize;

use super::consent;
use crate::{
    app::{App, Round},
    domain::contact::{self, Contact, ContactError},
    notify::words::{CODE, CONTACT},
    secret::{random_code, random_id},
    store,
    web::{
        answer::Answer,
        form::{Guarded, Posted},
        path::Path,
        view::{Channel, FieldError, Identity, Purpose, errors},
        visit::Visit,
        visitor::{Consented, Pending, Proven, Visitor},
    },
};

/// What one comes for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Aim {
    purpose: String,
    /// Not empty: somebody else than whoever passed the check in this browser.
    other: String,
    /// Not empty: the same person, who has not agreed yet to what this round keeps.
    agree: String,
}

/// The form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    csrf: String,
    purpose: String,
    channel: String,
    email: String,
    phone: String,
    consent: String,
    /// Not empty: whoever passed the check in this browser goes on as such.
    known: String,
}

impl Guarded for Form {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

impl Form {
    fn fields(self) -> Vec<(String, String)> {
        let Self { csrf, purpose, channel, email, phone, consent, known } = self;
        let fields = [
            ("csrf", csrf),
            ("purpose", purpose),
            ("channel", channel),
            ("email", email),
            ("phone", phone),
            ("consent", consent),
            ("known", known),
        ];
        fields.map(|(name, value)| (name.to_owned(), value)).into()
    }
}

fn purpose(key: &str) -> Purpose {
    Purpose::from_key(key).unwrap_or(Purpose::Enter)
}

/// `GET /rounds/{slug}/enter`
pub async fn show(
    visit: Visit,
    Path(slug): Path<String>,
    aim: Result<Query<Aim>, QueryRejection>,
) -> Result<Answer, Answer> {
    let aim = aim.map(|Query(aim)| aim).unwrap_or_default();
    let purpose = purpose(&aim.purpose);
    let round = round_for(&visit, &slug, purpose).await?;
    if visit.proven().is_some() && aim.other.is_empty() && aim.agree.is_empty() {
        return Ok(visit.go(&next(&slug, purpose)));
    }
    let form = Form { purpose: purpose.key().to_owned(), known: aim.agree, ..Form::default() };
    let visitor = visit.visitor();
    let page = identity(&visit, &round, &visitor, form, Vec::new());
    Ok(visit.with(&visitor, visit.show(&page)))
}

/// `POST /rounds/{slug}/enter`
pub async fn send(Path(slug): Path<String>, Posted(visit, form): Posted<Form>) -> Result<Answer, Answer> {
    let purpose = purpose(&form.purpose);
    let round = round_for(&visit, &slug, purpose).await?;
    let mut visitor = visit.visitor();
    if let (true, false, Some(proven)) = (purpose != Purpose::My, form.known.is_empty(), visit.proven()) {
        if form.consent.is_empty() {
            let errors = vec![errors::consent_missing(visit.lang)];
            return Ok(visit.show_again(&identity(&visit, &round, &visitor, form, errors)));
        }
        let digest = consent::keep(&visit, &consent::on_the_web(&visit, &round)).await;
        let digest = digest.map_err(|error| visit.failed(error))?;
        let consented = Some(Consented { slug: slug.clone(), digest });
        visitor.proven = Some(Proven { consented, ..proven.clone() });
        return Ok(visit.with(&visitor, visit.go(&next(&slug, purpose))));
    }
    let contact = match read(&visit, &form, purpose) {
        Ok(contact) => contact,
        Err(errors) => return Ok(visit.show_again(&identity(&visit, &round, &visitor, form, errors))),
    };
    let sent = async {
        let consent_digest = match purpose {
            Purpose::My => String::new(),
            _ => consent::keep(&visit, &consent::on_the_web(&visit, &round)).await?,
        };
        Ok((send_code(&visit, &round, &contact).await?, consent_digest))
    };
    match sent.await {
        Ok((Some(code_id), consent_digest)) => {
            let purpose = purpose.key().to_owned();
            visitor.pending = Some(Pending { code_id, contact, purpose, again: false, consent_digest });
            Ok(visit.with(&visitor, visit.go(&format!("/rounds/{slug}/code"))))
        }
        Ok((None, _)) => {
            let errors = vec![errors::code_too_often(visit.lang)];
            Ok(visit.show_again(&identity(&visit, &round, &visitor, form, errors)))
        }
        Err(error) => Err(visit.database(error, &format!("/rounds/{slug}/enter"), form.fields())),
    }
}

/// Entering needs an open round; looking at one's entry does not.
async fn round_for(visit: &Visit, slug: &str, purpose: Purpose) -> Result<std::sync::Arc<Round>, Answer> {
    match purpose {
        Purpose::Enter | Purpose::Join => visit.open_round(slug).await,
        Purpose::My => visit.round(slug).await,
    }
}

/// Where one goes once known.
pub fn next(slug: &str, purpose: Purpose) -> String {
    match purpose {
        Purpose::Enter => format!("/rounds/{slug}/details"),
        Purpose::My => format!("/rounds/{slug}/my"),
        Purpose::Join => format!("/rounds/{slug}/join"),
    }
}

/// The ways in which people can be told things here.
pub fn channels(app: &App) -> Vec<Channel> {
    let email = app.config.mail.is_some().then_some(Channel::Email);
    let phone = app.config.sms.is_some().then_some(Channel::Sms);
    email.into_iter().chain(phone).collect()
}

fn read(visit: &Visit, form: &Form, purpose: Purpose) -> Result<Contact, Vec<FieldError>> {
    let lang = visit.lang;
    let offered = channels(&visit.app);
    let channel = match offered[..] {
        [only] => Some(only),
        _ => Channel::from_key(&form.channel).filter(|channel| offered.contains(channel)),
    };
    let contact = match channel {
        None => Err(errors::channel_missing(lang)),
        Some(Channel::Email) => Contact::parse(Channel::Email, &form.email).map_err(|error| match error {
            ContactError::Missing => errors::email_missing(lang),
            ContactError::Invalid => errors::email_invalid(lang),
            ContactError::RegistrationNumber => errors::resident_number(lang, "email"),
        }),
        Some(Channel::Sms) => Contact::parse(Channel::Sms, &form.phone).map_err(|error| match error {
            ContactError::Missing => errors::phone_missing(lang),
            ContactError::Invalid => errors::phone_invalid(lang),
            ContactError::RegistrationNumber => errors::resident_number(lang, "phone"),
        }),
    };
    let consented = purpose == Purpose::My || !form.consent.is_empty();
    let no_consent = (!consented).then(|| errors::consent_missing(lang));
    match (contact, no_consent) {
        (Ok(contact), None) => Ok(contact),
        (contact, no_consent) => Err(contact.err().into_iter().chain(no_consent).collect()),
    }
}

fn identity(
    visit: &Visit,
    round: &Round,
    visitor: &Visitor,
    form: Form,
    errors: Vec<FieldError>,
) -> Identity {
    let channels = channels(&visit.app);
    // A registration number is not even shown back.
    let kept = |typed: String| if contact::is_registration_number(&typed) { String::new() } else { typed };
    Identity {
        page: visit.page_of(round),
        slug: round.row.slug.clone(),
        title: visit.title(round),
        csrf: visit.csrf(visitor),
        purpose: purpose(&form.purpose),
        channel: Channel::from_key(&form.channel).or_else(|| channels.first().copied()),
        channels,
        known: visit.proven().filter(|_| !form.known.is_empty()).map(|proven| proven.contact.masked()),
        email: kept(form.email),
        phone: kept(form.phone),
        consent: !form.consent.is_empty(),
        consents_to: consent::on_the_web(visit, round),
        errors,
    }
}

/// Makes a code and plans its notice, in one transaction. `None` when this address had too many in
/// the last hour. Known and unknown people get the same answer.
///
/// # Errors
/// What the database said.
pub async fn send_code(visit: &Visit, round: &Round, contact: &Contact) -> Result<Option<String>, DbErr> {
    let (app, now, codes) = (&visit.app, visit.now, &visit.app.config.codes);
    let (id, code) = (random_id(), random_code());
    let address_key = app.keys.digest("address", &contact.address);
    let valid = TimeDelta::seconds(i64::try_from(codes.valid_seconds).unwrap_or(600));
    let txn = app.db.begin().await?;
    store::lease::queue(&txn, &address_key).await?;
    if store::code::count_of_hour(&txn, &address_key, now).await? >= u64::from(codes.per_contact_per_hour) {
        return Ok(None);
    }
    let row = code::ActiveModel {
        id: Set(id.clone()),
        round_id: Set(round.row.id),
        address_key: Set(address_key),
        address_sealed: Set(app.keys.people().seal(CONTACT, contact)),
        channel: Set(contact.channel.key().to_owned()),
        lang: Set(visit.lang.tag().to_owned()),
        code_key: Set(code_key(app, &id, &code)),
        code_sealed: Set(app.keys.people().seal(CODE, &code)),
        tries: Set(0),
        made_at: Set(now),
        expires_at: Set(now + valid),
        used_at: Set(None),
    };
    store::code::insert(&txn, row).await?;
    let notice = store::notice::planned(round.row.id, &id, "code", 1, contact.channel.key(), now, valid);
    store::notice::insert_all(&txn, std::iter::once(notice)).await?;
    txn.commit().await?;
    app.outbox.notify_waiters();
    Ok(Some(id))
}

/// What is kept of a code: bound to its row, so that a code is worth nothing in another session.
pub fn code_key(app: &App, id: &str, code: &str) -> String {
    app.keys.digest("code", &format!("{id}:{code}"))
}
