//! Results over real sockets: half way through them one SMS vendor dies, and where nobody entered the service is away
//! while some of them fall due.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use entities::round::Model;

use super::{
    people::Person,
    round::World,
    running::Running,
    serving::Served,
    time,
    trouble::{Trouble, TroubleKind},
};
use crate::store::{self, Db};

/// Tells everybody of a draw, and counts who was told.
///
/// # Errors
/// When a notice does not leave, or the service does not come back.
pub async fn tell(
    world: &World,
    mut running: Running,
    round: &Model,
    all: &[String],
    served: &mut Served,
) -> anyhow::Result<Running> {
    let none = BTreeSet::new();
    time::pass(&running.app, round.results_at - TimeDelta::seconds(2), &none).await?;
    // Since they entered, or were put on the list, their number or their mailbox has become nobody's.
    let gone = world.people.iter().filter(|person| person.is_gone);
    world.delivery.give_up(gone.clone().map(|person| person.post.address().to_owned()));
    served.gone = gone.count() as u64;
    let before: Vec<usize> = world.people.iter().map(|person| person.post.list().len()).collect();
    let due: Vec<DateTime<Utc>> = store::notice::list(running.app.db.read(), round.id, "result")
        .await?
        .iter()
        .map(|notice| notice.planned_at)
        .collect();
    let middle = due.get(due.len() / 2).copied().unwrap_or(round.results_at);
    time::pass(&running.app, middle, &none).await?;
    world.gateway.kill_first();
    served.vendor_died_at = middle;
    if !world.draft.registers() {
        running = restart(world, running, round).await?;
    }
    let last = due.last().copied().unwrap_or(middle);
    time::pass(&running.app, last + TimeDelta::hours(1), &none).await?;
    let mut told: HashMap<String, u64> = HashMap::new();
    for (person, before) in world.people.iter().zip(before) {
        let heard: Vec<String> = person
            .post
            .list()
            .into_iter()
            .skip(before)
            .flatten()
            .filter_map(|text| receipt_in(&text))
            .collect();
        // Who is on the list of the unreached is known by receipt; so each of those who can be reached has to be told.
        if heard.is_empty() && !person.is_gone {
            served.faults.add(format!("resident {} can be reached, and was told no result", person.number));
        }
        heard.into_iter().for_each(|receipt| *told.entry(receipt).or_default() += 1);
    }
    let listed = store::notice::list_unreached(running.app.db.read(), round.id).await?;
    let listed: BTreeSet<String> = listed.into_iter().map(|one| one.notice.about).collect();
    let needlessly = listed.iter().filter(|receipt| told.contains_key(*receipt)).count();
    if needlessly > 0 {
        served.faults.add(format!("{needlessly} people were told and stand on the list of the unreached"));
    }
    (served.told, served.twice, served.unreached, served.untold) = counted(all, &told, &listed);
    let sent = store::notice::list_attempted(running.app.db.read(), round.id, "result").await?;
    served.sent.insert("result", sent.iter().map(DateTime::timestamp).collect());
    Ok(running)
}

/// The service is stopped, some results fall due while nobody sends them, and it is started again on the same database. So
/// many it met; they leave all the same, and once, or whoever counts finds out.
async fn restart(world: &World, running: Running, round: &Model) -> anyhow::Result<Running> {
    let stopped = running.stop().await?;
    // What has not left by now waits for the next one: nobody else sends.
    let db = Db::of(stopped.config()).await?;
    let all = store::notice::list(db.read(), round.id, "result").await?;
    let waiting: Vec<DateTime<Utc>> =
        all.iter().filter(|notice| notice.state == "planned").map(|notice| notice.due_at).collect();
    let at = stopped.clock().now();
    let (back, met) = away(waiting, at);
    stopped.clock().jump_to(back);
    world.note(Trouble { kind: TroubleKind::Restart, at, met, of: None });
    stopped.start().await
}

/// Until when nobody sends, from an instant on, and how many fall due until then: one in so many of those that wait.
fn away(mut waiting: Vec<DateTime<Utc>>, at: DateTime<Utc>) -> (DateTime<Utc>, u64) {
    const ONE_IN: usize = 10;
    waiting.sort_unstable();
    let last = waiting.len().div_ceil(ONE_IN).checked_sub(1).and_then(|last| waiting.get(last).copied());
    let back = last.unwrap_or(at).max(at);
    (back, waiting.partition_point(|due| *due <= back) as u64)
}

/// Of all entries: those told once, those told more than once, those who are listed instead, and those of whom nobody
/// knows anything. Somebody who was told and is listed as well stands for nobody else.
fn counted(all: &[String], told: &HashMap<String, u64>, listed: &BTreeSet<String>) -> (u64, u64, u64, u64) {
    let (mut once, mut twice, mut unreached, mut untold) = (0, 0, 0, 0);
    for receipt in all {
        match told.get(receipt) {
            Some(1) => once += 1,
            Some(_) => twice += 1,
            None if listed.contains(receipt) => unreached += 1,
            None => untold += 1,
        }
    }
    (once, twice, unreached, untold)
}

/// The receipt that somebody was sent last.
pub fn receipt_of(person: &Person) -> Option<String> {
    person.post.list().iter().rev().flatten().find_map(|text| receipt_in(text))
}

/// `pa6e-cngm-31jc-c23t` in a text.
fn receipt_in(text: &str) -> Option<String> {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.find(|word| word.parse::<public_audit::Receipt>().is_ok()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_of_those_that_wait_fall_due_while_the_service_is_away() {
        let at = |minutes: i64| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        // Of forty that wait, one a minute, the first four; two that are due together are both met.
        let waiting: Vec<_> = (1..=40).rev().map(at).collect();
        assert_eq!(away(waiting, at(0)), (at(4), 4));
        assert_eq!(away(vec![at(7), at(5), at(5)], at(0)), (at(5), 2));
        // What was due already when it stopped counts, and the clock does not go back.
        assert_eq!(away(vec![at(1), at(9)], at(3)), (at(3), 1));
        // Where nothing waits, nobody was met.
        assert_eq!(away(Vec::new(), at(3)), (at(3), 0));
    }

    #[test]
    fn who_is_told_and_listed_does_not_hide_who_is_neither() {
        let all = ["a", "b", "c", "d", "e"].map(str::to_owned);
        let told = HashMap::from([("a".to_owned(), 1), ("b".to_owned(), 1), ("c".to_owned(), 2)]);
        let listed = BTreeSet::from(["b".to_owned(), "d".to_owned()]);
        assert_eq!(counted(&all, &told, &listed), (2, 1, 1, 1));
    }
}
