//! Why a plan is refused, and what would lift it, in the reader's words: for staff on the console, and for the council in the
//! report of a drill.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    domain::plan::{Change, Per, Refusal, Spike, Why, number},
    web::view::In,
    words::{Lang, instant, number::grouped},
};

/// Why a plan is refused, and what would lift it.
pub fn why_refused(refusal: &Refusal, lang: Lang) -> String {
    let because = because(&refusal.why, lang);
    let changes: Vec<String> = refusal.changes.iter().map(|one| change(one, lang)).collect();
    match changes.is_empty() {
        true => because,
        false => t!(In { lang }, "console-refusal", why = because, changes = changes.join(" / ")),
    }
}

pub(super) fn spike(spike: Spike, lang: Lang) -> String {
    match spike {
        Spike::Opening => t!(In { lang }, "console-spike-opening"),
        Spike::Deadline => t!(In { lang }, "console-spike-deadline"),
        Spike::Results => t!(In { lang }, "console-spike-results"),
        Spike::Starts => t!(In { lang }, "console-spike-starts"),
        Spike::Leftovers => t!(In { lang }, "console-spike-leftovers"),
    }
}

pub(super) fn per(per: Per, lang: Lang) -> String {
    match per {
        Per::Second => t!(In { lang }, "console-per-second"),
        Per::Minute => t!(In { lang }, "console-per-minute"),
        Per::Day => t!(In { lang }, "console-per-day"),
    }
}

pub(super) fn when(at: DateTime<Utc>, per: Per, lang: Lang) -> String {
    if per == Per::Day { instant::date(at, lang) } else { instant::minute(at, lang) }
}

fn because(why: &Why, lang: Lang) -> String {
    match why {
        Why::Over(peak) => t!(
            In { lang },
            "console-why-over",
            spike = spike(peak.spike, lang),
            at = when(peak.at, peak.per, lang),
            name = peak.dependency.as_str(),
            load = number(peak.load),
            limit = number(peak.limit),
            per = per(peak.per, lang)
        ),
        Why::Room { cohort, people, seats } => t!(
            In { lang },
            "console-why-room",
            whom = cohort.as_ref().map_or("-".to_owned(), ToString::to_string),
            people = grouped(*people),
            seats = grouped(*seats)
        ),
        Why::Nowhere { who } => t!(In { lang }, "console-why-nowhere", who = who.as_str()),
        Why::Together { cohort, most, widest } => t!(
            In { lang },
            "console-why-together",
            whom = cohort.to_string(),
            most = grouped(*most),
            seats = grouped(*widest)
        ),
        Why::Fund { fund, people, amount, budget } => t!(
            In { lang },
            "console-why-fund",
            name = fund.as_str(),
            people = grouped(*people),
            amount = grouped(*amount),
            budget = grouped(*budget)
        ),
        Why::Outage(outage) => t!(
            In { lang },
            "console-why-outage",
            name = outage.dependency.as_str(),
            minutes = number(outage.minutes),
            people = number(outage.waiting.round())
        ),
        Why::Notices { last, first } => t!(
            In { lang },
            "console-why-notices",
            last = instant::minute(*last, lang),
            first = instant::minute(*first, lang)
        ),
        Why::Offer { at, told, starts } => t!(
            In { lang },
            "console-why-offer",
            at = instant::minute(*at, lang),
            told = instant::minute(*told, lang),
            starts = instant::minute(*starts, lang)
        ),
    }
}

/// What would lift a refusal.
pub(super) fn change(change: &Change, lang: Lang) -> String {
    let span = |minutes: u32| instant::duration(TimeDelta::minutes(minutes.into()), lang);
    match change {
        Change::Hours { gave, needs } => {
            t!(In { lang }, "console-change-hours", gave = span(*gave), needs = span(*needs))
        }
        Change::Days { gave, needs } => {
            t!(In { lang }, "console-change-days", gave = gave.to_string(), needs = needs.to_string())
        }
        Change::Spread { gave, needs } => {
            t!(In { lang }, "console-change-spread", gave = gave.to_string(), needs = needs.to_string())
        }
        Change::Fund { fund, gave, needs } => t!(
            In { lang },
            "console-change-fund",
            name = fund.as_str(),
            gave = grouped(*gave),
            needs = grouped(*needs)
        ),
        Change::Limit { dependency, per: unit, gave, needs } => t!(
            In { lang },
            "console-change-limit",
            name = dependency.as_str(),
            gave = number(*gave),
            needs = format!("{} {}", number(*needs), per(*unit, lang))
        ),
        Change::Personal { needs, days, .. } => {
            t!(In { lang }, "console-change-personal", needs = span(*needs), days = days.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::{Scenario, plan};

    #[test]
    fn a_refusal_says_in_each_language_what_is_too_much_and_what_would_lift_it() {
        let draft = Scenario::find("busan-as-it-was").unwrap().draft().unwrap();
        let refusals = plan(&draft).unwrap().refusals;
        let over =
            |one: &&Refusal| matches!(&one.why, Why::Over(peak) if peak.dependency == "identity check");
        let refusal = refusals.iter().find(over).unwrap();
        let hangul = |text: &str| text.contains(|c: char| ('가'..='힣').contains(&c));
        for (lang, words) in [
            (Lang::Ko, ["identity check 한도 30/초", "이렇게 하면 됩니다: 사람마다 다른 시각"]),
            (Lang::KoSimple, ["identity check 한도 30/초", "이렇게 하면 됩니다: 사람마다 다른 시각"]),
            (
                Lang::En,
                ["its limit is 30 a second", "What would lift it: a minute of one's own for everybody"],
            ),
        ] {
            let said = why_refused(refusal, lang);
            assert!(words.iter().all(|words| said.contains(words)), "{said}");
            assert_eq!(hangul(&said), lang.is_korean(), "{said}");
        }
    }
}
