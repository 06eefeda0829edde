//! Purchases that two took back: they had been taken in wrongly.

use sea_orm_migration::schema::*;

super::migration!(|_| (vec![taken_back()], vec![]), ["taken_back"]);

fn taken_back() -> TableCreateStatement {
    Table::create()
        .table("taken_back")
        .col(big_integer("round_id"))
        .col(text("receipt"))
        .col(timestamp_with_time_zone("at"))
        .col(big_integer("amount"))
        .col(timestamp_with_time_zone("bought_at"))
        .col(text("source"))
        .col(text("staff"))
        .primary_key(Index::create().col("round_id").col("receipt").col("at"))
        .to_owned()
}
