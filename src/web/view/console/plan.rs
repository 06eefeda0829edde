//! A plan in the reader's words: each spike against each limit, as a table with a bar, and why it is refused.

use chrono::{DateTime, Utc};

use crate::{
    domain::plan::{Change, Per, Plan, Refusal, Spike, Why, number},
    web::view::Page,
};

/// The worst minute of one spike against one limit.
#[derive(Clone, Debug)]
pub struct PlanRow {
    /// Which spike.
    pub spike: String,
    /// Whose limit.
    pub dependency: String,
    /// When.
    pub at: String,
    /// Load, and limit with what it is counted per.
    pub load: String,
    /// See `load`.
    pub limit: String,
    /// Load as percent of the limit.
    pub percent: u32,
    /// The bar, at most 100.
    pub bar: u32,
    /// Whether it is too much.
    pub over: bool,
}

/// A plan.
#[derive(Clone, Debug)]
pub struct PlanView {
    /// How many people it reckons with.
    pub people: u64,
    /// Spikes against limits.
    pub rows: Vec<PlanRow>,
    /// Why it is refused.
    pub refusals: Vec<String>,
    /// Nobody has said what the seller can take.
    pub blind: bool,
}

/// A plan in the reader's words.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "percent of a load, cut")]
pub fn plan_view(plan: &Plan, page: &Page) -> PlanView {
    let row = |peak: &crate::domain::plan::Peak| {
        let percent = (peak.load / peak.limit * 100.0).clamp(0.0, 9_999.0).round() as u32;
        PlanRow {
            spike: spike(peak.spike, page),
            dependency: peak.dependency.clone(),
            at: when(peak.at, peak.per, page),
            load: number(peak.load),
            limit: format!("{} {}", number(peak.limit), per(peak.per, page)),
            percent,
            bar: percent.min(100),
            over: peak.is_over(),
        }
    };
    let mut rows: Vec<PlanRow> = Vec::new();
    for one in Spike::ALL {
        rows.extend(plan.peaks.iter().filter(|peak| peak.spike == one).map(row));
    }
    let refusals = plan.refusals.iter().map(|refusal| sentence(refusal, page)).collect();
    PlanView { people: plan.people.entrants, rows, refusals, blind: plan.blind }
}

fn when(at: DateTime<Utc>, per: Per, page: &Page) -> String {
    if per == Per::Day { page.date(at) } else { page.minute(at) }
}

fn spike(spike: Spike, page: &Page) -> String {
    match spike {
        Spike::Opening => t!(page, "console-spike-opening"),
        Spike::Deadline => t!(page, "console-spike-deadline"),
        Spike::Results => t!(page, "console-spike-results"),
        Spike::Starts => t!(page, "console-spike-starts"),
        Spike::Leftovers => t!(page, "console-spike-leftovers"),
    }
}

fn per(per: Per, page: &Page) -> String {
    match per {
        Per::Second => t!(page, "console-per-second"),
        Per::Minute => t!(page, "console-per-minute"),
        Per::Day => t!(page, "console-per-day"),
    }
}

fn sentence(refusal: &Refusal, page: &Page) -> String {
    let because = because(&refusal.why, page);
    let changes: Vec<String> = refusal.changes.iter().map(|one| change(one, page)).collect();
    match changes.is_empty() {
        true => because,
        false => t!(page, "console-refusal", why = because, changes = changes.join(" / ")),
    }
}

fn because(why: &Why, page: &Page) -> String {
    match why {
        Why::Over(peak) => t!(
            page,
            "console-why-over",
            spike = spike(peak.spike, page),
            at = when(peak.at, peak.per, page),
            name = peak.dependency.as_str(),
            load = number(peak.load),
            limit = number(peak.limit),
            per = per(peak.per, page)
        ),
        Why::Room { cohort, people, seats } => t!(
            page,
            "console-why-room",
            whom = cohort.as_ref().map_or("-".to_owned(), ToString::to_string),
            people = page.count(*people),
            seats = page.count(*seats)
        ),
        Why::Nowhere { who } => t!(page, "console-why-nowhere", who = who.as_str()),
        Why::Together { cohort, most, widest } => t!(
            page,
            "console-why-together",
            whom = cohort.to_string(),
            most = page.count(*most),
            seats = page.count(*widest)
        ),
        Why::Fund { fund, people, amount, budget } => t!(
            page,
            "console-why-fund",
            name = fund.as_str(),
            people = page.count(*people),
            amount = page.count(*amount),
            budget = page.count(*budget)
        ),
        Why::Outage(outage) => t!(
            page,
            "console-why-outage",
            name = outage.dependency.as_str(),
            minutes = number(outage.minutes),
            people = number(outage.waiting.round())
        ),
        Why::Notices { last, first } => {
            t!(page, "console-why-notices", last = page.minute(*last), first = page.minute(*first))
        }
        Why::Offer { at, told, starts } => t!(
            page,
            "console-why-offer",
            at = page.minute(*at),
            told = page.minute(*told),
            starts = page.minute(*starts)
        ),
    }
}

fn change(change: &Change, page: &Page) -> String {
    let (key, gave, needs) = match change {
        Change::Hours { gave, needs } => {
            ("hours", page.minutes((*gave).into()), page.minutes((*needs).into()))
        }
        Change::Days { gave, needs } => ("days", gave.to_string(), needs.to_string()),
        Change::Spread { gave, needs } => ("spread", gave.to_string(), needs.to_string()),
        Change::Fund { fund, gave, needs } => {
            let (gave, needs) = (page.count(*gave), page.count(*needs));
            return t!(page, "console-change-fund", name = fund.as_str(), gave = gave, needs = needs);
        }
        Change::Limit { dependency, per: unit, gave, needs } => {
            let (gave, needs) = (number(*gave), format!("{} {}", number(*needs), per(*unit, page)));
            return t!(page, "console-change-limit", name = dependency.as_str(), gave = gave, needs = needs);
        }
        Change::Personal { needs, days, .. } => {
            let (needs, days) = (page.minutes((*needs).into()), days.to_string());
            return t!(page, "console-change-personal", needs = needs, days = days);
        }
    };
    match key {
        "hours" => t!(page, "console-change-hours", gave = gave, needs = needs),
        "days" => t!(page, "console-change-days", gave = gave, needs = needs),
        _ => t!(page, "console-change-spread", gave = gave, needs = needs),
    }
}
