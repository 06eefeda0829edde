//! Who carries notices in this deployment.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{
    carriers::Carriers,
    letter::{self, Sender, Words},
    outcome::Outcome,
    plan::Plan,
    sms::Text,
    smtp::{Outgoing, Smtp, SmtpConfig},
};
use crate::{
    config,
    domain::contact::{Channel, Contact},
    words::Lang,
};

/// A mail server or an SMS gateway, and how much it takes.
pub struct Vendor {
    kind: Kind,
    /// Messages a second it can take; the planned rate stays below it.
    pub per_second: u32,
    /// Messages under way at once.
    pub at_once: usize,
    /// What may leave in which minute.
    pub(super) plan: Plan,
    sender: Sender,
    domain: String,
}

enum Kind {
    Mail(Smtp),
    Sms(Carriers),
}

/// A notice with its words, ready to leave.
pub struct Ready {
    /// Whom it goes to.
    pub contact: Contact,
    /// In which language.
    pub lang: Lang,
    /// What it says.
    pub words: Words,
    /// Our own name for it, the same at every attempt.
    pub reference: String,
}

impl Vendor {
    /// The mail server of the configuration.
    ///
    /// # Errors
    /// A sentence that says which setting cannot work.
    pub fn mail(mail: &config::Mail, municipality: &config::Municipality) -> Result<Self, String> {
        let from: lettre::message::Mailbox =
            mail.from.parse().map_err(|error| format!("mail.from: {error}"))?;
        let domain = from.email.domain().to_owned();
        let smtp = Smtp::new(SmtpConfig {
            host: mail.host.clone(),
            port: mail.port,
            tls: mail.tls,
            extra_roots_pem: None,
            username: mail.username.clone(),
            password: mail.password.clone(),
            from,
            connections: mail.connections as usize,
            timeout: Duration::from_secs(mail.timeout_seconds),
            hello: None,
        })
        .map_err(|error| format!("mail: {error}"))?;
        let (kind, at_once) = (Kind::Mail(smtp), mail.connections.max(1) as usize);
        Ok(Self {
            kind,
            per_second: mail.per_second,
            at_once,
            plan: Plan::default(),
            sender: sender(municipality),
            domain,
        })
    }

    /// The SMS vendors of the configuration.
    ///
    /// # Errors
    /// A sentence that says which setting cannot work.
    pub async fn sms(sms: &config::Sms, municipality: &config::Municipality) -> Result<Self, String> {
        let kind = Kind::Sms(Carriers::new(sms).await?);
        Ok(Self {
            kind,
            per_second: sms.per_second,
            at_once: 8,
            plan: Plan::default(),
            sender: sender(municipality),
            domain: String::new(),
        })
    }

    /// Which notices it carries.
    pub fn channel(&self) -> Channel {
        match self.kind {
            Kind::Mail(_) => Channel::Email,
            Kind::Sms(_) => Channel::Sms,
        }
    }

    /// Makes one attempt.
    pub async fn send(&self, ready: &Ready, date: DateTime<Utc>) -> Outcome {
        match &self.kind {
            Kind::Mail(smtp) => {
                let letter = letter::compose(&ready.words, ready.lang, &self.sender);
                let mail = Outgoing {
                    to: ready.contact.address.clone(),
                    subject: letter.subject,
                    body: letter.body,
                    message_id: format!("<{}@{}>", ready.reference, self.domain),
                    date,
                    envelope_from: None,
                };
                smtp.send(&mail).await
            }
            Kind::Sms(carriers) => {
                let body = letter::text(&ready.words, ready.lang, &self.sender);
                carriers
                    .send(&Text {
                        to: ready.contact.address.clone(),
                        body,
                        reference: ready.reference.clone(),
                    })
                    .await
            }
        }
    }

    /// Ends its connections politely.
    pub async fn close(&self) {
        if let Kind::Mail(smtp) = &self.kind {
            smtp.close().await;
        }
    }
}

fn sender(municipality: &config::Municipality) -> Sender {
    Sender {
        municipality: municipality.name.clone(),
        site_in_words: municipality.site_in_words.clone(),
        contact: municipality.contact.clone(),
    }
}
