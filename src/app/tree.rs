//! The journal's Merkle tree as last read: 64 bytes for each event. Lines are never changed, so only
//! what is new is read.

use std::sync::{Arc, RwLock};

use public_audit::{Digest, merkle};
use sea_orm::DbErr;

use crate::store::{self, Db};

/// Lines of one read.
const PAGE: u64 = 4_096;

/// Cheap to clone.
#[derive(Clone)]
pub struct Tree(Arc<Inner>);

struct Inner {
    db: Db,
    tree: RwLock<merkle::Tree>,
    reading: tokio::sync::Mutex<()>,
}

impl Tree {
    pub(super) fn new(db: Db) -> Self {
        Self(Arc::new(Inner { db, tree: RwLock::default(), reading: tokio::sync::Mutex::default() }))
    }

    /// Reads what was appended. Returns how many events there are now.
    ///
    /// # Errors
    /// What the database said.
    pub async fn refresh(&self) -> Result<usize, DbErr> {
        let _one = self.0.reading.lock().await;
        loop {
            let from = self.with(|tree| tree.leaves().len());
            let index = i64::try_from(from).unwrap_or(i64::MAX);
            let lines = store::journal::list_lines(self.0.db.read(), index, PAGE).await?;
            let mut tree = self.0.tree.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            lines.iter().for_each(|line| tree.push(merkle::leaf(line.as_bytes())));
            if lines.len() < PAGE as usize {
                return Ok(tree.leaves().len());
            }
        }
    }

    /// Lets `see` look at the tree as last read.
    pub fn with<T>(&self, see: impl FnOnce(&merkle::Tree) -> T) -> T {
        see(&self.0.tree.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// The root over the first `size` events, if that many were read.
    pub fn root(&self, size: usize) -> Option<Digest> {
        self.with(|tree| tree.root(size as u64))
    }
}
