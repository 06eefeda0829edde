//! One example of each page of somebody who has entered, and of what comes after the draw.

use super::{SIGNED, Samples, at};
use crate::web::view::*;

impl Samples {
    pub(in crate::web::view) fn mine(&self, state: MineState, now: &str) -> Mine {
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
            remembered: Some(true),
            told: Some(ToldAt::Contact(self.text("m…@example.org", "m…@example.org"))),
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

    pub(in crate::web::view) fn fault(&self) -> Fault {
        Fault {
            words: self.text("은행 점검", "The bank is away"), until: Some(at("2026-12-02T01:40:00Z"))
        }
    }

    pub(in crate::web::view) fn assigned(&self) -> MineState {
        MineState::Assigned {
            starts_at: at("2026-12-02T01:20:40Z"),
            until: at("2026-12-03T09:00:00Z"),
            amount: 200_000,
            rank: 4_312,
            count: 79_304,
        }
    }

    /// Everything that can change after the draw.
    pub(in crate::web::view) fn changes(&self) -> Vec<Change> {
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
    pub(in crate::web::view) fn after_draw(&self) -> AfterDraw {
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

    pub(in crate::web::view) fn why(&self) -> Why {
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

    pub(in crate::web::view) fn record(&self) -> Record {
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
