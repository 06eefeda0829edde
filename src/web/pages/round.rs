//! One round: what is offered, when each step happens, how it is drawn.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;
use public_audit::rules;

use crate::{
    app::{Round, utc},
    domain::who::cohort,
    web::{
        answer::Answer,
        ended::void_reason,
        path::Path,
        view::{
            AfterDraw, Beacon, DayPart, Goods, Mode, OfferLine, RoundPage, StoodStill, Times, called,
            days_lines, group_label,
        },
        visit::Visit,
    },
    words::Lang,
};

/// `GET /rounds/{slug}`
pub async fn show(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    if let Some(seen) = visit.seen() {
        return Ok(seen);
    }
    let round = visit.round(&slug).await?;
    let row = &round.row;
    let void_reason = match round.row.voided_at {
        Some(_) => void_reason(&visit.app, &round).await.map_err(|error| visit.failed(error))?,
        None => None,
    };
    let ends = round
        .rules
        .slots
        .iter()
        .map(|slot| round.shifted(utc(slot.starts_at)) + TimeDelta::seconds(i64::from(slot.seconds)));
    Ok(visit.show_all(&RoundPage {
        page: visit.page_of(&round),
        title: visit.title(&round),
        roster: round.roster.as_ref().map(|used| used.row.serves == "roster"),
        goods: goods(&round),
        mode: mode(&round),
        state: round.state(visit.now),
        times: Times {
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            seals_at: row.seals_at,
            reveals_at: row.reveals_at,
            pulse_at: row.pulse_at,
            results_at: row.results_at,
            first_slot_at: round.serves_at(),
            last_slot_ends_at: ends.max().unwrap_or(row.ends_at),
        },
        parts: parts(&round),
        cohorts: cohorts(&round, visit.lang),
        reserves: reserves(&round, visit.lang),
        funds: funds(&round, visit.lang),
        joint: round.who.joint_most > 1,
        lottery_because: round.who.lottery_because.as_ref().map(|(ko, en)| match visit.lang.is_korean() {
            true => ko.clone(),
            false => en.clone(),
        }),
        helped: (u64::from(round.who.minors_most), u64::from(round.who.adults_most)),
        per_helper: u64::from(visit.app.config.counter.most_per_helper),
        entrants: row.entrant_count.and_then(|count| u64::try_from(count).ok()),
        commitment: round.rules.commitment.to_string(),
        beacon: beacon(&round),
        record_ready: round.is_published(visit.now),
        seed: row.organiser_seed.clone(),
        sealed: row.sealed_at.is_some(),
        pulse_late: row.sealed_at.is_some()
            && row.pulse.is_none()
            && visit.now > row.pulse_at + TimeDelta::minutes(1),
        held: round.is_held() && visit.now >= row.results_at,
        void_reason,
        after: after(&round),
        slug,
    }))
}

/// What happens after the draw.
fn after(round: &Round) -> AfterDraw {
    let offers = round.rules.after.iter().flat_map(|after| after.offers_at.iter().enumerate());
    let offers = offers.map(|(number, at)| OfferLine {
        at: utc(*at),
        made: round.offers.get(number).map(|made| {
            [made.caught_up, made.assigned, made.returned, made.lapsed, made.ineligible]
                .map(|count| u64::try_from(count).unwrap_or_default())
        }),
    });
    let shifts = round.shifts.iter().map(|shift| {
        let minutes = |time: TimeDelta| u64::try_from(time.num_seconds()).unwrap_or_default().div_ceil(60);
        let kind = match (shift.until, shift.closed_until) {
            // Who lets it go on earlier takes back nothing of what people were given.
            (_, Some(until)) => StoodStill::Paused(minutes(until - shift.from)),
            (Some(_), None) => StoodStill::Extended,
            (None, None) => StoodStill::Shifted,
        };
        (kind, shift.from, minutes(shift.by), shift.reason.clone())
    });
    AfterDraw { catches_up: round.catches_up(), offers: offers.collect(), shifts: shifts.collect() }
}

/// Who can buy when, in words; empty if everybody has the same days.
fn cohorts(round: &Round, lang: Lang) -> Vec<(String, Vec<String>)> {
    let cohorts = round.rules.cohorts();
    if cohorts.len() < 2 {
        return Vec::new();
    }
    let line = |matching: &&rules::Match| {
        let days = days_lines(&cohort::days(&round.rules, matching), lang);
        (group_label(&round.who, matching, lang), days)
    };
    cohorts.iter().map(line).collect()
}

/// For whom places are set aside, in the order in which they are given out.
fn reserves(round: &Round, lang: Lang) -> Vec<(String, u64)> {
    let named = |reserve: &rules::Reserve| {
        (called(&round.who, &reserve.name, &reserve.matching, lang), reserve.places)
    };
    round.rules.reserves.iter().map(named).collect()
}

/// Who pays, and how much for each person.
fn funds(round: &Round, lang: Lang) -> Vec<(String, u64)> {
    let named = |fund: &rules::Fund| (called(&round.who, &fund.name, &fund.matching, lang), fund.per_seat);
    round.rules.funds.iter().map(named).collect()
}

/// The goods as pages show them.
pub fn goods(round: &Round) -> Goods {
    let rules::Goods { unit, budget, cap } = round.rules.goods;
    Goods { unit, budget, cap, price_percent: price_percent(round) }
}

/// What a resident pays for goods worth 100.
pub fn price_percent(round: &Round) -> u64 {
    u64::try_from(round.row.price_percent).unwrap_or(100)
}

/// The mode as pages name it.
pub fn mode(round: &Round) -> Mode {
    match round.rules.mode {
        rules::Mode::Share => Mode::Share,
        rules::Mode::Everyone => Mode::Everyone,
        rules::Mode::Lottery => Mode::Lottery,
    }
}

/// The beacon as pages name it.
pub fn beacon(round: &Round) -> Beacon {
    match round.rules.beacon {
        rules::Beacon::None {} => Beacon::None,
        rules::Beacon::Drand { .. } => Beacon::Drand,
        rules::Beacon::Declared { .. } => Beacon::Declared,
    }
}

/// The parts of the day of whoever gave these answers.
pub fn parts_of(round: &Round, fields: &str) -> Vec<DayPart> {
    cohort::of(&round.rules, fields)
        .map_or(Vec::new(), |cohort| parts_among(round, &|slot| slot.cohort == *cohort))
}

/// The parts of the day with their hours, local time, as on the first day that has them.
pub fn parts(round: &Round) -> Vec<DayPart> {
    parts_among(round, &|_| true)
}

fn parts_among(round: &Round, counts: &dyn Fn(&rules::Slot) -> bool) -> Vec<DayPart> {
    let hour = |at: DateTime<Utc>| at.with_timezone(&Seoul);
    let part = |key: &String| {
        let slots = || round.rules.slots.iter().filter(|slot| slot.part == *key && counts(slot));
        let from = hour(slots().map(|slot| utc(slot.starts_at)).min()?);
        let same_day = slots().filter(|slot| hour(utc(slot.starts_at)).date_naive() == from.date_naive());
        let until =
            same_day.map(|slot| utc(slot.starts_at) + TimeDelta::seconds(i64::from(slot.seconds))).max()?;
        Some(DayPart {
            key: key.clone(),
            hours: format!("{}~{}", from.format("%H:%M"), hour(until).format("%H:%M")),
        })
    };
    round.rules.parts.iter().filter_map(part).collect()
}
