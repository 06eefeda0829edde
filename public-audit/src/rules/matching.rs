//! Which entries a cohort or a reserve describes.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// For each named field the values that match; `{}` matches every entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Match(pub BTreeMap<String, Vec<String>>);

impl Match {
    /// The description that every entry matches.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// Whether an entry matches whose value of a field is `value_of(field)`.
    pub fn matches<'v>(&self, value_of: impl Fn(&str) -> Option<&'v str>) -> bool {
        self.0
            .iter()
            .all(|(field, values)| value_of(field).is_some_and(|value| values.iter().any(|v| v == value)))
    }
}

impl fmt::Display for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("all");
        }
        for (at, (field, values)) in self.0.iter().enumerate() {
            let gap = if at == 0 { "" } else { " " };
            write!(f, "{gap}{field}={}", values.join("|"))?;
        }
        Ok(())
    }
}

/// By hand, because a map deserialised by serde lets a doubled key silently win.
impl<'de> Deserialize<'de> for Match {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Match;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map from field to a list of values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Match, A::Error> {
                let mut fields = BTreeMap::new();
                while let Some((field, values)) = map.next_entry::<String, Vec<String>>()? {
                    if fields.insert(field, values).is_some() {
                        return Err(A::Error::custom("a field is named twice"));
                    }
                }
                Ok(Match(fields))
            }
        }

        deserializer.deserialize_map(Fields)
    }
}
