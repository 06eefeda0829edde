//! Brings the sources together and turns every failure into a sentence.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use figment::providers::{Format, Serialized, Toml};
use figment::value::Dict;
use figment::{Figment, Metadata, Profile, Provider};

use super::environment::Environment;
use super::{Config, ConfigError, DatabaseUrl, Secret, check, keys};

/// The file that is read when no other is named, if it is there.
const DEFAULT_FILE: &str = "jebi.toml";

/// What the command line may decide over every other source.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Overrides {
    /// Configuration file [default: jebi.toml, if it is there]
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// sqlite://… or postgres://…
    #[arg(long, value_name = "URL", global = true)]
    pub database_url: Option<String>,
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS", global = true)]
    pub listen: Option<SocketAddr>,
    /// Folder for the database, keys and records
    #[arg(long, value_name = "FOLDER", global = true)]
    pub state_dir: Option<PathBuf>,
}

/// A configuration with the memory of where each key came from.
#[derive(Debug)]
pub struct Loaded {
    pub(super) config: Config,
    /// Who decided a key, by its dotted path. (Not the figment itself: that one holds secrets.)
    pub(super) decided_by: BTreeMap<String, String>,
    problems: Vec<String>,
}

impl Loaded {
    /// Reads the sources of this process.
    pub fn from_process(overrides: &Overrides) -> Self {
        // What is not text cannot be meant for us: all our keys and values are.
        let vars = std::env::vars_os();
        let vars =
            vars.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self::read(overrides, vars, Path::new(""))
    }

    /// Reads given sources; `folder` is where the default file would lie.
    pub(super) fn read(
        overrides: &Overrides,
        vars: impl Iterator<Item = (String, String)>,
        folder: &Path,
    ) -> Self {
        let mut reader = Reader {
            known: keys::known(),
            figment: Figment::from(Serialized::defaults(Config::default())),
            decided_by: BTreeMap::new(),
            problems: Vec::new(),
        };
        match &overrides.config {
            Some(file) if file.exists() => reader.take(Toml::file_exact(file)),
            Some(file) => reader
                .problems
                .push(format!("There is no file {}: correct `--config`, or leave it out.", file.display())),
            None if folder.join(DEFAULT_FILE).exists() => {
                reader.take(Toml::file_exact(folder.join(DEFAULT_FILE)));
            }
            None => {}
        }
        reader.take(Environment::new(vars, &reader.known));
        reader.take(CommandLine(overrides));
        let mut config = reader.extract();
        reader.read_secret_files(&mut config);
        while config.public_url.ends_with('/') {
            config.public_url.pop();
        }
        reader.problems.extend(check::values(&config));
        Self { config, decided_by: reader.decided_by, problems: reader.problems }
    }

    /// The configuration, if nothing is wrong with it.
    pub fn checked(self) -> Result<Config, ConfigError> {
        ConfigError::unless_empty(self.problems).map(|()| self.config)
    }

    /// Everything that is wrong, including what only a server needs.
    pub fn problems(&self) -> Result<(), ConfigError> {
        ConfigError::unless_empty([self.problems.clone(), check::serving(&self.config)].concat())
    }

    /// What works, but not as one may think.
    pub fn warnings(&self) -> Vec<String> {
        check::warnings(&self.config)
    }
}

struct Reader {
    known: Dict,
    figment: Figment,
    decided_by: BTreeMap<String, String>,
    problems: Vec<String>,
}

impl Reader {
    /// Adds one source, minus the keys nobody knows.
    fn take(&mut self, provider: impl Provider) {
        let metadata = provider.metadata();
        let mut said = match keys::data(&provider) {
            Ok(said) => said,
            Err(error) => {
                let said = without_source(&error.to_string());
                self.problems.push(format!("{} cannot be read: {said}.", origin(&metadata, &[])));
                return;
            }
        };
        for key in keys::take_unknown(&mut said, &self.known) {
            let path: Vec<&str> = key.split('.').collect();
            let hint = match keys::nearest(&key, &self.known) {
                _ if moved(&key).is_some() => moved(&key).unwrap_or_default().to_owned(),
                Some(near) => {
                    format!("did you mean `{}`?", spelled(&metadata, &near.split('.').collect::<Vec<_>>()))
                }
                None => "remove it.".to_owned(),
            };
            self.problems.push(format!("{} is not a known key: {hint}", origin(&metadata, &path)));
        }
        for key in keys::paths(&said) {
            let path: Vec<&str> = key.split('.').collect();
            let source = match file(&metadata) {
                Some(file) => file.display().to_string(),
                None => metadata.interpolate(&Profile::Default, &path),
            };
            self.decided_by.insert(key, source);
        }
        self.figment = std::mem::take(&mut self.figment).merge(Named { metadata, said });
    }

    /// The values as a [`Config`]; a value of the wrong kind is reported and its default used,
    /// so that the next one can be reported as well.
    fn extract(&mut self) -> Config {
        let mut figment = self.figment.clone();
        loop {
            let error = match figment.extract::<Config>() {
                Ok(config) => return config,
                Err(error) => error,
            };
            let path: Vec<&str> = error.path.iter().map(String::as_str).collect();
            let place = match &error.metadata {
                Some(metadata) => origin(metadata, &path),
                None => format!("`{}`", path.join(".")),
            };
            self.problems.push(format!("{place}: {}.", error.kind));
            let key = path.join(".");
            let Some(usual) = keys::find(&self.known, &path).filter(|_| !key.is_empty()) else {
                return Config::default();
            };
            // A default that is refused as well would loop for ever.
            if figment.find_value(&key).is_ok_and(|value| value == usual) {
                return Config::default();
            }
            figment = figment.merge(Serialized::default(&key, usual));
        }
    }

    fn read_secret_files(&mut self, config: &mut Config) {
        let mut read = |key: &str, file: &Option<PathBuf>, there: bool| -> Option<String> {
            let file = file.as_ref()?;
            if there {
                self.problems.push(format!("`{key}` and `{key}_file` are both set: keep one of them."));
                return None;
            }
            match fs::read_to_string(file) {
                Ok(text) => Some(text.trim_end_matches(['\r', '\n']).to_owned()),
                Err(error) => {
                    self.problems.push(format!("`{key}_file` names {}: {error}.", file.display()));
                    None
                }
            }
        };
        if let Some(url) = read("database_url", &config.database_url_file, config.database_url.is_some()) {
            config.database_url = Some(DatabaseUrl::new(url));
        }
        if let Some(mail) = &mut config.mail {
            let found = read("mail.password", &mail.password_file, mail.password.is_some());
            mail.password = found.map(Secret::new).or(mail.password.take());
        }
        let identity = &mut config.identity;
        for (section, provider) in [("oidc", &mut identity.oidc), ("staff", &mut identity.staff)] {
            let Some(provider) = provider else { continue };
            let key = format!("identity.{section}.client_secret");
            let found = read(&key, &provider.client_secret_file, provider.client_secret.is_some());
            provider.client_secret = found.map(Secret::new).or(provider.client_secret.take());
        }
        if let Some(sms) = &mut config.sms {
            let mut secret = |key: &str, file: &Option<PathBuf>, secret: &mut Option<Secret>| {
                let found = read(key, file, secret.is_some());
                *secret = found.map(Secret::new).or(secret.take());
            };
            if let Some(kannel) = &mut sms.kannel {
                secret("sms.kannel.password", &kannel.password_file, &mut kannel.password);
            }
            if let Some(solapi) = &mut sms.solapi {
                secret("sms.solapi.secret", &solapi.secret_file, &mut solapi.secret);
            }
            if let Some(sens) = &mut sms.sens {
                secret("sms.sens.secret", &sens.secret_file, &mut sens.secret);
            }
            if let Some(twilio) = &mut sms.twilio {
                secret("sms.twilio.token", &twilio.token_file, &mut twilio.token);
            }
            if let Some(smpp) = &mut sms.smpp {
                secret("sms.smpp.password", &smpp.password_file, &mut smpp.password);
            }
        }
    }
}

/// Where a key of an earlier version stands now.
fn moved(key: &str) -> Option<&'static str> {
    match key {
        "sms.vendor" => {
            Some("each vendor has a section of its own now, [sms.kannel] or [sms.file]; remove it.")
        }
        "sms.url" => Some("it belongs to its vendor now: write `sms.kannel.url`."),
        "sms.username" => Some("it belongs to its vendor now: write `sms.kannel.username`."),
        "sms.password" => Some("it belongs to its vendor now: write `sms.kannel.password`."),
        "sms.password_file" => Some("it belongs to its vendor now: write `sms.kannel.password_file`."),
        "sms.path" => Some("it belongs to its vendor now: write `sms.file.path`."),
        _ => None,
    }
}

/// A source after its unknown keys are taken out, still under its own name.
struct Named {
    metadata: Metadata,
    said: Dict,
}

impl Provider for Named {
    fn metadata(&self) -> Metadata {
        self.metadata.clone()
    }

    fn data(&self) -> Result<figment::value::Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.said.clone()))
    }
}

/// The overrides as one more source.
struct CommandLine<'a>(&'a Overrides);

impl Provider for CommandLine<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named("command line")
            .interpolater(|_, keys| format!("--{}", keys.join("-").replace('_', "-")))
    }

    fn data(&self) -> Result<figment::value::Map<Profile, Dict>, figment::Error> {
        let texts = [
            ("database_url", self.0.database_url.clone()),
            ("listen", self.0.listen.map(|listen| listen.to_string())),
            ("state_dir", self.0.state_dir.as_ref().map(|dir| dir.display().to_string())),
        ];
        let said: Dict =
            texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text?.into()))).collect();
        Ok(Profile::Default.collect(said))
    }
}

/// A key as its source spells it: `mail.port`, `JEBI_MAIL__PORT`, `--listen`.
fn spelled(metadata: &Metadata, path: &[&str]) -> String {
    match file(metadata) {
        Some(_) => path.join("."),
        None => metadata.interpolate(&Profile::Default, path),
    }
}

/// A key and where it stands.
fn origin(metadata: &Metadata, path: &[&str]) -> String {
    match (file(metadata), path) {
        (Some(file), []) => file.display().to_string(),
        (Some(file), path) => format!("`{}` in {}", path.join("."), file.display()),
        (None, []) => format!("The {}", metadata.name),
        (None, path) => format!("`{}`", spelled(metadata, path)),
    }
}

/// The file a source was read from, if it is one.
fn file(metadata: &Metadata) -> Option<&Path> {
    metadata.source.as_ref().and_then(|source| source.file_path())
}

/// What a parser says without the line it quotes: that may be the one with the password.
fn without_source(error: &str) -> String {
    let said = error.lines().map(str::trim).filter(|line| !line.is_empty() && !line.contains('|'));
    said.collect::<Vec<_>>().join(": ")
}
