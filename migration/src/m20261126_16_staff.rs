//! Staff on the web: second factors, who is signed in, what two people decide, and drafts of rounds.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            text("totp_sealed").default("").to_owned(),
            big_integer("totp_step").default(0).to_owned(),
            timestamp_with_time_zone_null("enrolled_at"),
            timestamp_with_time_zone_null("removed_at"),
        ];
        for column in columns {
            schema.alter_table(Table::alter().table("clerk").add_column(column).to_owned()).await?;
        }
        for table in [recovery_code(), sign_in(), slowdown(), access(), proposal(), draft()] {
            schema.create_table(table).await?;
        }
        let index = Index::create().name("access_by_time").table("access").col("at").to_owned();
        schema.create_index(index).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("restore a backup to go back".to_owned()))
    }
}

fn recovery_code() -> TableCreateStatement {
    Table::create()
        .table("recovery_code")
        .col(text("code_key").primary_key())
        .col(big_integer("clerk_id"))
        .col(timestamp_with_time_zone_null("used_at"))
        .to_owned()
}

fn sign_in() -> TableCreateStatement {
    Table::create()
        .table("sign_in")
        .col(text("token_key").primary_key())
        .col(big_integer("clerk_id"))
        .col(text("stage"))
        .col(text("shown_sealed"))
        .col(timestamp_with_time_zone("made_at"))
        .col(timestamp_with_time_zone("seen_at"))
        .to_owned()
}

fn slowdown() -> TableCreateStatement {
    Table::create()
        .table("slowdown")
        .col(text("who_key").primary_key())
        .col(integer("tries"))
        .col(timestamp_with_time_zone("next_at"))
        .col(timestamp_with_time_zone("until_at"))
        .to_owned()
}

fn access() -> TableCreateStatement {
    Table::create()
        .table("access")
        .col(big_pk_auto("id"))
        .col(timestamp_with_time_zone("at"))
        .col(big_integer_null("clerk_id"))
        .col(text("kind"))
        .col(text("about"))
        .col(text("address"))
        .col(text("reason"))
        .to_owned()
}

fn proposal() -> TableCreateStatement {
    Table::create()
        .table("proposal")
        .col(big_pk_auto("id"))
        .col(big_integer_null("round_id"))
        .col(text("kind"))
        .col(text("act"))
        .col(text("outcome"))
        .col(text("words"))
        .col(big_integer("proposed_by"))
        .col(timestamp_with_time_zone("proposed_at"))
        .col(big_integer_null("decided_by"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .to_owned()
}

fn draft() -> TableCreateStatement {
    Table::create()
        .table("draft")
        .col(big_pk_auto("id"))
        .col(text("text"))
        .col(big_integer_null("round_id"))
        .col(big_integer_null("made_by"))
        .col(big_integer_null("changed_by"))
        .col(timestamp_with_time_zone("changed_at"))
        .to_owned()
}
