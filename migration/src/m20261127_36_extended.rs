//! Time that did not stand still for everybody: who could buy is waited for longer, and a sale that stands still.

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
        for column in ["until_at", "closed_until"] {
            let column = timestamp_with_time_zone_null(column).take();
            schema.alter_table(Table::alter().table("shift").add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for column in ["closed_until", "until_at"] {
            schema.alter_table(Table::alter().table("shift").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
