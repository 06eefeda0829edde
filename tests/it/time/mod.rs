//! Time is a comparison: whoever ticks, how often, how late and how many at once, the outcome is
//! the same; and what does not fit together is refused, not guessed.

mod close;
mod instances;
mod leased;
mod refused;
mod ticks;

use entities::round as rounds;
use jebi::store;

use crate::support::TestApp;

/// What the journal says of a round, but for the batches of entries.
async fn journal(t: &TestApp, round: &rounds::Model) -> Vec<String> {
    let lines = store::journal::list(t.db(), round.id).await.unwrap();
    lines.into_iter().map(|line| line.kind).filter(|kind| kind != "entered").collect()
}

const WHOLE: [&str; 6] = ["announced", "closed", "sealed", "revealed", "pulse", "drawn"];
