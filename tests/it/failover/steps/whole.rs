//! What a round must be in the end: sealed once, drawn once, published by every instance as anybody can recompute it and
//! as it was published before, and told to everybody once.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use entities::round;
use jebi::store;
use public_audit::{
    Digest,
    journal::{Act, Event},
    record::{FILES, MANIFEST, POOL, RESULT, SEAL, parse_manifest},
};
use sea_orm::DatabaseConnection;

use super::{
    super::cluster::{ask, until},
    round::{BY_MAIL, Full, PEOPLE},
};

/// So long nothing has left when whoever can send has sent.
const QUIET: Duration = Duration::from_secs(5);

/// A file of the record, if it is public.
async fn file(instance: SocketAddr, name: &str) -> Option<Vec<u8>> {
    let answer = reqwest::get(format!("http://{instance}/rounds/survivors/record/{name}")).await.unwrap();
    let is_there = answer.status() == 200;
    let body = answer.bytes().await.unwrap().to_vec();
    is_there.then_some(body)
}

/// What every instance publishes from the seal on.
pub struct Early(BTreeMap<&'static str, Vec<u8>>);

impl Early {
    pub async fn published(full: &Full) -> Self {
        let mut files = BTreeMap::new();
        for name in [SEAL, POOL] {
            for instance in full.processes.instances {
                until("what was sealed is public", || async { file(instance, name).await.is_some() }).await;
                let published = file(instance, name).await.unwrap();
                assert!(*files.entry(name).or_insert(published.clone()) == published, "two of {name}");
            }
        }
        Self(files)
    }

    /// That this is what was signed, and nobody has sealed once more.
    pub fn has_seal(&self, seal: &str) {
        assert_eq!(std::str::from_utf8(&self.0[SEAL]).unwrap(), seal);
    }
}

/// Once everybody who can be told by mail is, once.
///
/// A claim or an attempt that was noted, but whose sender never heard that it was, stays until the claim runs out, and an
/// attempt is unknown for some minutes more. Neither has been made.
pub async fn all_told(full: &Full, db: &DatabaseConnection) {
    let open =
        "SELECT count(*) FROM notice WHERE reason = 'result' AND channel = 'email' AND state <> 'accepted'";
    for quarter in 0.. {
        let (mut came, mut last) = (full.mailbox.count(), Instant::now());
        until("nothing more leaves", || {
            let now = full.mailbox.count();
            if now != came {
                (came, last) = (now, Instant::now());
            }
            let is_quiet = last.elapsed() > QUIET;
            async move { is_quiet || ask(db, open).await == 0 }
        })
        .await;
        let open = ask(db, open).await;
        println!("{quarter} quarters of an hour later: {open} of {BY_MAIL} are not told yet");
        if open == 0 {
            break;
        }
        assert!(quarter < 8, "{open} are never told");
        full.jump(full.row.results_at + TimeDelta::hours(2) + TimeDelta::minutes(15) * (quarter + 1));
    }
    let told = full.mailbox.counts();
    assert_eq!(told.len(), BY_MAIL);
    assert_eq!(told.values().filter(|count| **count != 1).count(), 0, "people were told twice");
}

/// Looks at everything that was said, written and published.
pub async fn is_whole(full: &Full, db: &DatabaseConnection, early: &Early) {
    let people = i64::try_from(PEOPLE).unwrap();
    for (what, count) in [
        ("SELECT count(*) FROM entry", people),
        ("SELECT count(*) FROM entry JOIN assignment USING (round_id, receipt)", people),
        ("SELECT count(*) FROM assignment", people),
        ("SELECT count(DISTINCT rank) FROM assignment", people),
        ("SELECT count(DISTINCT about) FROM notice WHERE reason = 'result'", people),
        ("SELECT count(*) FROM notice WHERE reason = 'result'", people),
        ("SELECT max(\"index\") + 1 - count(*) FROM journal", 0),
        ("SELECT max(number) - count(*) FROM batch", 0),
        ("SELECT count(*) FROM change", 0),
    ] {
        assert_eq!(ask(db, what).await, count, "{what}");
    }
    let row = store::round::find(db, "survivors").await.unwrap().unwrap();
    is_written_once(db, &row).await;

    let [one, other] = full.processes.instances;
    let files = published(one).await;
    assert!(files == published(other).await, "two records");
    for (name, bytes) in &early.0 {
        assert!(files[*name] == *bytes, "{name} is another than was published before the draw");
    }
    let report = public_audit::verify::verify(&files).unwrap();
    assert!(report.matches, "{report}");
    assert_eq!(Some(Digest::of(&files[RESULT]).to_string()), row.result_digest);
    let places = store::assignment::list_by_rank(db, row.id).await.unwrap();
    let result = String::from_utf8(files[RESULT].clone()).unwrap();
    let drawn: Vec<&str> = result.lines().filter_map(|line| line.split(' ').nth(1)).collect();
    assert!(places.iter().map(|place| place.receipt.as_str()).eq(drawn), "other places than are published");
}

/// Each event of the round stands in the journal once, and what it says is what the round is.
async fn is_written_once(db: &DatabaseConnection, row: &round::Model) {
    let mut said: BTreeMap<String, usize> = BTreeMap::new();
    for line in store::journal::list(db, row.id).await.unwrap() {
        let event: Event = line.line.parse().unwrap();
        if !matches!(event.act, Act::Entered { .. }) {
            *said.entry(line.kind).or_default() += 1;
        }
        match event.act {
            Act::Sealed { entries, root, seal, .. } => {
                assert_eq!(entries, PEOPLE as u64);
                assert_eq!(Some(root.to_string()), row.pool_root);
                assert_eq!(seal, Digest::of(row.seal.as_ref().unwrap()));
            }
            Act::Drawn { seed, result, .. } => {
                assert_eq!(Some(seed.to_string()), row.draw_seed);
                assert_eq!(Some(result.to_string()), row.result_digest);
            }
            _ => {}
        }
    }
    let once = ["announced", "closed", "drawn", "pulse", "revealed", "sealed"];
    assert_eq!(said, once.map(|kind| (kind.to_owned(), 1)).into());
}

/// A whole record as an instance gives it.
async fn published(instance: SocketAddr) -> BTreeMap<String, Vec<u8>> {
    until("the record is public", || async { file(instance, MANIFEST).await.is_some() }).await;
    let manifest = file(instance, MANIFEST).await.unwrap();
    let mut files = BTreeMap::new();
    for (name, digest) in parse_manifest(std::str::from_utf8(&manifest).unwrap()).unwrap() {
        let bytes = file(instance, name).await.unwrap();
        assert_eq!(Digest::of(&bytes), digest, "{name}");
        files.insert(name.to_owned(), bytes);
    }
    assert!(FILES.iter().all(|name| files.contains_key(*name)));
    files.insert(MANIFEST.to_owned(), manifest);
    files
}
