//! One example of every page of staff.

use super::*;
use crate::{
    domain::{
        proposal::{Act, Outcome},
        staff::Role,
    },
    lifecycle::{
        after::facts::Stands,
        release::{Behind, Releasing},
        replaced::Replacing,
    },
    staff::{before::People, diff::Line},
    web::view::{
        Ending, EndingKind, NextEvent, Page, State, StatusLine, errors,
        samples::{HOSTILE, Samples, at},
    },
    words::Lang,
};

impl Samples {
    pub(in crate::web::view::console) fn word(&self, text: &str) -> String {
        if self.hostile { format!("{text}{HOSTILE}") } else { text.to_owned() }
    }

    pub(in crate::web::view::console) fn desk(&self, path: &str) -> Page {
        let until = at("2026-11-25T05:42:00Z");
        let ending = Some(Ending { kind: EndingKind::Staff, until, csrf: "t0k3n".into() });
        Page { signed_in: true, ending, ..self.page(path) }
    }

    pub(in crate::web::view::console) fn bar(&self, role: Role) -> Bar {
        Bar { name: self.word("kim"), role, csrf: "0f3a".into() }
    }
}

use super::{forecast::samples::forecast, plan::samples::plan, proposal::samples::taken_back};

/// Calls `add` for each.
pub fn add_pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
    super::counter::samples::add_pages(samples, add);
    super::find::samples::add_pages(samples, add);
    super::draft::samples::add_pages(samples, add);
    super::drills::samples::add_pages(samples, add);
    super::notice::samples::add_pages(samples, add);
    super::wizard::samples::add_pages(samples, add);
    super::notices::samples::add_pages(samples, add);
    super::compare::samples::add_pages(samples, add);
    super::exports::samples::add_pages(samples, add);
    super::team::samples::add_pages(samples, add);
    super::rosters::samples::add_pages(samples, add);
    super::purchases::samples::add_pages(samples, add);
    let lang = samples.lang;
    let csrf = || "0f3a".to_owned();
    let enter = |errors| SignIn {
        page: samples.page("/console/sign-in"),
        csrf: csrf(),
        name: samples.word("kim"),
        account: Some(samples.word("통합 로그인")),
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
    let kinds = ["signed_in", "held_off", "role", "refused", "refused_rest", "password", "added", "approved"];
    add(
        "console-access",
        &AccessPage {
            page: samples.desk("/console/access"),
            bar: samples.bar(Role::Auditor),
            undone: vec![(at("2026-11-27T03:00:00Z"), samples.word("lee"), 3)],
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
    let (waiting, rosters) = (lines(samples), vec![("members".to_owned(), 41_000)]);
    let home = ConsoleHome {
        page,
        bar,
        rounds,
        waiting,
        rosters,
        sees_rounds: true,
        errors: vec![errors::act_changed(lang)],
    };
    add("console-home", &home);
    add(
        "console-home-empty",
        &ConsoleHome {
            rounds: Vec::new(),
            waiting: Vec::new(),
            rosters: Vec::new(),
            sees_rounds: false,
            errors: Vec::new(),
            ..home
        },
    );
    add_desk_pages(samples, add);
}

fn lines(samples: &Samples) -> Vec<ProposalLine> {
    let line = |kind, outcome, yours| ProposalLine {
        id: 7,
        kind,
        outcome,
        about: samples.title(),
        by: samples.word("kim"),
        at: at("2026-11-25T05:12:00Z"),
        decided_by: Some(samples.word("lee")),
        yours,
    };
    let mut lines: Vec<ProposalLine> =
        Act::KINDS.iter().map(|kind| line(*kind, Outcome::Waiting, true)).collect();
    lines.extend(Outcome::ALL.map(|outcome| line("shift", outcome, false)));
    lines
}

fn add_desk_pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
    let lang = samples.lang;
    let bar = || samples.bar(Role::Clerk);
    let now = at("2026-12-02T01:40:00Z");
    let page = || Page { now, ..samples.desk("/console/proposals/7") };
    add(
        "console-proposals",
        &ProposalsPage { page: page(), bar: bar(), waiting: lines(samples), decided: lines(samples) },
    );
    let none = ProposalsPage { page: page(), bar: bar(), waiting: Vec::new(), decided: Vec::new() };
    add("console-proposals-none", &none);
    let reads = |lang, later: Option<bool>| Reads {
        lang,
        moved: later.map(|later| (later, now)),
        subject: samples.word("[통영시] 구매 시각이 바뀌었습니다"),
        body: samples.word("통영사랑상품권 2026년 12월\n\n새 시각: 12월 2일(수) 오전 10:50"),
        sms: samples.word("[통영시] 12월 2일(수) 오전 10:50에 구매하실 수 있습니다."),
    };
    let compared = vec![
        None,
        Some(Line::Same("mode = \"share\"".into())),
        Some(Line::Gone("slug = \"a-2026-11\"".into())),
        Some(Line::New(samples.word("slug = \"a-2026-12\""))),
    ];
    let replacing = Replacing {
        rosters: (Some(1), 2),
        people: (1_200, 1_300),
        come: 120,
        go: 20,
        changed: 3,
        addresses: 2,
    };
    let people =
        People { roster: samples.word("members-2"), before: Some(samples.word("members")), replacing };
    let proposal = |outcome, is_theirs, decides, errors| ProposalPage {
        page: page(),
        bar: bar(),
        id: 7,
        kind: "shift",
        outcome,
        round: Some((samples.slug(), samples.title())),
        by: samples.word("kim"),
        at: now,
        decided: None,
        words: String::new(),
        facts: vec![(fact(&page(), "reason"), samples.word("은행 점검이 길어졌습니다"))],
        shown: Shown {
            counts: Some((1_204, 311, now)),
            told: Some(1_204),
            bias: vec![samples.word("jebi-bias-1")],
            reads: vec![reads(Lang::Ko, Some(true)), reads(Lang::En, Some(false)), reads(Lang::Ko, None)],
            releasing: Some(Releasing {
                starts: Some((now, now)),
                days: 1,
                people: 1_204,
                told: now,
                behind: Some(Behind { last: now, until: now }),
            }),
            stands: Some(Stands { place: None, next_offer: Some(now) }),
            struck: vec![samples.word("famx-6k54-dc9p-a7yz")],
            replacing: Some(replacing),
            ..Shown::default()
        },
        refused: Vec::new(),
        seen: "0f3a".into(),
        is_theirs,
        decides,
        types_again: false,
        errors,
    };
    add("console-proposal-noted", &proposal(Outcome::Noted, true, false, Vec::new()));
    add("console-proposal-waits", &proposal(Outcome::Waiting, true, false, Vec::new()));
    let wrong =
        vec![errors::words_missing(lang), errors::act_refused(lang, &"x".into()), errors::act_changed(lang)];
    let decide =
        |errors| ProposalPage { types_again: true, ..proposal(Outcome::Waiting, false, true, errors) };
    add("console-proposal-decide", &decide(Vec::new()));
    add("console-proposal-wrong", &decide(wrong));
    let decided = Some((samples.word("lee"), now));
    let words = samples.word("이유를 더 자세히");
    let declined = proposal(Outcome::Declined, true, false, Vec::new());
    add("console-proposal-declined", &ProposalPage { decided, words, ..declined });
    let shown = Shown {
        hours: vec![(samples.word("누구나"), vec![samples.word("12월 2일(수) 오전 9:00부터 오후 6:00까지")])],
        plan: Some(plan(samples)),
        against: Some(Against::Round(samples.slug(), now)),
        compared: Some(compared),
        people: Some(people.clone()),
        text: samples.word("slug = \"a-2026-12\""),
        advice: vec![Sentence::of(&samples.word("no offers after the draw"), lang)],
        ..Shown::default()
    };
    let announce = proposal(Outcome::Waiting, false, true, Vec::new());
    let first = Shown {
        against: Some(Against::Nothing(samples.slug())),
        people: Some(People {
            before: None,
            replacing: Replacing { rosters: (None, 2), ..replacing },
            ..people.clone()
        }),
        ..Shown::default()
    };
    let same = Shown {
        against: Some(Against::Round(samples.slug(), now)),
        people: Some(People { replacing: Replacing { rosters: (Some(2), 2), ..replacing }, ..people }),
        ..Shown::default()
    };
    for (name, shown) in [("console-proposal-first", first), ("console-proposal-same", same)] {
        let page = proposal(Outcome::Waiting, false, true, Vec::new());
        add(name, &ProposalPage { kind: "announce", round: None, shown, ..page });
    }
    let refused = vec![Sentence::of(&samples.word("times.opens: is in the past"), lang)];
    add(
        "console-proposal-announce",
        &ProposalPage { kind: "announce", round: None, shown, refused, ..announce },
    );

    let shown = taken_back(samples);
    let waits = proposal(Outcome::Waiting, false, true, Vec::new());
    add("console-proposal-take-back", &ProposalPage { kind: "take-back", shown, ..waits });

    for (name, kind) in [
        ("console-propose-shift", "shift"),
        ("console-propose-extend", "extend"),
        ("console-propose-void", "void"),
        ("console-propose-release", "release"),
        ("console-propose-ineligible", "ineligible"),
        ("console-propose-take-back", "take-back"),
        ("console-propose-strike", "strike"),
        ("console-propose-declare", "declare"),
    ] {
        let mut form = ProposePage {
            page: samples.desk("/console/rounds/a/propose/shift"),
            bar: bar(),
            title: samples.title(),
            slug: samples.slug(),
            kind,
            from: samples.word("2026-12-02T10:05"),
            minutes: "30".into(),
            lengths: vec![10, 20, 30],
            reason: samples.word(""),
            days: samples.word("0"),
            receipt: samples.word(""),
            receipts: samples.word(""),
            categories: vec![("twice", samples.word("두 번 신청"))],
            category: "twice".into(),
            values: samples.word(""),
            errors: Vec::new(),
        };
        add(name, &form);
        form.errors = match kind {
            "shift" => {
                vec![errors::reason_missing(lang), errors::from_invalid(lang), errors::minutes_invalid(lang)]
            }
            "release" => vec![errors::days_invalid(lang)],
            "ineligible" | "strike" => vec![errors::category_missing(lang)],
            _ => continue,
        };
        add(name, &form);
    }

    let queue = QueueRow {
        name: "sms notice".into(),
        due: 41,
        planned: 6_000,
        per_minute: 600,
        why: samples.word("차례를 기다림"),
        empty: "오후 3:12".into(),
        wrong: true,
    };
    let mut round = RoundDesk {
        page: samples.desk("/console/rounds/a"),
        bar: bar(),
        line: StatusLine {
            slug: samples.slug(),
            title: samples.title(),
            state: State::Open,
            next: Some((NextEvent::Closes, now)),
        },
        entered: 4_312,
        fills: vec![FillRow::full(samples.word("누구나"))],
        forecast: Some(forecast(samples)),
        no_forecast: Some(samples.word("아직")),
        plan: Some(plan(samples)),
        drill: Some(3),
        queues: vec![queue.clone()],
        bias: vec![samples.word("lang=ko entries 100")],
        journal: vec![JournalLine {
            at: now,
            line: samples.word("2026-11-25T05:12:00Z a announced"),
            staff: samples.word("kim, lee"),
        }],
        erased: true,
        takes_files: true,
        forms: vec!["shift", "extend", "void", "release", "ineligible", "take-back", "strike", "declare"],
    };
    add("console-round", &round);
    round.line.state = State::Serving;
    add("console-round-serving", &round);
    let hour = |hour, planned, past| HourRow {
        from: at("2026-12-02T00:00:00Z") + chrono::TimeDelta::hours(hour),
        planned,
        bought: planned / 2,
        bar: planned / 5,
        past,
    };
    let seller = |name: &str, level, passed, bought, untold| SellerRow {
        name: samples.word(name),
        level,
        per_minute: 60,
        passed,
        bought,
        untold,
    };
    let day = DayPage {
        page: samples.desk("/console/rounds/a/day"),
        bar: bar(),
        title: samples.title(),
        slug: samples.slug(),
        day: now,
        hours: vec![hour(0, 480, true), hour(1, 500, false), hour(2, 300, false)],
        begun: Some(41),
        minutes: Some(minutes_view(at("2026-12-02T00:30:00Z"), &[7; 120], &[5; 120])),
        ahead: vec![AheadRow {
            name: samples.word("bank"),
            at: at("2026-12-02T01:40:00Z"),
            load: "31".into(),
            limit: "24".into(),
            percent: 129,
            over: true,
        }],
        next_hour: 480,
        next_ten: 80,
        known_until: Some(now),
        incidents: samples.incidents(),
        sellers: vec![
            seller("통영중앙시장", 1, Some(412), None, None),
            seller("농협", 3, None, Some(1_203), Some(2)),
        ],
        ledger: Some(LedgerView { most: 1_250_000_000, held: 1_500_000, redeemed: 300_750_000 }),
        queues: vec![queue],
        shifts: vec![(now, 35, samples.word("은행 점검이 길어졌습니다"))],
        paused_until: Some(now),
        acts: true,
    };
    add("console-day", &day);
    let (acts, shifts, paused_until) = (false, Vec::new(), None);
    add("console-day-looking", &DayPage { acts, known_until: None, shifts, paused_until, ..day });
}
