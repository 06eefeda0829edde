//! One example of every page of staff.

use super::*;
use crate::{
    domain::staff::Role,
    web::view::{
        NextEvent, Page, State, StatusLine, errors,
        samples::{HOSTILE, Samples, at},
    },
};

impl Samples {
    pub(super) fn word(&self, text: &str) -> String {
        if self.hostile { format!("{text}{HOSTILE}") } else { text.to_owned() }
    }

    pub(super) fn desk(&self, path: &str) -> Page {
        Page { signed_in: true, ..self.page(path) }
    }

    pub(super) fn bar(&self, role: Role) -> Bar {
        Bar { name: self.word("kim"), role, csrf: "0f3a".into() }
    }
}

/// Calls `add` for each.
pub fn add_pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
    let lang = samples.lang;
    let csrf = || "0f3a".to_owned();
    let enter = |errors| SignIn {
        page: samples.page("/console/sign-in"),
        csrf: csrf(),
        name: samples.word("kim"),
        errors,
    };
    add("console-sign-in", &enter(Vec::new()));
    add("console-sign-in-wrong", &enter(vec![errors::sign_in_wrong(lang)]));
    let wait = chrono::TimeDelta::seconds(61);
    let (busy, wait) = (errors::sign_in_busy(lang), errors::sign_in_wait(lang, wait));
    add("console-sign-in-wait", &enter(vec![wait]));
    add("console-sign-in-busy", &enter(vec![busy]));
    let (size, path) = square("otpauth://totp/a:b?secret=A4DQ").unwrap_or_default();
    let page = samples.desk("/console/enrol");
    let enrol = |errors| {
        let (page, path, typed) =
            (page.clone(), path.clone(), "A4DQ OBYH A4DQ OBYH A4DQ OBYH A4DQ OBYH".into());
        Enrol { page, csrf: csrf(), size, path, typed, errors }
    };
    add("console-enrol", &enrol(Vec::new()));
    add("console-enrol-wrong", &enrol(vec![errors::totp_wrong(lang)]));
    let codes = vec!["k3x9m-2v7qd".to_owned(); 10];
    add("console-codes", &RecoveryCodes { page: samples.desk("/console/codes"), csrf: csrf(), codes });
    let me =
        |errors| Me { page: samples.desk("/console/me"), bar: samples.bar(Role::Counter), left: 9, errors };
    add("console-me", &me(Vec::new()));
    add("console-me-wrong", &me(vec![errors::password_wrong(lang), errors::password_short(lang)]));
    let line = |kind: &str, about: &str| AccessLine {
        at: at("2026-11-25T05:12:00Z"),
        name: Some(samples.word("kim")),
        kind: kind.to_owned(),
        about: samples.word(about),
        address: "203.0.113.9".to_owned(),
        reason: samples.word(""),
    };
    let kinds =
        ["signed_in", "held_off", "role", "refused", "enrolled", "password", "added", "reset", "removed"];
    add(
        "console-access",
        &AccessPage {
            page: samples.desk("/console/access"),
            bar: samples.bar(Role::Auditor),
            lines: kinds.map(|kind| line(kind, "approver")).into(),
            older: Some(7),
        },
    );
    let round = |state, next| StatusLine { slug: samples.slug(), title: samples.title(), state, next };
    let rounds = vec![
        round(State::Open, Some((NextEvent::Closes, at("2026-11-27T09:00:00Z")))),
        round(State::Archived, None),
    ];
    let (page, bar) = (samples.desk("/console"), samples.bar(Role::Approver));
    add("console-home", &ConsoleHome { page: page.clone(), bar: bar.clone(), rounds });
    add("console-home-empty", &ConsoleHome { page, bar, rounds: Vec::new() });
}
