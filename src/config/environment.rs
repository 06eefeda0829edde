//! `JEBI_*` variables as a source.

use figment::value::{Dict, Map, Value};
use figment::{Error, Metadata, Profile, Provider};

const PREFIX: &str = "JEBI_";

/// Variables of the tests; no deployment reads them.
const NOT_OURS: &str = "TEST_";

/// The variables that are ours, typed by what their key holds and not by how the text looks:
/// figment's own provider would turn the password `0042` into the number 42.
pub(super) struct Environment {
    said: Dict,
}

impl Environment {
    pub(super) fn new(vars: impl Iterator<Item = (String, String)>, known: &Dict) -> Self {
        let mut said = Dict::new();
        for (name, text) in vars {
            let Some(key) = name.strip_prefix(PREFIX).filter(|key| !key.starts_with(NOT_OURS)) else {
                continue;
            };
            let key = key.to_lowercase();
            let path: Vec<&str> = key.split("__").collect();
            insert(&mut said, known, &path, &text);
        }
        Self { said }
    }
}

fn insert(said: &mut Dict, known: &Dict, path: &[&str], text: &str) {
    match path {
        [] => {}
        [name] => {
            said.insert((*name).to_owned(), typed(text, known.get(*name)));
        }
        [name, rest @ ..] => {
            let empty = Dict::new();
            let below = known.get(*name).and_then(Value::as_dict).unwrap_or(&empty);
            let entry = said.entry((*name).to_owned()).or_insert_with(|| Value::from(Dict::new()));
            if let Value::Dict(_, inner) = entry {
                insert(inner, below, rest, text);
            }
        }
    }
}

fn typed(text: &str, like: Option<&Value>) -> Value {
    match like {
        Some(Value::Num(..)) => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
        Some(Value::Array(..)) => text.split(',').map(str::trim).collect::<Vec<_>>().into(),
        Some(Value::Bool(..)) => text.parse::<bool>().map_or_else(|_| text.into(), Value::from),
        _ => text.into(),
    }
}

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named("environment")
            .interpolater(|_, keys| format!("{PREFIX}{}", keys.join("__").to_uppercase()))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        Ok(Profile::Default.collect(self.said.clone()))
    }
}
