//! Doors beside one-time codes: what was shown once and counts no more, statements of a city's own system, and which
//! account of its provider a member of staff has. Where codes are asked for from, and how many checks there are.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for table in [spent(), statement(), account(), load()] {
            schema.create_table(table).await?;
        }
        let column = ColumnDef::new("caller_key").text().not_null().default("").to_owned();
        schema.alter_table(Table::alter().table("code").add_column(column).to_owned()).await?;
        for (name, table, columns) in [
            ("code_caller", "code", vec!["caller_key", "made_at"]),
            ("code_made", "code", vec!["made_at"]),
            ("spent_until", "spent", vec!["until_at"]),
            ("statement_until", "statement", vec!["until_at"]),
            ("account_clerk", "account", vec!["clerk_id"]),
        ] {
            let mut index = Index::create();
            index.name(name).table(table);
            for column in columns {
                index.col(column);
            }
            schema.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for index in ["code_caller", "code_made"] {
            schema.drop_index(Index::drop().name(index).table("code").to_owned()).await?;
        }
        schema.alter_table(Table::alter().table("code").drop_column("caller_key").to_owned()).await?;
        for table in ["load", "account", "statement", "spent"] {
            schema.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn spent() -> TableCreateStatement {
    Table::create()
        .table("spent")
        .col(text("what_key").primary_key())
        .col(timestamp_with_time_zone("until_at"))
        .to_owned()
}

fn statement() -> TableCreateStatement {
    Table::create()
        .table("statement")
        .col(text("ticket_key").primary_key())
        .col(text("person_sealed"))
        .col(timestamp_with_time_zone("until_at"))
        .to_owned()
}

fn load() -> TableCreateStatement {
    Table::create()
        .table("load")
        .col(text("what"))
        .col(timestamp_with_time_zone("from_at"))
        .col(big_integer("count"))
        .primary_key(Index::create().col("what").col("from_at"))
        .to_owned()
}

fn account() -> TableCreateStatement {
    Table::create()
        .table("account")
        .col(text("account_key").primary_key())
        .col(big_integer("clerk_id"))
        .col(timestamp_with_time_zone("made_at"))
        .to_owned()
}
