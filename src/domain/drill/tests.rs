//! What the tests of a drill have in common.

use public_audit::rules::{Match, Mode};

use crate::domain::{
    draft::{Draft, ReserveDraft, Seller, Step},
    plan::Scenario,
};

/// Tongyeong as a lottery: 2,000 people for 200 places.
pub fn lottery() -> Draft {
    let mut draft = Scenario::find("tongyeong").unwrap().draft().unwrap();
    draft.mode = Mode::Lottery;
    draft.lottery_because_ko = Some("한 사람이 받을 수 있는 만큼을 나눌 수 없습니다".to_owned());
    draft.lottery_because_en = Some("What there is cannot be divided among all".to_owned());
    draft.reserve = vec![ReserveDraft {
        name: "open".to_owned(),
        matching: Match::default(),
        places: 200,
        spill: None,
        label_ko: None,
        label_en: None,
    }];
    draft.goods.budget = 200 * draft.goods.cap;
    (draft.expect.entrants, draft.expect.at_most) = (Some(2_000), Some(2_000));
    draft
}

/// Tongyeong at a bank with a weak hour, and at a counter that is open for six hours with a stock of 4,000. Nothing else
/// limits who buys.
pub fn at_sellers() -> Draft {
    let mut draft = Scenario::find("tongyeong").unwrap().draft().unwrap();
    draft.dependency.retain(|dependency| !dependency.uses.contains_key(&Step::Purchase));
    let opening = &mut draft.opening[0];
    let bank = Seller {
        name: "bank".to_owned(),
        per_minute: 40,
        dips: std::mem::take(&mut opening.dips),
        ..Seller::default()
    };
    let counter = Seller {
        name: "counter".to_owned(),
        per_minute: 20,
        from: Some("10:00".to_owned()),
        until: Some("16:00".to_owned()),
        stock: Some(4_000),
        ..Seller::default()
    };
    opening.per_minute = None;
    (opening.sellers, opening.percent) = (vec![bank.name.clone(), counter.name.clone()], Some(90));
    draft.seller = vec![bank, counter];
    draft
}
