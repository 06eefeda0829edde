//! What counters do: who was entered there, by whose hand, and the lists of a day without network.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.create_table(attended()).await?;
        schema.create_table(day_sheet()).await?;
        for (name, column) in [("attended_look", "look_key"), ("attended_helper", "helper_key")] {
            let index = Index::create().name(name).table("attended").col("round_id").col(column).to_owned();
            schema.create_index(index).await?;
        }
        let mut person = Index::create();
        person.name("attended_person").table("attended").col("round_id").col("person").unique();
        schema.create_index(person).await?;
        let sheets = Index::create().name("day_sheet_round").table("day_sheet").col("round_id").to_owned();
        schema.create_index(sheets).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.drop_table(Table::drop().table("day_sheet").to_owned()).await?;
        schema.drop_table(Table::drop().table("attended").to_owned()).await
    }
}

fn attended() -> TableCreateStatement {
    Table::create()
        .table("attended")
        .col(big_integer("round_id"))
        .col(text("receipt"))
        .col(text("person"))
        .col(timestamp_with_time_zone("at"))
        .col(big_integer("clerk_id"))
        .col(text("paper"))
        .col(text("name_sealed"))
        .col(text("look_key"))
        .col(text("helper_key"))
        .col(text("relation"))
        .col(text("consent_digest"))
        .primary_key(Index::create().col("round_id").col("receipt"))
        .to_owned()
}

fn day_sheet() -> TableCreateStatement {
    Table::create()
        .table("day_sheet")
        .col(big_pk_auto("id"))
        .col(big_integer("round_id"))
        .col(text("day"))
        .col(text("only"))
        .col(timestamp_with_time_zone("made_at"))
        .col(big_integer("clerk_id"))
        .col(text("reason"))
        .col(text("lines"))
        .col(text("digest"))
        .col(text("note"))
        .col(timestamp_with_time_zone_null("settled_at"))
        .to_owned()
}
