//! A plan in the reader's words: each spike against each limit, as a table with a bar, and why it is refused.

use chrono::{DateTime, Utc};
use public_audit::Rules;

use crate::{
    domain::plan::{Change, Curve, Inputs, Per, Plan, Refusal, Spike, Why, curves, number},
    web::view::{
        Page,
        chart::{Chart, chart},
    },
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

/// One limit over the time in which it is needed.
#[derive(Clone, Debug)]
pub struct CurveView {
    /// Whose, and what it counts per.
    pub name: String,
    /// The fullest stretch: load, and limit then.
    pub load: String,
    /// See `load`.
    pub limit: String,
    /// From when until when.
    pub from: DateTime<Utc>,
    /// See `from`.
    pub until: DateTime<Utc>,
    /// Whether it is too much anywhere.
    pub over: bool,
    /// The drawing.
    pub chart: Chart,
}

/// A change that would make a plan safe and can be made with a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// Names it.
    pub key: String,
    /// What it is.
    pub label: String,
}

/// A plan.
#[derive(Clone, Debug, Default)]
pub struct PlanView {
    /// How many people it reckons with.
    pub people: u64,
    /// Spikes against limits.
    pub rows: Vec<PlanRow>,
    /// Limits over time.
    pub curves: Vec<CurveView>,
    /// Why it is refused.
    pub refusals: Vec<String>,
    /// What would make it safe, each alone, as far as a button can do it.
    pub remedies: Vec<Remedy>,
    /// Nobody has said what the seller can take.
    pub blind: bool,
}

/// Why a plan is refused.
pub(super) fn sentences(plan: &Plan, page: &Page) -> Vec<String> {
    plan.refusals.iter().map(|refusal| sentence(refusal, page)).collect()
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
    let refusals = sentences(plan, page);
    let mut remedies: Vec<Remedy> = Vec::new();
    for one in plan.refusals.iter().flat_map(|refusal| &refusal.changes) {
        let remedy = Remedy { key: one.key(), label: change(one, page) };
        // Nobody's limit and nobody's money grow with a button.
        if !matches!(one, Change::Limit { .. } | Change::Fund { .. }) && !remedies.contains(&remedy) {
            remedies.push(remedy);
        }
    }
    PlanView { people: plan.people.entrants, rows, curves: Vec::new(), refusals, remedies, blind: plan.blind }
}

/// The same, with its limits drawn.
pub fn plan_drawn(plan: &Plan, rules: &Rules, inputs: &Inputs, page: &Page) -> PlanView {
    let drawn = curves(rules, inputs, COLUMNS).unwrap_or_default();
    let curves = drawn.iter().map(|curve| curve_view(curve, page)).collect();
    PlanView { curves, ..plan_view(plan, page) }
}

/// Stretches of a drawing: two to three pixels each on a small phone.
const COLUMNS: usize = 120;

fn curve_view(curve: &Curve, page: &Page) -> CurveView {
    let columns: Vec<(f64, f64)> = curve.columns.iter().map(|one| (one.load, one.limit)).collect();
    let (load, limit) = curve.worst().map_or((0.0, 0.0), |worst| (worst.load, worst.limit));
    CurveView {
        name: curve.dependency.clone(),
        load: number(load),
        limit: format!("{} {}", number(limit), per(curve.per, page)),
        from: curve.from,
        until: curve.until,
        over: curve.is_over(),
        chart: chart(&columns),
    }
}

fn when(at: DateTime<Utc>, per: Per, page: &Page) -> String {
    if per == Per::Day { page.date(at) } else { page.minute(at) }
}

pub(super) fn spike(spike: Spike, page: &Page) -> String {
    match spike {
        Spike::Opening => t!(page, "console-spike-opening"),
        Spike::Deadline => t!(page, "console-spike-deadline"),
        Spike::Results => t!(page, "console-spike-results"),
        Spike::Starts => t!(page, "console-spike-starts"),
        Spike::Leftovers => t!(page, "console-spike-leftovers"),
    }
}

pub(super) fn per(per: Per, page: &Page) -> String {
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

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::web::view::samples::Samples;

    /// A plan that is refused.
    pub fn plan(samples: &Samples) -> PlanView {
        let scenario =
            crate::domain::plan::Scenario::find("sejong-as-it-was").and_then(|one| one.draft().ok());
        let drawn = scenario.and_then(|draft| {
            let plan = crate::domain::plan::plan(&draft).ok()?;
            let key = public_audit::note::Signer::new("x", &[1; 32]).ok()?.verifier().to_vkey();
            let commitment = public_audit::Digest::ZERO;
            let fixed = crate::domain::draft::Fixed { number: 1, commitment, signing_key: key };
            let rules = draft.rules(fixed).ok()?;
            let inputs = crate::domain::plan::Inputs::of(&draft);
            Some(plan_drawn(&plan, &rules, &inputs, &samples.page("/")))
        });
        let mut view = drawn.unwrap_or_default();
        if let Some(curve) = view.curves.first_mut() {
            curve.name = samples.word("bank");
        }
        if let Some(row) = view.rows.first_mut() {
            row.dependency = samples.word("bank");
        }
        view
    }
}
