//! A device that others use forgets the visitor: nothing of them stays in it.

use super::check::Form;
use crate::web::{answer::Answer, form::Posted, path::Path, visit::Visit, visitor::Visitor};

/// `GET /rounds/{slug}/my/leave`: the button is on the page of one's entry.
pub async fn back(visit: Visit, Path(slug): Path<String>) -> Answer {
    visit.go(&format!("/rounds/{slug}/my"))
}

/// `POST /rounds/{slug}/my/leave`
pub async fn forget(Path(slug): Path<String>, Posted(visit, _): Posted<Form>) -> Result<Answer, Answer> {
    Ok(visit.with(&Visitor::new(), visit.go(&format!("/rounds/{slug}"))))
}
