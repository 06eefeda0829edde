//! Which keys exist: read off the structs themselves, so that no list can go stale.

use std::cmp::Reverse;
use std::path::PathBuf;

use figment::Provider;
use figment::providers::Serialized;
use figment::value::{Dict, Value};

use super::{Config, DatabaseUrl, Dkim, Identity, Mail, Secret, Sms, identity, sms};

/// Every key with a value of its kind: a configuration in which nothing is left out.
pub(super) fn known() -> Dict {
    let text = || Some(String::new());
    let path = || Some(PathBuf::new());
    let secret = || Some(Secret::default());
    let provider = || identity::Provider {
        client_secret: secret(),
        client_secret_file: path(),
        ..identity::Provider::default()
    };
    let full = Config {
        address_header: text(),
        database_url: Some(DatabaseUrl::default()),
        database_url_file: path(),
        secret_key_file: path(),
        pass_key_file: path(),
        allow_list_dir: path(),
        mail: Some(Mail {
            username: text(),
            password: secret(),
            password_file: path(),
            return_path: text(),
            dkim: Some(Dkim { domain: text(), ..Dkim::default() }),
            ..Mail::default()
        }),
        sms: Some(Sms {
            kannel: Some(sms::Kannel {
                password: secret(),
                password_file: path(),
                report_url: text(),
                ..Default::default()
            }),
            solapi: Some(sms::Solapi { secret: secret(), secret_file: path(), ..Default::default() }),
            sens: Some(sms::Sens { secret: secret(), secret_file: path(), ..Default::default() }),
            twilio: Some(sms::Twilio { token: secret(), token_file: path(), ..Default::default() }),
            smpp: Some(sms::Smpp { password: secret(), password_file: path(), ..Default::default() }),
            file: Some(sms::File::default()),
            ..Sms::default()
        }),
        identity: Identity {
            oidc: Some(provider()),
            bridge: Some(identity::Bridge::default()),
            staff: Some(provider()),
            ..Identity::default()
        },
        ..Config::default()
    };
    data(&Serialized::defaults(full)).unwrap_or_default()
}

/// What one source says. Profiles are figment's idea; we have one.
pub(super) fn data(provider: &impl Provider) -> Result<Dict, String> {
    let said = provider.data().map_err(|error| error.to_string())?;
    Ok(said.into_values().next().unwrap_or_default())
}

/// Takes the keys nobody knows out of `said`, and lists them as dotted paths.
pub(super) fn take_unknown(said: &mut Dict, known: &Dict) -> Vec<String> {
    let mut unknown = Vec::new();
    let names: Vec<String> = said.keys().cloned().collect();
    for name in names {
        match (said.get_mut(&name), known.get(&name)) {
            (Some(Value::Dict(_, inner)), Some(Value::Dict(_, known_inner))) => {
                let below = take_unknown(inner, known_inner);
                unknown.extend(below.into_iter().map(|key| format!("{name}.{key}")));
            }
            (_, Some(_)) => {}
            (_, None) => {
                said.remove(&name);
                unknown.push(name);
            }
        }
    }
    unknown
}

/// Every key as a dotted path.
pub(super) fn paths(dict: &Dict) -> Vec<String> {
    dict.iter()
        .flat_map(|(name, value)| match value {
            Value::Dict(_, inner) => paths(inner).into_iter().map(|key| format!("{name}.{key}")).collect(),
            _ => vec![name.clone()],
        })
        .collect()
}

/// The known key that looks most like a mistyped one, if any does. Among equals, the one that
/// begins like it: first letters are seldom wrong.
pub(super) fn nearest(typed: &str, known: &Dict) -> Option<String> {
    let alike = |path: &str| typed.chars().zip(path.chars()).take_while(|(a, b)| a == b).count();
    paths(known)
        .into_iter()
        .map(|path| (distance(typed, &path), Reverse(alike(&path)), path))
        .min()
        .filter(|(apart, ..)| *apart <= 3)
        .map(|(.., path)| path)
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (corner + usize::from(x != *y)).min(above + 1).min(row[j] + 1);
            corner = above;
        }
    }
    row[b.len()]
}

/// The value at a path.
pub(super) fn find(dict: &Dict, path: &[&str]) -> Option<Value> {
    match path {
        [] => None,
        [name] => dict.get(*name).cloned(),
        [name, rest @ ..] => dict.get(*name).and_then(Value::as_dict).and_then(|inner| find(inner, rest)),
    }
}
