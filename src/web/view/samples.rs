//! One example of every page, in the reader's language, for tests and for looking at.

use chrono::{DateTime, Utc};

use super::*;
use crate::words::Lang;

/// Makes the examples; `hostile` puts markup into everything that comes from outside.
pub(super) struct Samples {
    pub(super) lang: Lang,
    pub(super) hostile: bool,
}

pub(super) const HOSTILE: &str = "\"><script>alert('x')</script>";

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_default()
}

impl Samples {
    pub(super) fn text(&self, korean: &str, english: &str) -> String {
        let text = if self.lang.is_korean() { korean } else { english };
        if self.hostile { format!("{text}{HOSTILE}") } else { text.into() }
    }

    pub(super) fn page(&self, path: &str) -> Page {
        Page {
            lang: self.lang,
            path: path.into(),
            municipality: self.text("통영시", "Tongyeong"),
            contact: self.text(
                "통영시 지역경제과 055-650-0000 (평일 09:00~18:00)",
                "Tongyeong Local Economy Division, 055-650-0000 (weekdays 09:00~18:00)",
            ),
            now: at("2026-11-25T05:12:00Z"),
            rehearsal: None,
            signed_in: path.contains("/my"),
            ending: path.contains("/my").then(|| Ending {
                kind: EndingKind::Known,
                until: at("2026-11-25T07:12:00Z"),
                csrf: "t0k3n".into(),
            }),
            theme: None,
        }
    }

    pub(super) fn slug(&self) -> String {
        self.text("tongyeong-2026-12", "tongyeong-2026-12")
    }

    pub(super) fn title(&self) -> String {
        self.text("통영사랑상품권 2026년 12월", "Tongyeong Love voucher, December 2026")
    }

    pub(super) fn parts(&self) -> Vec<DayPart> {
        [("am", "08:00~12:00"), ("noon", "12:00~14:00"), ("pm", "14:00~18:00"), ("eve", "18:00~22:00")]
            .map(|(key, hours)| DayPart { key: key.into(), hours: hours.into() })
            .into()
    }

    pub(super) fn round(&self, state: State, now: &str) -> RoundPage {
        let page = Page { now: at(now), ..self.page("/rounds/tongyeong-2026-12") };
        let over = !matches!(state, State::Announced | State::Open);
        RoundPage {
            page,
            slug: self.slug(),
            title: self.title(),
            roster: None,
            goods: Goods { unit: 10_000, budget: 1_250_000_000, cap: 250_000, price_percent: 90 },
            mode: Mode::Share,
            state,
            times: Times {
                opens_at: at("2026-11-23T00:00:00Z"),
                closes_at: at("2026-11-27T09:00:00Z"),
                seals_at: at("2026-11-27T10:00:00Z"),
                reveals_at: at("2026-11-28T00:00:00Z"),
                pulse_at: at("2026-11-28T01:00:00Z"),
                results_at: at("2026-11-29T23:00:00Z"),
                first_slot_at: at("2026-11-30T23:00:00Z"),
                last_slot_ends_at: at("2026-12-03T09:00:00Z"),
            },
            parts: self.parts(),
            cohorts: vec![(self.text("태어난 해 끝자리 1, 6", "Last digit 1, 6"), self.days())],
            reserves: vec![(self.text("누구나", "Everybody"), 1_000)],
            funds: vec![(self.text("도", "Province"), 100_000)],
            joint: true,
            lottery_because: Some(self.text("자리가 백 개뿐입니다.", "There are only a hundred places.")),
            helped: (2, 1),
            per_helper: 3,
            entrants: over.then_some(79_304),
            commitment: "8f0d3a5e".repeat(8),
            beacon: Beacon::Drand,
            record_ready: over,
            seed: over.then(|| "3f".repeat(32)),
            sealed: over,
            pulse_late: false,
            held: false,
            void_reason: (state == State::Voided).then(|| "정전".to_owned()),
            after: AfterDraw::default(),
        }
    }

    pub(super) fn identity(&self) -> Identity {
        Identity {
            known: None,
            page: self.page("/rounds/tongyeong-2026-12/enter"),
            slug: self.slug(),
            title: self.title(),
            csrf: self.text("k3x9", "k3x9"),
            purpose: Purpose::Enter,
            channels: vec![Channel::Sms, Channel::Email],
            channel: None,
            address: false,
            light: Some("amber"),
            elsewhere: vec![("oidc".into(), self.text("모바일 신분증", "Mobile ID"))],
            email: String::new(),
            phone: String::new(),
            consent: false,
            consents_to: Consent {
                lines: vec![(self.text("항목", "Items"), self.text("사는 곳", "Where you live"))],
            },
            errors: Vec::new(),
        }
    }

    pub(super) fn roster(&self) -> RosterPage {
        RosterPage {
            page: self.page("/rounds/tongyeong-2026-12/roster"),
            slug: self.slug(),
            title: self.title(),
            csrf: "0f3a".into(),
            purpose: Purpose::Enter,
            by_name: true,
            masked: self.text("010-····-5678", "010-····-5678"),
            name: String::new(),
            birth: String::new(),
            closes_at: at("2026-11-27T09:00:00Z"),
            open: true,
            unknown: false,
            errors: Vec::new(),
        }
    }

    pub(super) fn code(&self) -> Code {
        Code {
            page: self.page("/rounds/tongyeong-2026-12/code"),
            slug: self.slug(),
            title: self.title(),
            csrf: self.text("k3x9", "k3x9"),
            purpose: Purpose::Enter,
            channel: Channel::Sms,
            masked: self.text("010-****-5678", "010-****-5678"),
            digits: 6,
            minutes: 3,
            until: at("2026-11-25T05:22:00Z"),
            tries_left: 5,
            sent_again: false,
            code: String::new(),
            errors: Vec::new(),
        }
    }

    pub(super) fn details(&self) -> Details {
        Details {
            page: self.page("/rounds/tongyeong-2026-12/details"),
            slug: self.slug(),
            title: self.title(),
            csrf: self.text("k3x9", "k3x9"),
            mode: Mode::Share,
            amounts: (1..=25).map(|notes| notes * 10_000).collect(),
            shared: true,
            most_lots: Some(4),
            remember: true,
            price_percent: 90,
            want: String::new(),
            days: Vec::new(),
            parts: self.parts(),
            wishes: Default::default(),
            change: false,
            errors: Vec::new(),
        }
    }

    fn answers(&self) -> Vec<(String, String)> {
        vec![(self.text("사는 곳", "Where you live"), self.text("중앙동", "Jungang-dong"))]
    }

    fn days(&self) -> Vec<String> {
        vec![self.text("12월 2일(수) 오전 9:00부터 오후 6:00까지", "Wed 2 December, 09:00 to 18:00")]
    }

    pub(super) fn about(&self) -> About {
        let question = |field: &str, count: usize| Question {
            field: field.into(),
            label: self.text("사는 곳", "Where you live"),
            values: (1..=count).map(|n| (format!("v{n}"), self.text("중앙동", "Jungang-dong"))).collect(),
            chosen: "v2".into(),
        };
        About {
            page: self.page("/rounds/tongyeong-2026-12/about"),
            slug: self.slug(),
            title: self.title(),
            csrf: self.text("k3x9", "k3x9"),
            then: "",
            birth_year: Some(self.text("", "")),
            year_known: true,
            questions: vec![question("field_region", 3), question("field_dong", 9)],
            change: false,
            errors: Vec::new(),
        }
    }

    pub(super) fn people(&self) -> People {
        let person = |minor| Person {
            receipt: self.text("famx-6k54-dc9p-a7yz", "famx-6k54-dc9p-a7yz"),
            minor,
            at: at("2026-11-25T05:11:30Z"),
        };
        People {
            page: self.page("/rounds/tongyeong-2026-12/people"),
            slug: self.slug(),
            title: self.title(),
            csrf: self.text("k3x9", "k3x9"),
            code: Some(self.text("famx6k54", "famx6k54")),
            joint: 2,
            joint_most: 4,
            people: vec![person(true), person(false)],
            minors_most: 5,
            adults_most: 1,
            name: self.text("", ""),
            born: self.text("", ""),
            closes_at: at("2026-11-27T09:00:00Z"),
            errors: Vec::new(),
        }
    }

    pub(super) fn join(&self) -> Join {
        Join {
            page: self.page("/rounds/tongyeong-2026-12/join"),
            slug: self.slug(),
            title: self.title(),
            csrf: self.text("k3x9", "k3x9"),
            code: self.text("", ""),
            errors: Vec::new(),
        }
    }

    pub(super) fn check(&self) -> Check {
        Check {
            page: self.page("/rounds/tongyeong-2026-12/check"),
            slug: self.slug(),
            title: self.title(),
            csrf: self.text("k3x9", "k3x9"),
            seen: "1795770000.0.5e".to_owned(),
            masked: self.text("010-****-5678", "010-****-5678"),
            want: 250_000,
            price_percent: 90,
            wishes: vec!["am".into(), "eve".into()],
            lots: Some((2, 3)),
            asks_amount: true,
            answers: self.answers(),
            days: self.days(),
            closes_at: at("2026-11-27T09:00:00Z"),
            change: false,
            errors: Vec::new(),
        }
    }

    pub(super) fn mine(&self, state: MineState, now: &str) -> Mine {
        Mine {
            csrf: "token".into(),
            page: Page { now: at(now), ..self.page("/rounds/tongyeong-2026-12/my") },
            slug: self.slug(),
            title: self.title(),
            receipt: self.text("famx-6k54-dc9p-a7yz", "famx-6k54-dc9p-a7yz"),
            want: 250_000,
            price_percent: 90,
            wishes: vec!["am".into(), "eve".into()],
            answers: self.answers(),
            seats: 3,
            weight: Some(2),
            member: false,
            shared: true,
            asks_amount: true,
            days: if state == MineState::Entered { self.days() } else { Vec::new() },
            entered_at: at("2026-11-25T05:11:30Z"),
            consent_digest: "9e".repeat(32),
            state,
            fault: None,
            fresh: false,
            changeable: false,
            closes_at: at("2026-11-27T09:00:00Z"),
            results_at: at("2026-11-29T23:00:00Z"),
            sellers: vec![
                (self.text("통영사랑상품권 앱", "The Tongyeong Love voucher app"), None),
                (self.text("농협은행", "NongHyup Bank"), Some("https://bank.example/buy".to_owned())),
            ],
            signed_receipt: self.text(SIGNED, SIGNED),
            changes: Vec::new(),
            give_back_until: None,
            pass: None,
            moment: None,
        }
    }

    pub(super) fn fault(&self) -> Fault {
        Fault {
            words: self.text("은행 점검", "The bank is away"), until: Some(at("2026-12-02T01:40:00Z"))
        }
    }

    pub(super) fn assigned(&self) -> MineState {
        MineState::Assigned {
            starts_at: at("2026-12-02T01:20:40Z"),
            until: at("2026-12-03T09:00:00Z"),
            amount: 200_000,
            rank: 4_312,
            count: 79_304,
        }
    }

    /// Everything that can change after the draw.
    pub(super) fn changes(&self) -> Vec<Change> {
        let reason = || self.text("은행 점검이 길어졌습니다", "The bank's maintenance took longer");
        vec![
            Change::Missed { at: at("2026-12-01T01:20:40Z"), until: at("2026-12-01T09:00:00Z") },
            Change::Offered { at: at("2026-12-01T23:00:00Z") },
            Change::TakenBack {
                amount: 250_000,
                bought_at: at("2026-12-02T00:45:00Z"),
                at: at("2026-12-02T02:00:00Z"),
            },
            Change::Later { at: at("2026-12-02T00:45:40Z"), reason: reason() },
            Change::Longer { at: at("2026-12-03T08:25:00Z"), reason: reason() },
        ]
    }

    /// What happens after a draw, with an offer made and one to come.
    pub(super) fn after_draw(&self) -> AfterDraw {
        AfterDraw {
            catches_up: true,
            offers: vec![
                OfferLine { at: at("2026-12-02T01:00:00Z"), made: Some([4_031, 212, 87, 130, 4]) },
                OfferLine { at: at("2026-12-04T01:00:00Z"), made: None },
            ],
            shifts: [StoodStill::Shifted, StoodStill::Extended, StoodStill::Paused(20)]
                .map(|kind| {
                    let reason = self.text("은행 점검이 길어졌습니다", "The bank's maintenance took longer");
                    (kind, at("2026-12-01T01:05:00Z"), 35, reason)
                })
                .into(),
        }
    }

    pub(super) fn why(&self) -> Why {
        let lot =
            |rank, receipt: &str, lot| WhyLot { rank, receipt: receipt.into(), lot, own: rank == 4_312 };
        Why {
            page: self.page("/rounds/tongyeong-2026-12/my/why"),
            slug: self.slug(),
            title: self.title(),
            receipt: "famx-6k54-dc9p-a7yz".into(),
            rank: 4_312,
            count: 79_304,
            weight: Some(3),
            lots: vec![
                lot(1, "mjaj-0tcx-b6qr-zv9z", 112_013_532_006_948),
                lot(4_311, "t65d-8k1f-f7zd-8p36", 1_003_443_014_450_493_974),
                lot(4_312, "famx-6k54-dc9p-a7yz", 1_003_712_881_071_566_258),
            ],
            changes: Vec::new(),
        }
    }

    pub(super) fn record(&self) -> Record {
        let file = |name: &str, bytes| RecordFile { name: name.into(), bytes, sha256: "4be1a07c".repeat(8) };
        Record {
            page: self.page("/rounds/tongyeong-2026-12/record"),
            slug: self.slug(),
            title: self.title(),
            beacon: Beacon::None,
            files: vec![
                file("manifest.txt", 612),
                file("rules.json", 2_341),
                file("pool.txt", 6_344_320),
                file("seed-input.txt", 402),
                file("result.txt", 7_612_001),
            ],
            after: vec![file("offers.txt", 120_411), file("after-journal.txt", 3_018)],
        }
    }
}

const SIGNED: &str = "jebi-receipt-note-1
round tongyeong-2026-12
famx-6k54-dc9p-a7yz want=250000 wish=am+eve
at 2026-11-25T05:11:30Z

\u{2014} tongyeong+2f1c9a04 Hk2pUO0d7yq0m8dYtQkT9W1o3Jx0bqz1Yk0M9m0K3nZ1u4vQ2w8rXl5s7tBcDeFg=
";
