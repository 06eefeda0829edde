//! One example of every page, in the reader's language, for tests and for looking at.

mod own;

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
            leave: path.contains("/my").then(|| Leave {
                action: "/rounds/tongyeong-2026-12/my/leave".to_owned(),
                csrf: "0f3a".to_owned(),
            }),
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
            household: false,
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
            seen: "1795770000x0x5e".to_owned(),
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
}

const SIGNED: &str = "jebi-receipt-note-1
round tongyeong-2026-12
famx-6k54-dc9p-a7yz want=250000 wish=am+eve
at 2026-11-25T05:11:30Z

\u{2014} tongyeong+2f1c9a04 Hk2pUO0d7yq0m8dYtQkT9W1o3Jx0bqz1Yk0M9m0K3nZ1u4vQ2w8rXl5s7tBcDeFg=
";
