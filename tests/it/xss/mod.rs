//! Markup in every word that a clerk, a resident or an operator can write, and then every page that anybody can reach:
//! nothing of it is alive.

mod typed;

use std::collections::{BTreeSet, VecDeque};

use axum::http::{StatusCode, header};
use jebi::{
    config::{Config, Municipality},
    domain::{draft::Draft, drill::Size, staff::Role},
    lifecycle::{
        announce::{Staff, announce},
        void::void,
    },
    store::{self, drill::Report},
};

use crate::{
    support::{Browser, Engine, Resident, TestApp, both},
    who::{LOTTERY, PARITY, text},
};

both!(nothing_that_anybody_writes_is_alive_on_any_page);

/// Out of an attribute, out of a text field, and in. Labels have sixty characters.
const MARKUP: &str = "\"'></textarea><script>alert(1)</script>";

/// The same as a word of TOML.
fn word(name: &str) -> String {
    format!("{name}{}", MARKUP.replace('"', "\\\""))
}

/// A round with markup in every text that residents read.
fn draft() -> String {
    let region = format!(
        "[[field]]\nname = \"region\"\nlabel_ko = \"{}\"\nlabel_en = \"{}\"\nvalues = [{{ name = \"jungang\", ko = \"{}\", \
         en = \"{}\" }}, {{ name = \"donghae\", ko = \"{}\", en = \"{}\" }}]\n",
        word("사는 곳"),
        word("Where"),
        word("중앙동"),
        word("Jungang"),
        word("동해동"),
        word("Donghae"),
    );
    let near = format!(
        "[[reserve]]\nname = \"near\"\nmatch = {{ region = [\"jungang\"] }}\nplaces = 3\nspill = \"open\"\nlabel_ko = \"{}\"\n\
         label_en = \"{}\"\n[[reserve]]\nname = \"open\"\nplaces = 5\n",
        word("가까운 곳"),
        word("Near"),
    );
    let joint = "[joint]\nmost = 3\n[helped]\nminors = 2\n";
    let why = LOTTERY
        .replace("모두 드릴 수 없습니다.", &word("모두 드릴 수 없습니다."))
        .replace("not enough for everybody.", &word("not enough for everybody."));
    text(&why, &format!("{PARITY}{region}{near}{joint}"))
        .replace("title_ko = \"묶음\"", &format!("title_ko = \"{}\"", word("묶음")))
        .replace("title_en = \"Groups\"", &format!("title_en = \"{}\"", word("Groups")))
}

/// A drill of a draft with markup in its titles.
async fn drilled(t: &TestApp) {
    let txn = t.app.db.begin().await.unwrap();
    let kept = Report {
        subject: "0",
        titles: (MARKUP, MARKUP),
        version: MARKUP,
        held: true,
        halted: false,
        made_at: t.now(),
        size: Size::asked_for(1),
        all_met: true,
        report: "{}",
        page: "<p>drilled</p>",
        note: "",
    };
    store::drill::insert(&txn, kept).await.unwrap();
    txn.commit().await.unwrap();
}

/// Every page that can be reached by links, and that none of them has anything alive in it. Their number, and how many
/// of them show what was written.
async fn crawl(browser: &Browser, from: &[&str]) -> (usize, usize) {
    let mut seen: BTreeSet<String> = from.iter().map(|path| (*path).to_owned()).collect();
    let mut open: VecDeque<String> = seen.iter().cloned().collect();
    let (mut pages, mut showing) = (0, 0);
    while let Some(path) = open.pop_front() {
        let page = browser.clone().get(&path).await;
        assert!(page.status.as_u16() < 500, "{path}: {}", page.status);
        if let Some(to) = page.headers.get(header::LOCATION) {
            let to = to.to_str().unwrap().to_owned();
            assert!(!to.contains('<'), "{path} leads to {to}");
            if seen.insert(to.clone()) {
                open.push_back(to);
            }
            continue;
        }
        if !page.header(header::CONTENT_TYPE).starts_with("text/html") {
            continue;
        }
        let body = page.body();
        for alive in ["<script>alert", "\"'></textarea>", "'></textarea>"] {
            assert!(!body.contains(alive), "{path}: {alive} is alive");
        }
        pages += 1;
        showing += usize::from(body.contains("alert(1)"));
        for link in body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let link = link.replace("&#38;", "&").replace("&amp;", "&");
            let link = link.split('#').next().unwrap_or_default().to_owned();
            let ours = link.starts_with('/') && !link.starts_with("/static") && !link.ends_with("sign-out");
            if ours && !link.contains("lang=") && seen.len() < 400 && seen.insert(link.clone()) {
                open.push_back(link);
            }
        }
    }
    (pages, showing)
}

async fn nothing_that_anybody_writes_is_alive_on_any_page(engine: Engine) {
    let t = TestApp::start_with(engine, |config: &mut Config| {
        let written = |text: &str| format!("{text}{MARKUP}");
        config.municipality = Municipality {
            name: written("통영시"),
            contact: written("055-000-0000"),
            site_in_words: written("통영시 누리집"),
        };
    })
    .await;
    let mut clerk = t.staff("kim", Role::Clerk).await;
    let mut approver = t.staff("lee", Role::Approver).await;
    let auditor = t.staff("park", Role::Auditor).await;
    let counter = t.staff("choi", Role::Counter).await;
    // A draft with it, one that is nothing but it, and a proposal.
    let hostile = draft().replace("slug = \"groups\"", "slug = \"drafted\"");
    for text in [hostile.as_str(), MARKUP] {
        clerk.see("/console/drafts").await;
        let there = clerk.post("/console/drafts", &[]).await.to().to_owned();
        let seen = clerk.see(&there).await.hidden("seen").unwrap();
        assert_eq!(clerk.post(&there, &[("text", text), ("seen", &seen)]).await.to(), there);
        clerk.see(&there).await;
        clerk.post(&format!("{there}/propose"), &[]).await;
    }
    drilled(&t).await;
    let round = announce(&t.app, &Draft::parse(&draft()).unwrap(), &Staff::new("kim", "lee")).await.unwrap();
    for (kind, who) in [("void", &mut clerk), ("shift", &mut approver)] {
        let path = format!("/console/rounds/{}/propose/{kind}", round.slug);
        who.see(&path).await;
        let fields = [("reason", MARKUP), ("minutes", "10"), ("from", "2026-12-01 09:00")];
        assert!(who.post(&path, &fields).await.status.as_u16() < 500);
    }
    t.jump(round.opens_at);
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.tell(&[("birth_year", "1986"), ("field_region", "jungang")]).await;
    minji.enter(100_000, &["am"]).await;
    t.tick().await;
    // What is typed into forms and shown again.
    let mut typing = minji.clone();
    for (page, field) in [
        ("about", "birth_year"),
        ("about", "field_region"),
        ("details", "want"),
        ("people", "name"),
        ("join", "code"),
    ] {
        typing.get(page).await;
        let act = [("act", "add"), (field, MARKUP)];
        let shown = typing.post(page, &act).await;
        assert!(!shown.body().contains("<script>alert"), "{page} {field}");
    }
    let people = [&clerk, &approver, &auditor, &counter];
    let (mut pages, mut showing) = (0, 0);
    let languages = |browser: &Browser| [browser.clone(), browser.clone().in_english()];
    let stages = [round.opens_at, round.results_at, round.results_at + chrono::TimeDelta::hours(1)];
    for (stage, at) in stages.into_iter().enumerate() {
        match stage {
            1 => {
                t.draw(&round).await;
                t.jump(at);
                t.tick().await;
            }
            2 => t.jump(at),
            _ => {}
        }
        minji = Resident::new(t.browser(), &round.slug, "minji@example.org");
        minji.identify(&t, "my").await;
        for browser in languages(&minji.browser) {
            let own =
                ["/", "/status", "/sent", &*minji.path("my"), &*minji.path("people"), &*minji.path("join")];
            let (some, show) = crawl(&browser, &own).await;
            (pages, showing) = (pages + some, showing + show);
        }
        for member in people {
            let mut member = member.clone();
            t.pass(chrono::TimeDelta::seconds(30));
            member.sign_in(&t).await;
            for browser in languages(&member.browser) {
                let (some, show) = crawl(&browser, &["/console"]).await;
                (pages, showing) = (pages + some, showing + show);
            }
        }
    }
    // The test means something only where what was written is shown.
    assert!(pages > 150 && showing * 2 > pages, "{pages} pages, {showing} of them with markup");
    assert_eq!(t.browser().get("/").await.status, StatusCode::OK);
    void(&t.app, &t.row(&round).await, MARKUP, &Staff::new("kim", "lee"), t.now()).await.ok();
    let (_, show) = crawl(&t.browser(), &["/", "/status"]).await;
    assert!(show > 0);
}
