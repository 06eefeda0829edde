//! Who of the staff looked at what of a round and why, and who watched its draw.

use std::collections::HashSet;

use entities::access::Model;
use public_audit::Receipt;

use super::files::second;
use crate::{
    app::{App, Round},
    domain::csv::csv_line,
    staff::export::ExportError,
    store::{self, export::PAGE},
};

/// The lines of the access log that are about this round or a receipt of it. Whoever took a pack is not among them: a
/// pack would never be the same twice.
pub async fn access(app: &App, round: &Round) -> Result<String, ExportError> {
    let db = app.db.read();
    let people = store::clerk::list(db).await?;
    let name =
        |id: i64| people.iter().find(|person| person.id == id).map_or("", |person| person.name.as_str());
    let mut text = csv_line(["at", "who", "what", "about", "reason"]);
    let mut last = 0;
    loop {
        let page = store::export::list_access_after(db, last).await?;
        let Some(end) = page.last() else { return Ok(text) };
        last = end.id;
        let receipts: Vec<String> = page.iter().flat_map(receipts).collect();
        let own = store::entry::list(db, round.row.id, &receipts).await?;
        let own: HashSet<&String> = own.keys().collect();
        for row in page.iter().filter(|row| is_about(row, &round.row.slug, &own)) {
            text += &csv_line([
                second(Some(row.at)).as_str(),
                row.clerk_id.map_or("", name),
                &row.kind,
                &row.about,
                &row.reason,
            ]);
        }
        if (page.len() as u64) < PAGE {
            return Ok(text);
        }
    }
}

fn words(row: &Model) -> impl Iterator<Item = &str> {
    row.about.split([' ', '(', ')', ',', '/'])
}

fn receipts(row: &Model) -> Vec<String> {
    words(row).filter_map(|word| Some(word.parse::<Receipt>().ok()?.to_string())).collect()
}

fn is_about(row: &Model, slug: &str, own: &HashSet<&String>) -> bool {
    // `tongyeong-2026-12-entries.csv` is a file of tongyeong-2026-12.
    let names = |word: &str| {
        let rest = word.strip_prefix(slug);
        rest.is_some_and(|rest| rest.is_empty() || (rest.starts_with('-') && rest.contains('.')))
    };
    let pack = row.about.contains("-audit-pack.zip");
    !pack && (words(row).any(names) || receipts(row).iter().any(|receipt| own.contains(receipt)))
}

/// Who watched the draw and said so, as they typed it for the minutes.
pub async fn ceremony(app: &App, round: &Round) -> Result<String, ExportError> {
    let mut text = csv_line(["at", "name", "belongs", "steps", "seen"]);
    for row in store::ceremony::list(app.db.read(), round.row.id).await? {
        let steps = row.steps.to_string();
        text += &csv_line([second(Some(row.at)).as_str(), &row.name, &row.belongs, &steps, &row.seen]);
    }
    Ok(text)
}
