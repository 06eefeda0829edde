//! Who carries notices in this deployment.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{
    carriers::Carriers,
    letter::{self, Sender, Words},
    mail,
    outcome::Outcome,
    plan::Plan,
    sms::Text,
    smtp::{Calendar, Dkim, Smtp, SmtpConfig},
    wording::Said,
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
    /// The round's own words, where it has some.
    pub said: Said,
    /// The code that a resident may ask the site about.
    pub code: Option<String>,
    /// The minute as a calendar file.
    pub calendar: Option<Calendar>,
    /// Where a mail comes back to that cannot be delivered.
    pub return_path: Option<String>,
    /// Where one click ends mails about the entry.
    pub unsubscribe: Option<String>,
}

impl Vendor {
    /// The mail server of the configuration.
    ///
    /// # Errors
    /// A sentence that says which setting cannot work.
    pub fn mail(mail_config: &config::Mail, municipality: &config::Municipality) -> Result<Self, String> {
        let from: lettre::message::Mailbox =
            mail_config.from.parse().map_err(|error| format!("mail.from: {error}"))?;
        let domain = from.email.domain().to_owned();
        let dkim = mail_config.dkim.as_ref().map(|dkim| signature(dkim, &domain)).transpose()?;
        let smtp = Smtp::new(SmtpConfig {
            host: mail_config.host.clone(),
            port: mail_config.port,
            tls: mail_config.tls,
            extra_roots_pem: None,
            username: mail_config.username.clone(),
            password: mail_config.password.clone(),
            from,
            connections: mail_config.connections as usize,
            timeout: Duration::from_secs(mail_config.timeout_seconds),
            hello: None,
            dkim,
        })
        .map_err(|error| format!("mail: {error}"))?;
        let (kind, at_once) = (Kind::Mail(smtp), mail_config.connections.max(1) as usize);
        Ok(Self {
            kind,
            per_second: mail_config.per_second,
            at_once,
            plan: Plan::default(),
            sender: Sender::of(municipality),
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
            sender: Sender::of(municipality),
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
            Kind::Mail(smtp) => smtp.send(&mail::outgoing(ready, &self.sender, &self.domain, date)).await,
            Kind::Sms(carriers) => {
                let own = ready.said.sms.clone();
                let body = own.unwrap_or_else(|| letter::text(&ready.words, ready.lang, &self.sender));
                let body = letter::text_with_code(body, ready.lang, &self.sender, ready.code.as_deref());
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

fn signature(dkim: &config::Dkim, domain: &str) -> Result<Dkim, String> {
    let path = &dkim.key_file;
    let pem = std::fs::read_to_string(path)
        .map_err(|error| format!("mail.dkim.key_file {}: {error}", path.display()))?;
    Dkim::new(&dkim.selector, dkim.domain.as_deref().unwrap_or(domain), &pem)
        .map_err(|error| format!("mail.dkim: {error}"))
}
