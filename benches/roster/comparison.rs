//! Something simple that each size is compared with: the file is read, each line hashed and inserted. It is no floor, as
//! it does not grow evenly itself: keys in no order cost more in a table that is larger.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
    time::Instant,
};

use hmac::{Hmac, KeyInit, Mac};
use jebi::store::{Db, bulk};
use sea_orm::{ConnectionTrait, Value};
use sha2::Sha256;

/// Rows of one transaction, as in the import.
const ROWS: usize = 20_000;

/// Seconds it takes, in a table of its own on the same database.
pub async fn run(db: &Db, path: &Path) -> f64 {
    let txn = db.begin().await.expect("a transaction");
    txn.execute_unprepared("CREATE TABLE comparison (key text PRIMARY KEY, line text NOT NULL)")
        .await
        .expect("made");
    txn.commit().await.expect("committed");
    let begun = Instant::now();
    let mac = <Hmac<Sha256> as KeyInit>::new(&[7_u8; 64].into());
    let mut lines = BufReader::with_capacity(1 << 17, File::open(path).expect("the file")).lines().skip(1);
    loop {
        let rows: Vec<[Value; 2]> = lines
            .by_ref()
            .take(ROWS)
            .map(|line| {
                let line = line.expect("a line");
                let digest = mac.clone().chain_update(&line).finalize().into_bytes();
                [public_audit::hex::encode(&digest[..16]).into(), line.into()]
            })
            .collect();
        if rows.is_empty() {
            break;
        }
        let txn = db.begin().await.expect("a transaction");
        bulk::insert(&txn, "comparison", ["key", "line"], "", rows.into_iter()).await.expect("inserted");
        txn.commit().await.expect("committed");
    }
    let seconds = begun.elapsed().as_secs_f64();
    let txn = db.begin().await.expect("a transaction");
    txn.execute_unprepared("DROP TABLE comparison").await.expect("dropped");
    txn.commit().await.expect("committed");
    seconds
}
