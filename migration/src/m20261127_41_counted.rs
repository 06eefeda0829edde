//! What was counted for statistics: the same for everybody who looks until the next midnight.

use sea_orm_migration::schema::*;

super::migration!(|_| (vec![counted()], vec![]), ["counted"]);

fn counted() -> TableCreateStatement {
    Table::create()
        .table("counted")
        .col(big_integer("round_id"))
        .col(timestamp_with_time_zone("until_at"))
        .col(text("tables"))
        .primary_key(Index::create().col("round_id").col("until_at"))
        .to_owned()
}
