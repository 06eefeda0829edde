//! What was ticked on a day sheet, until a second person has seen it.

use sea_orm_migration::schema::*;

super::migration!(|_| (vec![ticked()], vec![]), ["ticked"]);

fn ticked() -> TableCreateStatement {
    Table::create()
        .table("ticked")
        .col(big_integer("round_id"))
        .col(big_integer("sheet_id"))
        .col(text("lines"))
        .col(text("digest"))
        .col(big_integer("clerk_id"))
        .col(timestamp_with_time_zone("at"))
        .col(text_null("sent_back"))
        .primary_key(Index::create().col("round_id").col("sheet_id"))
        .to_owned()
}
