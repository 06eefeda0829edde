//! How far the purge of a round has come: a large one goes in parts, and may be stopped between two of them.

use sea_orm_migration::schema::*;

super::migration!(|_| (vec![erasing()], vec![]), ["erasing"]);

fn erasing() -> TableCreateStatement {
    Table::create()
        .table("erasing")
        .col(big_integer("round_id").primary_key())
        .col(text("reached"))
        .col(text("erased"))
        .to_owned()
}
