//! The sections of the configuration, each with its defaults.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Dkim, Secret, sms::Unresolved};

/// `[municipality]`: who runs this deployment, in words residents know.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Municipality {
    /// Its name: `통영시`.
    pub name: String,
    /// Whom to call: a phone number or an address.
    pub contact: String,
    /// The site's address as one would say it aloud; residents compare it with what they see.
    pub site_in_words: String,
}

/// How a connection to the mail server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// TLS from the first byte (port 465).
    #[default]
    Implicit,
    /// Upgrade after the greeting, or refuse (port 587).
    Starttls,
    /// No protection: a relay on the same host, and tests.
    None,
}

/// `[mail]`: the server that takes our notices.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Mail {
    /// Its host name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// The account, if the server wants one.
    pub username: Option<String>,
    /// Its password.
    pub password: Option<Secret>,
    /// A file to read the password from instead.
    pub password_file: Option<PathBuf>,
    /// The sender residents see.
    pub from: String,
    /// Connections held open at once.
    pub connections: u32,
    /// The planned rate; notices never leave faster.
    pub per_second: u32,
    /// Patience for one message.
    pub timeout_seconds: u64,
    /// How long nobody knows whether a mail arrived whose last dot got no answer; longer each time. No mail
    /// server can be asked.
    pub resolve_minutes: u64,
    /// What happens then.
    pub unresolved: Unresolved,
    /// Whether every entrant with a mail address is sent the seal and a checkpoint: every mailbox is a
    /// witness then. It is one mail more for each of them.
    pub send_seal: bool,
    /// Where what cannot be delivered comes back to, with a name of its own for each notice in front of the
    /// `@`: `bounce@…` becomes `bounce+NOTICE.CODE@…`. Unset: to the sender, unread by us.
    pub return_path: Option<String>,
    /// The signature of our mails.
    pub dkim: Option<Dkim>,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 465,
            tls: Tls::default(),
            username: None,
            password: None,
            password_file: None,
            from: String::new(),
            connections: 8,
            per_second: 50,
            timeout_seconds: 30,
            resolve_minutes: 5,
            // Under the same Message-ID, by which a mailbox can tell.
            unresolved: Unresolved::Again,
            send_seal: true,
            return_path: None,
            dkim: None,
        }
    }
}

/// `[limits]`: what one connection, and all of them together, may take.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// From the first byte of a request to the end of its headers.
    pub header_ms: u64,
    /// From the end of the headers to the end of the body.
    pub body_ms: u64,
    /// From the end of the headers to the first byte of the answer.
    pub total_ms: u64,
    /// An open connection without a request, or an answer nobody reads.
    pub idle_ms: u64,
    /// What requests in flight get when the server ends.
    pub drain_ms: u64,
    /// Entries that may wait for the next commit; beyond it residents are asked to come back.
    pub inbox: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            header_ms: 8_000,
            body_ms: 8_000,
            total_ms: 15_000,
            idle_ms: 30_000,
            drain_ms: 20_000,
            inbox: 10_000,
        }
    }
}

/// `[beacon]`: where the public pulse of a round is asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Beacon {
    /// drand relays, asked all at once. Which one answers does not matter: a pulse is believed for
    /// its signature alone.
    pub relays: Vec<String>,
}

impl Default for Beacon {
    fn default() -> Self {
        let relays = ["api.drand.sh", "api2.drand.sh", "api3.drand.sh", "drand.cloudflare.com"];
        Self { relays: relays.map(|host| format!("https://{host}")).into() }
    }
}

/// `[journal]`: who cosigns it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Journal {
    /// Asked for a cosignature after each signed checkpoint. Nothing waits for them.
    pub witnesses: Vec<Witness>,
}

/// A witness of the journal (C2SP tlog-witness).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Witness {
    /// Its address, above `/add-checkpoint`.
    pub url: String,
    /// Its public key, `name+id+base64`: a cosignature by any other is not kept.
    pub key: String,
}

/// `[codes]`: one-time codes that establish an e-mail address or phone.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Codes {
    /// How long a code can be typed: long enough for a delayed message and slow fingers.
    pub valid_seconds: u64,
    /// Wrong guesses before a new code is needed.
    pub tries: u32,
    /// Codes one address or phone can be sent in an hour that nobody types.
    pub per_contact_per_hour: u32,
    /// And in 24 hours; half of them for one network.
    pub per_contact_per_day: u32,
    /// Of these, as many as are asked for from one network in an hour: nobody alone uses up another's.
    pub per_caller_per_contact: u32,
    /// Codes one address or phone can be sent in 24 hours that somebody types.
    pub typed_per_contact_per_day: u32,
    /// Codes that were sent for one network in an hour and not typed.
    pub untyped_per_caller: u32,
    /// Percent of the checks that a plan has in a minute, for one network.
    pub share_per_caller: u32,
    /// Wrong codes in 24 hours, of everybody together, after which codes have eight digits.
    pub wrong_per_day: u32,
    /// Names in 24 hours that opened nothing at a roster, from one network, after which it tries one a minute.
    pub wrong_names_per_caller: u32,
    /// The same of everybody together, after which only networks with few of them go on as ever.
    pub wrong_names_per_day: u32,
}

impl Default for Codes {
    fn default() -> Self {
        Self {
            valid_seconds: 600,
            tries: 5,
            per_contact_per_hour: 5,
            per_contact_per_day: 10,
            per_caller_per_contact: 3,
            typed_per_contact_per_day: 30,
            untyped_per_caller: 60,
            share_per_caller: 25,
            wrong_per_day: 5_000,
            wrong_names_per_caller: 60,
            wrong_names_per_day: 5_000,
        }
    }
}

/// `[counter]`: what counters may do.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Counter {
    /// For how many others one person may come in a round; stands on the page of each round.
    pub most_per_helper: u32,
}

impl Default for Counter {
    fn default() -> Self {
        Self { most_per_helper: 3 }
    }
}

/// `[drill]`: which rounds are rehearsed before they are announced.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Drill {
    /// A round that so many people or more could take part in is announced only on the report of a drill in which it held.
    /// A draft may ask for one whatever its size.
    pub from_people: u64,
}

impl Default for Drill {
    fn default() -> Self {
        // So many a drill has over sockets at least: a round of all of them is drilled in minutes.
        Self { from_people: 2_000 }
    }
}

/// The shape of a log line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line, for machines.
    #[default]
    Json,
    /// For people.
    Text,
}

/// `[log]`: what is written to standard error, and how.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct LogConfig {
    /// The shape of a line.
    pub format: LogFormat,
    /// A level, or `tracing` directives: `info`, `info,jebi::notify=debug`.
    pub level: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: LogFormat::default(), level: "info".to_owned() }
    }
}

/// `[database]`: connections to the database.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Database {
    /// Connections that read (SQLite writes through one more).
    pub max_connections: u32,
    /// Patience for a free connection; after it the request is told to come back.
    pub acquire_ms: u64,
}

impl Default for Database {
    fn default() -> Self {
        Self { max_connections: 8, acquire_ms: 3_000 }
    }
}
