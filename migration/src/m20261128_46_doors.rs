//! By which door an entry was said last: at a counter, or by whoever it is of.
//!
//! Of entries that are there already it is what was taken for true so far: a counter's, unless they were changed since it
//! noted whom it entered. After the close nobody but the municipality changes any.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let column = boolean("attended").default(false).take();
        schema.alter_table(Table::alter().table("entry").add_column(column).to_owned()).await?;
        schema.get_connection().execute_unprepared(KNOWN).await?;
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.alter_table(Table::alter().table("entry").drop_column("attended").to_owned()).await
    }
}

const KNOWN: &str = "UPDATE entry SET attended = TRUE WHERE EXISTS (SELECT 1 FROM attended AS noted \
    JOIN round AS of_it ON of_it.id = noted.round_id \
    WHERE noted.round_id = entry.round_id AND noted.receipt = entry.receipt \
    AND (entry.changed_at <= noted.at OR entry.changed_at >= of_it.closes_at))";
