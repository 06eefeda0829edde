//! One log of what staff looked at: who took lists of people stands with the rest.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.get_connection().execute_unprepared(MOVED).await?;
        schema.drop_table(Table::drop().table("reading").to_owned()).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("restore a backup to go back".to_owned()))
    }
}

/// A name that is on the staff no more stays readable.
const MOVED: &str = "INSERT INTO access (at, clerk_id, kind, about, address, reason) \
    SELECT r.at, c.id, 'took', r.round || ' ' || r.what || ' (' || r.people || ')' || \
    CASE WHEN c.id IS NULL THEN ' ' || r.staff ELSE '' END, '', r.reason \
    FROM reading r LEFT JOIN clerk c ON c.name = lower(trim(r.staff)) ORDER BY r.id";
