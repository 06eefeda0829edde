//! Values that may be used but never shown.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};
use url::Url;

/// What stands in for a secret wherever one would be printed.
pub(super) const MASK: &str = "***";

/// A password or token. `Debug`, `Display` and serialization show `***`.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, for the one call that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(MASK)
    }
}

/// A database address whose password is masked wherever it is printed.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Wraps an address as the database driver wants it.
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// The default: one file in the state folder.
    pub(super) fn sqlite_in(state_dir: &Path) -> Self {
        Self(format!("sqlite://{}", state_dir.join("jebi.sqlite").display()))
    }

    /// The address with its password, for the driver alone.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether this names an SQLite file.
    pub fn is_sqlite(&self) -> bool {
        self.0.starts_with("sqlite:")
    }

    /// The file, if this names one.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let rest = self.0.strip_prefix("sqlite:")?;
        let path = rest.strip_prefix("//").unwrap_or(rest).split('?').next()?;
        (!path.is_empty() && path != ":memory:").then(|| path.into())
    }

    /// Whether this names a PostgreSQL server.
    pub fn is_postgres(&self) -> bool {
        self.0.starts_with("postgres://") || self.0.starts_with("postgresql://")
    }

    /// Whether the driver will read this address as it is meant. A password with `/`, `?`, `#` or `@` in
    /// it must be percent-encoded, or the address falls apart, and with it what can be hidden of it.
    pub fn is_whole(&self) -> bool {
        self.is_sqlite() || self.parsed().is_some()
    }

    fn parsed(&self) -> Option<Url> {
        let url = Url::parse(&self.0).ok().filter(|_| self.is_postgres())?;
        let beyond = [url.path(), url.query().unwrap_or_default()];
        let whole = url.fragment().is_none() && !beyond.iter().any(|part| part.contains('@'));
        whole.then_some(url)
    }

    /// The address without what a log must not hold: the password, wherever it may stand.
    fn masked(&self) -> String {
        if self.is_sqlite() {
            return self.0.clone();
        }
        let Some(mut url) = self.parsed() else { return MASK.to_owned() };
        if url.password().is_some() && url.set_password(Some(MASK)).is_err() {
            return MASK.to_owned();
        }
        let pairs: Vec<String> =
            url.query().into_iter().flat_map(|query| query.split('&')).map(hidden).collect();
        url.set_query((!pairs.is_empty()).then(|| pairs.join("&")).as_deref());
        url.into()
    }
}

/// A pair of a query, without the value of a password.
fn hidden(pair: &str) -> String {
    match pair.split_once('=') {
        Some((key, _)) if key.contains("password") => format!("{key}={MASK}"),
        _ => pair.to_owned(),
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_shows_itself() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret:?} {secret}"), "*** ***");
        assert_eq!(secret.expose(), "hunter2");
    }

    #[test]
    fn the_password_of_a_database_is_masked_wherever_it_stands() {
        for (url, shown) in [
            ("postgres://jebi:p%40ss@db/jebi", "postgres://jebi:***@db/jebi"),
            ("postgres://jebi:p@ss@db/jebi?sslmode=require", "postgres://jebi:***@db/jebi?sslmode=require"),
            ("postgres://jebi:hun?ter2@db/jebi", "***"),
            ("postgres://jebi:hun/ter2@db/jebi", "***"),
            ("postgres://jebi:12/ter2@db/jebi", "***"),
            ("postgres://jebi:hun#ter2@db/jebi", "***"),
            ("postgres://jebi:hunter2@db:99999/jebi", "***"),
            ("jebi:hunter2", "***"),
            ("postgres://db/jebi?user=a&password=b", "postgres://db/jebi?user=a&password=***"),
            ("postgres://jebi@db/jebi", "postgres://jebi@db/jebi"),
            ("sqlite://state/jebi.sqlite", "sqlite://state/jebi.sqlite"),
        ] {
            assert_eq!(format!("{:?}", DatabaseUrl::new(url)), shown);
        }
    }
}
