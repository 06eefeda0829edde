//! What a list of drills says of each, beside the long texts that it would have to be read out of: the draft's titles, which
//! jebi drilled, and whether it came to a halt.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        // One column a statement: SQLite takes no more. Of drills so far the report alone says it.
        for column in [
            text("title_ko").default("").take(),
            text("title_en").default("").take(),
            text("version").default("").take(),
            boolean("halted").default(false).take(),
        ] {
            schema.alter_table(Table::alter().table("drill").add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for column in ["halted", "version", "title_en", "title_ko"] {
            schema.alter_table(Table::alter().table("drill").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
