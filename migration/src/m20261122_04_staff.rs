//! Staff.

use sea_orm_migration::schema::*;

crate::migration!(|_| (vec![clerk()], vec![]), ["clerk"]);

fn clerk() -> TableCreateStatement {
    Table::create()
        .table("clerk")
        .col(big_pk_auto("id"))
        .col(text_uniq("name"))
        .col(text("role"))
        .col(text("password"))
        .col(timestamp_with_time_zone("made_at"))
        .to_owned()
}
