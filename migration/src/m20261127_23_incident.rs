//! What went wrong for everybody, and when: written by itself, for everybody to read.

use sea_orm_migration::schema::*;

super::migration!(|_| (vec![incident()], vec![incident_by_end()]), ["incident"]);

fn incident() -> TableCreateStatement {
    Table::create()
        .table("incident")
        .col(big_pk_auto("id"))
        .col(text("kind"))
        .col(text("about"))
        .col(timestamp_with_time_zone("began_at"))
        .col(timestamp_with_time_zone("seen_at"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .to_owned()
}

fn incident_by_end() -> IndexCreateStatement {
    Index::create().name("incident_end").table("incident").col("ended_at").to_owned()
}
