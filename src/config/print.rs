//! The effective configuration as TOML, each key with where it came from.

use std::fmt::{self, Display, Formatter};

use super::Loaded;

impl Display for Loaded {
    /// Secrets are masked by their own types; this code never sees them.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut shown = self.config.clone();
        shown.database_url = Some(self.config.database_url());
        shown.secret_key_file = Some(self.config.secret_key_path());
        shown.pass_key_file = Some(self.config.pass_key_path());
        shown.allow_list_dir = Some(self.config.allow_list_path());
        let table = toml::Table::try_from(&shown).map_err(|_| fmt::Error)?;
        self.write_keys(f, &table, "")
    }
}

impl Loaded {
    fn write_keys(&self, f: &mut Formatter<'_>, table: &toml::Table, above: &str) -> fmt::Result {
        for (name, value) in table.iter().filter(|(_, value)| !value.is_table()) {
            let source = self.source(&format!("{above}{name}"));
            writeln!(f, "{:<50} # {source}", format!("{name} = {value}"))?;
        }
        for (name, value) in table {
            if let Some(inner) = value.as_table() {
                writeln!(f, "\n[{above}{name}]")?;
                self.write_keys(f, inner, &format!("{above}{name}."))?;
            }
        }
        Ok(())
    }

    fn source(&self, key: &str) -> &str {
        let decided = self.decided_by.get(key).or_else(|| self.decided_by.get(&format!("{key}_file")));
        decided.map_or("default", String::as_str)
    }
}
