//! What the tests of a drill have in common.

use public_audit::rules::{Match, Mode};

use crate::domain::{
    draft::{Draft, ReserveDraft},
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
