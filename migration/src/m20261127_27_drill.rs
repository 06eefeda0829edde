//! Reports of drills: of which rules and plan, and whether the round held.

use sea_orm_migration::schema::*;

super::migration!(|_| (vec![drill()], vec![drill_by_subject(), drill_by_round()]), ["drill"]);

fn drill() -> TableCreateStatement {
    Table::create()
        .table("drill")
        .col(big_pk_auto("id"))
        .col(text("subject"))
        .col(boolean("held"))
        .col(timestamp_with_time_zone("made_at"))
        .col(text("report"))
        .col(text("page"))
        .col(text("note"))
        .col(big_integer_null("round_id"))
        .foreign_key(ForeignKey::create().from("drill", "round_id").to("round", "id"))
        .to_owned()
}

fn drill_by_subject() -> IndexCreateStatement {
    Index::create().name("drill_subject").table("drill").col("subject").to_owned()
}

fn drill_by_round() -> IndexCreateStatement {
    Index::create().name("drill_round").table("drill").col("round_id").to_owned()
}
