//! What it has counted until now, and what the ledger says of it.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use reqwest::Method;

use super::Seller;

impl Seller {
    /// What was sold, by receipt, in won.
    pub fn bought(&self) -> BTreeMap<String, u64> {
        self.shared.book().bought.clone()
    }

    /// When somebody came with a pass, Unix seconds, refused ones too.
    pub fn came(&self) -> Vec<i64> {
        self.shared.book().came.clone()
    }

    /// How often it said so.
    pub fn said(&self, status: StatusCode) -> u64 {
        self.shared.book().said.get(&status.as_u16()).copied().unwrap_or(0)
    }

    /// What the pass API refused that it should have taken, in its words.
    pub fn refused(&self) -> Vec<String> {
        self.shared.book().refused.clone()
    }

    /// What the ledger says is bought, and held, in won.
    ///
    /// # Errors
    /// What the pass API said.
    pub async fn ledger(&self) -> anyhow::Result<(u64, u64)> {
        let (status, answer) = self.shared.ask(Method::GET, "ledger", None).await?;
        anyhow::ensure!(status == StatusCode::OK, "the ledger says {status}: {answer}");
        let of = |what: &str| answer["round"][what].as_u64().unwrap_or_default();
        Ok((of("redeemed"), of("held")))
    }
}
