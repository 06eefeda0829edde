//! More time for a member of staff: to be asked for anything is use enough.

use super::{
    desk::{Desk, Sent},
    rule::{Route, Who},
};
use crate::web::{answer::Answer, form::Press, pages::stay::told, view::Stay};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![Route::show("/console/stay", Who::ALL, show), Route::take("/console/stay", Who::ALL, stay)]
}

async fn show(desk: Desk) -> Answer {
    desk.visit.show(&Stay { page: desk.page() })
}

async fn stay(Sent(desk, _): Sent<Press>) -> Answer {
    if desk.visit.wants_json { told(&desk.visit, &desk.page()) } else { desk.visit.go("/console/stay") }
}
