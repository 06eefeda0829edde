//! Who watched a draw, for its minutes.

use sea_orm_migration::schema::*;

super::migration!(|_| (vec![ceremony()], vec![ceremony_by_round()]), ["ceremony"]);

fn ceremony() -> TableCreateStatement {
    Table::create()
        .table("ceremony")
        .col(big_pk_auto("id"))
        .col(big_integer("round_id"))
        .col(text("name"))
        .col(text("belongs"))
        .col(integer("steps"))
        .col(text("seen"))
        .col(big_integer("clerk_id"))
        .col(timestamp_with_time_zone("at"))
        .to_owned()
}

fn ceremony_by_round() -> IndexCreateStatement {
    Index::create().name("ceremony_round").table("ceremony").col("round_id").to_owned()
}
