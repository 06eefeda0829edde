//! The public notice (공고문), in Korean, from the rules that are fixed or would be.

use chrono::TimeDelta;
use public_audit::{
    Rules,
    rules::{Beacon, Mode},
};

use super::desk::Desk;
use crate::{
    app::utc,
    domain::who::{Who, cohort},
    web::view::{Lots, Page, PublicNotice, called, days_lines, group_label},
    words::Lang,
};

/// What a notice says that no rules do.
#[derive(Clone, Debug)]
pub struct Beside {
    /// What the round is called.
    pub title: String,
    /// What is paid for goods worth 100.
    pub price_percent: u64,
    /// Whether there is a list of those who may enter.
    pub listed: bool,
    /// Whether everybody on it is served, and nobody enters.
    pub served: bool,
    /// Where it is bought.
    pub sellers: Vec<String>,
    /// Whether every seller asks us, so that we hear of a payment that failed.
    pub asks: bool,
    /// How long people are kept after the end, in days.
    pub retention_days: u64,
}

/// The notice of these rules.
pub fn page(desk: &Desk, rules: &Rules, who: &Who, beside: Beside) -> PublicNotice {
    let lang = Lang::Ko;
    let (times, address) = (&rules.times, &desk.visit.app.config.public_url);
    let ends =
        rules.slots.iter().map(|slot| utc(slot.starts_at) + TimeDelta::seconds(i64::from(slot.seconds)));
    let starts = rules.slots.iter().map(|slot| utc(slot.starts_at));
    let reserves = rules.reserves.iter().map(|one| (called(who, &one.name, &one.matching, lang), one.places));
    let funds = rules.funds.iter();
    let funds = funds.map(|one| (called(who, &one.name, &one.matching, lang), one.per_seat, one.budget));
    let after = rules.after.as_ref();
    let second = after.map(|after| hours(&Rules { slots: after.catch_up.clone(), ..rules.clone() }, who));
    PublicNotice {
        page: Page { lang, ..desk.page() },
        site: address.trim_start_matches("https://").trim_start_matches("http://").to_owned(),
        title: beside.title,
        unit: rules.goods.unit,
        budget: rules.goods.budget,
        cap: rules.goods.cap,
        price_percent: beside.price_percent,
        lottery: matches!(rules.mode, Mode::Lottery)
            .then(|| who.lottery_because.as_ref().map(|(ko, _)| ko.clone()).unwrap_or_default()),
        shares: matches!(rules.mode, Mode::Share),
        opens_at: utc(times.opens_at),
        closes_at: utc(times.closes_at),
        seals_at: utc(times.seals_at),
        pulse_at: utc(times.pulse_at),
        results_at: utc(times.results_at),
        buys: starts.min().zip(ends.max()),
        hours: hours(rules, who),
        second: second.unwrap_or_default(),
        offers: after.iter().flat_map(|after| &after.offers_at).map(|at| utc(*at)).collect(),
        reserves: reserves.collect(),
        funds: funds.collect(),
        listed: beside.listed,
        household: who.household,
        joint_most: who.joint_most.into(),
        minors_most: who.minors_most.into(),
        adults_most: who.adults_most.into(),
        lots: rules.weighting.map(|lots| Lots {
            each: lots.per_miss.into(),
            most: lots.most.into(),
            rounds: lots.rounds.into(),
        }),
        sellers: beside.sellers,
        asks: beside.asks,
        retention_days: beside.retention_days,
        grace_hours: u64::from(rules.grace_seconds / 3_600),
        declared: match &rules.beacon {
            Beacon::Declared { source } => Some(source.clone()),
            _ => None,
        },
        served: beside.served,
        rehearsal: matches!(rules.beacon, Beacon::None {}),
    }
}

/// Whose days, and which.
fn hours(rules: &Rules, who: &Who) -> Vec<(String, Vec<String>)> {
    let lines = |cohort| days_lines(&cohort::days(rules, cohort), Lang::Ko);
    rules.cohorts().into_iter().map(|cohort| (group_label(who, cohort, Lang::Ko), lines(cohort))).collect()
}
