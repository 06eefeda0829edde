//! A plan in the reader's words: each spike against each limit, as a table with a bar, and why it is refused.

use chrono::{DateTime, Utc};
use public_audit::Rules;

use super::refusal::{change, per, spike, when, why_refused};
use crate::{
    domain::plan::{Change, Curve, Inputs, Plan, Spike, curves, number},
    web::view::{
        Page,
        chart::{Chart, chart},
    },
    words::Lang,
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
    plan.refusals.iter().map(|refusal| why_refused(refusal, page.lang)).collect()
}

/// A plan in the reader's words.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "percent of a load, cut")]
pub fn plan_view(plan: &Plan, page: &Page) -> PlanView {
    let row = |peak: &crate::domain::plan::Peak| {
        let percent = (peak.load / peak.limit * 100.0).clamp(0.0, 9_999.0).round() as u32;
        PlanRow {
            spike: spike(peak.spike, page.lang),
            dependency: peak.dependency.clone(),
            at: when(peak.at, peak.per, page.lang),
            load: number(peak.load),
            limit: format!("{} {}", number(peak.limit), per(peak.per, page.lang)),
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
        let remedy = Remedy { key: one.key(), label: change(one, page.lang) };
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
    let curves = drawn.iter().map(|curve| curve_view(curve, page.lang)).collect();
    PlanView { curves, ..plan_view(plan, page) }
}

/// Stretches of a drawing: two to three pixels each on a small phone.
const COLUMNS: usize = 120;

fn curve_view(curve: &Curve, lang: Lang) -> CurveView {
    let columns: Vec<(f64, f64)> = curve.columns.iter().map(|one| (one.load, one.limit)).collect();
    let (load, limit) = curve.worst().map_or((0.0, 0.0), |worst| (worst.load, worst.limit));
    CurveView {
        name: curve.dependency.clone(),
        load: number(load),
        limit: format!("{} {}", number(limit), per(curve.per, lang)),
        from: curve.from,
        until: curve.until,
        over: curve.is_over(),
        chart: chart(&columns),
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
