//! What people agreed to, word for word, and how long each round keeps them.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        // One column a statement: SQLite takes no more. Rounds so far said 90 days to everybody who entered.
        for (table, column) in [
            ("round", integer("retention_days").default(90).take()),
            ("entry", text("consent_digest").default("").take()),
        ] {
            schema.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        schema.create_table(consent()).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.drop_table(Table::drop().table("consent").to_owned()).await?;
        for (table, column) in [("entry", "consent_digest"), ("round", "retention_days")] {
            schema.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

fn consent() -> TableCreateStatement {
    Table::create()
        .table("consent")
        .col(text("digest").primary_key())
        .col(text("words"))
        .col(timestamp_with_time_zone("said_at"))
        .to_owned()
}
