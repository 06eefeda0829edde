//! What anybody may know without asking: rights and privacy, accessibility.

use super::home::MOST;
use crate::web::{
    answer::Answer,
    view::{Accessibility, Keeping, Privacy},
    visit::Visit,
};

/// `GET /privacy`
pub async fn privacy(visit: Visit) -> Answer {
    // With the database away the rights are shown all the same.
    let rounds = visit.app.rounds.list().await.unwrap_or_default();
    let rounds = rounds.iter().take(MOST).map(|round| Keeping {
        slug: round.row.slug.clone(),
        title: visit.title(round),
        at: round.row.purged_at.unwrap_or_else(|| round.erases_at()),
        erased: round.row.purged_at.is_some(),
    });
    visit.show(&Privacy { page: visit.page(), rounds: rounds.collect() })
}

/// `GET /accessibility`
pub async fn accessibility(visit: Visit) -> Answer {
    visit.show(&Accessibility { page: visit.page() })
}
