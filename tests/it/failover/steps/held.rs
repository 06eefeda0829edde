//! The end of a step, held up by a lock of ours on the row of the round, which every step of it changes last.

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, TransactionTrait};

/// As long as nobody can change the round.
pub struct Held(DatabaseTransaction);

impl Held {
    pub async fn round(db: &DatabaseConnection) -> Self {
        let txn = db.begin().await.unwrap();
        // Rows of its pool, journal and result may be added: they only need it to be there.
        txn.execute_unprepared("SELECT FROM round FOR NO KEY UPDATE").await.unwrap();
        Self(txn)
    }

    /// As long as the last change of the pool-to-be cannot be put into a batch: those before it can.
    pub async fn last_change(db: &DatabaseConnection) -> Self {
        let txn = db.begin().await.unwrap();
        txn.execute_unprepared("SELECT FROM change ORDER BY id DESC LIMIT 1 FOR UPDATE").await.unwrap();
        Self(txn)
    }

    pub async fn let_go(self) {
        self.0.rollback().await.unwrap();
    }
}
