//! The pages by which somebody says who they are.

use crate::web::view::{
    samples::{HOSTILE, Samples},
    *,
};

/// Adds each of them.
pub(super) fn pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
    let lang = samples.lang;
    add("identity", &samples.identity());
    add("identity-green", &Identity { light: Some("green"), ..samples.identity() });
    add("identity-red", &Identity { light: Some("red"), ..samples.identity() });
    add("identity-texts", &Identity { light: Some("texts"), ..samples.identity() });
    let texts = vec![Channel::Sms];
    add("identity-only-texts", &Identity { light: Some("texts"), channels: texts, ..samples.identity() });
    let single =
        Identity { light: None, channels: vec![Channel::Email], purpose: Purpose::My, ..samples.identity() };
    add("identity-my", &single);
    let errors = vec![errors::channel_missing(lang), errors::consent_missing(lang)];
    add("identity-nothing", &Identity { errors, ..samples.identity() });
    let errors =
        vec![errors::email_invalid(lang), errors::phone_invalid(lang), errors::consent_missing(lang)];
    let channel = Some(Channel::Email);
    let email = if samples.hostile { HOSTILE.into() } else { "name@example".into() };
    add("identity-wrong", &Identity { errors, channel, email, ..samples.identity() });
    let known = Some("m***@example.org".to_owned());
    add("identity-known", &Identity { known, ..samples.identity() });
    add("identity-elsewhere", &Identity { channels: Vec::new(), ..samples.identity() });
    let href = "https://id.example/auth?state=a&nonce=b";
    let href = samples.text(href, href);
    for (name, back) in [("crossing", false), ("crossing-back", true)] {
        add(name, &Crossing { page: samples.page("/"), label: samples.title(), href: href.clone(), back });
    }
    let errors = vec![errors::totp_wrong(lang)];
    add("console-second", &SecondPage { page: samples.page("/console/code"), csrf: "0f3a".into(), errors });
    for (name, trouble) in [
        ("door-away", DoorTrouble::Silent),
        ("door-declined", DoorTrouble::Declined),
        ("door-spent", DoorTrouble::Spent),
        ("door-unproven", DoorTrouble::Unproven),
        ("door-no-account", DoorTrouble::NoAccount),
    ] {
        add(name, &Problem::door(samples.page("/"), trouble, "/".to_owned()));
    }
    add("identity-address", &Identity { address: true, ..samples.identity() });

    add("roster", &samples.roster());
    let mut listed = samples.round(State::Open, "2026-11-25T05:12:00Z");
    listed.roster = Some(true);
    add("round-roster", &listed);
    add("roster-unknown", &RosterPage { by_name: false, unknown: true, ..samples.roster() });
    add("roster-unknown-household", &RosterPage { unknown: true, household: true, ..samples.roster() });
    let late = RosterPage { by_name: false, unknown: true, open: false, ..samples.roster() };
    add("roster-late", &late);
    let errors = vec![errors::name_missing(lang), errors::birth_invalid(lang), errors::roster_wait(lang)];
    let name = if samples.hostile { HOSTILE.into() } else { "홍길동".into() };
    add("roster-wrong", &RosterPage { errors, name, ..samples.roster() });
    add("code", &samples.code());
    let wrong = Code { errors: vec![errors::code_wrong(lang, 1)], code: "12345".into(), ..samples.code() };
    add("code-wrong", &Code { tries_left: 1, sent_again: true, channel: Channel::Email, ..wrong });
}
