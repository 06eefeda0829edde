//! A round shaped like Tongyeong's monthly voucher sale: ₩1.25 bn, notes of ₩10,000 sold at 90 %,
//! at most ₩250,000 a person.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;
use public_audit::rules::{Goods, Mode};

use crate::domain::{
    draft::{BeaconChoice, Dependency, Draft, Expect, Holidays, LocalTimes, Opening, Part, Serves, Step},
    who::Household,
};

/// The morning on which the demo's clock starts: 10:00 in Korea, the next one after `now`.
pub fn morning(now: DateTime<Utc>) -> DateTime<Utc> {
    let today = now.with_timezone(&Seoul).date_naive();
    let ten = NaiveTime::MIN + TimeDelta::hours(10);
    let next = today.checked_add_days(Days::new(1)).unwrap_or(today).and_time(ten);
    next.and_local_timezone(Seoul).single().map_or(now, |local| local.to_utc())
}

/// The draft: opens at `opens`, closes three days later, and everybody buys two days after that.
pub fn tongyeong(opens: DateTime<Utc>, residents: u32) -> Draft {
    let opens = opens.with_timezone(&Seoul).naive_local();
    let day = |days: i64, hour: i64, minute: i64| {
        let at = opens.date().and_time(NaiveTime::MIN)
            + TimeDelta::days(days)
            + TimeDelta::hours(hour)
            + TimeDelta::minutes(minute);
        at.format("%Y-%m-%d %H:%M").to_string()
    };
    let part = |name: &str, from: &str| Part { name: name.to_owned(), from: from.to_owned() };
    // Nine hours of sale; a fifth more places than residents, so that most wishes come true.
    let slots = 9 * 2;
    Draft {
        slug: format!("tongyeong-{}", opens.format("%Y-%m")),
        title_ko: "통영사랑상품권".to_owned(),
        title_en: "Tongyeong Love voucher".to_owned(),
        goods: Goods { unit: 10_000, budget: 1_250_000_000, cap: 250_000 },
        price_percent: 90,
        mode: Mode::Share,
        times: LocalTimes {
            opens: opens.format("%Y-%m-%d %H:%M").to_string(),
            closes: day(3, 18, 0),
            seals: day(3, 18, 10),
            reveals: day(3, 19, 0),
            pulse: day(3, 19, 30),
            results: day(4, 10, 0),
        },
        opening: vec![Opening {
            first_day: day(5, 0, 0)[..10].to_owned(),
            days: 1,
            parts: vec![part("am", "09:00"), part("noon", "12:00"), part("pm", "14:00")],
            until: "18:00".to_owned(),
            slot_minutes: 30,
            slot_capacity: Some((residents + residents / 5).div_ceil(slots).max(1)),
            ..Default::default()
        }],
        holidays: Holidays::default(),
        seller: Vec::new(),
        after: None,
        expect: Expect {
            entrants: Some(residents.into()),
            at_most: Some(residents.into()),
            ..Expect::default()
        },
        dependency: vec![Dependency {
            name: "seller".to_owned(),
            // What sold out within minutes sold so fast; a larger crowd is given a larger seller.
            per_second: Some(f64::from(residents / 5_000).max(24.0)),
            uses: [(Step::Purchase, 1.0)].into(),
            ..Dependency::default()
        }],
        grace_hours: 24,
        spread_hours: 6,
        lottery_because_ko: None,
        lottery_because_en: None,
        field: Vec::new(),
        smallest_cell: 1,
        reserve: Vec::new(),
        fund: Vec::new(),
        weighting: None,
        joint: None,
        helped: None,
        roster: None,
        serves: Serves::Entrants,
        enrols: None,
        household: Household::None,
        program: None,
        words: None,
        words_text: None,
        still_open_hours: None,
        retention_days: 90,
        drill: false,
        beacon: BeaconChoice::None,
    }
}
