//! Configuration: defaults, then a TOML file, then `JEBI_*` variables, then the command line.
//!
//! Later sources win key by key. Nothing else in the crate reads the environment. A mistake is
//! reported with all other mistakes, in sentences that name the file, variable or flag it is in.

mod check;
mod dkim;
mod environment;
mod error;
mod gather;
pub mod identity;
mod keys;
mod masked;
mod parts;
mod print;
pub mod sms;
mod theme;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use dkim::Dkim;
pub use error::ConfigError;
pub use gather::{Loaded, Overrides};
pub use identity::{Door, Identity};
pub use masked::{DatabaseUrl, Secret};
pub use parts::{
    Beacon, Codes, Counter, Database, Drill, Journal, Limits, LogConfig, LogFormat, Mail, Municipality, Tls,
    Witness,
};
pub use sms::Sms;
pub use theme::{MOST_BYTES as MOST_THEME_BYTES, Theme, ThemeError, ThemeFile};

/// Everything an operator may decide about one deployment.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// Where staff and machines watch: the live view and `/metrics`. Nobody is asked for a password there.
    pub metrics: SocketAddr,
    /// The address residents see, without a slash at the end.
    pub public_url: String,
    /// The header in which a proxy in front of us says where a request comes from: `x-forwarded-for`. What stands last
    /// in it counts. Unset: the address of the connection.
    pub address_header: Option<String>,
    /// The folder that belongs to jebi alone: database, keys, records.
    pub state_dir: PathBuf,
    /// `sqlite://…` or `postgres://…`; a file in the state folder unless set.
    pub database_url: Option<DatabaseUrl>,
    /// A file to read the database URL from instead.
    pub database_url_file: Option<PathBuf>,
    /// The deployment's secret key; `secret.key` in the state folder unless set.
    pub secret_key_file: Option<PathBuf>,
    /// The keys that sign passes; `pass.key` in the state folder unless set.
    pub pass_key_file: Option<PathBuf>,
    /// Where sellers fetch their allow-lists, a folder for each; `allow-list` in the state folder unless set.
    pub allow_list_dir: Option<PathBuf>,
    /// The folder of a city's own look; ours unless set.
    pub theme_dir: Option<PathBuf>,
    /// Who runs this deployment.
    pub municipality: Municipality,
    /// The mail server that takes our notices.
    pub mail: Option<Mail>,
    /// The SMS vendors.
    pub sms: Option<Sms>,
    /// What one connection and all of them together may take.
    pub limits: Limits,
    /// Where the public pulse of a round is asked for.
    pub beacon: Beacon,
    /// Who cosigns the journal.
    pub journal: Journal,
    /// One-time codes that establish an e-mail address or phone.
    pub codes: Codes,
    /// How residents show who they are.
    pub identity: Identity,
    /// What counters may do.
    pub counter: Counter,
    /// Which rounds are rehearsed first.
    pub drill: Drill,
    /// What is written to standard error, and how.
    pub log: LogConfig,
    /// Connections to the database.
    pub database: Database,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            metrics: SocketAddr::from((Ipv4Addr::LOCALHOST, 9464)),
            public_url: "http://127.0.0.1:8080".to_owned(),
            address_header: None,
            state_dir: PathBuf::from("state"),
            database_url: None,
            database_url_file: None,
            secret_key_file: None,
            pass_key_file: None,
            allow_list_dir: None,
            theme_dir: None,
            municipality: Municipality::default(),
            mail: None,
            sms: None,
            limits: Limits::default(),
            beacon: Beacon::default(),
            journal: Journal::default(),
            codes: Codes::default(),
            identity: Identity::default(),
            counter: Counter::default(),
            drill: Drill::default(),
            log: LogConfig::default(),
            database: Database::default(),
        }
    }
}

impl Config {
    /// Reads every source and checks what it finds; all problems come back together.
    ///
    /// This is enough for `migrate` and `clerk add`; a server asks [`Config::ready_to_serve`] too.
    pub fn load(overrides: &Overrides) -> Result<Self, ConfigError> {
        Loaded::from_process(overrides).checked()
    }

    /// What only a server needs: a name to show and a way to reach residents.
    pub fn ready_to_serve(&self) -> Result<(), ConfigError> {
        ConfigError::unless_empty(check::serving(self))
    }

    /// The database this deployment works on.
    pub fn database_url(&self) -> DatabaseUrl {
        self.database_url.clone().unwrap_or_else(|| DatabaseUrl::sqlite_in(&self.state_dir))
    }

    /// The file of the deployment's secret key.
    pub fn secret_key_path(&self) -> PathBuf {
        self.secret_key_file.clone().unwrap_or_else(|| self.state_dir.join("secret.key"))
    }

    /// The file of the keys that sign passes.
    pub fn pass_key_path(&self) -> PathBuf {
        self.pass_key_file.clone().unwrap_or_else(|| self.state_dir.join("pass.key"))
    }

    /// The folder of the allow-lists.
    pub fn allow_list_path(&self) -> PathBuf {
        self.allow_list_dir.clone().unwrap_or_else(|| self.state_dir.join("allow-list"))
    }

    /// Whether residents come over TLS, so that cookies and headers may insist on it.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

#[cfg(test)]
mod tests;
