//! What a drill found, and whether the round held.

mod rows;
mod shapes;
mod sockets;

use super::{
    Drill,
    each::each,
    reasons::reasons,
    round::Played,
    whole::{Whole, share},
};
use crate::domain::drill::first_over;

use rows::rows;
use sockets::enough;

pub use shapes::{Figure, Outcome, OverSockets, Row, Sizes};

/// Puts both parts together.
pub fn outcome(drill: Drill, whole: Whole, played: &Played) -> Outcome {
    let (scale, takes) = (drill.scale, share(drill.capacity));
    let (sockets, all) = enough(&whole.taking.dependency, scale, played);
    let broke_first = first_over(whole.measured.iter().chain(&sockets));
    let held = reasons(&whole, &sockets, played);
    let served = &played.served;
    let faults = played.entered.faults.and(&served.faults);
    let mut waits = served.waits.clone();
    waits.sort_unstable();
    #[allow(clippy::cast_precision_loss, reason = "seconds")]
    let mean = waits.iter().sum::<i64>() as f64 / waits.len().max(1) as f64;
    let most = waits.get((waits.len() * 95).div_ceil(100).saturating_sub(1)).copied().unwrap_or(0);
    Outcome {
        drill,
        people: Sizes {
            whole: whole.people,
            one_in: whole.one_in,
            sockets: played.people,
            window_hours: 10.0 / scale / 3_600.0,
            enough: (sockets.len() as u64, all),
        },
        seller: (whole.seller.name.clone(), whole.seller.per_second, whole.seller.per_second * takes),
        spikes: rows(&whole, &sockets),
        each: each(&whole.draft, whole.people),
        policies: whole.policies,
        sockets: OverSockets {
            entered: played.entered.entered,
            repeated: played.entered.repeated,
            wrong_time: (played.entered.early, played.entered.late),
            asked: played.entered.times.iter().map(|(what, at)| (*what, at.len() as u64)).collect(),
            placed: served.placed,
            told: (served.told, served.twice, served.unreached, served.untold),
            gone: served.gone,
            come: served.come,
            bought: served.bought,
            turned_away: served.turned_away,
            waits: (mean, most, waits.last().copied().unwrap_or(0)),
            refusals: served.refusals.clone(),
            ledger: served.ledger,
            away: played.away,
            errors: faults.count,
            faults: faults.first,
        },
        trouble: played.trouble.clone(),
        broke_first,
        held,
    }
}
