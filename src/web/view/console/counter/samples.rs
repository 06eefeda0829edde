//! One example of every page of a counter.

use super::*;
use crate::{
    domain::{counter::Relation, staff::Role},
    web::view::{
        About, Consent, Details, MineState, Person, State,
        console::square,
        errors,
        samples::{Samples, at},
    },
};

const RECEIPT: &str = "famx-6k54-dc9p-a7yz";

impl Samples {
    fn counter_form(&self) -> CounterForm {
        let page = self.desk("/console/counter/tongyeong-2026-12");
        CounterForm {
            about: About { birth_year: None, ..self.about() },
            details: Details { days: Vec::new(), ..self.details() },
            bar: self.bar(Role::Counter),
            slug: self.slug(),
            title: self.title(),
            name: self.word("김하늘"),
            born: self.word("1948-03-01"),
            phone: Some(self.word("")),
            email: Some(self.word("")),
            roster: None,
            told_in: self.lang.tag().to_owned(),
            consents_to: Consent { lines: vec![(self.word("항목"), self.word("동"))] },
            id_seen: false,
            consent: false,
            relation: None,
            helper_name: String::new(),
            helper_born: String::new(),
            evidence: false,
            most_per_helper: 3,
            known: None,
            looked_at: String::new(),
            paper: None,
            last: None,
            closes_at: at("2026-11-27T09:00:00Z"),
            with: None,
            errors: Vec::new(),
            page,
        }
    }

    fn seen(&self, state: MineState) -> Seen {
        Seen {
            receipt: RECEIPT.to_owned(),
            own: RECEIPT.to_owned(),
            name: Some(self.word("김○늘")),
            contact: Some(self.word("m…@example.org")),
            want: 250_000,
            price_percent: 90,
            asks_amount: true,
            wishes: vec!["pm".to_owned()],
            seats: 2,
            days: vec![self.word("12월 3일(목)")],
            give_back_until: matches!(state, MineState::Assigned { .. })
                .then(|| super::super::super::samples::at("2026-12-02T01:00:00Z")),
            state,
            fault: None,
            sellers: vec![self.word("농협은행")],
            closes_at: at("2026-11-27T09:00:00Z"),
            results_at: at("2026-11-30T01:00:00Z"),
        }
    }

    fn slip(&self, state: MineState, household: Option<CounterHousehold>) -> CounterSlip {
        let (size, path) = square(&format!("tongyeong-2026-12 {RECEIPT}")).unwrap_or_default();
        CounterSlip {
            page: self.desk("/console/counter/tongyeong-2026-12/slip"),
            bar: self.bar(Role::Counter),
            slug: self.slug(),
            title: self.title(),
            fresh: household.is_some(),
            whose: if household.is_none() { SlipWhose::Noted { many: true } } else { SlipWhose::Shown },
            is_open: household.is_some(),
            seen: self.seen(state),
            size,
            path,
            signed_receipt: "jebi-entry-1\ntongyeong-2026-12\n\n\u{2014} jebi AAAA\n".to_owned(),
            household,
            errors: Vec::new(),
        }
    }

    fn sheet_line(&self) -> SheetLine {
        SheetLine {
            id: 7,
            day: at("2026-12-02T03:00:00Z"),
            only: Some(self.word("중앙동")),
            made_at: at("2026-12-01T01:00:00Z"),
            count: 2,
            digest: "0f3a9c".repeat(10),
            settled_at: Some(at("2026-12-02T10:00:00Z")),
        }
    }

    fn waits(&self, is_own: bool, sent_back: Option<String>) -> Waits {
        let at = at("2026-12-02T10:00:00Z");
        Waits { who: "lee".to_owned(), at, count: 2, won: 450_000, is_own, sent_back }
    }

    fn waiting(&self, is_own: bool) -> Waiting {
        let row = |number, receipt: &str, name, minute: i64, amount, less_than| {
            let at = at("2026-12-02T01:31:00Z") + chrono::TimeDelta::minutes(minute);
            TickedRow { number, receipt: receipt.to_owned(), name, at, amount, less_than }
        };
        let rows = vec![
            row(41, RECEIPT, self.word("김○늘"), 0, 200_000, Some(250_000)),
            row(42, "0000-0000-0000-0000", String::new(), 9, 250_000, None),
        ];
        let would = Some(self.sheet_report());
        Waiting { who: self.waits(is_own, None), rows, seen: "0f3a9c".repeat(10), would }
    }

    fn sheet_report(&self) -> SheetReport {
        SheetReport { kept: 1, known: 2, refused: vec![(RECEIPT.to_owned(), self.word("no place"))] }
    }

    fn taken(&self, confirmed_by: String, came: Option<SheetReport>) -> TakenPart {
        let (at, ticked_by) = (at("2026-12-02T10:05:00Z"), self.word("lee"));
        TakenPart { at, ticked_by, confirmed_by, is_none: false, came }
    }

    fn sheet_rows(&self) -> Vec<SheetRow> {
        let row = |number, receipt: &str, name: String| SheetRow {
            number,
            receipt: receipt.to_owned(),
            name,
            starts_at: at("2026-12-02T01:20:40Z"),
            amount: 250_000,
            sold: false,
            typed_amount: String::new(),
            typed_at: String::new(),
        };
        vec![row(41, RECEIPT, self.word("김○늘")), row(42, "0000-0000-0000-0000", String::new())]
    }
}

/// Calls `add` for each.
pub fn add_pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
    let lang = samples.lang;
    let round = |state| CounterRound {
        slug: samples.slug(),
        title: samples.title(),
        state,
        closes_at: at("2026-11-27T09:00:00Z"),
        is_published: state == State::Serving,
    };
    let home = |rounds| {
        let (page, bar) = (samples.desk("/console/counter"), samples.bar(Role::Counter));
        CounterHome { page, bar, rounds }
    };
    add("counter-home", &home(vec![round(State::Open), round(State::Serving)]));
    add("counter-home-empty", &home(Vec::new()));
    add("counter-enter", &samples.counter_form());
    let errors = vec![
        errors::counter_id_missing(lang),
        errors::counter_consent_missing(lang),
        errors::counter_evidence_missing(lang),
        errors::counter_contact_twice(lang),
        errors::counter_helper_same(lang),
    ];
    let helped = CounterForm {
        relation: Some(Relation::Child),
        with: Some(RECEIPT.to_owned()),
        errors,
        ..samples.counter_form()
    };
    add("counter-enter-wrong", &helped);
    let last = Some(("중앙-012".to_owned(), RECEIPT.to_owned()));
    add("counter-paper", &CounterForm { paper: Some(samples.word("")), last, ..samples.counter_form() });
    let errors = vec![errors::counter_paper_invalid(lang), errors::counter_relation_missing(lang)];
    add("counter-paper-wrong", &CounterForm { paper: Some(String::new()), errors, ..samples.counter_form() });
    for (name, is_known_by_it) in [("counter-paper-known", false), ("counter-paper-known-listed", true)] {
        let errors = vec![errors::counter_known(lang, is_known_by_it)];
        let (paper, known) = (Some(samples.word("")), Some(RECEIPT.to_owned()));
        add(name, &CounterForm { paper, known, errors, ..samples.counter_form() });
    }
    let details = Details { remember: true, ..samples.details() };
    let (errors, looked_at) = (vec![errors::counter_remembered(lang)], RECEIPT.to_owned());
    add("counter-enter-remembered", &CounterForm { details, looked_at, errors, ..samples.counter_form() });
    let check = |change: bool, errors| CounterCheck {
        page: samples.desk("/console/counter/tongyeong-2026-12/check"),
        bar: samples.bar(Role::Counter),
        slug: samples.slug(),
        title: samples.title(),
        masked: samples.word("김○늘"),
        born: "1948-03-01".parse().unwrap_or_default(),
        contact: None,
        want: 250_000,
        price_percent: 90,
        asks_amount: true,
        wishes: vec!["pm".to_owned()],
        answers: vec![(samples.word("동"), samples.word("중앙동"))],
        days: vec![samples.word("12월 3일(목)")],
        helper: change.then(|| (Relation::Child, samples.word("박○수"))),
        with: false,
        seen: "5e".repeat(32),
        change,
        code: None,
        proven: change,
        closes_at: at("2026-11-27T09:00:00Z"),
        errors,
    };
    add("counter-check", &check(true, Vec::new()));
    let (code, wrong) = (Some(RECEIPT.to_owned()), vec![errors::counter_before(lang)]);
    add("counter-check-code", &CounterCheck { code, proven: false, ..check(true, wrong) });
    let errors = vec![errors::counter_helped(lang, 3), errors::counter_before(lang)];
    add("counter-check-wrong", &check(false, errors));
    add("counter-check-taken", &check(false, vec![errors::counter_taken(lang)]));
    let person = Person { receipt: RECEIPT.to_owned(), minor: true, at: at("2026-11-25T05:12:00Z") };
    let household = CounterHousehold {
        opens: true,
        people: vec![person],
        minors_most: 2,
        adults_most: 1,
        can_join: true,
        joint: 1,
        joint_most: 3,
        name: samples.word(""),
        born: samples.word(""),
    };
    add("counter-slip", &samples.slip(MineState::Entered, Some(household)));
    add("counter-slip-assigned", &samples.slip(samples.assigned(), None));
    let asks = |whose, errors| CounterSlip { whose, errors, ..samples.slip(samples.assigned(), None) };
    let to = || samples.word("010-****-5678");
    add(
        "counter-slip-code",
        &asks(SlipWhose::Code { to: to(), digits: None }, vec![errors::counter_code_first(lang)]),
    );
    let typed = vec![errors::code_wrong(lang, 3), errors::counter_other_slip(lang)];
    add("counter-slip-code-sent", &asks(SlipWhose::Code { to: to(), digits: Some(6) }, typed));
    add("counter-slip-nobody", &asks(SlipWhose::Nobody, vec![errors::counter_code_first(lang)]));
    let find = |found, errors| CounterFind {
        page: samples.desk("/console/counter/tongyeong-2026-12/find"),
        bar: samples.bar(Role::Counter),
        slug: samples.slug(),
        title: samples.title(),
        by_name: true,
        receipt: samples.word(""),
        born: samples.word(""),
        phone: samples.word(""),
        name: samples.word(""),
        found,
        errors,
    };
    add("counter-find", &find(None, Vec::new()));
    add("counter-find-none", &find(Some(Vec::new()), Vec::new()));
    let states = [
        samples.assigned(),
        MineState::Waitlisted { position: 3, count: 9 },
        MineState::Done { amount: 200_000, at: at("2026-12-02T01:31:00Z") },
        MineState::Missed { next_offer_at: at("2026-12-05T01:00:00Z") },
        MineState::Unplaced,
        MineState::Lapsed { at: at("2026-12-03T09:00:00Z") },
        MineState::Returned { until: None },
        MineState::Ineligible { reason: samples.title(), until: None },
        MineState::Withdrawn { at: at("2026-11-25T05:12:00Z") },
        MineState::Voided,
        MineState::Held,
    ];
    let mut found: Vec<Seen> = states.map(|state| samples.seen(state)).into();
    found.push(Seen { fault: Some(samples.fault()), ..samples.seen(samples.assigned()) });
    add("counter-found", &find(Some(found), Vec::new()));
    let errors = vec![errors::counter_look_missing(lang), errors::counter_other_round(lang)];
    add("counter-find-wrong", &find(None, errors));
    let listed = |parts, taken, waits| ListedSheet { line: samples.sheet_line(), parts, taken, waits };
    let sheets = |sheets, errors| CounterSheets {
        page: samples.desk("/console/counter/tongyeong-2026-12/sheets"),
        bar: samples.bar(Role::Counter),
        slug: samples.slug(),
        title: samples.title(),
        days: vec![("2026-12-02".to_owned(), at("2026-12-02T03:00:00Z"))],
        day: "2026-12-02".to_owned(),
        onlys: vec![("region=jungang".to_owned(), samples.word("동: 중앙동"))],
        only: String::new(),
        reason: samples.word(""),
        older: Some(7),
        sheets,
        errors,
    };
    add(
        "counter-sheets",
        &sheets(vec![listed(3, 1, Some(2)), listed(1, 1, None), listed(1, 0, Some(1))], Vec::new()),
    );
    let errors = vec![errors::counter_day_missing(lang), errors::counter_reason_missing(lang)];
    add("counter-sheets-wrong", &sheets(Vec::new(), errors));
    let several = SheetPart { number: 2, count: 3, first: 41, last: 42 };
    let only = SheetPart { number: 1, count: 1, first: 41, last: 42 };
    let sheet = |part, stands| CounterSheet {
        page: samples.desk("/console/counter/tongyeong-2026-12/sheets/7"),
        bar: samples.bar(Role::Counter),
        slug: samples.slug(),
        title: samples.title(),
        line: samples.sheet_line(),
        part,
        stands,
        rows: samples.sheet_rows(),
        note: "jebi-day-sheet-1\n".to_owned(),
    };
    let none = || Vec::new();
    let stands = SheetStands { taken: none(), waiting: none(), returned: none(), missing: vec![1] };
    add("counter-sheet", &sheet(only, stands));
    let stands = SheetStands { taken: vec![1], waiting: vec![1], returned: vec![2], missing: vec![3] };
    add("counter-sheet-parts", &sheet(several, stands));
    let back = |part, waits, errors| CounterBack {
        page: samples.desk("/console/counter/tongyeong-2026-12/sheets/7/back"),
        bar: samples.bar(Role::Counter),
        slug: samples.slug(),
        title: samples.title(),
        line: samples.sheet_line(),
        part,
        rows: samples.sheet_rows(),
        nobody: false,
        waits,
        errors,
    };
    add("counter-back", &back(only, None, Vec::new()));
    add("counter-back-forward", &back(several, Some(samples.waits(true, None)), Vec::new()));
    let sent_back = Some(samples.word("두 번째 줄이 종이와 다릅니다"));
    add("counter-back-returned", &back(only, Some(samples.waits(false, sent_back)), Vec::new()));
    let errors = vec![errors::counter_line_invalid(lang, 41), errors::counter_refused(lang, &"?".into())];
    add("counter-back-wrong", &back(several, Some(samples.waits(false, None)), errors));
    let errors = vec![errors::counter_none_and_some(lang)];
    add("counter-back-none", &CounterBack { nobody: true, ..back(several, None, errors) });
    let ticked = |part, waits: Option<bool>, taken, errors| CounterTicked {
        page: samples.desk("/console/counter/tongyeong-2026-12/sheets/7/ticked"),
        bar: samples.bar(Role::Counter),
        slug: samples.slug(),
        title: samples.title(),
        line: samples.sheet_line(),
        part,
        waits: waits.map(|is_own| samples.waiting(is_own)),
        taken,
        words: samples.word(""),
        errors,
    };
    add("counter-ticked", &ticked(only, Some(false), None, Vec::new()));
    let taken = samples.taken(samples.word("park"), Some(samples.sheet_report()));
    add("counter-ticked-own", &ticked(several, Some(true), Some(taken.clone()), Vec::new()));
    add("counter-ticked-in", &ticked(several, None, Some(taken.clone()), Vec::new()));
    let refused = || vec![errors::counter_refused(lang, &"?".into())];
    add("counter-ticked-own-wrong", &ticked(several, Some(true), Some(taken.clone()), refused()));
    add("counter-ticked-in-wrong", &ticked(several, None, Some(taken), refused()));
    let before = samples.taken(String::new(), None);
    add("counter-ticked-before", &ticked(only, None, Some(before), Vec::new()));
    let nobody = |is_own| {
        let who = Waits { count: 0, won: 0, ..samples.waits(is_own, None) };
        Waiting { who, rows: Vec::new(), would: None, ..samples.waiting(is_own) }
    };
    for (name, is_own) in [("counter-ticked-none", false), ("counter-ticked-none-own", true)] {
        let page = ticked(several, None, None, Vec::new());
        add(name, &CounterTicked { waits: Some(nobody(is_own)), ..page });
    }
    let none = TakenPart { is_none: true, ..samples.taken(samples.word("park"), None) };
    add("counter-ticked-none-in", &ticked(several, None, Some(none), Vec::new()));
    let errors = vec![errors::counter_words_missing(lang)];
    add("counter-ticked-wrong", &ticked(only, Some(false), None, errors));
}
