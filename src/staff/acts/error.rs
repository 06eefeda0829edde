//! Why an act is not done.

use sea_orm::DbErr;

use crate::{
    domain::{because::Because, plan::Plan},
    lifecycle::{LifecycleError, announce::AnnounceError},
};

/// Why an act is not done. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// Why, and what to do.
    #[error("{}", list(.0))]
    Refused(Vec<Because>),
    /// It would do something else than what was looked at.
    #[error("something has changed since this was looked at: look at it again, then decide")]
    Changed,
    /// What the database said.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl ActError {
    pub(in crate::staff) fn because(why: Because) -> Self {
        Self::Refused(vec![why])
    }

    /// What is wrong with a draft.
    pub(super) fn drafted(problems: Vec<String>) -> Self {
        Self::Refused(problems.into_iter().map(Because::Draft).collect())
    }
}

fn list(all: &[Because]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  ")
}

impl From<LifecycleError> for ActError {
    fn from(error: LifecycleError) -> Self {
        match error {
            LifecycleError::Database(error) => Self::Database(error),
            LifecycleError::Refused(Because::Changed) => Self::Changed,
            LifecycleError::Refused(why) => Self::because(why),
        }
    }
}

impl From<AnnounceError> for ActError {
    fn from(error: AnnounceError) -> Self {
        match error {
            AnnounceError::Database(error) => Self::Database(error),
            AnnounceError::Refused(why) => LifecycleError::Refused(why).into(),
            AnnounceError::Draft(why) | AnnounceError::Unsafe(why) => Self::drafted(why),
        }
    }
}

/// Why a draft cannot be announced. What its plan refuses stands on the page of the draft, with figures.
pub(super) fn unfit(mut problems: Vec<String>, plan: Option<&Plan>) -> ActError {
    let planned: Vec<String> =
        plan.into_iter().flat_map(|plan| &plan.refusals).map(ToString::to_string).collect();
    problems.retain(|problem| !planned.contains(problem));
    let mut why: Vec<Because> = problems.into_iter().map(Because::Draft).collect();
    why.extend((!planned.is_empty()).then_some(Because::Unsafe));
    ActError::Refused(why)
}
