//! `[identity]`: the doors through which residents show who they are, and that of staff.

use std::{collections::BTreeSet, path::PathBuf};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Config, Secret};

/// A door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Door {
    /// A code to a mobile number.
    Sms,
    /// A code to a mail address.
    Email,
    /// An identity provider (OpenID Connect).
    Oidc,
    /// The city's own identity system, which signs what it says.
    Bridge,
}

impl Door {
    const ALL: [Self; 4] = [Self::Sms, Self::Email, Self::Oidc, Self::Bridge];

    /// As in the configuration and in forms.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Email => "email",
            Self::Oidc => "oidc",
            Self::Bridge => "bridge",
        }
    }

    /// The door of a form's value.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|door| door.key() == key)
    }
}

/// `[identity]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// The doors that are open, in the order in which they are offered; empty: every one that is set up. What is not
    /// among them may still carry notices.
    pub doors: Vec<Door>,
    /// The identity provider of residents.
    pub oidc: Option<Provider>,
    /// The city's own system.
    pub bridge: Option<Bridge>,
    /// The identity provider of staff.
    pub staff: Option<Provider>,
}

/// `[identity.oidc]`, `[identity.staff]`: an identity provider.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Provider {
    /// Its issuer: the address above `/.well-known/openid-configuration`, as the provider writes it.
    pub issuer: String,
    /// What it knows us as.
    pub client_id: String,
    /// The secret it gave us; none for a public client.
    pub client_secret: Option<Secret>,
    /// A file to read the secret from instead.
    pub client_secret_file: Option<PathBuf>,
    /// What is asked for besides `openid`.
    pub scopes: Vec<String>,
    /// The claim that says who it is: `sub`, `phone_number`, `email`, `ci`, an employee number.
    pub claim: String,
    /// Whether its `name` and `birthdate` are checked against a register, so that a roster may be asked for them.
    pub vouches_for_names: bool,
    /// Only these classes of authentication (`acr`) count; empty: any.
    pub acr: Vec<String>,
    /// All of these methods (`amr`) must have been used.
    pub amr: Vec<String>,
    /// What the button says, in Korean.
    pub label: String,
    /// The same in English.
    pub label_en: String,
}

impl Default for Provider {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client_id: String::new(),
            client_secret: None,
            client_secret_file: None,
            scopes: Vec::new(),
            claim: "sub".to_owned(),
            vouches_for_names: false,
            acr: Vec::new(),
            amr: Vec::new(),
            label: "통합 로그인".to_owned(),
            label_en: "City account".to_owned(),
        }
    }
}

/// `[identity.bridge]`: the city's own system, which sends people back with a signed statement.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Bridge {
    /// Where people are sent, with a nonce.
    pub url: String,
    /// What its statements say who they are from.
    pub issuer: String,
    /// Its public keys, Ed25519, 32 bytes in base64url: `x` of the JWK. Several while it changes from one to the next.
    pub keys: Vec<String>,
    /// The claim that says who it is.
    pub claim: String,
    /// As for a provider.
    pub vouches_for_names: bool,
    /// What the button says, in Korean.
    pub label: String,
    /// The same in English.
    pub label_en: String,
}

impl Default for Bridge {
    fn default() -> Self {
        Self {
            url: String::new(),
            issuer: String::new(),
            keys: Vec::new(),
            claim: "sub".to_owned(),
            vouches_for_names: false,
            label: "본인 확인 서비스".to_owned(),
            label_en: "The city's identity check".to_owned(),
        }
    }
}

impl Config {
    /// The doors that are set up.
    fn set_up(&self) -> Vec<Door> {
        let doors = [
            (Door::Email, self.mail.is_some()),
            (Door::Sms, self.sms.is_some()),
            (Door::Oidc, self.identity.oidc.is_some()),
            (Door::Bridge, self.identity.bridge.is_some()),
        ];
        doors.into_iter().filter(|(_, is)| *is).map(|(door, _)| door).collect()
    }

    /// The doors that are open.
    pub fn doors(&self) -> Vec<Door> {
        let set_up = self.set_up();
        match self.identity.doors.is_empty() {
            true => set_up,
            false => self.identity.doors.iter().copied().filter(|door| set_up.contains(door)).collect(),
        }
    }

    /// What the open doors know people by. Where it is one thing, nobody has two entries, whatever door they use; with
    /// two, a round without a roster cannot tell that it is the same person.
    pub fn known_by(&self) -> BTreeSet<String> {
        let claim = |claim: &str, whose: &str| match claim {
            "phone_number" => "phone number".to_owned(),
            "email" => "mail address".to_owned(),
            "sub" => format!("`sub` of {whose}"),
            other => format!("`{other}`"),
        };
        let by = |door| match door {
            Door::Sms => Some("phone number".to_owned()),
            Door::Email => Some("mail address".to_owned()),
            Door::Oidc => self.identity.oidc.as_ref().map(|oidc| claim(&oidc.claim, &oidc.issuer)),
            Door::Bridge => self.identity.bridge.as_ref().map(|bridge| claim(&bridge.claim, &bridge.issuer)),
        };
        self.doors().into_iter().filter_map(by).collect()
    }
}

/// What cannot be meant.
pub(super) fn problems(config: &Config) -> Vec<String> {
    let (set_up, identity) = (config.set_up(), &config.identity);
    let missing = identity.doors.iter().filter(|door| !set_up.contains(door)).map(|door| {
        let section = match door {
            Door::Sms => "sms",
            Door::Email => "mail",
            Door::Oidc => "identity.oidc",
            Door::Bridge => "identity.bridge",
        };
        format!(
            "`identity.doors` has \"{}\", but there is no [{section}]: add it, or take it out.",
            door.key()
        )
    });
    let mut problems: Vec<String> = missing.collect();
    for (section, provider) in [("oidc", &identity.oidc), ("staff", &identity.staff)] {
        problems.extend(provider.iter().flat_map(|provider| provider_problems(section, provider)));
    }
    problems.extend(identity.bridge.iter().flat_map(bridge_problems));
    problems
}

/// Only on this machine may anything go unprotected.
fn is_safe(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let loopback = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    url.scheme() == "https" || (url.scheme() == "http" && loopback)
}

fn provider_problems(section: &str, provider: &Provider) -> Vec<String> {
    let mut problems = Vec::new();
    if !is_safe(&provider.issuer) {
        problems.push(format!(
            "`identity.{section}.issuer` is \"{}\": write the provider's issuer, beginning with https://.",
            provider.issuer
        ));
    }
    for (key, value) in [("client_id", &provider.client_id), ("claim", &provider.claim)] {
        if value.is_empty() {
            problems.push(format!("`identity.{section}.{key}` is missing."));
        }
    }
    problems
}

fn is_key(key: &str) -> bool {
    BASE64_URL_SAFE_NO_PAD.decode(key).is_ok_and(|bytes| bytes.len() == 32)
}

fn bridge_problems(bridge: &Bridge) -> Vec<String> {
    let mut problems = Vec::new();
    if !is_safe(&bridge.url) {
        problems.push(format!(
            "`identity.bridge.url` is \"{}\": write where people are sent, beginning with https://.",
            bridge.url
        ));
    }
    for (key, is_empty) in [("issuer", bridge.issuer.is_empty()), ("claim", bridge.claim.is_empty())] {
        if is_empty {
            problems.push(format!("`identity.bridge.{key}` is missing."));
        }
    }
    if bridge.keys.is_empty() || bridge.keys.iter().any(|key| !is_key(key)) {
        problems.push(
            "`identity.bridge.keys` must hold the city's public keys, each an Ed25519 key of 43 letters in base64url: `x` of \
             its JWK."
                .to_owned(),
        );
    }
    problems
}
