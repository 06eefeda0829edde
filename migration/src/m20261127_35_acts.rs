//! Whose work a draft holds, and which round it began with.

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
        for column in [timestamp_with_time_zone_null("others_at"), big_integer_null("from_round")] {
            schema.alter_table(Table::alter().table("draft").add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for column in ["others_at", "from_round"] {
            schema.alter_table(Table::alter().table("draft").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
