//! What is looked at before a drill begins: what would keep its report from being signed or kept is said now, and not
//! after an hour.

use std::{fs, io::ErrorKind, path::Path};

use anyhow::bail;

use crate::{
    app::App,
    cli::draft,
    clock::Clock,
    config::{Config, ConfigError, Overrides},
    drill::{Options, SCENARIOS, Signature},
    lifecycle::{announce::sized, checkpoint},
    secret::{KeyError, Keys},
    store::{self, Db},
};

/// What a drill begins with.
#[derive(Default)]
pub struct Ready {
    /// Whose signature its report gets, if not one of the drill's own.
    pub signature: Option<Signature>,
    /// The deployment that keeps it.
    pub keeps: Option<Config>,
}

const OWN_KEY: &str = "The report is signed with a key that is made for this drill alone: it says that the files belong \
    together, and not who made them. Where there is a deployment, name its configuration with --config.";

/// Looks at the configuration, its key and the draft.
///
/// # Errors
/// What is wrong with them.
pub async fn ready(overrides: &Overrides, options: &mut Options) -> anyhow::Result<Ready> {
    let config = Config::load(overrides);
    if SCENARIOS.contains(&options.scenario.as_str()) {
        return of_scenario(config, overrides.config.is_some());
    }
    let config = config?;
    let draft = draft::read(Path::new(&options.scenario))?;
    if keys(&config)?.is_none() {
        eprintln!("{}", nothing_here(&config));
        options.draft = Some(Box::new(draft));
        return Ok(Ready::default());
    }
    is_current(&config).await?;
    let app = App::start(config.clone(), Clock::wall()).await?;
    // Those who are on the roster by now are those whom the round is for.
    options.draft = Some(Box::new(sized(&app, &draft).await?));
    // As the rules of the round will name it.
    let signature = Some(Signature { keys: app.keys.clone(), name: checkpoint::origin(&app).await? });
    let keeps = match what_if(options) {
        None => Some(config),
        Some(why) => {
            eprintln!("{why}");
            None
        }
    };
    Ok(Ready { signature, keeps })
}

/// Of a deployment a scenario needs the signature alone. Whoever names one gets its signature or no drill; where nobody
/// did, the drill's own key signs, and that is said.
fn of_scenario(config: Result<Config, ConfigError>, named: bool) -> anyhow::Result<Ready> {
    let config = match config {
        Ok(config) => config,
        Err(error) if named => return Err(error.into()),
        Err(error) => {
            eprintln!("{error}\n{OWN_KEY}");
            return Ok(Ready::default());
        }
    };
    let Some(keys) = keys(&config)? else {
        eprintln!("There is no {}. {OWN_KEY}", config.secret_key_path().display());
        return Ok(Ready::default());
    };
    let url = config.public_url.as_str();
    let name = url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/').to_owned();
    Ok(Ready { signature: Some(Signature { keys, name }), keeps: None })
}

/// The deployment's keys, where one was ever started.
///
/// # Errors
/// When there is a key file that cannot be read, or is none; or one is named that is not there.
fn keys(config: &Config) -> Result<Option<Keys>, KeyError> {
    let path = config.secret_key_path();
    match fs::metadata(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound && config.secret_key_file.is_none() => Ok(None),
        // Whoever may not look does not know that there is none.
        Err(source) if source.kind() != ErrorKind::NotFound => Err(KeyError::File { path, source }),
        _ => Keys::load(&path).map(Some),
    }
}

/// Whether the deployment's database is as this program needs it. A drill changes nothing of a deployment, which may be
/// running an older program right now; so it does not bring even SQLite up to date, as other commands do.
///
/// # Errors
/// When it is not, or not there, with what to do.
async fn is_current(config: &Config) -> anyhow::Result<()> {
    if let Some(file) = config.database_url().sqlite_file().filter(|file| !file.exists()) {
        bail!(
            "there is no database {}, in which the report would be kept, and nothing was drilled: start `jebi serve` or run \
             `jebi migrate` once, or restore the database from your backup; then drill",
            file.display()
        );
    }
    match store::migrations_pending(&Db::of(config).await?).await? {
        0 => Ok(()),
        pending => bail!(
            "the database lacks {pending} schema changes that this jebi needs. A drill makes none, since the deployment may be \
             running, and nothing was drilled: bring it up to date with `jebi migrate`, or drill with the jebi that it runs"
        ),
    }
}

/// Why nothing is kept where no deployment was ever started.
fn nothing_here(config: &Config) -> String {
    format!(
        "There is no {}, so no deployment was started here, and no report is kept for `jebi announce`. {OWN_KEY}",
        config.secret_key_path().display()
    )
}

/// Why nothing is kept of a drill that only asks what would be if: the round is announced on what its seller says, and one
/// that is meant to fail would stand in the way.
fn what_if(options: &Options) -> Option<String> {
    (options.capacity < 100).then(|| {
        format!(
            "With --capacity {} this drill asks what would be if. Its report stays in {} and is not kept for `jebi announce`, \
             neither for the round nor against it: `jebi drill {}` without --capacity is.",
            options.capacity,
            options.report.display(),
            options.scenario
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(folder: &Path) -> Config {
        Config { state_dir: folder.to_owned(), ..Config::default() }
    }

    #[test]
    fn only_where_no_key_is_named_and_none_is_there_nobody_signs() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(folder.path());
        assert!(keys(&config).unwrap().is_none());
        assert!(of_scenario(Ok(config.clone()), true).unwrap().signature.is_none());
        fs::write(folder.path().join("secret.key"), "07".repeat(32)).unwrap();
        config.public_url = "https://draw.city.example/".to_owned();
        let signature = of_scenario(Ok(config.clone()), false).unwrap().signature.unwrap();
        assert_eq!(signature.name, "draw.city.example");
        // A key that is there and is none, or one that is named and not there, is a mistake.
        fs::write(folder.path().join("secret.key"), "seven").unwrap();
        assert!(matches!(keys(&config), Err(KeyError::Form(_))));
        assert!(of_scenario(Ok(config.clone()), false).is_err());
        config.secret_key_file = Some(folder.path().join("other.key"));
        assert!(matches!(keys(&config), Err(KeyError::Missing(_))));
        // As is one in whose place something else is, which is no key either.
        config.secret_key_file = Some(folder.path().join("secret.key/below"));
        assert!(matches!(keys(&config), Err(KeyError::File { .. })));
    }
}
