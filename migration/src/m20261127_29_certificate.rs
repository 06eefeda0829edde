//! What was erased of a round that is over, signed.

use sea_orm_migration::schema::*;

super::migration!(|_| (vec![certificate()], vec![]), ["certificate"]);

fn certificate() -> TableCreateStatement {
    Table::create()
        .table("certificate")
        .col(big_integer("round_id").primary_key())
        .col(text("note"))
        .col(timestamp_with_time_zone("at"))
        .to_owned()
}
