//! Who carries notices in this deployment.

use std::{collections::BTreeSet, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use sea_orm::DbErr;

use super::{
    carriers::{Carrier, Carriers},
    lookup::{self, Policy},
    mail,
    message::{self, Message, Sender},
    outcome::Outcome,
    reports,
    sms::{SmsVendor, Text},
    smtp::{Calendar, Dkim, Smtp, SmtpConfig},
    switch, warnings,
    wording::Said,
};
use crate::{
    app::App,
    clock, config,
    domain::contact::{Channel, Contact},
    store::{self, rate::Ask},
    words::Lang,
};

/// A mail server or an SMS gateway, and how much it takes.
pub struct Vendor {
    kind: Kind,
    /// Messages a second it can take; the planned rate stays below it.
    pub per_second: u32,
    /// Messages under way at once.
    pub at_once: usize,
    /// How long one handful may take in all: well within a claim, so that nobody else begins meanwhile.
    pub patience: Duration,
    /// How long a claim holds, in real time. A worker that was away for longer finds it lost.
    pub held: Duration,
    sender: Sender,
    domain: String,
    /// What is done about a notice whose fate is unknown.
    policy: Policy,
}

/// The mail server among the vendors.
pub const MAIL: &str = "mail";

enum Kind {
    Mail(Smtp),
    Sms(Box<Carriers>),
}

/// The way a handful takes.
pub struct Route<'a> {
    /// As in tables, metrics and pages.
    pub name: &'static str,
    /// So many at once.
    pub most: usize,
    /// Who has not taken this handful since it fell due.
    refused: BTreeSet<String>,
    carrier: Option<&'a Carrier>,
}

/// A notice with its message, ready to leave.
pub struct Ready {
    /// Whom it goes to.
    pub contact: Contact,
    /// In which language.
    pub lang: Lang,
    /// What it says.
    pub message: Message,
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
        let timeout = Duration::from_secs(mail_config.timeout_seconds);
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
            timeout,
            hello: None,
            dkim,
        })
        .map_err(|error| format!("mail: {error}"))?;
        let (kind, at_once) = (Kind::Mail(smtp), mail_config.connections.max(1) as usize);
        Ok(Self {
            kind,
            per_second: mail_config.per_second,
            at_once,
            patience: timeout * 3,
            held: timeout * 4,
            sender: Sender::of(municipality),
            domain,
            policy: Policy {
                // Nobody can be asked.
                believed_after: TimeDelta::zero(),
                resolve_within: seconds(mail_config.resolve_minutes.saturating_mul(60)),
                unresolved: mail_config.unresolved,
            },
        })
    }

    /// The SMS vendors of the configuration.
    ///
    /// # Errors
    /// A sentence that says which setting cannot work.
    pub async fn sms(sms: &config::Sms, municipality: &config::Municipality) -> Result<Self, String> {
        let timeout = Duration::from_secs(sms.timeout_seconds);
        let held = timeout * 3 + Duration::from_secs(10);
        Ok(Self {
            kind: Kind::Sms(Box::new(Carriers::new(sms).await?)),
            per_second: sms.per_second,
            at_once: 20,
            patience: timeout + Duration::from_secs(5),
            held,
            sender: Sender::of(municipality),
            domain: String::new(),
            policy: Policy {
                // Not before a sender that slept has lost its claim and knows it.
                believed_after: seconds(sms.look_up_seconds.max(held.as_secs())),
                resolve_within: seconds(sms.resolve_minutes.saturating_mul(60)),
                unresolved: sms.unresolved,
            },
        })
    }

    /// Which notices it carries.
    pub fn channel(&self) -> Channel {
        match self.kind {
            Kind::Mail(_) => Channel::Email,
            Kind::Sms(_) => Channel::Sms,
        }
    }

    /// Where the next handful goes, of whoever has not `refused` it since it fell due; `None` while none of them takes
    /// anything.
    ///
    /// # Errors
    /// What the database said.
    pub async fn route(&self, app: &App, refused: &BTreeSet<String>) -> Result<Option<Route<'_>>, DbErr> {
        let full = match refused.is_empty() {
            true => None,
            false => Some(store::rate::list_full(app.db.read(), &self.own_rates(), clock::wall()).await?),
        };
        let next = switch::next(app, &self.others(refused), full.as_ref()).await?;
        let Some(next) = next else { return Ok(None) };
        let (name, most, carrier) = match &self.kind {
            Kind::Mail(_) => (MAIL, self.at_once, None),
            Kind::Sms(carriers) => {
                let Some(to) = carriers.find(next.name) else { return Ok(None) };
                (to.name(), to.batch(), Some(to))
            }
        };
        let most = if next.is_probe { 1 } else { most };
        Ok(Some(Route { name, most, refused: refused.clone(), carrier }))
    }

    /// Whether anybody else is left for what is not taken on this way.
    ///
    /// # Errors
    /// What the database said.
    pub async fn is_another_left(&self, app: &App, route: &Route<'_>) -> Result<bool, DbErr> {
        let mut others = self.others(&route.refused);
        others.retain(|name| *name != route.name);
        switch::is_any_left(app, &others).await
    }

    /// Who has not refused.
    fn others(&self, refused: &BTreeSet<String>) -> Vec<&'static str> {
        self.names().into_iter().filter(|name| !refused.contains(*name)).collect()
    }

    fn names(&self) -> Vec<&'static str> {
        match &self.kind {
            Kind::Mail(_) => vec![MAIL],
            Kind::Sms(carriers) => carriers.list().iter().map(Carrier::name).collect(),
        }
    }

    /// The rates that hold on that way, for a class.
    pub fn rates(&self, route: &Route<'_>, class: &str) -> Vec<Ask> {
        let keeps_one = class != "auth";
        let channel = ask(format!("channel {}", self.channel().key()), self.per_second, keeps_one);
        let own = route.carrier.map(|to| own_rate(to, keeps_one));
        [Some(channel), own].into_iter().flatten().collect()
    }

    /// The rates of its vendors, each by itself.
    fn own_rates(&self) -> Vec<Ask> {
        match &self.kind {
            Kind::Mail(_) => Vec::new(),
            Kind::Sms(carriers) => carriers.list().iter().map(|to| own_rate(to, false)).collect(),
        }
    }

    /// Makes one attempt for each.
    pub async fn send(&self, route: &Route<'_>, some: &[Ready], date: DateTime<Utc>) -> Vec<Outcome> {
        match (&self.kind, route.carrier) {
            (Kind::Mail(smtp), _) => {
                join_all(some.iter().map(|ready| self.mail_one(smtp, ready, date))).await
            }
            (Kind::Sms(_), Some(carrier)) => {
                let texts: Vec<Text> = some
                    .iter()
                    .map(|ready| Text {
                        to: ready.contact.address.clone(),
                        body: self.text(ready),
                        reference: ready.reference.clone(),
                        code: ready.code.clone(),
                    })
                    .collect();
                carrier.sms.send_batch(&texts).await
            }
            (Kind::Sms(_), None) => vec![Outcome::hold("no vendor is configured"); some.len()],
        }
    }

    /// Sends one notice that is in no outbox: a trial to oneself, through the preferred vendor.
    pub async fn send_alone(&self, ready: Ready, date: DateTime<Utc>) -> Outcome {
        let carrier = match &self.kind {
            Kind::Mail(_) => None,
            Kind::Sms(carriers) => carriers.list().first(),
        };
        let route = Route { name: "trial", most: 1, refused: BTreeSet::new(), carrier };
        let outcome = self.send(&route, &[ready], date).await.pop();
        outcome.unwrap_or_else(|| Outcome::unknown("the vendor said nothing about it"))
    }

    async fn mail_one(&self, smtp: &Smtp, ready: &Ready, date: DateTime<Utc>) -> Outcome {
        smtp.send(&mail::outgoing(ready, &self.sender, &self.domain, date)).await
    }

    /// What a text says.
    pub fn text(&self, ready: &Ready) -> String {
        let (own, code) = (ready.said.sms.as_deref(), ready.code.as_deref());
        message::whole_text(&ready.message, own, ready.lang, &self.sender, code)
    }

    /// Notes how a call went, for whoever sends next.
    ///
    /// # Errors
    /// What the database said.
    pub async fn note(&self, app: &App, route: &Route<'_>, outcomes: &[Outcome]) -> Result<(), DbErr> {
        switch::note(app, route.name, outcomes).await
    }

    /// Looks up what is unknown.
    ///
    /// # Errors
    /// What the database said.
    pub async fn look_up(&self, app: &App) -> Result<usize, DbErr> {
        let carriers = match &self.kind {
            Kind::Mail(_) => None,
            Kind::Sms(carriers) => Some(carriers.as_ref()),
        };
        lookup::look_up(app, self, carriers, self.policy).await
    }

    /// Reads what vendors report, moves their shares by it, and warns of what staff should know.
    ///
    /// # Errors
    /// What the database said.
    pub async fn tend(&self, app: &App) -> Result<(), DbErr> {
        if let Kind::Sms(carriers) = &self.kind {
            reports::read(app, carriers).await?;
            warnings::balances(app, carriers).await?;
        }
        warnings::rates(app, self.channel()).await?;
        switch::tend(app, self.names().into_iter()).await
    }

    /// Ends its connections politely.
    pub async fn close(&self) {
        if let Kind::Mail(smtp) = &self.kind {
            smtp.close().await;
        }
    }
}

fn ask(scope: String, per_second: u32, keeps_one: bool) -> Ask {
    Ask { scope, usual: i64::from(per_second) * 60, keeps_one }
}

fn own_rate(to: &Carrier, keeps_one: bool) -> Ask {
    ask(format!("vendor {}", to.name()), to.per_second, keeps_one)
}

fn signature(dkim: &config::Dkim, domain: &str) -> Result<Dkim, String> {
    let path = &dkim.key_file;
    let pem = std::fs::read_to_string(path)
        .map_err(|error| format!("mail.dkim.key_file {}: {error}", path.display()))?;
    Dkim::new(&dkim.selector, dkim.domain.as_deref().unwrap_or(domain), &pem)
        .map_err(|error| format!("mail.dkim: {error}"))
}

fn seconds(seconds: u64) -> TimeDelta {
    TimeDelta::seconds(i64::try_from(seconds.min(1_000_000_000)).unwrap_or_default())
}
