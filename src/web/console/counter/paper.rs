//! Forms of paper that lie in a pile: one after the other, each with its number, until the deadline.

use axum::http::HeaderMap;

use super::{
    super::{
        desk::{Desk, Sent},
        rule::{Route, Who},
    },
    case::{Case, Kept},
    check::{Knows, settle},
    enter::{fresh, page, would_forget},
    open_round,
    read::{Form, read},
};
use crate::{
    app::Round,
    web::{answer::Answer, form::NAMES_THE_FIELD, path::Path, view::CounterForm},
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/counter/{slug}/paper", Who::COUNTER, show),
        Route::take("/console/counter/{slug}/paper", Who::COUNTER, enter),
    ]
}

async fn show(headers: HeaderMap, Path(slug): Path<String>, desk: Desk) -> Result<Answer, Answer> {
    let round = open_round(&desk, &slug).await?;
    let kept = Kept { paper: Kept::of(&desk, &headers, &round).paper, ..Kept::new(&desk, &round) };
    let form = fresh(&desk, &round);
    let page = page(&desk, &round, &form, Some(kept.paper.clone()), None, Vec::new());
    Ok(kept.with(&desk, desk.visit.show(&page)))
}

async fn enter(
    headers: HeaderMap,
    Path(slug): Path<String>,
    Sent(desk, mut form): Sent<Form, NAMES_THE_FIELD>,
) -> Result<Answer, Answer> {
    let round = open_round(&desk, &slug).await?;
    let mut kept = Kept::of(&desk, &headers, &round);
    let mut known = None;
    let again = (format!("/console/counter/{slug}/paper"), form.fields());
    let read = match read(&desk, &round, &form, true, None).await? {
        Ok(case) => would_forget(&desk, &round, &mut form, case).await?,
        wrong => wrong,
    };
    let errors = match read {
        Err(errors) => errors,
        // Nobody is there to be asked whether it is right: what was written is on the paper. But whose number that is
        // does not stand there: an entry from the web is changed when the clerk says that it is the same person's.
        Ok(case) => match settle(&desk, &round, &case, knows(&form, &round, &case), again).await? {
            Err(error) => {
                known = case.receipt(&round).filter(|_| error.field == "own");
                vec![error]
            }
            Ok(shown) => {
                kept.paper = Some((case.paper, shown.receipt));
                return Ok(kept.with(&desk, desk.visit.go(&format!("/console/counter/{slug}/paper"))));
            }
        },
    };
    let page = CounterForm { known, ..page(&desk, &round, &form, Some(kept.paper), None, errors) };
    Ok(desk.visit.show_again(&page))
}

/// What the clerk has said: of this very entry that it is the same person's, and that the entry of others lets them go.
fn knows(form: &Form, round: &Round, case: &Case) -> Knows {
    let change = case.receipt(round).is_some_and(|receipt| form.get("own") == receipt);
    // Nobody is there to type a code: on the clerk's word, who ticks that it is their own.
    Knows { change, proven: true, take_out: form.is_ticked("take_out") }
}
