//! What was sold: the accounts, each purchase, and what each seller comes to. A receipt tells nobody whose it is.

use std::collections::BTreeMap;

use super::files::second;
use crate::{
    app::{App, Round},
    domain::csv::csv_line,
    staff::export::ExportError,
    store::{self, export::PAGE},
};

/// What there was, what is held while somebody pays, and what is bought: in won of the round, in people of a
/// seller's stock.
pub async fn ledger(app: &App, round: &Round) -> Result<String, ExportError> {
    let mut text = csv_line(["account", "unit", "most", "held", "redeemed"]);
    for row in store::ledger::list(app.db.read(), round.row.id).await? {
        let unit = if row.scope == store::ledger::ROUND { "won" } else { "people" };
        let account = if row.scope == store::ledger::ROUND { "round" } else { row.scope.as_str() };
        let [most, held, redeemed] = [row.most, row.held, row.redeemed].map(|count| count.to_string());
        text += &csv_line([account, unit, &most, &held, &redeemed]);
    }
    Ok(text)
}

/// Each purchase: receipt, won, when, and who told of it.
pub async fn purchases(app: &App, round: &Round) -> Result<String, ExportError> {
    let mut text = csv_line(["receipt", "won", "at", "source"]);
    let mut last = String::new();
    loop {
        let page = store::export::list_bought_after(app.db.read(), round.row.id, &last).await?;
        let Some(end) = page.last() else { return Ok(text) };
        last.clone_from(&end.receipt);
        for row in &page {
            text += &csv_line([
                row.receipt.as_str(),
                &row.amount.to_string(),
                &second(Some(row.at)),
                &row.source,
            ]);
        }
        if (page.len() as u64) < PAGE {
            return Ok(text);
        }
    }
}

/// Each seller with its level, and what it told of: so many purchases, so much won. Then whatever else told of any.
pub async fn sellers(app: &App, round: &Round) -> Result<String, ExportError> {
    let mut sums: BTreeMap<String, (u64, i128)> = BTreeMap::new();
    for row in store::bought::list_all(app.db.read(), round.row.id).await? {
        let sum = sums.entry(row.source).or_default();
        *sum = (sum.0 + 1, sum.1 + i128::from(row.amount));
    }
    let mut text = csv_line(["source", "level", "purchases", "won"]);
    for terms in &round.sellers {
        let source = store::bought::source_of(&terms.name);
        let (count, won) = sums.remove(&source).unwrap_or_default();
        text += &csv_line([source.as_str(), &terms.level.to_string(), &count.to_string(), &won.to_string()]);
    }
    for (source, (count, won)) in sums {
        text += &csv_line([source.as_str(), "", &count.to_string(), &won.to_string()]);
    }
    Ok(text)
}
