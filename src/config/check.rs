//! What values must be, beyond their kind.

use std::collections::BTreeSet;

use super::{Config, Mail, Sms, Theme, Tls, Witness, identity};

/// Longest any limit of one request may be; beyond it a stuck client looks like a working one.
const LONGEST_MS: u64 = 600_000;

/// Each cosignature is some 200 bytes of every checkpoint that is sent to anybody.
const MOST_WITNESSES: usize = 16;

/// Problems that any command would run into.
pub(super) fn values(config: &Config) -> Vec<String> {
    let mut problems = Vec::new();
    let url = config.database_url();
    if !url.is_sqlite() && !url.is_postgres() {
        problems.push(format!(
            "`database_url` is {url}: it must begin with sqlite:// or postgres://, for example sqlite://state/jebi.sqlite."
        ));
    }
    if url.is_postgres() && !url.is_whole() {
        problems.push(
            "`database_url` cannot be read: write postgres://user:password@host:5432/name, and in the password %2F for /, \
             %3F for ?, %23 for #, %40 for @ and %3A for :."
                .to_owned(),
        );
    }
    if !config.public_url.starts_with("http://") && !config.public_url.starts_with("https://") {
        problems.push(format!(
            "`public_url` is \"{}\": write the whole address residents use, beginning with https://.",
            config.public_url
        ));
    }
    if config.state_dir.as_os_str().is_empty() {
        problems.push("`state_dir` is empty: name a folder that belongs to jebi alone.".to_owned());
    }
    problems.extend(limits(config));
    if let Some(mail) = &config.mail {
        problems.extend(mail_problems(mail));
    }
    if let Some(sms) = &config.sms {
        problems.extend(sms_problems(sms));
    }
    problems.extend(witness_problems(&config.journal.witnesses));
    problems.extend(identity::problems(config));
    problems
}

fn witness_problems(witnesses: &[Witness]) -> Vec<String> {
    let mut problems = Vec::new();
    if witnesses.len() > MOST_WITNESSES {
        problems.push(format!(
            "`journal.witnesses` has {} witnesses: {MOST_WITNESSES} are the most.",
            witnesses.len()
        ));
    }
    let mut keys = BTreeSet::new();
    for Witness { url, key } in witnesses {
        if !["http://", "https://"].iter().any(|scheme| url.starts_with(scheme)) || url.contains('@') {
            problems.push(format!(
                "`journal.witnesses` has the url \"{url}\": write a witness's address above /add-checkpoint, without a \
                 password, for example https://witness.example."
            ));
        }
        if let Err(error) = public_audit::journal::cosignature::Witness::parse(key) {
            problems.push(format!(
                "`journal.witnesses` has the key \"{key}\": {error}. It is what `jebi-audit witness --new-key` printed \
                 there, name+id+base64."
            ));
        } else if !keys.insert(key) {
            problems.push(format!("`journal.witnesses` has {key} twice: keep one of them."));
        }
    }
    problems
}

fn limits(config: &Config) -> Vec<String> {
    let (limits, codes, database) = (&config.limits, &config.codes, &config.database);
    let within = |key: &str, value: u64, least: u64, most: u64| {
        (value < least || value > most)
            .then(|| format!("`{key}` is {value}: choose a number from {least} to {most}."))
    };
    [
        within("limits.connections", limits.connections as u64, 16, 1_000_000),
        within("limits.header_ms", limits.header_ms, 100, LONGEST_MS),
        within("limits.body_ms", limits.body_ms, 100, LONGEST_MS),
        within("limits.total_ms", limits.total_ms, 100, LONGEST_MS),
        within("limits.idle_ms", limits.idle_ms, 100, LONGEST_MS),
        within("limits.drain_ms", limits.drain_ms, 0, LONGEST_MS),
        within("limits.inbox", limits.inbox as u64, 1, 1_000_000),
        within("codes.valid_seconds", codes.valid_seconds, 60, 86_400),
        within("codes.tries", codes.tries.into(), 1, 20),
        within("codes.per_contact_per_hour", codes.per_contact_per_hour.into(), 1, 100),
        within("codes.per_contact_per_day", codes.per_contact_per_day.into(), 1, 1_000),
        within("codes.per_caller_per_contact", codes.per_caller_per_contact.into(), 1, 100),
        within("codes.typed_per_contact_per_day", codes.typed_per_contact_per_day.into(), 1, 1_000),
        within("codes.untyped_per_caller", codes.untyped_per_caller.into(), 1, 100_000),
        within("codes.share_per_caller", codes.share_per_caller.into(), 1, 100),
        within("codes.wrong_per_day", codes.wrong_per_day.into(), 10, 10_000),
        within("codes.wrong_names_per_caller", codes.wrong_names_per_caller.into(), 1, 100_000),
        within("codes.wrong_names_per_day", codes.wrong_names_per_day.into(), 10, 1_000_000),
        within("counter.most_per_helper", config.counter.most_per_helper.into(), 0, 100),
        within("database.max_connections", database.max_connections.into(), 1, 1_000),
        within("database.acquire_ms", database.acquire_ms, 10, LONGEST_MS),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A name before the @ has 64 octets (RFC 5321), of which `+`, a notice's number and its check take 41. A longer one
/// would be refused in every single mail.
const RETURN_NAME: usize = 23;

fn is_return_path(path: &str) -> bool {
    let Some((name, domain)) = path.split_once('@') else { return false };
    let plain =
        |text: &str| !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || "+@<>".contains(c));
    plain(name) && plain(domain) && name.len() <= RETURN_NAME
}

fn mail_problems(mail: &Mail) -> Vec<String> {
    let mut problems = Vec::new();
    if mail.host.is_empty() {
        problems
            .push("`mail.host` is empty: name your mail server, for example smtp.example.go.kr.".to_owned());
    }
    if !mail.from.contains('@') {
        problems.push(format!(
            "`mail.from` is \"{}\": write the sender residents see, for example 제비 <no-reply@example.go.kr>.",
            mail.from
        ));
    }
    if mail.username.is_some() != mail.password.is_some() && mail.password_file.is_none() {
        problems.push("`mail.username` and `mail.password` belong together: set both or neither.".to_owned());
    }
    if mail.tls == Tls::None && mail.password.is_some() {
        problems.push("`mail.tls` is \"none\" with a password: it would cross the network in the clear; use \"starttls\" or \"implicit\".".to_owned());
    }
    if let Some(path) = mail.return_path.as_ref().filter(|path| !is_return_path(path)) {
        problems.push(format!(
            "`mail.return_path` is \"{path}\": write an address without + and with at most {RETURN_NAME} characters before the @, for example bounce@example.go.kr; each notice gets a name of its own."
        ));
    }
    if let Some(dkim) = &mail.dkim
        && (dkim.selector.is_empty() || dkim.key_file.as_os_str().is_empty())
    {
        problems.push(
            "[mail.dkim] needs `selector`, as in SELECTOR._domainkey.example.go.kr, and `key_file`, the private key in PEM."
                .to_owned(),
        );
    }
    problems.extend(rate("mail.per_second", mail.per_second));
    if mail.connections == 0 || mail.timeout_seconds == 0 {
        problems.push("`mail.connections` and `mail.timeout_seconds` must be at least 1.".to_owned());
    }
    problems
}

fn sms_problems(sms: &Sms) -> Vec<String> {
    let mut problems = Vec::new();
    let vendors = sms.vendors();
    if vendors.is_empty() {
        problems.push(
            "[sms] names no vendor: add one of [sms.solapi], [sms.sens], [sms.twilio], [sms.smpp], [sms.kannel], [sms.file]."
                .to_owned(),
        );
    }
    for (vendor, _, per_second) in &vendors {
        problems.extend(rate(&format!("sms.{vendor}.per_second"), *per_second));
    }
    for pair in vendors.windows(2).filter(|pair| pair[0].1 == pair[1].1) {
        problems.push(format!(
            "`sms.{}.priority` and `sms.{}.priority` are both {}: say which of the two goes first.",
            pair[0].0, pair[1].0, pair[0].1
        ));
    }
    let missing = |key: &str, is_empty: bool| is_empty.then(|| format!("`sms.{key}` is missing."));
    if let Some(kannel) = &sms.kannel {
        // Shown wherever the configuration is shown, so it may hold no secret.
        if kannel.url.contains('@') || kannel.url.contains("password=") {
            problems.push(
                "`sms.kannel.url` holds a password: write it into `sms.kannel.password` instead.".to_owned(),
            );
        } else if !kannel.url.starts_with("http") {
            problems.push(format!(
                "`sms.kannel.url` is \"{}\": write the gateway's address, for example http://127.0.0.1:13013/cgi-bin/sendsms.",
                kannel.url
            ));
        }
        problems
            .extend(missing("kannel.password", kannel.password.is_none() && kannel.password_file.is_none()));
    }
    if let Some(solapi) = &sms.solapi {
        problems.extend(missing("solapi.key", solapi.key.is_empty()));
        problems.extend(missing("solapi.secret", solapi.secret.is_none() && solapi.secret_file.is_none()));
    }
    if let Some(sens) = &sms.sens {
        problems.extend(missing("sens.service", sens.service.is_empty()));
        problems.extend(missing("sens.key", sens.key.is_empty()));
        problems.extend(missing("sens.secret", sens.secret.is_none() && sens.secret_file.is_none()));
    }
    if let Some(twilio) = &sms.twilio {
        problems.extend(missing("twilio.account", twilio.account.is_empty()));
        problems.extend(missing("twilio.from", twilio.from.is_empty()));
        problems.extend(missing("twilio.token", twilio.token.is_none() && twilio.token_file.is_none()));
    }
    if let Some(smpp) = &sms.smpp {
        problems.extend(missing("smpp.host", smpp.host.is_empty()));
        problems.extend(missing("smpp.system_id", smpp.system_id.is_empty()));
        problems.extend(missing("smpp.password", smpp.password.is_none() && smpp.password_file.is_none()));
    }
    problems.extend(rate("sms.per_second", sms.per_second));
    if sms.timeout_seconds == 0 || sms.timeout_seconds > 60 {
        problems.push("`sms.timeout_seconds` must be from 1 to 60.".to_owned());
    }
    problems
}

fn rate(key: &str, per_second: u32) -> Option<String> {
    (per_second == 0).then(|| {
        format!("`{key}` is 0: nothing would ever be sent; write what the vendor takes in a second.")
    })
}

/// So long a close waits for what was handed in before it: what a request may take at most, where nothing else is said.
const CLOSE_WAITS_MS: u64 = 15_000;

/// What works, but not as one may think.
pub(super) fn warnings(config: &Config) -> Vec<String> {
    let total = config.limits.total_ms;
    let longer = (total > CLOSE_WAITS_MS).then(|| {
        format!(
            "`limits.total_ms` is {total}: a close waits {CLOSE_WAITS_MS} ms for what was sent before it, so whoever sends \
             something just before a close and waits longer for the answer may be told that it was too late."
        )
    });
    longer.into_iter().collect()
}

/// Problems that only a server has.
pub(super) fn serving(config: &Config) -> Vec<String> {
    let mut problems = Vec::new();
    if config.municipality.name.is_empty() {
        problems.push(
            "`municipality.name` is empty: write the name residents know, for example 통영시.".to_owned(),
        );
    }
    if config.municipality.contact.is_empty() {
        problems.push("`municipality.contact` is empty: write the phone number residents call when something goes wrong.".to_owned());
    }
    if config.mail.is_none() && config.sms.is_none() {
        problems.push(
            "Neither [mail] nor [sms] is set: no resident could receive a code; set at least one.".to_owned(),
        );
    }
    if let Some(folder) = &config.theme_dir
        && let Err(error) = Theme::load(folder)
    {
        problems.push(format!("`theme_dir`: {error}"));
    }
    problems
}
