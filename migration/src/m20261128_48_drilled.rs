//! How large a drill was, and whether all its trouble met somebody: what one of a few people shows lets no round through.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        // One column a statement: SQLite takes no more. Of drills so far nobody knows, so none of them is large enough.
        for column in [
            big_integer("over_sockets").default(0).take(),
            big_integer("in_process").default(0).take(),
            boolean("all_met").default(false).take(),
        ] {
            schema.alter_table(Table::alter().table("drill").add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for column in ["all_met", "in_process", "over_sockets"] {
            schema.alter_table(Table::alter().table("drill").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
