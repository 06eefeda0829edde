//! A day sheet is ticked and taken in by part, and what came of each part stays to be seen.
//!
//! What waits now was ticked on whole sheets: it goes on waiting, each line in the part that it stands in. A sheet of which
//! something was taken in came back as a whole.

use std::collections::BTreeMap;

use public_audit::Digest;
use sea_orm::{QueryResult, TryGetable, prelude::DateTimeUtc};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let db = schema.get_connection();
        schema.create_table(taken_in()).await?;
        let sheets =
            Query::select().columns(["id", "round_id", "lines", "settled_at"]).from("day_sheet").to_owned();
        let mut lines_of: BTreeMap<i64, String> = BTreeMap::new();
        for sheet in db.query_all(&sheets).await? {
            let (id, lines): (i64, String) = (get(&sheet, "id")?, get(&sheet, "lines")?);
            if let Some(at) = get::<Option<DateTimeUtc>>(&sheet, "settled_at")? {
                for part in 1..=lines.lines().count().div_ceil(PART).max(1) as i64 {
                    let round_id: i64 = get(&sheet, "round_id")?;
                    let values: [Expr; 8] = [
                        round_id.into(),
                        id.into(),
                        part.into(),
                        at.into(),
                        0_i64.into(),
                        0_i64.into(),
                        "".into(),
                        "".into(),
                    ];
                    db.execute(Query::insert().into_table("taken_in").columns(TAKEN_IN).values_panic(values))
                        .await?;
                }
            }
            lines_of.insert(id, lines);
        }
        let before = db.query_all(Query::select().columns(TICKED).from("ticked")).await?;
        // The key of a table is never changed: it is made anew.
        schema.drop_table(Table::drop().table("ticked").to_owned()).await?;
        schema.create_table(ticked()).await?;
        for row in before {
            let (sheet_id, lines): (i64, String) = (get(&row, "sheet_id")?, get(&row, "lines")?);
            let known: Vec<&str> =
                lines_of.get(&sheet_id).into_iter().flat_map(|lines| lines.lines()).collect();
            let mut parts: BTreeMap<i64, String> = BTreeMap::new();
            for line in lines.lines() {
                let at = known.iter().position(|known| receipt(known) == receipt(line)).unwrap_or_default();
                let part = parts.entry((at / PART + 1) as i64).or_default();
                part.push_str(line);
                part.push('\n');
            }
            for (part, lines) in parts {
                let digest = Digest::of(&lines).to_string();
                let values: [Expr; 8] = [
                    get::<i64>(&row, "round_id")?.into(),
                    sheet_id.into(),
                    lines.into(),
                    digest.into(),
                    get::<i64>(&row, "clerk_id")?.into(),
                    get::<DateTimeUtc>(&row, "at")?.into(),
                    get::<Option<String>>(&row, "sent_back")?.into(),
                    part.into(),
                ];
                let columns = TICKED.into_iter().chain(["part"]);
                db.execute(Query::insert().into_table("ticked").columns(columns).values_panic(values))
                    .await?;
            }
        }
        Ok(())
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("restore a backup to go back".to_owned()))
    }
}

/// Lines of a part, as they are counted from now on.
const PART: usize = 20;
const TICKED: [&str; 7] = ["round_id", "sheet_id", "lines", "digest", "clerk_id", "at", "sent_back"];
const TAKEN_IN: [&str; 8] =
    ["round_id", "sheet_id", "part", "at", "ticked_by", "confirmed_by", "digest", "came"];

fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T, DbErr> {
    row.try_get("", column)
}

fn receipt(line: &str) -> Option<&str> {
    line.split(' ').next()
}

fn ticked() -> TableCreateStatement {
    Table::create()
        .table("ticked")
        .col(big_integer("round_id"))
        .col(big_integer("sheet_id"))
        .col(big_integer("part"))
        .col(text("lines"))
        .col(text("digest"))
        .col(big_integer("clerk_id"))
        .col(timestamp_with_time_zone("at"))
        .col(text_null("sent_back"))
        .primary_key(Index::create().col("round_id").col("sheet_id").col("part"))
        .to_owned()
}

fn taken_in() -> TableCreateStatement {
    Table::create()
        .table("taken_in")
        .col(big_integer("round_id"))
        .col(big_integer("sheet_id"))
        .col(big_integer("part"))
        .col(timestamp_with_time_zone("at"))
        .col(big_integer("ticked_by"))
        .col(big_integer("confirmed_by"))
        .col(text("digest"))
        .col(text("came"))
        .primary_key(Index::create().col("round_id").col("sheet_id").col("part"))
        .to_owned()
}
