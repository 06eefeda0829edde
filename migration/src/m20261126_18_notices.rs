//! The reading log, and after how many hours whoever has not bought is told that their place is still held.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.create_table(reading()).await?;
        let column = integer_null("still_open_minutes");
        schema.alter_table(Table::alter().table("round").add_column(column).to_owned()).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("restore a backup to go back".to_owned()))
    }
}

fn reading() -> TableCreateStatement {
    Table::create()
        .table("reading")
        .col(big_pk_auto("id"))
        .col(timestamp_with_time_zone("at"))
        .col(text("staff"))
        .col(text("what"))
        .col(text("round"))
        .col(big_integer("people"))
        .col(text("reason"))
        .to_owned()
}
