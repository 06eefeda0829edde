//! `[sms]`: who carries text messages, in which order and how fast.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Secret;

/// What happens to a message whose fate nobody can tell, once `resolve_minutes` have passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unresolved {
    /// Somebody calls: it appears among the unreached.
    #[default]
    List,
    /// It is sent once more. Some will get it twice; each such risk is counted and shown.
    Again,
}

/// `[sms]`: the channel, and below it one section for each vendor that is used.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Sms {
    /// The registered sender number (전기통신사업법 제84조의2), digits only.
    pub from: String,
    /// The planned rate of all vendors together; notices never leave faster.
    pub per_second: u32,
    /// Patience for one call to a vendor.
    pub timeout_seconds: u64,
    /// How long after an attempt a vendor's list can be believed when it does not have the text.
    pub look_up_seconds: u64,
    /// How long a fate may stay unknown.
    pub resolve_minutes: u64,
    /// What happens then.
    pub unresolved: Unresolved,
    /// A Kannel gateway.
    pub kannel: Option<Kannel>,
    /// SOLAPI (CoolSMS).
    pub solapi: Option<Solapi>,
    /// Naver Cloud SENS.
    pub sens: Option<Sens>,
    /// Twilio.
    pub twilio: Option<Twilio>,
    /// A carrier's message centre.
    pub smpp: Option<Smpp>,
    /// JSON lines in a file, for rehearsals without a gateway.
    pub file: Option<File>,
}

impl Default for Sms {
    fn default() -> Self {
        Self {
            from: String::new(),
            per_second: 10,
            timeout_seconds: 15,
            look_up_seconds: 120,
            resolve_minutes: 60,
            unresolved: Unresolved::default(),
            kannel: None,
            solapi: None,
            sens: None,
            twilio: None,
            smpp: None,
            file: None,
        }
    }
}

impl Sms {
    /// The sections that are there: name, priority, rate.
    pub fn vendors(&self) -> Vec<(&'static str, u32, u32)> {
        let all = [
            self.solapi.as_ref().map(|v| ("solapi", v.priority, v.per_second)),
            self.sens.as_ref().map(|v| ("sens", v.priority, v.per_second)),
            self.twilio.as_ref().map(|v| ("twilio", v.priority, v.per_second)),
            self.smpp.as_ref().map(|v| ("smpp", v.priority, v.per_second)),
            self.kannel.as_ref().map(|v| ("kannel", v.priority, v.per_second)),
            self.file.as_ref().map(|v| ("file", v.priority, v.per_second)),
        ];
        let mut there: Vec<_> = all.into_iter().flatten().collect();
        there.sort_by_key(|(_, priority, _)| *priority);
        there
    }
}

/// A section with what every vendor has (its place in the order, its own rate) and what only it needs.
macro_rules! vendor {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty = $usual:expr),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Serialize, Deserialize)]
        #[serde(default)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $kind,)+
            /// The lower goes first; the others take over when it fails or is slow.
            pub priority: u32,
            /// Its own limit.
            pub per_second: u32,
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $usual,)+ priority: 1, per_second: 10 }
            }
        }
    };
}

vendor!(
    /// `[sms.kannel]`: a Kannel gateway over HTTP.
    Kannel {
        /// Its `sendsms` address.
        url: String = String::new(),
        /// The account there.
        username: String = String::new(),
        /// Its password.
        password: Option<Secret> = None,
        /// A file to read the password from instead.
        password_file: Option<PathBuf> = None,
        /// Where it tells what became of texts: `/reports/kannel` of our `metrics` listener.
        report_url: Option<String> = None,
    }
);

vendor!(
    /// `[sms.solapi]`: SOLAPI (CoolSMS).
    Solapi {
        /// Where its interface is.
        url: String = "https://api.solapi.com".to_owned(),
        /// The API key.
        key: String = String::new(),
        /// Its secret.
        secret: Option<Secret> = None,
        /// A file to read the secret from instead.
        secret_file: Option<PathBuf> = None,
        /// Staff are warned when less than this is left, in won.
        warn_below: u32 = 100_000,
    }
);

vendor!(
    /// `[sms.sens]`: Naver Cloud SENS.
    Sens {
        /// Where its interface is; the government zone has another.
        url: String = "https://sens.apigw.ntruss.com".to_owned(),
        /// The service: `ncp:sms:kr:…`.
        service: String = String::new(),
        /// The access key.
        key: String = String::new(),
        /// Its secret.
        secret: Option<Secret> = None,
        /// A file to read the secret from instead.
        secret_file: Option<PathBuf> = None,
    }
);

vendor!(
    /// `[sms.twilio]`: Twilio.
    Twilio {
        /// Where its interface is.
        url: String = "https://api.twilio.com".to_owned(),
        /// The account's SID.
        account: String = String::new(),
        /// Its token.
        token: Option<Secret> = None,
        /// A file to read the token from instead.
        token_file: Option<PathBuf> = None,
        /// Its own sender: a number in E.164 form, or a messaging service's SID.
        from: String = String::new(),
    }
);

vendor!(
    /// `[sms.smpp]`: a carrier's message centre over SMPP 3.4.
    Smpp {
        /// Host name or address.
        host: String = String::new(),
        /// Its port.
        port: u16 = 2775,
        /// The account.
        system_id: String = String::new(),
        /// Its password.
        password: Option<Secret> = None,
        /// A file to read the password from instead.
        password_file: Option<PathBuf> = None,
    }
);

vendor!(
    /// `[sms.file]`: JSON lines, for rehearsals without a gateway.
    File {
        /// The file, or the folder for it.
        path: PathBuf = PathBuf::from("state/sms"),
    }
);
