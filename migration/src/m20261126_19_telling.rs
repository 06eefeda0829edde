//! What a whole round is still to be told, and indexes without which millions are read for a few.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.create_table(telling()).await?;
        let db = schema.get_connection();
        for index in INDEXES {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for index in ["moved_start", "assignment_start", "entry_lead"] {
            schema.drop_index(Index::drop().name(index).to_owned()).await?;
        }
        schema.drop_table(Table::drop().table("telling").to_owned()).await
    }
}

/// Only of those that have what is asked for: nearly nobody has a `lead`, and all who wait have no start.
const INDEXES: [&str; 3] = [
    "CREATE INDEX entry_lead ON entry (round_id, lead) WHERE lead IS NOT NULL",
    "CREATE INDEX assignment_start ON assignment (round_id, starts_at) WHERE starts_at IS NOT NULL",
    "CREATE INDEX moved_start ON moved (round_id, starts_at) WHERE starts_at IS NOT NULL",
];

/// A row for everything that all of a round are told, from its cause on.
fn telling() -> TableCreateStatement {
    Table::create()
        .table("telling")
        .col(big_integer("round_id"))
        .col(text("reason"))
        .col(timestamp_with_time_zone("at"))
        .col(big_integer("planned"))
        .col(timestamp_with_time_zone_null("done_at"))
        .primary_key(Index::create().col("round_id").col("reason"))
        .to_owned()
}
