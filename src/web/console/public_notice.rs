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
    web::view::{Page, PublicNotice, called, days_lines, group_label},
    words::Lang,
};

/// The notice of these rules.
pub fn page(
    desk: &Desk,
    rules: &Rules,
    who: &Who,
    (title, price_percent): (String, u64),
    served: bool,
) -> PublicNotice {
    let lang = Lang::Ko;
    let (times, address) = (&rules.times, &desk.visit.app.config.public_url);
    let ends =
        rules.slots.iter().map(|slot| utc(slot.starts_at) + TimeDelta::seconds(i64::from(slot.seconds)));
    let starts = rules.slots.iter().map(|slot| utc(slot.starts_at));
    let hours = rules
        .cohorts()
        .into_iter()
        .map(|cohort| (group_label(who, cohort, lang), days_lines(&cohort::days(rules, cohort), lang)));
    let reserves = rules.reserves.iter().map(|one| (called(who, &one.name, &one.matching, lang), one.places));
    PublicNotice {
        page: Page { lang, ..desk.page() },
        site: address.trim_start_matches("https://").trim_start_matches("http://").to_owned(),
        title,
        unit: rules.goods.unit,
        budget: rules.goods.budget,
        cap: rules.goods.cap,
        price_percent,
        lottery: matches!(rules.mode, Mode::Lottery)
            .then(|| who.lottery_because.as_ref().map(|(ko, _)| ko.clone()).unwrap_or_default()),
        shares: matches!(rules.mode, Mode::Share),
        opens_at: utc(times.opens_at),
        closes_at: utc(times.closes_at),
        seals_at: utc(times.seals_at),
        pulse_at: utc(times.pulse_at),
        results_at: utc(times.results_at),
        buys: starts.min().zip(ends.max()),
        hours: hours.collect(),
        reserves: reserves.collect(),
        grace_hours: u64::from(rules.grace_seconds / 3_600),
        declared: match &rules.beacon {
            Beacon::Declared { source } => Some(source.clone()),
            _ => None,
        },
        served,
        rehearsal: matches!(rules.beacon, Beacon::None {}),
    }
}
