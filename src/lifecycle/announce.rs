//! Announce: rules, seed commitment and signing key are fixed before anybody registers.

use chrono::{DateTime, Utc};
use entities::{
    round::{ActiveModel, Model},
    round_roster as round_roster_row,
};
use public_audit::{Digest, Rules, journal::Act, seed};
use sea_orm::{ActiveValue::Set, DbErr, SqlErr};

use super::{
    LifecycleError,
    advice::{advice, of_roster},
    checkpoint,
    drilled::drilled,
    log, wording,
};
use crate::{
    app::{App, Round, instant, utc},
    domain::{
        because::Because,
        draft::{BeaconChoice, Draft, Fixed, Seller, Terms},
        plan::{Inputs, Plan, plan},
        who::Household,
    },
    secret::random_bytes,
    store::{self, lease, roster, round, round_roster},
};

pub use super::two::{Decision, Staff};

/// Why a draft was not announced. Nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum AnnounceError {
    /// Everything that is wrong with the draft.
    #[error("the round cannot be announced:\n  {}", .0.join("\n  "))]
    Draft(Vec<String>),
    /// Why its plan is refused.
    #[error("the round is not safe, so it is not announced:\n  {}", .0.join("\n  "))]
    Unsafe(Vec<String>),
    /// Why those two may not, or not now.
    #[error("{0}")]
    Refused(Because),
    /// What the database said.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl From<LifecycleError> for AnnounceError {
    fn from(error: LifecycleError) -> Self {
        match error {
            LifecycleError::Database(error) => Self::Database(error),
            LifecycleError::Refused(why) => Self::Refused(why),
        }
    }
}

/// What a round is announced with, kept for the next one to begin with.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// The draft it was written as, if on the web.
    pub id: Option<i64>,
    /// Its text.
    pub text: &'a str,
    /// What the announcement follows from, for [`Staff::settle`].
    pub stands: &'a str,
    /// The roster that was compared, if one was: no other is announced with.
    pub roster: Option<i64>,
}

/// Announces a round.
///
/// # Errors
/// [`AnnounceError`].
pub async fn announce(app: &App, draft: &Draft, staff: &Staff) -> Result<Model, AnnounceError> {
    announce_written(app, draft, None, staff).await
}

/// The same, and keeps what was written.
///
/// # Errors
/// [`AnnounceError`].
pub async fn announce_written(
    app: &App,
    draft: &Draft,
    written: Option<Written<'_>>,
    staff: &Staff,
) -> Result<Model, AnnounceError> {
    let now = app.clock.now();
    let (round_key, organiser_seed) = (random_bytes::<32>(), random_bytes::<32>());
    let problem = |problem: String| AnnounceError::Draft(vec![problem]);
    let refusals = refusals(&sized(app, draft).await?).map_err(AnnounceError::Draft)?;
    let own = of_this_machine(app, draft);
    if let Some(refusals) = [refusals, own].into_iter().find(|refusals| !refusals.is_empty()) {
        return Err(AnnounceError::Unsafe(refusals));
    }
    let drilled = drilled(app, draft).await?;
    if let Some(refusal) = drilled.refusal {
        return Err(AnnounceError::Unsafe(vec![refusal]));
    }
    let origin = checkpoint::origin(app).await.map_err(|error| problem(error.to_string()))?;
    let signer = app.keys.signer(&origin).map_err(|error| problem(error.to_string()))?;

    let txn = app.db.begin().await?;
    let number = round::next_number(&txn).await?;
    let fixed = Fixed {
        number: u32::try_from(number).unwrap_or_default(),
        commitment: seed::commitment(&Digest(organiser_seed)),
        signing_key: signer.verifier().to_vkey(),
    };
    let rules = draft.rules(fixed).map_err(AnnounceError::Draft)?;
    let problems = problems(&rules, now);
    if !problems.is_empty() {
        return Err(AnnounceError::Draft(problems));
    }
    let (round_key_sealed, organiser_seed_sealed) =
        Round::seal_secrets(&app.keys, &round_key, &organiser_seed);
    let rules_json = rules.to_json();
    let row = ActiveModel {
        number: Set(number),
        slug: Set(draft.slug.clone()),
        title_ko: Set(draft.title_ko.clone()),
        title_en: Set(draft.title_en.clone()),
        price_percent: Set(i32::from(draft.price_percent)),
        opens_at: Set(utc(rules.times.opens_at)),
        closes_at: Set(utc(rules.times.closes_at)),
        seals_at: Set(utc(rules.times.seals_at)),
        reveals_at: Set(utc(rules.times.reveals_at)),
        pulse_at: Set(utc(rules.times.pulse_at)),
        results_at: Set(utc(rules.times.results_at)),
        ends_at: Set(ends_at(&rules)),
        spread_minutes: Set(spread_minutes(draft.spread_hours)),
        retention_days: Set(draft.retention_days.into()),
        still_open_minutes: Set(draft.still_open_hours.map(spread_minutes)),
        round_key_sealed: Set(round_key_sealed),
        organiser_seed_sealed: Set(organiser_seed_sealed),
        announced_at: Set(now),
        rules: Set(rules_json.clone()),
        who: Set(draft.who().to_json()),
        ..Default::default()
    };
    let row = round::insert(&txn, row).await.map_err(|error| match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            problem(format!("slug: there is a round `{}` already; slugs are never used again", draft.slug))
        }
        _ => error.into(),
    })?;
    if let Some(name) = &draft.roster {
        // Lists are compared before this transaction, which takes seconds: from here on nobody replaces this one, and it is
        // only asked whether it is still that.
        lease::queue(&txn, &format!("roster {name}")).await?;
        let current = roster::find(&txn, name, "current").await?;
        let missing = || {
            problem(format!("roster: no roster `{name}` is in use: `jebi roster import {name} FILE` first"))
        };
        let current = current.ok_or_else(missing)?;
        if written.and_then(|written| written.roster).is_some_and(|compared| compared != current.id) {
            return Err(AnnounceError::Refused(Because::Changed));
        }
        round_roster::insert(&txn, uses(&row, draft, current.name)).await?;
    }
    let inputs = serde_json::to_string(&Inputs::of(draft)).map_err(|error| problem(error.to_string()))?;
    store::plan::insert(&txn, row.id, inputs).await?;
    if let Some(report) = drilled.report {
        store::drill::settle(&txn, report, row.id).await?;
    }
    if let Some(Written { id, text, .. }) = written {
        store::draft::settle(&txn, id, text, row.id, now).await?;
    }
    let terms: Vec<Terms> = draft.seller.iter().map(Seller::terms).collect();
    for terms in terms.iter().filter(|terms| terms.level >= 2) {
        if store::seller::find(&txn, &terms.name).await?.is_none() {
            return Err(problem(keyless(&terms.name)));
        }
    }
    store::seller::insert_terms(&txn, row.id, &terms).await?;
    let act = Act::Announced { number: u64::from(rules.number), rules: Digest::of(&rules_json) };
    let staff = staff.settle(&txn, now, written.map_or("", |written| written.stands)).await?;
    log(&txn, &row, now, act, &staff).await?;
    if let Some(words) = &draft.words_text {
        let worded = wording::set(&txn, &row, words, &staff, now);
        worded.await.map_err(|error| problem(error.to_string()))?;
    }
    txn.commit().await?;
    app.rounds.forget();
    Ok(row)
}

/// What an announcement would fix now.
#[derive(Debug, Default)]
pub struct Looked {
    /// The rules, with a number, a commitment and a key that mean nothing.
    pub rules: Option<Rules>,
    /// The load.
    pub plan: Option<Plan>,
    /// What the load was reckoned with.
    pub inputs: Option<Inputs>,
    /// Why it would be refused; each a sentence.
    pub refusals: Vec<String>,
    /// What residents may suffer from though nothing is refused; each a sentence.
    pub advice: Vec<String>,
    /// The report of a drill in which it held, if there is one.
    pub drill: Option<i64>,
}

/// Looks at a draft as [`announce`] would, and announces nothing.
///
/// # Errors
/// What the database said.
pub async fn look(app: &App, draft: &Draft) -> Result<Looked, DbErr> {
    let mut looked = Looked::default();
    let sized = sized(app, draft).await?;
    looked.inputs = Some(Inputs::of(&sized));
    match plan(&sized) {
        Ok(plan) => looked.plan = Some(plan),
        Err(problems) => looked.refusals = problems,
    }
    // Any key will do: nothing is announced here.
    let key = app.keys.signer("preview").map(|signer| signer.verifier().to_vkey()).unwrap_or_default();
    match draft.rules(Fixed { number: 1, commitment: Digest::ZERO, signing_key: key }) {
        Ok(rules) => {
            looked.refusals.extend(problems(&rules, app.clock.now()));
            looked.advice = advice(app, draft, &rules);
            looked.rules = Some(rules);
        }
        Err(problems) if looked.refusals.is_empty() => looked.refusals = problems,
        Err(_) => {}
    }
    if looked.plan.is_some() && looked.rules.is_some() {
        looked.refusals.extend(refusals(&sized).unwrap_or_else(|problems| problems));
        let drilled = drilled(app, draft).await?;
        looked.drill = drilled.report;
        looked.refusals.extend(drilled.refusal);
    }
    if round::find(app.db.read(), &draft.slug).await?.is_some() {
        let slug = &draft.slug;
        looked.refusals.push(format!("slug: there is a round `{slug}` already; slugs are never used again"));
    }
    looked.refusals.extend(of_this_machine(app, draft));
    if let Some(name) = &draft.roster
        && roster::find(app.db.read(), name, "current").await?.is_none()
    {
        looked
            .refusals
            .push(format!("roster: no roster `{name}` is in use: `jebi roster import {name} FILE` first"));
    }
    looked.advice.extend(of_roster(app, draft).await?);
    for seller in draft.seller.iter().filter(|seller| seller.level >= 2) {
        if store::seller::find(app.db.read(), &seller.name).await?.is_none() {
            looked.refusals.push(keyless(&seller.name));
        }
    }
    Ok(looked)
}

/// Where residents come from elsewhere, so do sellers: their addresses that are this machine's own.
fn of_this_machine(app: &App, draft: &Draft) -> Vec<String> {
    let own = |seller: &Seller| {
        let key = seller.terms().of_this_machine().filter(|_| app.config.is_https())?;
        Some(format!("seller `{}`: {key}: is an address of this machine", seller.name))
    };
    draft.seller.iter().filter_map(own).collect()
}

fn keyless(name: &str) -> String {
    format!("seller `{name}`: has no key yet: `jebi seller add \"{name}\"` first")
}

/// The draft with the size of its roster: nobody else can enter, and all of it take part where it is served.
///
/// # Errors
/// What the database said.
pub async fn sized(app: &App, draft: &Draft) -> Result<Draft, DbErr> {
    let mut draft = draft.clone();
    let current = match &draft.roster {
        Some(name) => roster::find(app.db.read(), name, "current").await?,
        None => None,
    };
    let people = current.and_then(|current| u64::try_from(current.people).ok());
    draft.expect.on_roster = people;
    // Where a household has one entry, how many there are is not the number of its people.
    if let Some(people) = people
        && draft.household == Household::None
    {
        if !draft.registers() {
            (draft.expect.entrants, draft.expect.at_most) = (Some(people), Some(people));
        } else if draft.expect.at_most.is_none() {
            draft.expect.entrants = draft.expect.entrants.map(|entrants| entrants.min(people));
            draft.expect.at_most = Some(people);
        }
    }
    Ok(draft)
}

/// Why a draft may not be announced, though it says nothing wrong.
fn refusals(draft: &Draft) -> Result<Vec<String>, Vec<String>> {
    let plan = plan(draft)?;
    let mut refusals: Vec<String> = plan.refusals.iter().map(ToString::to_string).collect();
    // A rehearsal may look away; where people pay, somebody must have asked the seller.
    if plan.blind && draft.price_percent > 0 && draft.beacon != BeaconChoice::None {
        refusals.push(
            "nobody has said what the seller can take: write a [[dependency]] with `uses = { purchase = 1 }` and its \
             measured limit, or let the [[opening]] take its capacity from [[seller]]s"
                .to_owned(),
        );
    }
    Ok(refusals)
}

/// What the rules themselves cannot know: the present.
fn problems(rules: &Rules, now: DateTime<Utc>) -> Vec<String> {
    let mut problems = Vec::new();
    if rules.times.opens_at < instant(now) {
        // Verifiers insist on it: what is announced is known before anybody can enter.
        problems.push("times.opens: is in the past; announce first, then open".to_owned());
    }
    problems
}

fn uses(row: &Model, draft: &Draft, name: String) -> round_roster_row::ActiveModel {
    round_roster_row::ActiveModel {
        round_id: Set(row.id),
        name: Set(name),
        serves: Set(draft.serves.key().to_owned()),
        household: Set(draft.household.key().to_owned()),
        enrol_at: Set(draft.enrols_at().map_or(row.opens_at, utc)),
        roster_id: Set(None),
        cursor: Set(String::new()),
        enrolled: Set(0),
        enrolled_at: Set(None),
    }
}

fn spread_minutes(hours: u32) -> i32 {
    i32::try_from(hours.saturating_mul(60).max(1)).unwrap_or(i32::MAX)
}

/// The end of the last slot and its grace, of those for a second time too.
fn ends_at(rules: &Rules) -> DateTime<Utc> {
    let catch_up = rules.after.iter().flat_map(|after| &after.catch_up);
    let ends = rules.slots.iter().chain(catch_up).map(|slot| slot.starts_at.plus(u64::from(slot.seconds)));
    let last = ends.max().unwrap_or(rules.times.results_at);
    utc(last.plus(u64::from(rules.grace_seconds)))
}
