//! What a drill found, and whether the round held.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use public_audit::Digest;
use serde::Serialize;

use super::{
    Options,
    each::{Each, each},
    round::Played,
    trouble::Trouble,
    whole::{Whole, share},
};
use crate::{
    clock,
    domain::{
        draft::Step,
        drill::{Deed, Deeds, Measured, Policy, measure},
        plan::{Per, Spike, number},
    },
    words::number::grouped,
};

/// Why a round did not hold.
#[derive(Clone, Debug, Serialize)]
pub struct Reason {
    /// `plan`, `over`, `turned_away`, `ledger`, `told`, `entered`, `record` or `error`.
    pub kind: &'static str,
    /// Whose fault, as in the draft; empty if nobody's.
    pub subject: String,
    /// In Korean.
    pub ko: String,
    /// In English.
    pub en: String,
}

/// A spike against a limit: planned, counted at full size in process, counted over sockets.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Which spike.
    pub spike: Spike,
    /// Whose limit.
    pub dependency: String,
    /// Per what.
    pub per: Per,
    /// What it takes.
    pub limit: f64,
    /// What the plan reckons with.
    pub planned: Option<f64>,
    /// What the whole size asked in process.
    pub whole: Option<f64>,
    /// What those over sockets asked, in windows as much longer.
    pub sockets: Option<f64>,
}

/// How many people are where.
#[derive(Clone, Debug, Serialize)]
pub struct Sizes {
    /// Residents.
    pub whole: u64,
    /// One in so many was drawn and counted in process.
    pub one_in: f64,
    /// People over sockets.
    pub sockets: u64,
}

/// Everything over sockets.
#[derive(Clone, Debug, Serialize)]
pub struct Held {
    /// Entries acknowledged; none where a roster is served.
    pub entered: u64,
    /// Of them, people who tapped twice or came back.
    pub repeated: u64,
    /// People at the wrong time, who were told so: before the opening, after the close.
    pub wrong_time: (u64, u64),
    /// Places and waitlist.
    pub placed: (u64, u64),
    /// Told exactly once, twice, on the list of the unreached, not at all.
    pub told: (u64, u64, u64, u64),
    /// People who came to buy.
    pub come: u64,
    /// Who bought at the first and at the second time.
    pub bought: (u64, u64),
    /// Came, and have nothing.
    pub turned_away: u64,
    /// Seconds between coming and having bought: mean, of 95 in 100 at most, longest.
    pub waits: (f64, i64, i64),
    /// What those were told who did not buy when they came.
    pub refusals: BTreeMap<&'static str, u64>,
    /// Won that the ledger says is bought, and held; and won that the seller sold.
    pub ledger: (u64, u64, u64),
    /// Requests that found nobody.
    pub away: u64,
    /// What residents met that they should not have, the first few.
    pub faults: Vec<String>,
}

/// A drill's report.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// `jebi-drill/1`.
    pub format: &'static str,
    /// Which jebi made it.
    pub version: &'static str,
    /// Which scenario, or the name of the draft's file.
    pub scenario: String,
    /// The digest of rules and plan: of what this is the drill.
    pub subject: Digest,
    /// The round's titles, Korean and English.
    pub title: (String, String),
    /// When the drill was made.
    pub made_at: DateTime<Utc>,
    /// Chance of what people did.
    pub seed: u64,
    /// The part of the people over sockets.
    pub scale: f64,
    /// People in process at most.
    pub sample: u32,
    /// Percent of what the seller says that it takes.
    pub capacity: u32,
    /// People.
    pub people: Sizes,
    /// What lets people through, per second: as it says, and as it was drilled.
    pub seller: (String, f64, f64),
    /// The five spikes.
    pub spikes: Vec<Row>,
    /// The three rules, in process.
    pub policies: Vec<Policy>,
    /// Won for one person, where that depends on the rule.
    pub each: Option<Each>,
    /// What was found over sockets.
    pub sockets: Held,
    /// What was done to the round.
    pub trouble: Vec<Trouble>,
    /// What was over its limit first in the drilled round, if anything was.
    pub broke_first: Option<Measured>,
    /// Why the round did not hold; empty if it held.
    pub held: Vec<Reason>,
}

/// Puts both parts together.
pub fn outcome(options: &Options, subject: Digest, scale: f64, whole: Whole, played: &Played) -> Outcome {
    let deeds = socket_deeds(scale, played);
    let sockets: Vec<Measured> =
        whole.taking.dependency.iter().flat_map(|dependency| measure(dependency, &deeds)).collect();
    let over = whole.measured.iter().chain(&sockets).filter(|measured| measured.is_over());
    let broke_first = over.min_by_key(|measured| measured.at).cloned();
    let held = reasons(&whole, &sockets, played);
    let served = &played.served;
    let mut waits = served.waits.clone();
    waits.sort_unstable();
    #[allow(clippy::cast_precision_loss, reason = "seconds")]
    let mean = waits.iter().sum::<i64>() as f64 / waits.len().max(1) as f64;
    let most = waits.get((waits.len() * 95).div_ceil(100).saturating_sub(1)).copied().unwrap_or(0);
    Outcome {
        format: "jebi-drill/1",
        version: env!("CARGO_PKG_VERSION"),
        scenario: options.name(),
        subject,
        title: (whole.draft.title_ko.clone(), whole.draft.title_en.clone()),
        made_at: clock::wall(),
        seed: options.seed,
        scale,
        sample: options.most(),
        capacity: options.capacity,
        people: Sizes { whole: whole.people, one_in: whole.one_in, sockets: played.people },
        seller: (
            whole.seller.name.clone(),
            whole.seller.per_second,
            whole.seller.per_second * share(options.capacity),
        ),
        spikes: rows(&whole, &sockets),
        each: each(&whole.draft, whole.people),
        policies: whole.policies,
        sockets: Held {
            entered: played.entered.entered,
            repeated: played.entered.repeated,
            wrong_time: (played.entered.early, played.entered.late),
            placed: served.placed,
            told: (served.told, served.twice, served.unreached, served.untold),
            come: served.come,
            bought: served.bought,
            turned_away: served.turned_away,
            waits: (mean, most, waits.last().copied().unwrap_or(0)),
            refusals: served.refusals.clone(),
            ledger: served.ledger,
            away: played.trouble.iter().find(|t| t.kind == "restart").map_or(0, |t| t.met),
            faults: played.entered.faults.iter().chain(&served.faults).cloned().collect(),
        },
        trouble: played.trouble.clone(),
        broke_first,
        held,
    }
}

/// What people over sockets did, as the whole size is counted.
fn socket_deeds(scale: f64, played: &Played) -> Deeds {
    let (entered, served) = (&played.entered.at, &played.served);
    let middle = entered.first().zip(entered.last()).map_or(0, |(first, last)| (first + last) / 2);
    let half = entered.partition_point(|at| *at < middle);
    let sent = |what: &str| served.sent.get(what).cloned().unwrap_or_default();
    let of = |spike, step, at: &[i64]| Deed { spike, step, at: at.to_vec() };
    let mut all = vec![
        of(Spike::Opening, Step::Entering, &entered[..half]),
        of(Spike::Deadline, Step::Entering, &entered[half..]),
        of(Spike::Results, Step::Result, &sent("result")),
        of(Spike::Starts, Step::Reminder, &sent("reminder")),
        of(Spike::Leftovers, Step::Offer, &sent("offer")),
    ];
    for (spike, at) in [(Spike::Starts, &served.came.0), (Spike::Leftovers, &served.came.1)] {
        all.push(of(spike, Step::Start, at));
        all.push(of(spike, Step::Purchase, at));
    }
    Deeds { one_in: 1.0 / scale, all }
}

fn rows(whole: &Whole, sockets: &[Measured]) -> Vec<Row> {
    let mut rows: BTreeMap<(Spike, String, Per), Row> = BTreeMap::new();
    let mut at = |spike, dependency: &str, per, limit, set: &dyn Fn(&mut Row)| {
        let row = rows.entry((spike, dependency.to_owned(), per)).or_insert_with(|| Row {
            spike,
            dependency: dependency.to_owned(),
            per,
            limit,
            planned: None,
            whole: None,
            sockets: None,
        });
        set(row);
    };
    for one in &whole.measured {
        at(one.spike, &one.dependency, one.per, one.limit, &|row| row.whole = Some(one.load));
    }
    for one in sockets {
        at(one.spike, &one.dependency, one.per, one.limit, &|row| row.sockets = Some(one.load));
    }
    for one in &whole.plan.peaks {
        at(one.spike, &one.dependency, one.per, one.limit, &|row| row.planned = Some(one.load));
    }
    rows.into_values().collect()
}

fn reasons(whole: &Whole, sockets: &[Measured], played: &Played) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let mut add = |kind, subject: &str, ko: String, en: String| {
        reasons.push(Reason { kind, subject: subject.to_owned(), ko, en });
    };
    for refusal in &whole.plan.refusals {
        add(
            "plan",
            "",
            format!("부하 계획이 거부되었습니다: {refusal}"),
            format!("the plan is refused: {refusal}"),
        );
    }
    let mut worst: BTreeMap<&str, (&Measured, bool)> = BTreeMap::new();
    for (measured, in_process) in
        whole.measured.iter().map(|one| (one, true)).chain(sockets.iter().map(|one| (one, false)))
    {
        let is_worse =
            |known: &(&Measured, bool)| measured.load / measured.limit > known.0.load / known.0.limit;
        if measured.is_over() && worst.get(measured.dependency.as_str()).is_none_or(is_worse) {
            worst.insert(&measured.dependency, (measured, in_process));
        }
    }
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
            format!("{name}: 한도 {ko} {limit}에 {load}이(가) 몰렸습니다({where_ko})"),
            format!("{name}: {load} {en} came to it, and it takes {limit} ({where_en})"),
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
    let faults: Vec<&String> = entered.faults.iter().chain(&served.faults).collect();
    if let Some(first) = faults.first() {
        let n = faults.len();
        add(
            "error",
            "",
            format!("주민이 오류 {n}건을 겪었습니다: {first}"),
            format!("residents met {n} errors: {first}"),
        );
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
