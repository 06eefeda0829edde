//! Staff, and what they did, for an operator to read.

use std::collections::HashMap;

use serde_json::json;

use crate::{app::App, store, words::instant::machine};

/// Everybody.
pub async fn list(app: &App, json: bool) -> anyhow::Result<()> {
    for person in store::clerk::list(app.db.read()).await? {
        let left = store::clerk::count_recovery(app.db.read(), person.id).await?;
        if json {
            println!(
                "{}",
                json!({
                    "name": person.name, "role": person.role, "made_at": person.made_at,
                    "enrolled_at": person.enrolled_at, "removed_at": person.removed_at, "recovery_codes": left,
                })
            );
            continue;
        }
        let state = match (person.removed_at, person.enrolled_at) {
            (Some(at), _) => format!("removed {}", machine(at)),
            (None, Some(at)) => format!("codes since {}, {left} recovery codes left", machine(at)),
            (None, None) => "has not signed in yet".to_owned(),
        };
        println!("{:<24} {:<10} {state}", person.name, person.role);
    }
    Ok(())
}

/// What they did, the latest last.
pub async fn log(app: &App, last: u64, json: bool) -> anyhow::Result<()> {
    let names: HashMap<i64, String> =
        store::clerk::list(app.db.read()).await?.into_iter().map(|person| (person.id, person.name)).collect();
    for line in store::access::list(app.db.read(), None, last).await?.into_iter().rev() {
        let who = line.clerk_id.and_then(|id| names.get(&id)).map_or("(unknown)", String::as_str);
        if json {
            println!(
                "{}",
                json!({
                    "at": line.at, "who": who, "kind": line.kind, "about": line.about, "address": line.address,
                    "reason": line.reason,
                })
            );
        } else {
            println!(
                "{} {who:<24} {:<12} {} {} {}",
                machine(line.at),
                line.kind,
                line.about,
                line.address,
                line.reason
            );
        }
    }
    Ok(())
}
