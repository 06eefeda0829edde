//! Who may ask for what: questions of the form, people who come together, and misses remembered.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        // One column a statement: SQLite takes no more.
        for (table, column) in [
            ("round", text("who").default("").take()),
            ("entry", text_null("lead").take()),
            ("entry", text("miss_key").default("").take()),
        ] {
            schema.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        for table in [member(), guess(), miss()] {
            schema.create_table(table).await?;
        }
        schema.create_index(member_by_entry()).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for table in ["miss", "guess", "member"] {
            schema.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        for (table, column) in [("entry", "miss_key"), ("entry", "lead"), ("round", "who")] {
            schema.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

/// One row a person: whoever claims them second finds the first.
fn member() -> TableCreateStatement {
    Table::create()
        .table("member")
        .col(big_integer("round_id"))
        .col(text("receipt"))
        .col(text("entry"))
        .col(text("kind"))
        .col(timestamp_with_time_zone("at"))
        .col(text("wanted"))
        .col(text_null("code_key").unique_key())
        .col(text("code_sealed"))
        .primary_key(Index::create().col("round_id").col("receipt"))
        .to_owned()
}

fn member_by_entry() -> IndexCreateStatement {
    Index::create().name("member_entry").table("member").col("round_id").col("entry").to_owned()
}

fn guess() -> TableCreateStatement {
    Table::create()
        .table("guess")
        .col(big_integer("round_id"))
        .col(text("receipt"))
        .col(integer("tries"))
        .col(timestamp_with_time_zone("until_at"))
        .primary_key(Index::create().col("round_id").col("receipt"))
        .to_owned()
}

fn miss() -> TableCreateStatement {
    Table::create()
        .table("miss")
        .col(text("program"))
        .col(text("miss_key"))
        .col(integer("number"))
        .primary_key(Index::create().col("program").col("miss_key").col("number"))
        .to_owned()
}
