//! Rates, vendors and what left in which minute: what several instances must agree about and a restart must not
//! forget. Notices are claimed by class, attempts know their vendor.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for table in [rate(), vendor(), tally(), reminded()] {
            schema.create_table(table).await?;
        }
        // One column a statement: SQLite takes no more.
        let columns = [
            ("notice", text("class").default("notice").to_owned()),
            ("notice", integer("risks").default(0).to_owned()),
            ("attempt", text_null("vendor")),
            ("attempt", text_null("reference")),
            ("attempt", timestamp_with_time_zone_null("delivered_at")),
        ];
        for (table, column) in columns {
            schema.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        let codes = "UPDATE notice SET class = 'auth' WHERE reason = 'code'";
        schema.get_connection().execute_unprepared(codes).await?;
        schema.drop_index(Index::drop().name("notice_due").table("notice").to_owned()).await?;
        for index in [
            notice_by_claim(),
            attempt_by_start(),
            attempt_by_reference(),
            assignment_by_start(),
            moved_by_start(),
        ] {
            schema.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("restore a backup to go back".to_owned()))
    }
}

/// Of a channel, a vendor or a round: what was decided live, and what has been used of it.
fn rate() -> TableCreateStatement {
    Table::create()
        .table("rate")
        .col(text("scope").primary_key())
        .col(big_integer_null("per_minute"))
        .col(timestamp_with_time_zone("minute"))
        .col(big_integer("taken"))
        .col(timestamp_with_time_zone("next_at"))
        .col(timestamp_with_time_zone_null("changed_at"))
        .to_owned()
}

fn vendor() -> TableCreateStatement {
    Table::create()
        .table("vendor")
        .col(text("name").primary_key())
        .col(integer("failures"))
        .col(integer("share"))
        .col(timestamp_with_time_zone("share_at"))
        .col(big_integer("step_seconds"))
        .col(timestamp_with_time_zone_null("stopped_until"))
        .col(text_null("reason"))
        .col(double_null("balance"))
        .to_owned()
}

fn tally() -> TableCreateStatement {
    Table::create()
        .table("tally")
        .col(timestamp_with_time_zone("minute"))
        .col(text("channel"))
        .col(text("vendor"))
        .col(text("outcome"))
        .col(big_integer("count"))
        .primary_key(Index::create().col("minute").col("channel").col("vendor").col("outcome"))
        .to_owned()
}

/// Up to which start the reminders of a round are planned.
fn reminded() -> TableCreateStatement {
    Table::create()
        .table("reminded")
        .col(big_integer("round_id"))
        .col(text("kind"))
        .col(timestamp_with_time_zone("until_at"))
        .primary_key(Index::create().col("round_id").col("kind"))
        .to_owned()
}

/// A claim reads from the front of this index and nothing else, however many are planned.
fn notice_by_claim() -> IndexCreateStatement {
    Index::create()
        .name("notice_claim")
        .table("notice")
        .col("state")
        .col("channel")
        .col("class")
        .col("due_at")
        .to_owned()
}

fn attempt_by_start() -> IndexCreateStatement {
    Index::create().name("attempt_started").table("attempt").col("started_at").to_owned()
}

fn attempt_by_reference() -> IndexCreateStatement {
    Index::create().name("attempt_reference").table("attempt").col("reference").to_owned()
}

fn assignment_by_start() -> IndexCreateStatement {
    Index::create().name("assignment_start").table("assignment").col("round_id").col("starts_at").to_owned()
}

fn moved_by_start() -> IndexCreateStatement {
    Index::create().name("moved_start").table("moved").col("round_id").col("starts_at").to_owned()
}
