//! Why a round did not hold.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{names::korean, round::Played, whole::Whole};
use crate::{
    domain::{
        drill::Measured,
        plan::{Per, number},
    },
    web::view::why_refused,
    words::{Lang, number::grouped},
};

/// Why a round did not hold.
#[derive(Clone, Debug, Serialize)]
pub struct Reason {
    /// `plan`, `over`, `turned_away`, `ledger`, `told`, `entered`, `record` or `error`.
    pub kind: &'static str,
    /// Whose fault, as in the draft; empty if nobody's.
    pub subject: String,
    /// In Korean, but for what the program said.
    pub ko: String,
    /// In English.
    pub en: String,
    /// What the program said, in English, with which both end; empty if nothing.
    #[serde(skip)]
    pub said: String,
}

impl Reason {
    /// A reason that quotes what the program said, which it says in English.
    fn quoting(kind: &'static str, (ko, en): (String, String), said: String) -> Self {
        let (ko, en) = (format!("{ko}: {said}"), format!("{en}: {said}"));
        Self { kind, subject: String::new(), ko, en, said }
    }
}

/// Why the round did not hold, in process or over sockets; nothing if it held.
pub fn reasons(whole: &Whole, sockets: &[Measured], played: &Played) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let mut add = |kind, subject: &str, ko: String, en: String| {
        reasons.push(Reason { kind, subject: subject.to_owned(), ko, en, said: String::new() });
    };
    for refusal in &whole.plan.refusals {
        let why = why_refused(refusal, Lang::Ko);
        add(
            "plan",
            "",
            format!("부하 계획이 거부되었습니다: {why}"),
            format!("the plan is refused: {refusal}"),
        );
    }
    let mut worst: BTreeMap<&str, (&Measured, bool)> = BTreeMap::new();
    for (measured, in_process) in
        whole.measured.iter().map(|one| (one, true)).chain(sockets.iter().map(|one| (one, false)))
    {
        let is_worse = |known: &(&Measured, bool)| measured.times() > known.0.times();
        if measured.is_over() && worst.get(measured.dependency.as_str()).is_none_or(is_worse) {
            worst.insert(&measured.dependency, (measured, in_process));
        }
    }
    let seller = whole.seller.name.as_str();
    let is_named = worst.contains_key(seller);
    for (name, (one, in_process)) in worst {
        let (load, limit) = (number(one.load), number(one.limit));
        let (ko, en) = per(one.per);
        let (where_ko, where_en) = match in_process {
            true => ("전체 규모 계산", "in process, at full size"),
            false => ("실제 접속", "over sockets"),
        };
        add(
            "over",
            name,
            format!("{}: 한도 {ko} {limit}에 {load}이(가) 몰렸습니다({where_ko})", korean(name)),
            format!("{name}: {load} {en} came to it, and it takes {limit} ({where_en})"),
        );
    }
    // Sellers that no dependency stands for are over no limit: whoever comes waits, for as long as their place is held.
    let longest = whole.policies.first().map_or(0.0, |own| own.waits.2);
    let held_for = f64::from(whole.draft.grace_hours) * 3_600.0;
    if longest > held_for && !is_named {
        let [longest, held_for] = [longest, held_for].map(|seconds| number((seconds / 3_600.0).round()));
        add(
            "over",
            seller,
            format!(
                "{}: 가장 오래는 {longest}시간을 기다려야 하는데 자리는 {held_for}시간만 지킵니다(전체 규모 계산)",
                korean(seller)
            ),
            format!(
                "{seller}: somebody would have to wait for {longest} hours, and a place is held for {held_for} (in process, \
                 at full size)"
            ),
        );
    }
    let served = &played.served;
    let entered = &played.entered;
    if served.turned_away > 0 {
        let n = grouped(served.turned_away);
        add(
            "turned_away",
            &whole.seller.name,
            format!("{n}명이 왔다가 사지 못했습니다"),
            format!("{n} people came and have nothing"),
        );
    }
    let (redeemed, held, sold) = served.ledger;
    if held > 0 || redeemed != sold {
        let [redeemed, held, sold] = [redeemed, held, sold].map(grouped);
        add(
            "ledger",
            &whole.seller.name,
            format!("장부에는 구매 {redeemed}원, 결제 중 {held}원인데 판매처는 {sold}원을 팔았습니다"),
            format!("the ledger says {redeemed} won bought and {held} held, and the seller sold {sold}"),
        );
    }
    if served.untold > 0 || served.twice > 0 {
        let (none, twice) = (grouped(served.untold), grouped(served.twice));
        add(
            "told",
            "",
            format!("결과를 {none}명은 받지 못했고 {twice}명은 두 번 받았습니다"),
            format!("{none} people were not told their result, {twice} were told twice"),
        );
    }
    let drawn = served.placed.0 + served.placed.1;
    let expected = if whole.draft.registers() { entered.entered } else { played.people };
    if drawn != played.people || expected != played.people {
        let (people, drawn) = (grouped(played.people), grouped(drawn));
        add(
            "entered",
            "",
            format!("{people}명 가운데 {drawn}명만 추첨에 들어갔습니다"),
            format!("of {people} people {drawn} were drawn"),
        );
    }
    if let Some(report) = &played.wrong_record {
        add(
            "record",
            "",
            "추첨 기록이 다시 계산한 결과와 다릅니다".to_owned(),
            format!("the record does not verify: {report}"),
        );
    }
    let faults = entered.faults.and(&served.faults);
    if let Some(first) = faults.first.first() {
        let n = grouped(faults.count);
        let words = (format!("주민이 오류 {n}건을 겪었습니다"), format!("residents met {n} errors"));
        reasons.push(Reason::quoting("error", words, first.clone()));
    }
    reasons
}

/// In both languages.
pub fn per(per: Per) -> (&'static str, &'static str) {
    match per {
        Per::Second => ("1초", "a second"),
        Per::Minute => ("1분", "a minute"),
        Per::Day => ("하루", "a day"),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::{
        domain::plan::{Refusal, Scenario, Spike, Why},
        drill::{Options, entering::Entered, serving::Served},
    };

    /// Tongyeong in process, with nothing wrong about it.
    fn whole() -> Whole {
        let options = Options {
            scenario: "tongyeong".to_owned(),
            draft: None,
            scale: None,
            seed: 7,
            report: PathBuf::new(),
            json: false,
            sample: Some(10_000),
            capacity: 100,
        };
        let of = |name: &str| Scenario::find(name).unwrap().draft().unwrap();
        Whole::new(&of("tongyeong"), &of("tongyeong-as-it-was"), &options).unwrap()
    }

    /// Ten people over sockets, with nothing wrong about them.
    fn played() -> Played {
        let served = Served {
            placed: (8, 2),
            told: 9,
            unreached: 1,
            come: 8,
            bought: (7, 1),
            ledger: (80_000, 0, 80_000),
            ..Served::default()
        };
        Played {
            people: 10,
            entered: Entered { entered: 10, ..Entered::default() },
            served,
            trouble: Vec::new(),
            away: 12,
            wrong_record: None,
        }
    }

    fn kinds(whole: &Whole, sockets: &[Measured], played: &Played) -> Vec<&'static str> {
        reasons(whole, sockets, played).iter().map(|reason| reason.kind).collect()
    }

    #[test]
    fn whatever_is_wrong_over_sockets_is_a_reason_by_itself() {
        let whole = whole();
        assert_eq!(kinds(&whole, &[], &played()), Vec::<&str>::new());
        type Spoil = fn(&mut Played);
        let spoilt: [(&str, Spoil); 10] = [
            ("turned_away", |played| played.served.turned_away = 1),
            ("ledger", |played| played.served.ledger = (80_000, 10_000, 80_000)),
            ("ledger", |played| played.served.ledger = (80_000, 0, 70_000)),
            ("told", |played| played.served.untold = 1),
            ("told", |played| played.served.twice = 1),
            ("entered", |played| played.entered.entered = 9),
            ("entered", |played| played.served.placed = (8, 1)),
            ("record", |played| played.wrong_record = Some("line 7".to_owned())),
            ("error", |played| played.entered.faults.add("POST: 500".to_owned())),
            ("error", |played| played.served.faults.add("GET: 500".to_owned())),
        ];
        for (nth, (kind, spoil)) in spoilt.into_iter().enumerate() {
            let mut played = played();
            spoil(&mut played);
            assert_eq!(kinds(&whole, &[], &played), [kind], "{nth}");
        }
        // All of them are counted, not only those that are told.
        let mut played = played();
        (0..40).for_each(|_| played.entered.faults.add("POST: 500".to_owned()));
        (0..2).for_each(|_| played.served.faults.add("GET: 500".to_owned()));
        let said = reasons(&whole, &[], &played);
        assert!(said[0].en.contains("42 errors: POST: 500") && said[0].ko.contains("42건"), "{said:?}");
        assert!(said[0].said == "POST: 500" && said[0].ko.ends_with(": POST: 500"), "{said:?}");
    }

    #[test]
    fn where_nobody_enters_nobody_is_missed_there() {
        let (mut whole, mut played) = (whole(), played());
        played.entered.entered = 0;
        assert_eq!(kinds(&whole, &[], &played), ["entered"]);
        whole.draft.expect.enters = Some(false);
        assert_eq!(kinds(&whole, &[], &played), Vec::<&str>::new());
    }

    #[test]
    fn a_limit_is_exceeded_in_either_part_and_a_plan_is_refused() {
        let over = Measured {
            spike: Spike::Starts,
            dependency: "seller".to_owned(),
            per: Per::Second,
            at: 0,
            load: 25.0,
            limit: 24.0,
        };
        let mut whole = whole();
        let said = reasons(&whole, std::slice::from_ref(&over), &played());
        assert_eq!((said.len(), said[0].kind, said[0].subject.as_str()), (1, "over", "seller"));
        assert!(said[0].en.contains("over sockets") && said[0].ko.contains("실제 접속"), "{said:?}");
        let under = Measured { load: 24.0, ..over.clone() };
        assert_eq!(kinds(&whole, &[under], &played()), Vec::<&str>::new());
        // Each language has its own name of it.
        assert!(said[0].ko.starts_with("판매처: 한도") && said[0].en.starts_with("seller: "), "{said:?}");
        // The worse of both is told.
        whole.measured.push(Measured { load: 26.0, ..over.clone() });
        let said = reasons(&whole, &[over], &played());
        assert!(said.len() == 1 && said[0].en.contains("in process"), "{said:?}");
        whole.measured.pop();
        // Whoever waits for longer than their place is held has none; where the limit itself is named, that says it.
        whole.policies[0].waits.2 = 25.0 * 3_600.0;
        let said = reasons(&whole, &[], &played());
        assert_eq!((said.len(), said[0].kind, said[0].subject.as_str()), (1, "over", "seller"));
        assert!(said[0].en.contains("25 hours") && said[0].ko.contains("25시간"), "{said:?}");
        whole.policies[0].waits.2 = 24.0 * 3_600.0;
        assert_eq!(kinds(&whole, &[], &played()), Vec::<&str>::new());
        let why = Why::Nowhere { who: "household=1".to_owned() };
        whole.plan.refusals.push(Refusal { why, changes: Vec::new() });
        let said = reasons(&whole, &[], &played());
        assert_eq!((said.len(), said[0].kind), (1, "plan"));
        // In the words of the console, and in those of `jebi plan`.
        assert!(said[0].en.starts_with("the plan is refused: room: no opening is for people"), "{said:?}");
        let ko = "부하 계획이 거부되었습니다: household=1인 사람을 위한 시간대가 없습니다.";
        assert!(said[0].ko.starts_with(ko) && said[0].said.is_empty(), "{said:?}");
    }
}
