//! Every page in every language, rendered and held to the rules that hold for all of them.
//!
//! `JEBI_PAGES=/tmp/pages cargo test every_page` also writes them there, with the stylesheet, to be
//! looked at in a browser and checked with axe and html-validate.

mod doors;

use std::collections::BTreeSet;

use askama::Template;

use super::samples::{HOSTILE, Samples, at};
use super::*;
use crate::domain::scan::Scan;
use crate::words::Lang;

fn pages(samples: &Samples) -> Vec<(&'static str, String)> {
    let lang = samples.lang;
    let mut pages = Vec::new();
    let mut add = |name: &'static str, page: &dyn askama::DynTemplate| {
        pages.push((name, page.dyn_render().unwrap_or_default()));
    };
    let line = |state| RoundLine {
        slug: samples.slug(),
        title: samples.title(),
        state,
        opens_at: at("2026-11-23T00:00:00Z"),
        closes_at: at("2026-11-27T09:00:00Z"),
    };
    let states = [State::Open, State::Announced, State::Serving, State::Voided];
    add("home", &Home { page: samples.page("/"), rounds: states.map(line).into(), older: Some(3) });
    add("stay", &Stay { page: samples.page("/rounds/x/my") });
    add("stay-over", &Stay { page: samples.page("/stay") });
    add("home-empty", &Home { page: samples.page("/"), rounds: Vec::new(), older: None });

    add("round-announced", &samples.round(State::Announced, "2026-11-20T00:00:00Z"));
    add("round-open", &samples.round(State::Open, "2026-11-25T05:12:00Z"));
    let mut rehearsal = samples.round(State::Serving, "2026-12-02T01:00:00Z");
    rehearsal.beacon = Beacon::None;
    rehearsal.mode = Mode::Lottery;
    rehearsal.page.rehearsal = Some(
        if lang == Lang::Ko { "시간이 600배로 흐릅니다." } else { "Time runs 600 times as fast." }.into(),
    );
    add("round-rehearsal", &rehearsal);
    add("round-voided", &samples.round(State::Voided, "2026-12-02T01:00:00Z"));
    let mut everyone = samples.round(State::Archived, "2026-12-09T01:00:00Z");
    everyone.mode = Mode::Everyone;
    everyone.beacon = Beacon::Declared;
    everyone.goods.price_percent = 0;
    add("round-archived", &everyone);
    let mut serving = samples.round(State::Serving, "2026-12-02T02:00:00Z");
    serving.after = samples.after_draw();
    add("round-after", &serving);

    doors::pages(samples, &mut add);

    add("about", &samples.about());
    let wrong = |field: &str| errors::answer_not_offered(lang, field.to_owned());
    let errors = vec![errors::birth_year_age(lang), wrong("field_region"), wrong("field_dong")];
    add("about-wrong", &About { errors, change: true, year_known: false, ..samples.about() });

    add("details", &samples.details());
    let errors = vec![errors::want_over_cap(lang, 250_000), errors::wish_twice(lang, "wish_2")];
    let wishes = ["am".into(), "am".into(), "any".into()];
    let few = vec![50_000, 100_000, 250_000];
    add("details-wrong", &Details { errors, wishes, ..samples.details() });
    let want = "100000".into();
    add(
        "details-few",
        &Details { amounts: few.clone(), want, price_percent: 100, change: true, ..samples.details() },
    );
    let errors = vec![errors::want_missing(lang), errors::form_too_old(lang)];
    add("details-few-wrong", &Details { amounts: few, errors, mode: Mode::Everyone, ..samples.details() });

    add("check", &samples.check());
    let errors = vec![errors::round_closed(lang, at("2026-11-27T09:00:00Z"))];
    add("check-change", &Check { change: true, wishes: Vec::new(), errors, ..samples.check() });

    let before = "2026-11-25T05:12:00Z";
    let after = "2026-12-01T05:12:00Z";
    let entered = samples.mine(MineState::Entered, before);
    let (told, remembered) = (Some(ToldAt::Paper), Some(false));
    add("mine-fresh", &Mine { fresh: true, changeable: true, told, remembered, ..entered });
    add("mine-entered", &samples.mine(MineState::Entered, "2026-11-28T05:12:00Z"));
    add("mine-assigned", &samples.mine(samples.assigned(), after));
    let moment = Moment { starts_at: 1_764_638_440_000, now: 1_764_565_920_000, version: "0.0".into() };
    add("mine-waits", &Mine { moment: Some(moment), ..samples.mine(samples.assigned(), after) });
    let wait = |shut, all| GateWait {
        page: samples.page("/gate"),
        slug: samples.slug(),
        title: samples.title(),
        shut,
        all,
    };
    add("gate-wait", &wait(Vec::new(), false));
    let opens_at = Some(super::samples::at("2026-12-03T01:00:00Z"));
    add("gate-shut", &wait(vec![(samples.title(), opens_at), (samples.title(), None)], true));
    let gates = vec![(samples.title(), "/rounds/tongyeong-2026-12/gate/bank".to_owned())];
    let text = samples.text("eyJh", "eyJh").repeat(100);
    let pass = Some(ShownPass { token: Some((text.clone(), Scan::of(&text)).into()), gates });
    add("mine-pass", &Mine { pass, ..samples.mine(samples.assigned(), "2026-12-02T01:25:00Z") });
    add("mine-turn", &samples.mine(samples.assigned(), "2026-12-02T01:25:00Z"));
    add("mine-over", &samples.mine(samples.assigned(), "2026-12-05T01:25:00Z"));
    add("mine-waitlisted", &samples.mine(MineState::Waitlisted { position: 1_203, count: 34_319 }, after));
    add(
        "mine-done",
        &samples.mine(MineState::Done { amount: 200_000, at: at("2026-12-02T01:31:00Z") }, after),
    );
    add("mine-unplaced", &samples.mine(MineState::Unplaced, after));
    let until = Some(at("2026-12-02T01:00:00Z"));
    let given = samples.mine(samples.assigned(), after);
    add("mine-changed", &Mine { changes: samples.changes(), give_back_until: until, ..given });
    let next_offer_at = at("2026-12-02T01:00:00Z");
    add("mine-missed", &samples.mine(MineState::Missed { next_offer_at }, after));
    add("mine-returned", &samples.mine(MineState::Returned { until }, after));
    add("mine-returned-over", &samples.mine(MineState::Returned { until: None }, after));
    let ineligible = |until| MineState::Ineligible { reason: samples.title(), until };
    add("mine-ineligible", &samples.mine(ineligible(until), after));
    add("mine-ineligible-over", &samples.mine(ineligible(None), after));
    add("mine-lapsed", &samples.mine(MineState::Lapsed { at: at("2026-12-03T09:00:00Z") }, after));
    let withdrawn = samples.mine(MineState::Withdrawn { at: at(before) }, before);
    add("mine-withdrawn", &Mine { changeable: true, ..withdrawn });
    add("mine-voided", &samples.mine(MineState::Voided, after));
    add("mine-held", &samples.mine(MineState::Held, after));
    let fault = || Some(samples.fault());
    add("mine-fault", &Mine { fault: fault(), ..samples.mine(samples.assigned(), after) });
    add("mine-fault-before", &Mine { fault: fault(), ..samples.mine(MineState::Entered, after) });
    let none = |state| NoEntry {
        page: samples.page("/rounds/tongyeong-2026-12/my"),
        slug: samples.slug(),
        title: samples.title(),
        state,
        opens_at: at("2026-11-23T00:00:00Z"),
        closes_at: at("2026-11-27T09:00:00Z"),
    };
    add("no-entry", &none(State::Open));
    add("no-entry-closed", &none(State::Sealed));
    let withdraw = Withdraw {
        page: samples.page("/rounds/tongyeong-2026-12/withdraw"),
        slug: samples.slug(),
        title: samples.title(),
        csrf: "k3x9".into(),
        receipt: "famx-6k54-dc9p-a7yz".into(),
        others: Others::Opener,
        closes_at: at("2026-11-27T09:00:00Z"),
        errors: Vec::new(),
    };
    add("withdraw", &withdraw);
    let stopping = |elsewhere, stopped, again| Unsubscribe {
        page: samples.page("/unsubscribe/1742.0f"),
        title: samples.title(),
        slug: samples.slug(),
        csrf: "k3x9".into(),
        tag: "1742.0f".into(),
        elsewhere,
        stopped,
        again,
    };
    add("unsubscribe", &stopping(false, false, false));
    add("unsubscribe-done", &stopping(false, true, true));
    add("unsubscribe-bounced", &stopping(false, true, false));
    add("unsubscribe-elsewhere", &stopping(true, false, false));
    let sent = |answer, typed: &str| {
        let typed = if samples.hostile { HOSTILE.to_owned() } else { typed.to_owned() };
        Sent { page: samples.page("/sent"), csrf: "k3x9".into(), typed, answer }
    };
    add("sent", &sent(None, ""));
    let yes = SentAnswer::Yes { of: ToldOf::Result, at: at("2026-11-30T01:00:00Z") };
    add("sent-yes", &sent(Some(yes), "7K3M-9QXA"));
    add("sent-no", &sent(Some(SentAnswer::No), "7K3M-9QXB"));
    add("people", &samples.people());
    let errors = vec![errors::name_invalid(lang), errors::born_missing(lang)];
    add("people-wrong", &People { errors, code: None, adults_most: 0, ..samples.people() });
    add("join", &samples.join());
    add("join-wrong", &Join { errors: vec![errors::link_wrong(lang)], ..samples.join() });
    add("pool-before", &samples.pool(PoolState::Before, None));
    add("pool-late", &samples.pool(PoolState::Late, None));
    add("pool-voided", &samples.pool(PoolState::Voided, None));
    add("pool", &samples.pool(PoolState::Sealed, None));
    let line = "famx-6k54-dc9p-a7yz seats=1 want=250000 weight=1 wish=pm+am";
    let text = samples.text(line, line);
    let found = PoolAnswer::At { line: 4_312, count: 79_304, text };
    add("pool-yes", &samples.pool(PoolState::Sealed, Some(found)));
    add("pool-no", &samples.pool(PoolState::Sealed, Some(PoolAnswer::Absent)));
    let near = PoolAnswer::Near("famx-6k54-dc9p-a7yy".into());
    add("pool-near", &samples.pool(PoolState::Sealed, Some(near)));
    let errors = vec![errors::receipt_length(lang, 15), errors::receipt_strange(lang, '<')];
    add("pool-wrong", &PoolPage { errors, ..samples.pool(PoolState::Sealed, None) });
    add("record", &samples.record());
    add("why", &samples.why());
    add("why-changed", &Why { changes: samples.changes(), ..samples.why() });

    let fields = vec![("csrf".into(), "k3x9".into()), ("want".into(), samples.title())];
    let action: String = "/rounds/tongyeong-2026-12/entry".into();
    add(
        "busy",
        &Busy {
            page: samples.page(&action),
            away: false,
            seconds: 20,
            closes_at: Some(at("2026-11-26T09:00:00Z")),
            action: action.clone(),
            fields: fields.clone(),
        },
    );
    add(
        "busy-page",
        &Busy {
            page: samples.page("/"),
            away: false,
            seconds: 20,
            closes_at: None,
            action: "/".into(),
            fields: Vec::new(),
        },
    );
    add(
        "away",
        &Busy {
            page: samples.page(&action),
            away: true,
            seconds: 20,
            closes_at: None,
            action: action.clone(),
            fields,
        },
    );
    add(
        "away-page",
        &Busy {
            page: samples.page("/"),
            away: true,
            seconds: 200,
            closes_at: None,
            action: "/".into(),
            fields: Vec::new(),
        },
    );
    let page = || samples.page("/rounds/nothing");
    add("problem-400", &Problem::bad_request(page()));
    add("problem-422", &Problem::resident_number(page(), "/console/find"));
    add("problem-401", &Problem::signed_out(page(), "/rounds/a/enter"));
    add("problem-403", &Problem::form_too_old(page(), "/rounds/a/enter"));
    add("problem-404", &Problem::not_found(page()));
    add("problem-405", &Problem::wrong_method(page()));
    add("problem-408", &Problem::too_slow(page()));
    add("problem-410", &Problem::erased(page(), at("2027-03-12T15:00:00Z"), "/rounds/a"));
    add("problem-409", &Problem::closed(page(), at("2026-11-27T09:00:00Z"), "/rounds/a"));
    add("problem-409-early", &Problem::not_open(page(), at("2026-11-23T00:00:00Z"), "/rounds/a"));
    add("problem-409-void", &Problem::voided(page(), at("2026-11-24T02:00:00Z"), "정전", "/rounds/a"));
    add("problem-413", &Problem::too_large(page()));
    add("problem-500", &Problem::internal(page(), Some("7f3a-91c2".into())));

    let line = |state, next| StatusLine { slug: samples.slug(), title: samples.title(), state, next };
    let rounds = vec![
        line(State::Open, Some((NextEvent::Closes, at("2026-11-27T09:00:00Z")))),
        line(State::Serving, Some((NextEvent::LastSlotEnds, at("2026-12-03T09:00:00Z")))),
        line(State::Archived, None),
    ];
    let status = |incidents, database_ok| {
        let page = samples.page("/status");
        Status { page, rounds: rounds.clone(), incidents, database_ok }
    };
    add("status", &status(Vec::new(), true));
    let keeping = |erased| Keeping { slug: samples.slug(), title: samples.title(), at: at(before), erased };
    let rounds = vec![keeping(false), keeping(true)];
    add("privacy", &Privacy { page: samples.page("/privacy"), rounds });
    add("privacy-first", &Privacy { page: samples.page("/privacy"), rounds: Vec::new() });
    add("accessibility", &Accessibility { page: samples.page("/accessibility") });
    add("status-incidents", &status(samples.incidents(), true));
    add("problem-401-staff", &Problem::console_signed_out(page()));
    add("problem-403-staff", &Problem::not_yours(page()));
    add("problem-409-counter", &Problem::counter_gone(page()));
    console::samples::add_pages(samples, &mut add);
    add("status-fault", &status(Vec::new(), false));
    pages
}

/// The values of an attribute, in order.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let opening = format!(" {attribute}=\"");
    html.split(opening.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// A page without the scripts of ours that some have.
fn without_ours(html: &str) -> String {
    let ours = [&assets::SCRIPT_PATH, &assets::SESSION_SCRIPT_PATH];
    ours.iter().fold(html.to_owned(), |html, path| {
        html.replace(&format!("<script src=\"{}\" defer></script>", path.as_str()), "")
    })
}

#[test]
fn every_page_is_whole() {
    for lang in Lang::ALL {
        for (name, html) in pages(&Samples { lang, hostile: false }) {
            // To where the operator has said, and to where one buys.
            let elsewhere = match name {
                _ if name.starts_with("crossing") => "https://id.example",
                _ if name.starts_with("mine") => "https://bank.example",
                _ => "\0",
            };
            let html = without_ours(&html).replace(elsewhere, "");
            let say = format!("{name} in {}:\n{html}", lang.tag());
            assert!(html.contains(&format!("<html lang=\"{}\">", lang.tag())), "{say}");
            assert_eq!(html.matches("<h1").count(), 1, "{say}");
            assert!(html.len() < 50_000, "{} bytes, {say}", html.len());
            for forbidden in ["<script", " style=", " onclick", "http://", "https://", "No localization"] {
                assert!(!html.contains(forbidden), "{forbidden} in {say}");
            }
            let ids = values(&html, "id");
            let unique: BTreeSet<&str> = ids.iter().copied().collect();
            assert_eq!(ids.len(), unique.len(), "an id twice in {say}");
            for reference in ["for", "aria-describedby", "aria-labelledby"] {
                for target in values(&html, reference).iter().flat_map(|list| list.split(' ')) {
                    assert!(unique.contains(target), "{reference} {target} leads nowhere in {say}");
                }
            }
            for target in values(&html, "href").iter().filter_map(|href| href.strip_prefix('#')) {
                assert!(unique.contains(target), "#{target} leads nowhere in {say}");
            }
            // Every post carries the session's token; `Busy` repeats the one that was sent.
            assert_eq!(html.matches("<form").count(), html.matches("name=\"csrf\"").count(), "{say}");
            assert_eq!(html.matches("<form").count(), html.matches(" novalidate").count(), "{say}");
        }
    }
}

#[test]
fn a_page_with_errors_says_so_three_times() {
    for (lang, prefix) in [
        (Lang::Ko, "<title>오류: "),
        (Lang::KoSimple, "<title>다시 봐 주세요: "),
        (Lang::En, "<title>Error: "),
    ] {
        for (name, html) in pages(&Samples { lang, hostile: false }) {
            let wrong = html.contains("role=\"alert\"");
            assert_eq!(html.contains(prefix), wrong, "{name}");
        }
        let identity = Identity {
            errors: vec![errors::email_missing(lang)],
            channel: Some(Channel::Email),
            ..Samples { lang, hostile: false }.identity()
        };
        let html = identity.render().unwrap_or_default();
        assert_eq!(html.matches(&errors::email_missing(lang).message).count(), 2, "{html}");
        assert!(html.contains("aria-invalid=\"true\" aria-describedby=\"email-hint email-error\""), "{html}");
    }
}

#[test]
fn nothing_from_outside_becomes_markup() {
    for lang in Lang::ALL {
        for (name, html) in pages(&Samples { lang, hostile: true }) {
            let html = without_ours(&html);
            assert!(!html.contains("<script"), "{name}:\n{html}");
        }
    }
}

#[test]
fn every_page_can_be_written_out_to_look_at() -> std::io::Result<()> {
    let Ok(folder) = std::env::var("JEBI_PAGES") else { return Ok(()) };
    let folder = std::path::Path::new(&folder);
    std::fs::create_dir_all(folder.join("static"))?;
    let files = [
        (&STYLESHEET_PATH, STYLESHEET),
        (&CONSOLE_STYLESHEET_PATH, CONSOLE_STYLESHEET),
        (&FAVICON_PATH, FAVICON),
        (&assets::SCRIPT_PATH, assets::SCRIPT),
        (&assets::SESSION_SCRIPT_PATH, assets::SESSION_SCRIPT),
    ];
    for (path, content) in files {
        std::fs::write(folder.join(path.trim_start_matches('/')), content)?;
    }
    for lang in Lang::ALL {
        for (name, html) in pages(&Samples { lang, hostile: false }) {
            std::fs::write(folder.join(format!("{name}.{}.html", lang.tag())), html)?;
        }
    }
    Ok(())
}
