//! Rounds, and the journal of what happened to them.

use sea_orm_migration::schema::*;

crate::migration!(|_| (vec![round(), journal()], vec![journal_by_round()]), ["journal", "round"]);

fn round() -> TableCreateStatement {
    Table::create()
        .table("round")
        .col(big_pk_auto("id"))
        .col(integer_uniq("number"))
        .col(text_uniq("slug"))
        .col(text("title_ko"))
        .col(text("title_en"))
        .col(integer("price_percent"))
        .col(text("rules"))
        .col(timestamp_with_time_zone("opens_at"))
        .col(timestamp_with_time_zone("closes_at"))
        .col(timestamp_with_time_zone("seals_at"))
        .col(timestamp_with_time_zone("reveals_at"))
        .col(timestamp_with_time_zone("pulse_at"))
        .col(timestamp_with_time_zone("results_at"))
        .col(timestamp_with_time_zone("ends_at"))
        .col(integer("spread_minutes"))
        .col(text("round_key_sealed"))
        .col(text("organiser_seed_sealed"))
        .col(timestamp_with_time_zone("announced_at"))
        .col(timestamp_with_time_zone_null("closed_at"))
        .col(timestamp_with_time_zone_null("sealed_at"))
        .col(timestamp_with_time_zone_null("revealed_at"))
        .col(timestamp_with_time_zone_null("drawn_at"))
        .col(timestamp_with_time_zone_null("voided_at"))
        .col(timestamp_with_time_zone_null("purged_at"))
        .col(big_integer_null("entrant_count"))
        .col(text_null("pool_root"))
        .col(text_null("seal"))
        .col(text_null("organiser_seed"))
        .col(text_null("pulse"))
        .col(text_null("draw_seed"))
        .col(text_null("result_digest"))
        .to_owned()
}

fn journal() -> TableCreateStatement {
    Table::create()
        .table("journal")
        .col(big_pk_auto("id"))
        .col(big_integer("round_id"))
        .col(timestamp_with_time_zone("at"))
        .col(text("event"))
        .col(text("body"))
        .to_owned()
}

fn journal_by_round() -> IndexCreateStatement {
    Index::create().name("journal_round").table("journal").col("round_id").col("id").to_owned()
}
