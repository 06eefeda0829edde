//! When a connection is used again, and when it is closed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::{notify::smtp::connect, stage::mailbox::Mailbox};

const IDLE: Duration = Duration::from_millis(300);

async fn pool() -> (Mailbox, Arc<Pool>) {
    let mailbox = Mailbox::bind("127.0.0.1:0").await.unwrap();
    let config = SmtpConfig::plain("127.0.0.1", mailbox.addr().port(), "a@b.example".parse().unwrap());
    (mailbox, Pool::with_idle(config, IDLE).unwrap())
}

async fn open(pool: &Pool) -> Connection {
    connect::open(&pool.config, &pool.trust).await.unwrap()
}

#[tokio::test]
async fn the_newest_connection_is_used_and_the_idle_ones_are_closed() {
    let (_mailbox, pool) = pool().await;
    for mails in [1, 2] {
        let mut connection = open(&pool).await;
        assert!(connection.is_fresh());
        connection.mails = mails;
        pool.park(connection).await;
    }
    let newest = pool.take().unwrap();
    assert_eq!((newest.mails, newest.is_fresh()), (2, false));
    // Nobody asks for the other: the sweep closes it, and ends.
    time::sleep(IDLE * 3).await;
    assert!(pool.parked().connections.is_empty());
    assert!(!pool.parked().sweeping);
    pool.park(open(&pool).await).await;
    assert!(pool.parked().sweeping, "the sweep begins again");
}

#[tokio::test]
async fn a_connection_that_idled_too_long_or_carried_much_is_not_used_again() {
    let (_mailbox, pool) = pool().await;
    let old = Instant::now().checked_sub(IDLE * 2).unwrap();
    let connection = open(&pool).await;
    pool.parked().connections.push((connection, old));
    assert!(pool.take().is_none());
    assert!(pool.parked().connections.is_empty());

    let mut connection = open(&pool).await;
    connection.mails = MAILS;
    pool.park(connection).await;
    assert!(pool.take().is_none());

    pool.close().await;
    pool.park(open(&pool).await).await;
    assert!(pool.take().is_none(), "a closed pool keeps nothing");
}
