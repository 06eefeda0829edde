//! Who are you? An address is shown to be one's own by a code that is sent to it.

use axum::extract::{Query, rejection::QueryRejection};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::{consent, elsewhere};
use crate::{
    app::{App, Round},
    config::Door,
    domain::{
        contact::{self, Contact, ContactError},
        staff::Role,
    },
    identity::{
        Codes,
        codes::Sent,
        misuse,
        room::{self, Light},
    },
    store,
    web::{
        answer::Answer,
        caller::Caller,
        form::{NAMES_THE_FIELD, Posted},
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
    /// Not empty: the same person, who has not said yet where they are told things.
    address: String,
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
    /// The digest of the words that stood beside it.
    words: String,
    /// Not empty: whoever passed the check in this browser goes on as such.
    known: String,
    /// Not empty: they say where they are told things.
    address: String,
    /// The button of a door that is elsewhere.
    door: String,
}

impl Form {
    fn fields(self) -> Vec<(String, String)> {
        let Self { csrf, purpose, channel, email, phone, consent, words, known, address, door } = self;
        let fields = [
            ("csrf", csrf),
            ("purpose", purpose),
            ("channel", channel),
            ("email", email),
            ("phone", phone),
            ("consent", consent),
            ("words", words),
            ("known", known),
            ("address", address),
            ("door", door),
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
    let adds =
        !aim.address.is_empty() && visit.proven().is_some_and(|proven| proven.person.contact.is_none());
    if visit.proven().is_some() && aim.other.is_empty() && aim.agree.is_empty() && !adds {
        return Ok(visit.go(&next(&slug, purpose)));
    }
    let address = if adds { aim.address } else { String::new() };
    let form = Form { purpose: purpose.key().to_owned(), known: aim.agree, address, ..Form::default() };
    let visitor = visit.visitor();
    let page = identity(&visit, &round, &visitor, form, Vec::new()).await;
    Ok(visit.with(&visitor, visit.show(&page)))
}

/// `POST /rounds/{slug}/enter`
pub async fn send(
    Path(slug): Path<String>,
    Caller(caller): Caller,
    Posted(visit, form): Posted<Form, NAMES_THE_FIELD>,
) -> Result<Answer, Answer> {
    let purpose = purpose(&form.purpose);
    let round = round_for(&visit, &slug, purpose).await?;
    let mut visitor = visit.visitor();
    if let (true, false, Some(proven)) = (purpose != Purpose::My, form.known.is_empty(), visit.proven()) {
        if let Some(error) = not_agreed(&visit, &round, &form) {
            return Ok(visit.show_again(&identity(&visit, &round, &visitor, form, vec![error]).await));
        }
        let digest = consent::keep(&visit, &consent::on_the_web(&visit, &round)).await;
        let digest = digest.map_err(|error| visit.failed(error))?;
        let consented = Some(Consented { slug: slug.clone(), digest });
        visitor.proven = Some(Proven { consented, ..proven.clone() });
        return Ok(visit.with(&visitor, visit.go(&next(&slug, purpose))));
    }
    let adds = adds(&visit, &form);
    if let Some((door, _)) = elsewhere_by(&visit, &form).filter(|_| !adds) {
        if purpose != Purpose::My
            && let Some(error) = not_agreed(&visit, &round, &form)
        {
            return Ok(visit.show_again(&identity(&visit, &round, &visitor, form, vec![error]).await));
        }
        let action = format!("/rounds/{slug}/enter");
        match misuse::begin_elsewhere(&visit.app, &round, &caller, visit.now).await {
            Ok(true) => {}
            Ok(false) => return Err(visit.busy(action, form.fields())),
            Err(error) => return Err(visit.database(error, &action, form.fields())),
        }
        let digest = match purpose {
            Purpose::My => Ok(String::new()),
            _ => consent::keep(&visit, &consent::on_the_web(&visit, &round)).await,
        };
        let digest = digest.map_err(|error| visit.failed(error))?;
        return elsewhere::send(&visit, &round, visitor, door, (purpose, digest)).await;
    }
    let contact = match read(&visit, &round, &form, purpose) {
        Ok(contact) => contact,
        Err(errors) => return Ok(visit.show_again(&identity(&visit, &round, &visitor, form, errors).await)),
    };
    let sent = async {
        let consent_digest = match purpose {
            _ if adds => String::new(),
            Purpose::My => String::new(),
            _ => consent::keep(&visit, &consent::on_the_web(&visit, &round)).await?,
        };
        let codes = Codes { app: &visit.app, round: &round };
        Ok((codes.send(&contact, &caller, visit.lang, visit.now).await?, consent_digest))
    };
    match sent.await {
        Ok((Sent::On(code_id, digits), consent_digest)) => {
            let (purpose, until) = (purpose.key().to_owned(), visit.now + valid(&visit.app));
            visitor.pending = Some(Pending {
                slug: slug.clone(),
                left: visit.app.config.codes.tries.into(),
                code_id,
                contact,
                purpose,
                digits,
                again: false,
                consent_digest,
                adds,
                until,
            });
            Ok(visit.with(&visitor, visit.go(&format!("/rounds/{slug}/code"))))
        }
        Ok((Sent::Busy, _)) => Err(visit.busy(format!("/rounds/{slug}/enter"), form.fields())),
        Ok((Sent::TooOften(until), _)) => {
            let errors = vec![too_often(&visit, until).await];
            Ok(visit.show_again(&identity(&visit, &round, &visitor, form, errors).await))
        }
        Err(error) => Err(visit.database(error, &format!("/rounds/{slug}/enter"), form.fields())),
    }
}

/// Entering needs an open round; looking at one's entry does not.
///
/// # Errors
/// The answer to give instead.
pub async fn round_for(visit: &Visit, slug: &str, purpose: Purpose) -> Result<std::sync::Arc<Round>, Answer> {
    match purpose {
        Purpose::Enter | Purpose::Join => visit.open_round(slug).await,
        Purpose::My => visit.kept_round(slug).await,
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

/// The addresses that say who one is.
fn doors(app: &App) -> Vec<Channel> {
    let by_code = |door: Door| match door {
        Door::Email => Some(Channel::Email),
        Door::Sms => Some(Channel::Sms),
        Door::Oidc | Door::Bridge => None,
    };
    app.config.doors().into_iter().filter_map(by_code).collect()
}

/// The door elsewhere whose button was pressed; where there is no other kind, the first of them.
fn elsewhere_by(visit: &Visit, form: &Form) -> Option<(Door, String)> {
    let only = doors(&visit.app).is_empty();
    let pressed = Door::from_key(&form.door);
    elsewhere::doors(visit).into_iter().find(|(door, _)| only || pressed == Some(*door))
}

/// Whether somebody whom another door has let in says where they are told things.
fn adds(visit: &Visit, form: &Form) -> bool {
    !form.address.is_empty() && visit.proven().is_some_and(|proven| proven.person.contact.is_none())
}

/// What keeps somebody from having agreed: no tick, or one beside other words than hold now, in another language perhaps.
fn not_agreed(visit: &Visit, round: &Round, form: &Form) -> Option<FieldError> {
    match form.consent.is_empty() {
        true => Some(errors::consent_missing(visit.lang)),
        false if form.words != consent::on_the_web(visit, round).digest() => {
            Some(errors::consent_changed(visit.lang))
        }
        false => None,
    }
}

fn read(visit: &Visit, round: &Round, form: &Form, purpose: Purpose) -> Result<Contact, Vec<FieldError>> {
    let lang = visit.lang;
    let adds = adds(visit, form);
    let offered = if adds { channels(&visit.app) } else { doors(&visit.app) };
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
    let asks = !adds && purpose != Purpose::My;
    let no_consent = if asks { not_agreed(visit, round, form) } else { None };
    match (contact, no_consent) {
        (Ok(contact), None) => Ok(contact),
        (contact, no_consent) => Err(contact.err().into_iter().chain(no_consent).collect()),
    }
}

async fn identity(
    visit: &Visit,
    round: &Round,
    visitor: &Visitor,
    form: Form,
    errors: Vec<FieldError>,
) -> Identity {
    let adds = adds(visit, &form);
    let channels = if adds { channels(&visit.app) } else { doors(&visit.app) };
    // A light that cannot be read is out; the page is shown all the same.
    let texts = channels.contains(&Channel::Sms);
    let light = room::light(&visit.app, round, texts, visit.now).await.unwrap_or_default();
    let consents_to = consent::on_the_web(visit, round);
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
        known: visit.proven().filter(|_| !form.known.is_empty()).map(|proven| proven.person.masked()),
        address: adds,
        light: light.map(|light| match light {
            Light::Green => "green",
            Light::Amber => "amber",
            Light::Red => "red",
            Light::NoTexts => "texts",
        }),
        elsewhere: match adds {
            true => Vec::new(),
            false => elsewhere::doors(visit)
                .into_iter()
                .map(|(door, label)| (door.key().to_owned(), label))
                .collect(),
        },
        email: kept(form.email),
        phone: kept(form.phone),
        // A tick beside other words is none.
        consent: !form.consent.is_empty() && form.words == consents_to.digest(),
        consents_to,
        errors,
    }
}

/// Too many codes were asked for: until when, and where there is a counter, that it helps meanwhile. A counter is there
/// where somebody of the staff is its clerk.
pub async fn too_often(visit: &Visit, until: DateTime<Utc>) -> FieldError {
    // Where it cannot be looked up, none is promised.
    let counter = store::clerk::has_role(visit.app.db.read(), Role::Counter).await.unwrap_or_default();
    let contact = counter.then_some(visit.app.config.municipality.contact.as_str());
    errors::code_too_often(visit.lang, until - visit.now, contact)
}

/// How long a code is good.
pub fn valid(app: &App) -> TimeDelta {
    TimeDelta::seconds(i64::try_from(app.config.codes.valid_seconds).unwrap_or(600))
}
