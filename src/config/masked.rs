//! Values that may be used but never shown.

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize, Serializer};

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

    /// Whether this names a PostgreSQL server.
    pub fn is_postgres(&self) -> bool {
        self.0.starts_with("postgres://") || self.0.starts_with("postgresql://")
    }

    /// The address without what a log must not hold: the password, wherever it may stand.
    fn masked(&self) -> String {
        let (address, query) = match self.0.split_once('?') {
            Some((address, query)) => (address, Some(query)),
            None => (self.0.as_str(), None),
        };
        let mut shown = match address.split_once("://").map(|(scheme, rest)| (scheme, rest.rsplit_once('@')))
        {
            Some((scheme, Some((account, host)))) => match account.split_once(':') {
                Some((name, _)) => format!("{scheme}://{name}:{MASK}@{host}"),
                None => format!("{scheme}://{account}@{host}"),
            },
            _ => address.to_owned(),
        };
        for (at, pair) in query.into_iter().flat_map(|q| q.split('&')).enumerate() {
            shown.push(if at == 0 { '?' } else { '&' });
            match pair.split_once('=') {
                Some((key, _)) if key.contains("password") => shown.push_str(&format!("{key}={MASK}")),
                _ => shown.push_str(pair),
            }
        }
        shown
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
            ("postgres://db/jebi?user=a&password=b", "postgres://db/jebi?user=a&password=***"),
            ("postgres://jebi@db/jebi", "postgres://jebi@db/jebi"),
            ("sqlite://state/jebi.sqlite", "sqlite://state/jebi.sqlite"),
        ] {
            assert_eq!(format!("{:?}", DatabaseUrl::new(url)), shown);
        }
    }
}
