//! The SMS vendors of a deployment, in the order in which they are asked.

use std::time::Duration;

use super::{
    reports::Heard,
    sms::{
        File, Kannel, KannelConfig, Numbers, Sens, SensConfig, Smpp, SmppConfig, Sms, SmsVendor, Solapi,
        SolapiConfig, Twilio, TwilioConfig,
    },
};
use crate::config::{self, Secret};

/// One vendor and its place in the order.
#[derive(Debug)]
pub struct Carrier {
    /// The vendor.
    pub sms: Sms,
    /// Texts a second it may be given.
    pub per_second: u32,
    /// How far its reports were heard.
    pub(super) heard: Heard,
}

impl Carrier {
    /// Its name in tables, metrics and pages.
    pub fn name(&self) -> &'static str {
        self.sms.name()
    }

    /// Texts of one call.
    pub fn batch(&self) -> usize {
        self.sms.limits().batch.max(1)
    }
}

/// All vendors, the preferred one first.
#[derive(Debug)]
pub struct Carriers(Vec<Carrier>);

impl Carriers {
    /// Makes a client for each section of `[sms]`.
    ///
    /// # Errors
    /// A sentence that says which setting cannot work.
    pub async fn new(sms: &config::Sms) -> Result<Self, String> {
        let mut carriers = Vec::new();
        for (name, _, per_second) in sms.vendors() {
            carriers.push(Carrier { sms: made(sms, name).await?, per_second, heard: Heard::default() });
        }
        if carriers.is_empty() {
            return Err("[sms] names no vendor".to_owned());
        }
        Ok(Self(carriers))
    }

    /// All of them, the preferred one first.
    pub fn list(&self) -> &[Carrier] {
        &self.0
    }

    /// The vendor of that name.
    pub fn find(&self, name: &str) -> Option<&Carrier> {
        self.0.iter().find(|carrier| carrier.name() == name)
    }
}

async fn made(sms: &config::Sms, name: &str) -> Result<Sms, String> {
    let wrong = |error: super::sms::SetupError| format!("sms.{error}");
    let needed = |key: &str, secret: &Option<Secret>| {
        secret.clone().ok_or_else(|| format!("sms.{name}.{key}: is missing"))
    };
    let (sender, timeout) = (sms.from.clone(), Duration::from_secs(sms.timeout_seconds));
    if let Some(solapi) = sms.solapi.as_ref().filter(|_| name == "solapi") {
        let (url, key, secret) = (solapi.url.clone(), solapi.key.clone(), needed("secret", &solapi.secret)?);
        let config = SolapiConfig { url, key, secret, sender, timeout };
        return Solapi::new(config).map(Sms::Solapi).map_err(wrong);
    }
    if let Some(sens) = sms.sens.as_ref().filter(|_| name == "sens") {
        let config = SensConfig {
            url: sens.url.clone(),
            service: sens.service.clone(),
            key: sens.key.clone(),
            secret: needed("secret", &sens.secret)?,
            sender,
            timeout,
        };
        return Sens::new(config).map(Sms::Sens).map_err(wrong);
    }
    if let Some(twilio) = sms.twilio.as_ref().filter(|_| name == "twilio") {
        let config = TwilioConfig {
            url: twilio.url.clone(),
            account: twilio.account.clone(),
            token: needed("token", &twilio.token)?,
            sender: twilio.from.clone(),
            timeout,
        };
        return Twilio::new(config).map(Sms::Twilio).map_err(wrong);
    }
    if let Some(smpp) = sms.smpp.as_ref().filter(|_| name == "smpp") {
        let config = SmppConfig {
            host: smpp.host.clone(),
            port: smpp.port,
            system_id: smpp.system_id.clone(),
            password: needed("password", &smpp.password)?,
            sender,
            timeout,
        };
        return Ok(Sms::Smpp(Box::new(Smpp::new(config))));
    }
    if let Some(kannel) = sms.kannel.as_ref().filter(|_| name == "kannel") {
        let config = KannelConfig {
            url: kannel.url.clone(),
            username: kannel.username.clone(),
            password: needed("password", &kannel.password)?,
            sender,
            numbers: Numbers::default(),
            report_url: kannel
                .report_url
                .as_ref()
                .map(|url| format!("{url}?reference={{reference}}&kind=%d")),
            timeout,
        };
        return Kannel::new(config).map(Sms::Kannel).map_err(wrong);
    }
    let path = sms.file.as_ref().map(|file| &file.path).ok_or_else(|| format!("sms.{name}: is missing"))?;
    let file = File::open(path).await;
    file.map(Sms::File).map_err(|error| format!("sms.file.path {}: {error}", path.display()))
}
