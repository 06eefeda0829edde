//! No drill report, no opening: a large round, or one whose draft says so, is announced only on the report of a drill
//! of exactly these rules and this plan, in which it held: one with so many people that it says something.

use sea_orm::DbErr;

use super::announce::sized;
use crate::{
    app::App,
    domain::{
        draft::{BeaconChoice, Draft},
        drill::{Size, could_take_part, rehearsing, subject},
        plan::{local, plan},
    },
    store::{self, drill::Last},
    words::number::grouped,
};

/// A drill that was asked for, or made anyway.
#[derive(Debug, Default)]
pub struct Drilled {
    /// The report, if the round held in it.
    pub report: Option<i64>,
    /// Why the round may not be announced, with what to do.
    pub refusal: Option<String>,
}

/// Whether a draft is drilled, as far as that is asked for.
///
/// # Errors
/// What the database said.
pub async fn drilled(app: &App, draft: &Draft) -> Result<Drilled, DbErr> {
    let sized = sized(app, draft).await?;
    // What is wrong with the draft is said elsewhere.
    let (Ok(subject), Ok(plan)) = (subject(&sized), plan(&sized)) else { return Ok(Drilled::default()) };
    let people = could_take_part(&plan.people, &sized.expect);
    // As many as `jebi drill FILE` takes by itself.
    let asked = Size::asked_for(rehearsing(&plan.people, &sized.expect));
    let last = store::drill::find_last(app.db.read(), &subject.to_string(), asked).await?;
    if let Some(last) = last.filter(|last| last.held && last.size.reaches(asked) && last.all_met) {
        return Ok(Drilled { report: Some(last.id), refusal: None });
    }
    let least = app.config.drill.from_people;
    // A rehearsal is one itself.
    let is_asked_for = draft.beacon != BeaconChoice::None && (draft.drill || people >= least);
    let nothing_keeps_out = match sized.expect.at_most {
        // All seats, or whoever is expected.
        None => ", for expect.at_most does not say fewer",
        Some(said) if said < people => {
            ", for there are seats for more than expect.at_most says and nothing keeps them out"
        }
        Some(_) => "",
    };
    let because = match draft.drill {
        true => "the draft says `drill = true`".to_owned(),
        false => format!(
            "{} people could take part{}, and from {} on it is asked for ([drill] in the configuration)",
            grouped(people),
            nothing_keeps_out,
            grouped(least)
        ),
    };
    let refusal = match last {
        Some(Last { id, held: false, made_at, .. }) => format!(
            "drill: the last drill of these rules and this plan, {}, did not hold: change what its report (/console/drills/{}) \
             names, then run `jebi drill FILE` again ({because})",
            local(made_at),
            id
        ),
        Some(Last { made_at, size, .. }) if !size.reaches(asked) => format!(
            "drill: the last drill of these rules and this plan, {}, had {} people over sockets and {} in process, and {} \
             and {} are asked for: run `jebi drill FILE` without --scale and --sample, which takes as many ({because})",
            local(made_at),
            grouped(size.over_sockets),
            grouped(size.in_process),
            grouped(asked.over_sockets),
            grouped(asked.in_process)
        ),
        Some(Last { made_at, .. }) => format!(
            "drill: in the last drill of these rules and this plan, {}, nobody met some of the trouble that it makes, so it \
             says nothing about that: run `jebi drill FILE` again with another --seed ({because})",
            local(made_at)
        ),
        None => format!(
            "drill: no report of a drill of these rules and this plan is kept here: run `jebi drill FILE` with this \
             deployment's configuration, which keeps it; after a change of the draft, or with another jebi, again \
             ({because})"
        ),
    };
    Ok(Drilled { report: None, refusal: is_asked_for.then_some(refusal) })
}
