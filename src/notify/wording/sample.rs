//! Notices to look at, one of each kind.

use chrono::{DateTime, Utc};

use super::Kind;
use crate::{
    domain::ineligible::Reason,
    notify::message::{After, Held, Message, News, Readdressed},
    words::Lang,
};

/// A notice to look at, with long values: what fits them fits all.
pub fn sample(kind: Kind, lang: Lang) -> Message {
    sample_of(kind, lang, None)
}

/// The same of a round with a title of its own.
pub fn sample_of(kind: Kind, lang: Lang, title: Option<&str>) -> Message {
    let long = if lang.is_korean() {
        "통영사랑상품권 2026년 12월"
    } else {
        "Tongyeong voucher, December 2026"
    };
    let (title, receipt) = (title.unwrap_or(long).to_owned(), "famx-6k54-dc9p-a7yz".to_owned());
    // Noon of a two-digit day in December: dates are never longer.
    let at = |hours: i64| DateTime::<Utc>::UNIX_EPOCH + chrono::TimeDelta::hours(499_323 + hours);
    let held = Held { starts_at: at(0), until: at(30), amount: 250_000 };
    let why = if lang.is_korean() {
        "은행 전산 장애로 구매를 할 수 없었습니다"
    } else {
        "the bank's computers did not work"
    };
    let why = why.to_owned();
    let after = |news| Message::After(After { title: title.clone(), receipt: receipt.clone(), news });
    match kind {
        Kind::Entered => {
            Message::Entered { title, receipt, want: 250_000, closes_at: at(0), results_at: at(48) }
        }
        Kind::Withdrawn => Message::Withdrawn { title, receipt },
        Kind::Readdressed => {
            Message::Readdressed(Readdressed { title, receipt, at: at(0), withdrawn: false })
        }
        Kind::Voided => Message::Voided { title, receipt },
        Kind::Assigned => Message::Assigned {
            title,
            receipt,
            starts_at: at(0),
            until: at(30),
            amount: 250_000,
            rank: 104_312,
            count: 179_304,
        },
        Kind::Waitlisted => Message::Waitlisted { title, receipt, position: 101_203, count: 134_319 },
        Kind::Sealed => Message::Sealed {
            title,
            receipt,
            seal: "jebi-seal-1\n…".to_owned(),
            checkpoint: "tongyeong.example/jebi\n…".to_owned(),
        },
        Kind::Reminder => {
            Message::Reminder { title, receipt, starts_at: at(0), until: at(30), amount: 250_000 }
        }
        Kind::Open => Message::StillOpen { title, receipt, starts_at: at(0), until: at(30), amount: 250_000 },
        Kind::CaughtUp => after(News::CaughtUp(held)),
        Kind::Offered => after(News::Offered(held)),
        Kind::Later => after(News::Later(held, why)),
        Kind::Longer => after(News::Longer(held, why)),
        Kind::Lapsed => after(News::Lapsed),
        Kind::Returned => after(News::Returned(at(20))),
        Kind::Ended => after(News::Ended(Reason::Conditions, Some(at(20)))),
    }
}
