//! Addresses that notices went to before they went elsewhere, until whoever is there has been told.

use sea_orm_migration::schema::*;

super::migration!(|_| (vec![readdressed()], vec![]), ["readdressed"]);

fn readdressed() -> TableCreateStatement {
    Table::create()
        .table("readdressed")
        .col(big_integer("round_id"))
        .col(text("receipt"))
        .col(integer("version"))
        .col(timestamp_with_time_zone("at"))
        .col(text("address_sealed"))
        .col(text("lang"))
        .primary_key(Index::create().col("round_id").col("receipt").col("version"))
        .to_owned()
}
