//! What a whole round is still to be told, and an index without which millions are read for a few.

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
        schema.get_connection().execute_unprepared(INDEX).await?;
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.drop_index(Index::drop().name("entry_lead").to_owned()).await?;
        schema.drop_table(Table::drop().table("telling").to_owned()).await
    }
}

/// Nearly nobody is in the entry of another, and the others cost nothing here.
const INDEX: &str = "CREATE INDEX entry_lead ON entry (round_id, lead) WHERE lead IS NOT NULL";

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
